"""Purchases and views that the shop's server pushes."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from catalog.models import Product
from outfits.models import ProfileFact, Shopper, ShopperEvent
from outfits.shoppers.consent import shopper_erase
from outfits.shoppers.events import PushedEvent, shopper_events_record
from outfits.shoppers.preferences import choose_preferences
from outfits.shoppers.profile import said_by
from tests.factories import make_product
from tests.shoppers import as_shop, as_shopper, make_shopper, set_key

pytestmark = pytest.mark.django_db
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
