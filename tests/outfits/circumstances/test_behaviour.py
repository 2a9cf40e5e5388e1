"""What a context does to a whole look, as the API shows it."""

from typing import Any

import pytest
from django.test import Client

from catalog.models import Product
from outfits.circumstances.current import current_context
from outfits.models import Event, Rule, Trend
from outfits.services import look_build
from outfits.weather.base import Weather
from tests.factories import make_product
from tests.fakes import FakeLanguageModel

pytestmark = pytest.mark.django_db
#: Weather that says nothing of fabrics, so that today's season does not either.
MILD = 12


@pytest.fixture
def anchor() -> Product:
    """A shirt, beside which everything exists once for heat and once for cold."""
    for slot, title in [
        ("bottom", "Wool Trousers"),
        ("bottom", "Linen Trousers"),
        ("shoes", "Leather Boots"),
        ("shoes", "Leather Sandals"),
        ("outerwear", "Quilted Parka"),
        ("scarf", "Cashmere Scarf"),
        ("eyewear", "Sunglasses"),
    ]:
        make_product(slot, title=title)
    return make_product("top", title="White Shirt", colour="White")


def ask(client: Client, anchor: Product, **query: Any) -> dict[str, Any]:
    """Build the look that a query asks for, and ask for it."""
    known = "temperature" in query or "wet" in query
    weather = Weather(query.get("temperature"), wet=bool(query.get("wet"))) if known else None
    context = current_context(
        occasion=query.get("occasion", ""), region=query.get("region", ""), weather=weather
    )
    look_build(anchor=anchor, context=context)
    answer: dict[str, Any] = client.get("/api/v1/looks/", {"product": anchor.sku, **query}).json()
    assert answer["status"] == "ranked"
    return answer


def titles(answer: dict[str, Any]) -> dict[str, str]:
    return {item["slot"]: item["product"]["title"] for item in answer["items"]}


def factors(answer: dict[str, Any], slot: str) -> dict[str, dict[str, Any]]:
    item = next(item for item in answer["items"] if item["slot"] == slot)
    return {factor["name"]: factor for factor in item["factors"]}


def test_heat_puts_the_same_anchor_with_other_fabrics_than_cold(
    client: Client, anchor: Product
) -> None:
    hot, cold = ask(client, anchor, temperature=32), ask(client, anchor, temperature=2)
    assert (titles(hot)["bottom"], titles(hot)["shoes"]) == ("Linen Trousers", "Leather Sandals")
    assert (titles(cold)["bottom"], titles(cold)["shoes"]) == ("Wool Trousers", "Leather Boots")


def test_heat_takes_the_layers_away_that_cold_asks_for(client: Client, anchor: Product) -> None:
    layers = {"outerwear", "scarf"}
    assert not layers & set(titles(ask(client, anchor, temperature=32)))
    assert layers <= set(titles(ask(client, anchor, temperature=2)))


def test_what_the_weather_did_is_among_the_factors(client: Client, anchor: Product) -> None:
    factor = factors(ask(client, anchor, temperature=32), "bottom")["weather"]
    assert factor["weight"] > 0
    assert factor["label"] == "Linen is light enough for warm weather"


def test_factors_are_said_in_german(client: Client, anchor: Product) -> None:
    answer = ask(client, anchor, temperature=2, lang="de")
    assert factors(answer, "bottom")["weather"]["label"] == "Wolle hält in der Kälte warm"


def test_work_and_the_beach_get_different_looks(client: Client) -> None:
    anchor = make_product("top", title="White Shirt")
    for slot, title in [
        ("shoes", "Flip Flops"),
        ("shoes", "Black Loafers"),
        ("bottom", "Swim Shorts"),
        ("bottom", "Tailored Trousers"),
        ("outerwear", "Navy Blazer"),
        ("eyewear", "Sunglasses"),
    ]:
        make_product(slot, title=title)
    work, beach = ask(client, anchor, occasion="work"), ask(client, anchor, occasion="vacation")
    assert titles(work) == {
        "shoes": "Black Loafers",
        "bottom": "Tailored Trousers",
        "outerwear": "Navy Blazer",
    }
    assert titles(beach)["shoes"] == "Flip Flops"
    assert titles(beach)["bottom"] == "Swim Shorts"
    assert "eyewear" in titles(beach)
    assert factors(work, "shoes")["occasion"]["weight"] > 0


def test_a_product_that_is_tagged_for_the_occasion_wins(client: Client) -> None:
    anchor = make_product("top", title="aaaa")
    make_product("shoes", title="aaaa")
    make_product("shoes", title="zzzz", occasions=["work"])
    assert titles(ask(client, anchor, occasion="work")) == {"shoes": "zzzz"}


def test_provisional_looks_suit_the_weather_too(client: Client, anchor: Product) -> None:
    query: dict[str, Any] = {"product": anchor.sku, "temperature": 32}
    answer = client.get("/api/v1/looks/", query).json()
    assert answer["status"] == "provisional"
    assert titles(answer)["bottom"] == "Linen Trousers"


