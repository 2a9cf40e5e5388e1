"""What changed is marked once a transaction, after it, and never at the expense of what changed."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks

from catalog.changes import tell_products_changed
from catalog.models import Product
from feedback.regional import regional_taste_update
from outfits import marks
from outfits.models import Look, LookItem, Trend
from tests.factories import make_look, make_product

committing = pytest.mark.django_db(transaction=True)


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    """The keys of every marking from now on."""
    found: list[set[str]] = []
    monkeypatch.setattr(marks, "_mark", lambda keys: found.append(set(keys)))
    return found


def tell(*product_ids: int) -> None:
    tell_products_changed(product_ids)


def keys(*product_ids: int) -> set[str]:
    return {marks.product_key(pk) for pk in product_ids}


def fail(*args: Any, **kwargs: Any) -> Any:
    raise ConnectionError("Redis is away")


@committing
@pytest.mark.parametrize("name", ["incr", "set_many", "get"])
def test_a_product_is_saved_though_the_cache_is_away(
    name: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    product, ran = make_product("top"), []
    monkeypatch.setattr(cache, name, fail)
    with transaction.atomic():
        product.title = "Renamed"
        product.save()
        transaction.on_commit(lambda: ran.append("the shop's own"))
    assert Product.objects.get().title == "Renamed"
    assert ran == ["the shop's own"]
    [record] = caplog.records
    assert record.levelname == "WARNING"
    assert "change_not_marked" in caplog.text


@committing
def test_a_product_is_saved_outside_of_a_transaction_though_the_cache_is_away(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    product = make_product("top")
    monkeypatch.setattr(cache, "incr", fail)
    product.save()
    assert "change_not_marked" in caplog.text


@committing
@pytest.mark.parametrize("write", [lambda: Trend.objects.create(name="Sea"), regional_taste_update])
def test_what_is_curated_is_stored_though_the_cache_is_away(
    write: Callable[[], object], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("delete", "incr"):
        monkeypatch.setattr(cache, name, fail)
    write()
    assert "change_not_marked" in caplog.text


def _make_looks(count: int) -> None:
    anchor = make_product("top")
    for number in range(count):
        slots = ("shoes", "bag", "bottom", "outerwear")
        look = make_look(anchor, [make_product(slots[0])], wish_key=str(number))
        for position, slot in enumerate(slots[1:], 1):
            LookItem.objects.create(
                look=look,
                slot=slot,
                position=position,
                product=make_product(slot),
                candidates=[],
            )


@committing
def test_looks_are_deleted_with_no_query_an_item_and_marked_once(marked: list[set[str]]) -> None:
    asked = {}
    for count in (5, 50):
        _make_looks(count)
        marked.clear()
        with CaptureQueriesContext(connection) as queries:
            Look.objects.all().delete()
        asked[count] = len(queries)
        assert len(marked) == 1
    assert not LookItem.objects.exists()
    # Some more, as Django deletes rows by the hundred.
    assert asked[50] - asked[5] < 10


@committing
def test_looks_that_are_deleted_one_by_one_in_one_transaction_are_marked_once(
    marked: list[set[str]],
) -> None:
    _make_looks(3)
    marked.clear()
    with transaction.atomic():
        for look in Look.objects.all():
            look.delete()
        assert marked == []
        assert len(connection.run_on_commit) == 1
    assert marked == [{marks.looks_key(Product.objects.get(slot="top").pk)}]


@committing
def test_every_transaction_is_marked_by_itself(marked: list[set[str]]) -> None:
    for number in (1, 2):
        with transaction.atomic():
            tell(number)
    tell(3)
    assert marked == [keys(1), keys(2), keys(3)]


@committing
def test_what_is_rolled_back_is_not_marked_later(marked: list[set[str]]) -> None:
    with transaction.atomic():
        tell(1)
        transaction.set_rollback(True)
    with transaction.atomic():
        tell(2)
    assert marked == [keys(2)]


def _fail_in_savepoint(*product_ids: int) -> None:
    with transaction.atomic():
        tell(*product_ids)
        transaction.set_rollback(True)


@committing
def test_what_changes_after_a_savepoint_was_rolled_back_is_marked(marked: list[set[str]]) -> None:
    with transaction.atomic():
        _fail_in_savepoint(1)
        tell(2)
    assert marked == [keys(2)]


@committing
def test_what_changed_before_a_savepoint_was_rolled_back_is_marked(marked: list[set[str]]) -> None:
    with transaction.atomic():
        tell(1)
        _fail_in_savepoint(2)
    assert keys(1) <= marked[0]
    assert len(marked) == 1


@committing
def test_what_changes_after_a_savepoint_is_marked_with_what_changed_in_it(
    marked: list[set[str]],
) -> None:
    with transaction.atomic():
        with transaction.atomic():
            tell(1)
        tell(2)
        _fail_in_savepoint(3)
        tell(4)
    assert len(marked) == 1
    assert keys(1, 2, 4) <= marked[0]


@committing
def test_a_savepoint_that_goes_with_what_was_marked_first_leaves_the_rest(
    marked: list[set[str]],
) -> None:
    with transaction.atomic():
        with transaction.atomic():
            with transaction.atomic():
                tell(1)
            tell(2)
            transaction.set_rollback(True)
        tell(3)
    assert marked == [keys(3)]


@committing
def test_what_changes_in_a_hook_of_the_commit_is_marked_too(marked: list[set[str]]) -> None:
    def hook() -> None:
        with transaction.atomic():
            tell(2)

    with transaction.atomic():
        tell(1)
        transaction.on_commit(hook)
    assert marked == [keys(1), keys(2)]


@pytest.fixture
def other() -> Iterator[str]:
    """A second connection, to the same database."""
    connections["other"] = connection.copy(alias="other")
    yield "other"
    connections["other"].close()
    del connections["other"]


@committing
def test_each_connection_is_marked_after_its_own_commit(other: str, marked: list[set[str]]) -> None:
    product = make_product("top")
    marked.clear()
    with transaction.atomic(using=other):
        with transaction.atomic():
            tell(1)
            product.save(using=other)
        assert marked == [keys(1)]
    assert marked == [keys(1), keys(product.pk)]


@pytest.mark.django_db
def test_in_a_test_what_changed_before_the_hooks_are_captured_holds_nothing_back(
    marked: list[set[str]], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    @transaction.atomic
    def change(product_id: int) -> None:
        tell(product_id)

    tell(1)
    change(2)
    for number in (3, 5):
        with django_capture_on_commit_callbacks(execute=True):
            tell(number)
            change(number + 1)
    assert marked == [keys(number) for number in (3, 4, 5, 6)]


@committing
def test_of_very_many_changes_it_is_not_marked_which(
    marked: list[set[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marks, "_MOST", 3)
    with transaction.atomic():
        tell(1, 2, 3)
        tell(4)
        tell(5)
    assert marked == [{marks.ALL_KEY}]


def _seconds_left(key: str) -> int:
    client = cache._cache.get_client()  # type: ignore[attr-defined]  # Redis
    left: int = client.ttl(cache.make_key(key))
    return left


@committing
def test_marks_outlast_every_answer_and_go_then() -> None:
    product = make_product("top")
    make_look(product, [make_product("shoes")])
    for key in (marks.product_key(product.pk), marks.looks_key(product.pk)):
        assert marks.DAY + 3000 < _seconds_left(key) <= marks.MARK_SECONDS


@committing
def test_the_count_and_what_changed_everything_stay() -> None:
    tell_products_changed(None)
    assert (_seconds_left(marks.COUNT_KEY), _seconds_left(marks.ALL_KEY)) == (-1, -1)
