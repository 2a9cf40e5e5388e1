"""Every item of every look has its reasons, whatever became of the look."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from catalog.models import Product
from outfits.circumstances.current import current_context
from outfits.composing.wishes import Wish
from outfits.models import Adapter, KeptTogether, Look, LookItem, Trend
from outfits.selectors import SHIPPED, shipped_stylist
from outfits.services import look_build
from outfits.weather.base import Weather
from tests.factories import make_look, make_product
from tests.fakes import FakeLanguageModel

pytestmark = pytest.mark.django_db


def test_an_item_of_which_everything_is_known_has_a_factor_of_every_kind(
    stylist: FakeLanguageModel,
) -> None:
    shipped = shipped_stylist()
    Adapter.objects.create(
        name=shipped.adapter_name,
        path=str(SHIPPED),
        base_model="fake-model",
        manifest=dict(shipped.manifest),
        serving=True,
    )
    Trend.objects.create(name="Soft touch", words=["wool"], weight=1)
    anchor = make_product("top", title="White Wool Office Blouse", category="Blouses")
    Product.objects.filter(pk=anchor.pk).update(colour="White", occasions=["work"])
    anchor.refresh_from_db()
    chosen = make_product(
        "bottom",
        title="Navy Wool Office Trousers",
        colour="Navy",
        category="Trousers",
        price="120.00",
        occasions=["work"],
    )
    for title in ("Green Shorts", "Grey Linen Skirt", "Beige Swim Shorts"):
        kind = title.split()[-1].title()
        make_product("bottom", title=title, category=kind, price="40.00", occasions=["work"])
    KeptTogether.objects.create(anchor=anchor, product=chosen, kept=20, put_back=0, weight=0.8)
    stylist.words = {"navy": 3.0}
    context = current_context(
        occasion="work", weather=Weather(2), preferences=("colour=navy +1 quiz",)
    )
    look = look_build(anchor=anchor, context=context)
    assert look is not None
    item = look.items.get()
    assert item.product == chosen
    factors = {factor["name"]: factor for factor in item.factors}
    assert set(factors) >= {
        *("colour", "slot", "category", "worn_together", "style", "material"),
        *("occasion", "weather", "trend", "profile", "kept_together", "price", "stylist"),
    }
    assert all(factor["weight"] for factor in factors.values())
    assert factors["price"]["weight"] < 0 < factors["weather"]["weight"]
    assert factors["trend"]["trend"] == "Soft touch"
    assert factors["profile"]["label"] == "You like navy (quiz)"
    assert factors["kept_together"]["label"] == "20 of 20 shoppers kept the two together"


@pytest.mark.parametrize(
    "wish",
    [{}, {"number": 2}, {"budget": "130"}, {"budget": "5"}, {"lock": True}],
    ids=["plain", "another look", "budget", "no budget is enough", "locked"],
)
def test_every_item_of_every_look_has_factors_with_signed_weights(
    client: Client, anchor: Product, stylist: FakeLanguageModel, wish: dict[str, Any]
) -> None:
    locks = (Product.objects.filter(slot="shoes")[0].sku,) if wish.get("lock") else ()
    asked = {name: value for name, value in wish.items() if name != "lock"}
    budget = Decimal(wish["budget"]) if "budget" in wish else None
    look_build(
        anchor=anchor,
        context=current_context(),
        wish=Wish(budget, locks, wish.get("number", 1)),
    )
    query = {"product": anchor.sku, "lock": list(locks), **asked}
    answer = client.get("/api/v1/looks/", query).json()
    assert answer["status"] == "ranked"
    assert len(answer["items"]) >= 2
    for item in answer["items"]:
        factors = {factor["name"]: factor["weight"] for factor in item["factors"]}
        assert factors["slot"] > 0
        assert all(isinstance(weight, float) and weight for weight in factors.values())


def test_what_stands_in_for_a_sold_out_item_is_described_and_not_by_the_stylist(
    client: Client,
) -> None:
    anchor = make_product("top", colour="White")
    first = make_product("shoes", colour="Red")
    second = make_product("shoes", colour="Navy")
    make_look(anchor, [first, second], context=current_context())
    Product.objects.filter(pk=first.pk).update(stock=0)
    [item] = client.get("/api/v1/looks/", {"product": anchor.sku}).json()["items"]
    labels = {factor["name"]: factor["label"] for factor in item["factors"]}
    assert labels["colour"] == "Navy is easy to wear with white"
    assert "stylist" not in labels
    assert item["stand_in"]


def test_what_stands_in_clashes_with_nothing_that_stays(client: Client) -> None:
    anchor = make_product("top", colour="White")
    shoes = [make_product("shoes", colour=colour) for colour in ("Black", "Blue", "Grey")]
    skirt = make_product("bottom", colour="Red")
    look: Look = make_look(anchor, shoes, context=current_context())
    LookItem.objects.create(
        look=look,
        slot="bottom",
        position=1,
        product=skirt,
        query="",
        candidates=[{"product": skirt.pk, "sku": skirt.sku}],
    )
    Product.objects.filter(pk=shoes[0].pk).update(stock=0)
    answer = client.get("/api/v1/looks/", {"product": anchor.sku}).json()
    worn = [item["product"]["sku"] for item in answer["items"]]
    assert worn == [shoes[2].sku, skirt.sku]


def test_what_stands_in_is_not_what_an_earlier_look_wears(client: Client) -> None:
    anchor = make_product("top")
    for _ in range(3):
        make_product("shoes")
    one, two = (
        look_build(anchor=anchor, context=current_context(), wish=Wish(number=number))
        for number in (1, 2)
    )
    assert one is not None
    assert two is not None
    Product.objects.filter(pk=two.items.get().product_id).update(stock=0)
    query: dict[str, Any] = {"product": anchor.sku, "number": 2}
    [item] = client.get("/api/v1/looks/", query).json()["items"]
    assert item["stand_in"]
    assert item["product"]["sku"] != one.items.get().product.sku
