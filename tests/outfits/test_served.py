"""Stored looks are served as they were last shown, until something changes."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from unittest.mock import Mock

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings
from rest_framework.throttling import ScopedRateThrottle

from catalog.captioning import get_captioner
from catalog.feeds.base import FeedRow
from catalog.models import Caption, CaptionRun, Product
from catalog.services import caption_runs
from catalog.services.caption_corrections import caption_correct, caption_delete
from catalog.services.products import products_publish, products_upsert
from feedback.regional import regional_taste_update
from outfits import marks, served
from outfits.circumstances.current import current_context
from outfits.models import Look, Promotion, Rule, Trend
from outfits.presentation import ShownLook, present
from outfits.services import Recommendation
from tests.factories import make_caption, make_image, make_look, make_product
from tests.outfits.kept_answers import ask, keep_answers, make_shown_look

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kept(settings: Settings) -> None:
    keep_answers(settings)


@pytest.fixture
def look() -> Look:
    return make_shown_look()


def test_the_same_question_is_answered_without_a_query(
    client: Client, look: Look, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = ask(client, look)
    with django_assert_num_queries(0):
        assert ask(client, look) == first


def test_the_answer_that_is_kept_has_its_headers(client: Client, look: Look) -> None:
    query = {"product": look.anchor.sku, "lang": "de"}
    first, again = (client.get("/api/v1/looks/", query) for _ in range(2))
    assert again["Content-Language"] == first["Content-Language"] == "de"
    assert again["Content-Type"] == first["Content-Type"] == "application/json"


def test_languages_and_hosts_have_answers_of_their_own(client: Client, look: Look) -> None:
    ask(client, look)
    assert ask(client, look, lang="de")["items"][0]["slot_label"] == "Schuhe"
    german = ask(client, look, **{"accept-language": "de"})
    assert german["items"][0]["slot_label"] == "Schuhe"
    elsewhere = ask(client, look, host="localhost")
    assert elsewhere["share_url"].startswith("http://localhost/")


def _sell_out(shoes: Product, look: Look) -> None:
    shoes.stock = 0
    shoes.save()


def _move_picture(shoes: Product, look: Look) -> None:
    image = shoes.images.get()
    image.position = 1
    image.save(update_fields=["position"])


def _make_thumbnail(shoes: Product, look: Look) -> None:
    shoes.images.update(small="products/small.webp")


def _read_feed(shoes: Product, look: Look) -> None:
    given = frozenset({"price", "currency"})
    row = FeedRow(1, shoes.sku, shoes.title, price=Decimal("9.00"), currency="USD", given=given)
    products_upsert(rows=[row])


def _raise_prices(shoes: Product, look: Look) -> None:
    shoes.price = Decimal("90.00")
    Product.objects.bulk_update([shoes], ["price"])


def _finish_caption_run(shoes: Product, look: Look) -> None:
    run = CaptionRun.objects.create(captioner_id=get_captioner().captioner_id)
    caption_runs._finish(CaptionRun.objects.filter(pk=run.pk))


CHANGES: dict[str, Callable[[Product, Look], object]] = {
    "sold out": _sell_out,
    "sold out in bulk": lambda shoes, look: Product.objects.filter(slot="shoes").update(stock=0),
    "price and currency in a feed": _read_feed,
    "price in bulk": _raise_prices,
    "delisted": lambda shoes, look: products_publish(
        products=Product.objects.filter(pk=shoes.pk), published=False
    ),
    "deleted": lambda shoes, look: shoes.delete(),
    "anchor renamed": lambda shoes, look: Product.objects.filter(pk=look.anchor_id).update(
        title="Renamed"
    ),
    "anchor delisted": lambda shoes, look: Product.objects.filter(pk=look.anchor_id).update(
        published=False
    ),
    "picture moved": _move_picture,
    "thumbnail": _make_thumbnail,
    "another picture": lambda shoes, look: make_image(shoes),
    "captioned": lambda shoes, look: make_caption(shoes.images.get(), "fake-captioner"),
    "caption corrected": lambda shoes, look: caption_correct(
        content_hash=shoes.images.get().content_hash, values={"colour": "Black"}, user=None
    ),
    "caption deleted": lambda shoes, look: caption_delete(caption=Caption.objects.get(), user=None),
    "caption run": _finish_caption_run,
    "choice": lambda shoes, look: look.items.get().save(),
    "look forgotten": lambda shoes, look: look.delete(),
    "trend": lambda shoes, look: Trend.objects.create(name="Coastal", words=["wool"]),
    "rule": lambda shoes, look: Rule.objects.create(action="exclude", slot="shoes"),
    "regional taste": lambda shoes, look: regional_taste_update(),
    "promotion": lambda shoes, look: Promotion.objects.create(),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_changes_is_seen_by_the_next_request(
    client: Client,
    look: Look,
    what: str,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    ask(client, look)
    shoes = Product.objects.get(title="Black Loafers")
    with django_capture_on_commit_callbacks(execute=True):
        CHANGES[what](shoes, look)
    with pytest.raises(pytest.fail.Exception), django_assert_max_num_queries(0):
        ask(client, look)


def test_a_new_price_is_shown_and_kept_in_its_turn(
    client: Client,
    look: Look,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    ask(client, look)
    shoes = Product.objects.get(title="Black Loafers")
    with django_capture_on_commit_callbacks(execute=True):
        _read_feed(shoes, look)
    price = {"amount": "9.00", "currency": "USD"}
    assert ask(client, look)["items"][0]["product"]["price"] == price
    with django_assert_num_queries(0):
        assert ask(client, look)["items"][0]["product"]["price"] == price


def test_what_a_look_does_not_show_changes_nothing_about_it(
    client: Client,
    look: Look,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    bag = make_product("bag")
    first = ask(client, look)
    with django_capture_on_commit_callbacks(execute=True):
        Product.objects.filter(pk=bag.pk).update(stock=0)
        bag.delete()
    with django_assert_num_queries(0):
        assert ask(client, look) == first


def test_what_no_shopper_sees_changes_no_look(
    client: Client,
    look: Look,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    ask(client, look)
    with django_capture_on_commit_callbacks(execute=True):
        Product.objects.update(feed=None)
    with django_assert_num_queries(0):
        ask(client, look)


def test_a_candidate_that_is_sold_out_comes_back_with_its_stock(
    client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    shoes = [make_product("shoes", stock=0), make_product("shoes")]
    look = make_look(make_product("top"), shoes, context=current_context())
    assert ask(client, look)["items"][0]["product"]["sku"] == shoes[1].sku
    with django_capture_on_commit_callbacks(execute=True):
        Product.objects.filter(pk=shoes[0].pk).update(stock=1)
    assert ask(client, look)["items"][0]["product"]["sku"] == shoes[0].sku


def test_what_changes_while_an_answer_is_made_makes_it_no_answer_for_the_next(
    client: Client,
    look: Look,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    def look_then_sell(recommended: Recommendation, hidden: Collection[str]) -> ShownLook:
        shown = present(recommended, hidden)
        with django_capture_on_commit_callbacks(execute=True):
            Product.objects.filter(title="Black Loafers").update(stock=0)
        return shown

    with monkeypatch.context() as patched:
        patched.setattr("outfits.api.present", look_then_sell)
        assert ask(client, look)["items"]
    assert not ask(client, look)["items"]


@pytest.mark.parametrize("keys", [["changes"], ["changed-all"], ["changes", "changed-all"]])
def test_a_cache_that_forgot_what_changed_gives_no_answer_that_is_out_of_date(
    client: Client,
    look: Look,
    keys: list[str],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    ask(client, look)
    cache.delete_many([f"ensemble:{key}" for key in keys])
    with django_capture_on_commit_callbacks(execute=True):
        Product.objects.filter(title="Black Loafers").update(stock=0)
    assert not ask(client, look)["items"]


def test_of_two_who_change_a_product_at_once_the_later_one_counts(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_many, other = cache.set_many, iter([True])

    def overtaken(data: dict[str, int], timeout: int | None) -> None:
        if next(other, False):
            marks._mark(["ensemble:changed:1"])
        set_many(data, timeout)

    monkeypatch.setattr(cache, "set_many", overtaken)
    marks._mark(["ensemble:changed:1"])
    assert cache.get("ensemble:changed:1") == cache.get("ensemble:changes")


def test_a_trend_ends_with_its_last_day(
    client: Client, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime(2026, 3, 10, 23, 59, tzinfo=UTC)
    clock = Mock(wraps=datetime)
    clock.now.side_effect = lambda zone: now
    for module in ("outfits.served", "outfits.circumstances.current"):
        monkeypatch.setattr(f"{module}.datetime", clock)
    Trend.objects.create(name="Coastal", words=["wool"], ends=now.date())
    shoes = Product.objects.get(title="Black Loafers")
    made = make_look(make_product("top"), [shoes], context=current_context())
    assert ask(client, made)["context"]["trends"] == ["Coastal"]
    now += timedelta(minutes=2)
    assert ask(client, made)["context"]["trends"] == []


def test_regions_have_answers_of_their_own(client: Client, look: Look) -> None:
    shoes = Product.objects.get(title="Black Loafers")
    anchor = look.anchor
    make_look(anchor, [shoes], context=current_context(region="DE"))
    query = {"product": anchor.sku}
    for region in ("", "DE", "", "DE"):
        answer = client.get("/api/v1/looks/", {**query, "region": region}).json()
        assert answer["context"]["region"] == region


def test_what_means_nothing_makes_no_other_answer(
    client: Client, look: Look, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = ask(client, look)
    query = {"utm_source": "letter", "product": look.anchor.sku, "lang": "en"}
    with django_assert_num_queries(0):
        assert client.get("/api/v1/looks/", query).json() == first


def test_a_look_that_stands_for_one_there_is_not_is_not_kept(
    client: Client, look: Look, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    query = {"product": look.anchor.sku, "number": "3"}
    assert client.get("/api/v1/looks/", query).json()["number"] == 1
    with django_capture_on_commit_callbacks():
        for _ in range(4):
            make_product("shoes")
    assert client.get("/api/v1/looks/", query).json()["number"] == 3


def test_answers_with_signed_addresses_or_looked_up_weather_are_kept_for_minutes_only(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ENSEMBLE = {**settings.ENSEMBLE, "LOOK_CACHE_SECONDS": 3600}
    assert served._seconds() == 3600
    for seconds, kept in ((43_200, 300), (600, 150)):
        storage = Mock(querystring_auth=True, querystring_expire=seconds)
        with monkeypatch.context() as patched:
            patched.setattr(served, "default_storage", storage)
            assert served._seconds() == kept
    settings.ENSEMBLE = {**settings.ENSEMBLE, "WEATHER": "tests.fakes.FakeWeather"}
    assert served._seconds() == 300


def test_a_setting_that_changes_makes_answers_anew(
    client: Client, look: Look, settings: Settings
) -> None:
    ask(client, look)
    settings.ENSEMBLE = {**settings.ENSEMBLE, "PRODUCT_URL": "/elsewhere/{sku}"}
    assert ask(client, look)["anchor"]["url"].startswith("/elsewhere/")


def test_a_cache_that_processes_do_not_share_keeps_no_answer(
    client: Client, look: Look, settings: Settings
) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    assert ask(client, look)["items"]
    Product.objects.filter(title="Black Loafers").update(stock=0)
    assert not ask(client, look)["items"]


def test_a_provisional_look_is_never_kept(client: Client, look: Look) -> None:
    anchor, shoes = make_product("bottom"), Product.objects.get(title="Black Loafers")
    assert client.get("/api/v1/looks/", {"product": anchor.sku}).json()["status"] == "provisional"
    made = make_look(anchor, [shoes], context=current_context())
    assert ask(client, made)["id"] == str(made.pk)


def test_refusals_are_not_kept(client: Client) -> None:
    assert client.get("/api/v1/looks/", {"product": "LATER"}).status_code == 404
    make_product("top", sku="LATER")
    assert client.get("/api/v1/looks/", {"product": "LATER"}).status_code == 200


def test_an_answer_that_is_there_already_is_not_counted(
    client: Client, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ScopedRateThrottle, "THROTTLE_RATES", {"looks": "1/min", "feedback": None})
    first = ask(client, look)
    assert ask(client, look) == first
    query = {"product": look.anchor.sku, "lang": "de"}
    assert client.get("/api/v1/looks/", query).status_code == 429


def test_no_answer_is_kept_for_longer_than_what_changed_is_marked(settings: Settings) -> None:
    settings.ENSEMBLE = {**settings.ENSEMBLE, "LOOK_CACHE_SECONDS": 10**6}
    assert served._seconds() == marks.DAY < marks.MARK_SECONDS


def test_another_look_of_what_a_look_shows_changes_nothing_about_it(
    client: Client,
    look: Look,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    shoes = Product.objects.get(title="Black Loafers")
    ask(client, look)
    with django_capture_on_commit_callbacks(execute=True):
        make_look(shoes, [look.anchor], context=current_context())
    with django_assert_num_queries(0):
        ask(client, look)
