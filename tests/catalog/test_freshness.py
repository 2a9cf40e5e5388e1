"""What an import changes is on the next look: nothing between the database and a look is cached."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from catalog.models import Product
from catalog.services import feed_import, feed_source_get
from outfits.circumstances.context import Context, season_on
from outfits.models import Look
from tests.factories import make_look, make_product

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stylist(settings: Settings) -> None:
    settings.ENSEMBLE = {
        **settings.ENSEMBLE,
        "LLM": "tests.fakes.FakeLanguageModel",
        "LLM_MODEL": "fake-model",
    }
    cache.clear()


@pytest.fixture
def look() -> Look:
    """A stored look: a top, with shoes chosen out of two."""
    first, second = make_product("shoes", sku="FIRST"), make_product("shoes", sku="SECOND")
    context = Context(season=season_on(datetime.now(UTC).date()))
    return make_look(make_product("top", sku="TOP"), [first, second], context=context)


def bring(text: str) -> None:
    feed_import(file=BytesIO(text.encode()), name="feed.csv")


def ask(client: Client) -> dict[str, object]:
    answer: dict[str, object] = client.get("/api/v1/looks/", {"product": "TOP"}).json()
    return answer


def shown(client: Client) -> list[tuple[str, str]]:
    items = client.get("/api/v1/looks/", {"product": "TOP"}).json()["items"]
    return [(i["product"]["sku"], i["product"]["price"]["amount"]) for i in items]


def test_a_new_price_is_on_the_look_at_once(client: Client, look: Look) -> None:
    assert shown(client) == [("FIRST", "40.00")]
    bring("sku,title,price\nFIRST,Shoes,33.50\nTOP,Top,20\n")
    assert shown(client) == [("FIRST", "33.50")]
    assert ask(client)["total"] == {"amount": "53.50", "currency": "EUR"}


def test_a_sold_out_item_is_replaced_at_once_by_the_next_best(client: Client, look: Look) -> None:
    assert shown(client) == [("FIRST", "40.00")]
    bring("sku,title,price,stock\nFIRST,Shoes,40,0\nSECOND,Shoes,44,2\n")
    assert shown(client) == [("SECOND", "44.00")]


def test_an_item_back_in_stock_is_shown_again(client: Client, look: Look) -> None:
    bring("sku,title,stock\nFIRST,Shoes,0\n")
    bring("sku,title,stock\nFIRST,Shoes,3\n")
    assert shown(client) == [("FIRST", "40.00")]


def test_a_product_that_its_full_feed_dropped_leaves_the_look_at_once(
    client: Client, look: Look
) -> None:
    feed = feed_source_get(name="shop")
    Product.objects.filter(sku="FIRST").update(feed=feed)
    assert shown(client) == [("FIRST", "40.00")]
    feed_import(file=BytesIO(b"sku,title\nSECOND,Shoes\n"), name="f", feed=feed, is_full=True)
    assert shown(client) == [("SECOND", "40.00")]


def test_an_anchor_that_was_unpublished_has_no_look(client: Client, look: Look) -> None:
    bring("sku,title,published\nTOP,Top,no\n")
    assert client.get("/api/v1/looks/", {"product": "TOP"}).status_code == 404


def test_a_provisional_look_too_leaves_out_what_sold_out(client: Client) -> None:
    make_product("top", sku="TOP")
    make_product("shoes", sku="FIRST")
    assert [sku for sku, _ in shown(client)] == ["FIRST"]
    bring("sku,title,stock\nFIRST,Shoes,0\n")
    assert shown(client) == []


def test_a_look_is_not_kept_by_browsers_or_proxies(client: Client, look: Look) -> None:
    response = client.get("/api/v1/looks/", {"product": "TOP"})
    assert "max-age" not in response.get("Cache-Control", "")
