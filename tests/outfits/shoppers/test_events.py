"""Purchases and views that the shop's server pushes."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from catalog.models import Product
from outfits.models import ProfileFact, Shopper, ShopperEvent
from outfits.shoppers import learning
from outfits.shoppers.consent import shopper_erase
from outfits.shoppers.events import PushedEvent, shopper_events_record
from outfits.shoppers.preferences import choose_preferences
from outfits.shoppers.profile import said_by
from tests.factories import make_product
from tests.shoppers import as_shop, as_shopper, make_shopper, set_key

pytestmark = pytest.mark.django_db
#: For a push of new events, and for one of events that are all stored.
QUERIES, QUERIES_REPEATED = 13, 6
AT = "2026-11-20T10:00:00Z"


@pytest.fixture(autouse=True)
def _key(settings: Settings) -> None:
    set_key(settings)


@pytest.fixture
def shoes() -> Product:
    return make_product("shoes", title="Leather Loafers", colour="Navy Blue", brand="Ostrane")


def push(client: Client, *events: dict[str, Any], **kwargs: Any) -> Any:
    headers = kwargs.get("headers", as_shop())
    return client.post(
        "/api/v1/shopper/events/",
        {"events": list(events)},
        content_type="application/json",
        headers=headers,
    )


def event(product: Product, **fields: Any) -> dict[str, Any]:
    known = {"id": "order-1", "shopper": "ann", "kind": "purchase", "product": product.sku}
    return {**known, "at": AT, **fields}


def test_a_purchase_is_stored_and_says_what_is_liked(client: Client, shoes: Product) -> None:
    ann = make_shopper()
    answer = push(client, event(shoes)).json()
    assert answer == {"stored": 1, "repeated": 0, "without_consent": 0, "unknown_products": []}
    facts = {(f.kind, f.value, f.stance, f.source, f.event) for f in ann.facts.all()}
    assert ("colour", "navy", "like", "purchase", "order-1") in facts
    assert ("brand", "Ostrane", "like", "purchase", "order-1") in facts
    assert ("product", shoes.sku, "never", "purchase", "order-1") in facts


def test_views_count_up_before_they_count(client: Client, shoes: Product) -> None:
    ann = make_shopper()
    push(client, event(shoes, id="v0", kind="view"))
    assert choose_preferences(said_by(ann)) == ()
    push(client, *(event(shoes, id=f"v{n}", kind="view") for n in range(1, 6)))
    assert ann.facts.get(kind="colour").times == 6
    assert "colour=navy +0.5 view" in choose_preferences(said_by(ann))


def test_an_event_told_twice_is_stored_and_counted_once(client: Client, shoes: Product) -> None:
    ann = make_shopper()
    same = event(shoes, kind="view")
    assert push(client, same, same).json() | {"stored": 1, "repeated": 1} == push_result(1, 1)
    assert push(client, same).json() == push_result(0, 1)
    assert ShopperEvent.objects.count() == 1
    assert ann.facts.get(kind="colour").times == 1


def push_result(stored: int, repeated: int) -> dict[str, Any]:
    return {
        "stored": stored,
        "repeated": repeated,
        "without_consent": 0,
        "unknown_products": [],
    }


def test_nothing_is_stored_of_whoever_did_not_agree(client: Client, shoes: Product) -> None:
    make_shopper("bob")
    answer = push(client, event(shoes), event(shoes, id="order-2", shopper="bob")).json()
    assert (answer["stored"], answer["without_consent"]) == (1, 1)
    assert [e.shopper.shop_id for e in ShopperEvent.objects.all()] == ["bob"]
    assert not Shopper.objects.filter(shop_id="ann").exists()


def test_a_product_that_the_shop_does_not_have_is_named(client: Client, shoes: Product) -> None:
    make_shopper()
    answer = push(client, event(shoes) | {"product": "NOPE"}, event(shoes, id="order-2")).json()
    assert (answer["stored"], answer["unknown_products"]) == (1, ["NOPE"])


def test_shoppers_and_strangers_may_push_nothing(client: Client, shoes: Product) -> None:
    make_shopper()
    assert push(client, event(shoes), headers=as_shopper()).status_code == 403
    assert push(client, event(shoes), headers={}).status_code == 401
    assert not ShopperEvent.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"kind": "stolen"}, {"at": "yesterday"}, {"id": ""}, {"shopper": "x" * 129}]
)
def test_an_event_that_cannot_be_read_is_refused(
    client: Client, shoes: Product, wrong: dict[str, str]
) -> None:
    make_shopper()
    assert push(client, event(shoes, **wrong)).status_code == 400
    assert push(client).status_code == 400
    assert not ShopperEvent.objects.exists()


def test_too_many_events_at_once_are_refused(client: Client, shoes: Product) -> None:
    many = [event(shoes, id=f"e{n}") for n in range(501)]
    response = push(client, *many)
    assert response.status_code == 400
    assert "500" in str(response.json())


def test_one_id_is_one_event_whoever_it_is_of(client: Client, shoes: Product) -> None:
    make_shopper()
    make_shopper("bob")
    push(client, event(shoes))
    assert push(client, event(shoes, shopper="bob")).json() == push_result(0, 1)


@pytest.mark.parametrize("count", [5, 500])
def test_a_push_costs_the_same_queries_however_many_events_it_has(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    names = [make_shopper(f"shopper-{n}").shop_id for n in range(min(count, 50))]
    products = [
        make_product("shoes", embedded=False, title="Leather Loafers", colour=c, brand=f"Brand {c}")
        for c in ("Navy", "Red", "Green")
    ]
    pushed = [
        PushedEvent(f"e{n}", names[n % len(names)], "purchase", products[n % 3].sku, timezone.now())
        for n in range(count)
    ]
    # Two savepoints; products, shoppers, stored, insert, stored now, pictures, captions;
    # forgotten, known, rooms, facts; which event taught which.
    with django_assert_num_queries(QUERIES):
        recorded = shopper_events_record(events=pushed)
    assert recorded.stored == count
    with django_assert_num_queries(QUERIES_REPEATED):
        assert shopper_events_record(events=pushed).repeated == count


def test_the_last_event_of_a_push_is_the_one_that_a_fact_names(
    client: Client, shoes: Product
) -> None:
    ann = make_shopper()
    push(client, *(event(shoes, id=f"v{n}", kind="view") for n in (3, 1, 2)))
    colour = ann.facts.get(kind="colour")
    assert (colour.times, colour.event) == (3, "v2")


def test_a_full_profile_counts_what_it_knows_and_learns_nothing_new(
    client: Client, shoes: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = make_shopper()
    push(client, event(shoes, id="v1", kind="view"))
    monkeypatch.setattr(learning, "MAX_FACTS", ann.facts.count() + 1)
    other = make_product("bag", colour="Red", brand="Coral", category=shoes.category)
    push(client, event(shoes, id="v2", kind="view"), event(other, id="v3", kind="view"))
    assert ann.facts.get(kind="colour", value="navy").times == 2
    assert ann.facts.get(kind="category").times == 3
    assert ann.facts.get(value="red").times == 1
    assert not ann.facts.filter(value="Coral").exists()


@pytest.mark.django_db(transaction=True)
def test_the_same_ids_told_of_two_shoppers_at_the_same_time_are_stored_once(
    shoes: Product,
) -> None:
    make_shopper()
    make_shopper("bob")
    now = timezone.now()
    pushes = [
        [PushedEvent(f"e{n}", name, "view", shoes.sku, now) for n in order]
        for name, order in (("ann", range(50)), ("bob", range(49, -1, -1)))
    ]
    told: list[int] = []

    def tell(events: list[PushedEvent]) -> None:
        told.append(shopper_events_record(events=events).stored)

    _at_once([partial(tell, events) for events in pushes])
    assert sum(told) == ShopperEvent.objects.count() == 50
    times = [fact.times for fact in ProfileFact.objects.filter(kind="colour")]
    assert sum(times) == 50


@pytest.mark.django_db(transaction=True)
def test_pushes_at_the_same_time_store_and_count_once(shoes: Product) -> None:
    make_shopper()
    make_shopper("bob")
    pushed = [
        PushedEvent(f"e{n}", name, "view", shoes.sku, timezone.now())
        for n, name in enumerate(["ann", "bob"] * 5)
    ]
    _at_once([lambda: shopper_events_record(events=pushed)] * 4)
    assert ShopperEvent.objects.count() == 10
    assert [f.times for f in ProfileFact.objects.filter(kind="colour")] == [5, 5]


@pytest.mark.django_db(transaction=True)
def test_an_erasure_beside_a_push_leaves_nothing(shoes: Product) -> None:
    make_shopper()
    pushed = [PushedEvent(f"e{n}", "ann", "view", shoes.sku, timezone.now()) for n in range(20)]
    _at_once(
        [
            lambda: shopper_events_record(events=pushed),
            lambda: shopper_erase(shop_id="ann"),
            lambda: shopper_events_record(events=pushed),
        ]
    )
    assert not Shopper.objects.exists()
    assert not ShopperEvent.objects.exists()
    assert not ProfileFact.objects.exists()


def _at_once(calls: list[Any]) -> None:
    def run(call: Any) -> None:
        try:
            call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        list(pool.map(run, calls))