def test_stored_candidates_say_what_the_context_added(anchor: Product) -> None:
    look = look_build(anchor=anchor, context=current_context(weather=Weather(32)))
    assert look is not None
    best, other = look.items.get(slot="bottom").candidates
    assert best["context"]["weather"] > 0 > other["context"]["weather"]
    assert best["score"] == pytest.approx(
        best["model"] + best["cooccurrence"] + sum(best["context"].values())
    )


def test_a_context_can_outvote_the_stylist_and_the_factors_own_up_to_it(
    client: Client, anchor: Product, stylist: FakeLanguageModel
) -> None:
    def match(query: str, questions: Any, *, adapter: str = "") -> list[float]:
        return [1.0 if "wool" in question else 0.0 for question in questions]

    stylist.match = match  # type: ignore[method-assign]
    factor = factors(ask(client, anchor, temperature=32), "bottom")["stylist"]
    assert factor["label"] == "The stylist's choice number 2 of 2"
    assert factor["weight"] < 0


def test_the_answer_says_what_context_was_used(client: Client, anchor: Product) -> None:
    Trend.objects.create(name="Linen all over", words=["linen"])
    answer = ask(client, anchor, occasion="work", region="au-nsw", temperature=32)
    season = current_context(region="AU-NSW").season
    assert answer["context"] == {
        "occasion": "work",
        "season": season,
        "weather": "hot",
        "region": "AU-NSW",
        "trends": ["Linen all over"],
        "events": [],
        "personal": False,
    }


def test_the_answer_lists_the_occasions_that_can_be_chosen(client: Client, anchor: Product) -> None:
    answer = ask(client, anchor, lang="de")
    assert {"value": "work", "label": "Arbeit"} in answer["occasions"]


@pytest.mark.parametrize("query", [{"region": "Mars"}, {"temperature": "400"}, {"wet": "perhaps"}])
def test_a_context_that_cannot_be_is_refused(client: Client, query: dict[str, str]) -> None:
    response = client.get("/api/v1/looks/", {"product": make_product("top").sku, **query})
    assert response.status_code == 400
    assert set(query) == set(response.json()["fields"])


def test_a_trend_reaches_a_look_that_is_stored_already_and_is_named(
    client: Client, anchor: Product
) -> None:
    before = ask(client, anchor, temperature=MILD)
    assert titles(before)["bottom"] == "Linen Trousers"
    Trend.objects.create(name="Coastal", words=["wool"], weight=3)
    after = ask(client, anchor, temperature=MILD)
    assert titles(after)["bottom"] == "Wool Trousers"
    assert factors(after, "bottom")["trend"]["trend"] == "Coastal"
    assert "Coastal" in factors(after, "bottom")["trend"]["label"]


def test_a_trend_elsewhere_leaves_stored_looks_as_they_are(client: Client, anchor: Product) -> None:
    before = ask(client, anchor, region="FR")
    Trend.objects.create(name="Coastal", words=["wool"], weight=3, regions=["DE"])
    assert ask(client, anchor, region="FR")["id"] == before["id"]


def test_an_event_where_it_is_counts(client: Client, anchor: Product) -> None:
    Event.objects.create(name="Sailing week", words=["wool"], regions=["DE-SH"], weight=3)
    there = ask(client, anchor, region="DE-SH", temperature=MILD)
    assert there["context"]["events"] == ["Sailing week"]
    assert "Sailing week" in factors(there, "bottom")["event"]["label"]
    assert ask(client, anchor, region="DE-BY")["context"]["events"] == []


def test_an_excluded_product_is_never_shown(client: Client, anchor: Product) -> None:
    Rule.objects.create(action="exclude", words=["linen"])
    answer = ask(client, anchor, temperature=MILD)
    shown = [
        product["title"]
        for item in answer["items"]
        for product in (item["product"], *item["alternatives"])
    ]
    assert "Wool Trousers" in shown
    assert "Linen Trousers" not in shown


def test_a_pinned_product_comes_first_however_far_it_is(client: Client) -> None:
    anchor = make_product("top", title="aaaa")
    for _ in range(40):
        make_product("bag", title="aaaa")
    far = make_product("bag", title="zzzz")
    Rule.objects.create(action="pin", skus=[far.sku])
    answer = ask(client, anchor, temperature=MILD)
    assert titles(answer) == {"bag": "zzzz"}
    assert factors(answer, "bag")["rule"]["label"] == "Picked by the shop"


def test_a_buried_product_is_chosen_only_when_nothing_else_is_left(
    client: Client, anchor: Product
) -> None:
    Rule.objects.create(action="bury", words=["linen"], weight=3)
    assert titles(ask(client, anchor, temperature=MILD))["bottom"] == "Wool Trousers"
    Product.objects.filter(title="Wool Trousers").update(stock=0)
    assert titles(ask(client, anchor, temperature=MILD))["bottom"] == "Linen Trousers"


def test_a_rule_for_one_anchor_leaves_the_others_alone(client: Client, anchor: Product) -> None:
    other = make_product("top", title="Blue Shirt")
    Rule.objects.create(action="exclude", words=["linen"], anchor_skus=[other.sku])
    assert titles(ask(client, anchor, temperature=MILD))["bottom"] == "Linen Trousers"
    assert titles(ask(client, other, temperature=MILD))["bottom"] == "Wool Trousers"
