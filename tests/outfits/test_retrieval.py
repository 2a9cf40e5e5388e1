import random
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from catalog.models import Product
from catalog.slots import Slot
from outfits.circumstances.context import Context
from outfits.retrieval import retrieve_candidates, retrieve_slots
from tests.factories import make_product

pytestmark = pytest.mark.django_db


def _found(anchor: Product, slot: str, limit: int = 10, **context: Any) -> list[Product]:
    return retrieve_candidates(anchor, slot, Context(**context), limit=limit)


def test_the_nearest_candidates_come_first() -> None:
    anchor = make_product("top", title="aaaa")
    far, near = make_product("shoes", title="zzzz"), make_product("shoes", title="aaab")
    assert _found(anchor, "shoes") == [near, far]


@pytest.mark.parametrize("change", [{"stock": 0}, {"published": False}, {"gender": "men"}])
def test_what_a_shopper_could_not_buy_or_wear_is_no_candidate(change: dict[str, Any]) -> None:
    anchor = make_product("top")
    make_product("shoes", **change)
    assert _found(anchor, "shoes") == []


def test_unisex_products_complete_every_anchor() -> None:
    anchor, cap = make_product("top", gender="men"), make_product("headwear", gender="unisex")
    assert _found(anchor, "headwear") == [cap]


def test_the_anchors_own_slot_has_no_candidates() -> None:
    anchor = make_product("top")
    make_product("top")
    assert _found(anchor, "top") == []


def test_products_for_the_occasion_come_before_nearer_ones_that_are_not() -> None:
    anchor = make_product("top", title="aaaa")
    near = make_product("shoes", title="aaaa", occasions=["sport"])
    far = make_product("shoes", title="zzzz", occasions=["work"])
    assert _found(anchor, "shoes", occasion="work") == [far, near]


def test_an_anchor_without_a_vector_still_gets_candidates() -> None:
    anchor = make_product("top", embedded=False)
    shoes = make_product("shoes")
    assert _found(anchor, "shoes") == [shoes]


def test_candidates_without_a_vector_come_last() -> None:
    anchor = make_product("top")
    plain, embedded = make_product("shoes", embedded=False), make_product("shoes")
    assert _found(anchor, "shoes") == [embedded, plain]


def _make_and_delete(anchor: Product, count: int) -> None:
    """Leave the rows of ``count`` products near ``anchor`` in the index."""
    rng = random.Random(0)
    like = anchor.embeddings.get()
    made = Product.objects.bulk_create(
        Product(sku=f"D{n}", slot="shoes", price=1) for n in range(count)
    )
    for product in made:
        vector = [float(x) + rng.gauss(0, 0.001) for x in like.vector]
        like.pk, like.product, like.vector = None, product, vector
        like.save(force_insert=True)
    Product.objects.filter(pk__in=[product.pk for product in made]).delete()


def test_what_a_scan_of_the_index_ends_before_is_found_all_the_same() -> None:
    anchor = make_product("top", title="aaaa")
    shoes = [make_product("shoes", title=f"zzz{letter}") for letter in "abcdefghij"]
    _make_and_delete(anchor, 1000)
    with connection.cursor() as cursor:
        # Rows that were deleted stay in the index until VACUUM comes, and count as looked at.
        cursor.execute("SET LOCAL hnsw.ef_search = 1; SET LOCAL hnsw.max_scan_tuples = 1")
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    assert set(_found(anchor, "shoes")) == set(shoes)


def test_filters_do_not_starve_the_vector_index() -> None:
    anchor = make_product("top", title="aaaa")
    for number in range(300):
        make_product("bag", title=f"aaaa {number}")
    shoes = [make_product("shoes", title="zzzz") for _ in range(5)]
    assert set(_found(anchor, "shoes")) == set(shoes)


@pytest.mark.parametrize("one_at_a_time", [False, True])
def test_the_index_is_scanned_on_for_one_statement_only(
    one_at_a_time: bool, monkeypatch: pytest.MonkeyPatch, transactional_db: None
) -> None:
    monkeypatch.setattr(connection.features, "uses_server_side_binding", one_at_a_time)
    anchor, shoes = make_product("top"), make_product("shoes")
    assert _found(anchor, "shoes") == [shoes]
    with connection.cursor() as cursor:
        cursor.execute("SHOW hnsw.iterative_scan")
        assert cursor.fetchone() == ("off",)


def test_candidates_of_several_slots_take_two_statements(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    anchor = make_product("top")
    for slot in ("shoes", "bag", "bottom"):
        make_product(slot)
    with django_assert_num_queries(2):  # near ones, and once more where there is room
        retrieve_slots(anchor, [Slot.SHOES, Slot.BAG, Slot.BOTTOM], Context(), limit=8)
