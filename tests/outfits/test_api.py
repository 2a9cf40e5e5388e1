import uuid
from datetime import UTC, datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from rest_framework.throttling import ScopedRateThrottle

from outfits.circumstances.context import Context, season_on
from outfits.circumstances.current import current_context
from tests.factories import make_caption, make_image, make_look, make_product

pytestmark = pytest.mark.django_db


def _now() -> Context:
    return Context(season=season_on(datetime.now(UTC).date()))


def test_a_stored_look_is_served_with_everything_the_widget_shows(client: Client) -> None:
    anchor, shoes = make_product("top"), make_product("shoes", price="60.00")
    image = make_image(shoes)
    make_caption(image, "fake-captioner", sentence="Black leather shoes.")
    look = make_look(anchor, [shoes, make_product("shoes")], context=_now())
    answer = client.get("/api/v1/looks/", {"product": anchor.sku}).json()
    assert (answer["id"], answer["status"]) == (str(look.pk), "ranked")
    assert answer["total"] == {"amount": "100.00", "currency": "EUR"}
    item = answer["items"][0]
    assert item["product"]["image"]["alt"] == "Black leather shoes."
    assert (item["slot"], len(item["alternatives"])) == ("shoes", 1)


def test_an_unknown_sku_says_what_to_check(client: Client) -> None:
    response = client.get("/api/v1/looks/", {"product": "NOPE"})
    assert response.status_code == 404
    assert "NOPE" in response.json()["detail"]


def test_an_unpublished_product_is_not_given_away(client: Client) -> None:
    anchor = make_product("top", published=False)
    assert client.get("/api/v1/looks/", {"product": anchor.sku}).status_code == 404


def test_an_occasion_that_does_not_exist_is_refused(client: Client) -> None:
    anchor = make_product("top")
    response = client.get("/api/v1/looks/", {"product": anchor.sku, "occasion": "x"})
    assert response.status_code == 400
    assert "occasion" in response.json()["fields"]


def test_queries_do_not_grow_with_the_look(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    anchor = make_product("top")
    offered = [make_product("shoes") for _ in range(8)]
    for product in offered:
        make_image(product)
    make_look(anchor, offered, context=_now())
    current_context()  # what the shop curates is read once in five minutes
    with django_assert_max_num_queries(10):
        client.get("/api/v1/looks/", {"product": anchor.sku})


def test_too_many_requests_are_told_to_wait(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ScopedRateThrottle, "THROTTLE_RATES", {"looks": "1/min", "feedback": None})
    anchor = make_product("top")
    client.get("/api/v1/looks/", {"product": anchor.sku})
    response = client.get("/api/v1/looks/", {"product": anchor.sku})
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0


def test_a_thumb_on_a_look_that_is_not_there_says_what_to_do(client: Client) -> None:
    response = client.post(
        f"/api/v1/looks/{uuid.uuid4()}/feedback/",
        {"id": str(uuid.uuid4()), "kind": "like"},
        content_type="application/json",
    )
    assert response.status_code == 404
    assert "Load the look again" in response.json()["detail"]
