"""``GET /looks/{uuid}/items/{id}/why/``: reasons, what they hung on, and where they lead."""

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from catalog.models import Product
from outfits.circumstances.current import current_context
from outfits.composing.wishes import Wish
from outfits.models import (
    REGION_MIN_SHOPPERS,
    KeptTogether,
    LookItem,
    MeasuredInfluence,
    RegionalTaste,
    Trend,
)
from outfits.services import look_build
from outfits.tasks import measure_influence
from outfits.weather.base import Weather
from tests.factories import make_caption, make_image, make_product
from tests.fakes import FakeLanguageModel
from tests.shoppers import set_key

pytestmark = pytest.mark.django_db
WORDS = {"suede": 1.5, "navy": 0.5}


@pytest.fixture
def item(stylist: FakeLanguageModel) -> LookItem:
    """Navy suede boots, chosen before white sandals for a white blouse at work in the cold."""
    stylist.words = WORDS
    Trend.objects.create(name="Soft touch", words=["suede"], weight=1)
    anchor = make_product("top", title="White Blouse", colour="White", occasions=["work"])
    boots: dict[str, Any] = {"title": "Navy Suede Boots", "colour": "Navy", "price": "120.00"}
    make_product("shoes", **boots, occasions=["work"])
    make_product("shoes", title="White Sandals", colour="White", price="60.00")
    make_product("shoes", title="Navy Pumps", colour="Navy", price="50.00")
    look = look_build(
        anchor=anchor, context=current_context(occasion="work", region="DE", weather=Weather(2))
    )
    assert look is not None
    return look.items.get()


def ask(client: Client, item: LookItem, **query: str) -> dict[str, Any]:
    response = client.get(f"/api/v1/looks/{item.look_id}/items/{item.pk}/why/", query)
    assert response.status_code == 200, response.json()
    answer: dict[str, Any] = response.json()
    return answer


def factors(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {factor["name"]: factor for factor in answer["factors"]}


def test_every_reason_has_a_signed_weight_and_says_whether_it_was_scored(
    client: Client, item: LookItem
) -> None:
    found = factors(ask(client, item))
    assert {"colour", "weather", "occasion", "trend", "stylist", "slot", "price"} <= set(found)
    assert found["weather"]["weight"] > 0 > found["price"]["weight"]
    assert found["weather"]["scored"]
    assert not found["colour"]["scored"]


def test_it_says_who_chose_and_how_sure_it_was(client: Client, item: LookItem) -> None:
    answer = ask(client, item)
    assert (answer["item"], answer["stylist"]) == (item.pk, "fake-model")
    assert 1 / 3 < answer["confidence"] <= 1
    assert (answer["candidates"], answer["confidence_words"]) == (3, "Sure")


def test_it_says_which_data_was_used_and_which_was_not(client: Client, item: LookItem) -> None:
    answer = ask(client, item)
    assert "Occasion: Work" in answer["used"]
    assert "Weather: cold" in answer["used"]
    assert "Trends: Soft touch" in answer["used"]
    assert {"Events", "Your profile", "What is seen in the pictures, in words"} <= set(
        answer["not_used"]
    )


def test_what_was_seen_in_a_picture_counts_as_used(client: Client, item: LookItem) -> None:
    make_caption(make_image(item.product), "fake-captioner")
    assert "What is seen in the pictures, in words" in ask(client, item)["used"]


def test_what_others_kept_together_is_named_among_the_data(
    client: Client, stylist: FakeLanguageModel
) -> None:
    anchor, shoes = make_product("top"), make_product("shoes")
    KeptTogether.objects.create(anchor=anchor, product=shoes, kept=20, put_back=0, weight=0.8)
    look = look_build(anchor=anchor, context=current_context())
    assert look is not None
    answer = ask(client, look.items.get())
    assert "What other shoppers kept together" in answer["used"]
    assert factors(answer)["kept_together"]["weight"] == 0.8


def test_what_others_kept_together_counts_where_it_spoke_for_another_candidate(
    client: Client, stylist: FakeLanguageModel
) -> None:
    anchor, shoes = make_product("top"), make_product("shoes", title="loved")
    other = make_product("shoes")
    stylist.taste = "loved"
    KeptTogether.objects.create(anchor=anchor, product=other, kept=1, put_back=20, weight=-0.8)
    look = look_build(anchor=anchor, context=current_context())
    assert look is not None
    assert look.items.get().product == shoes
    assert "What other shoppers kept together" in ask(client, look.items.get())["used"]


def test_regional_taste_is_named_among_the_data_where_it_spoke_for_any_candidate(
    client: Client, stylist: FakeLanguageModel
) -> None:
    anchor = make_product("top")
    make_product("shoes", colour="Red")
    make_product("shoes", colour="Navy", title="loved")
    stylist.taste = "loved"
    regional = "What shoppers of your region like"
    look = look_build(anchor=anchor, context=current_context(region="DE"))
    assert look is not None
    assert regional in ask(client, look.items.get())["not_used"]
    RegionalTaste.objects.create(
        region="DE", kind="colour", value="red", weight=-0.5, shoppers=REGION_MIN_SHOPPERS
    )
    look = look_build(anchor=anchor, context=current_context(region="DE"))
    assert look is not None
    assert look.items.get().product.colour == "Navy"
    assert regional in ask(client, look.items.get())["used"]
    german = "Was Menschen in deiner Region mögen"
    assert german in ask(client, look.items.get(), lang="de")["used"]


def test_a_budget_that_was_wished_is_named_among_the_data(
    client: Client, stylist: FakeLanguageModel, item: LookItem
) -> None:
    budget = "The budget for the whole look"
    assert budget in ask(client, item)["not_used"]
    wish = Wish(budget=Decimal(90))
    look = look_build(anchor=item.look.anchor, context=current_context(), wish=wish)
    assert look is not None
    answer = ask(client, look.items.get())
    assert budget in answer["used"]
    assert "90" not in " ".join(answer["used"])
    german = ask(client, look.items.get(), lang="de")
    assert "Das Budget für den ganzen Look" in german["used"]


def test_the_measurement_is_pending_until_it_was_made(client: Client, item: LookItem) -> None:
    first = ask(client, item)["measured"]
    assert (first["status"], first["changes"]) == ("pending", [])
    assert first["retry_after_seconds"] > 0
    measure_influence(MeasuredInfluence.objects.get().pk)
    second = ask(client, item)["measured"]
    assert second["status"] == "ready"
    assert second["retry_after_seconds"] is None
    suede = next(change for change in second["changes"] if change["left_out"] == "material")
    assert (suede["label"], suede["change"]) == ("Material: suede", -1.5)


def test_a_failure_is_shown_as_unavailable_with_its_reason(client: Client, item: LookItem) -> None:
    ask(client, item)
    MeasuredInfluence.objects.update(
        status="unavailable", reason="The stylist cannot be reached.", finished_at=timezone.now()
    )
    measured = ask(client, item)["measured"]
    assert (measured["status"], measured["reason"]) == (
        "unavailable",
        "The stylist cannot be reached.",
    )


def test_why_it_is_unavailable_is_said_in_the_language_of_the_page(
    client: Client, item: LookItem, stylist: FakeLanguageModel
) -> None:
    ask(client, item)
    stylist.words = {**WORDS, "suede": 4.0}
    measure_influence(MeasuredInfluence.objects.get().pk)
    said = ask(client, item, lang="de")["measured"]["reason"]
    assert said == "fake-model antwortet nicht mehr so wie bei der Wahl."


def test_what_is_being_measured_is_pending(client: Client, item: LookItem) -> None:
    ask(client, item)
    MeasuredInfluence.objects.update(status="measuring", claimed_at=timezone.now())
    assert ask(client, item)["measured"]["status"] == "pending"


def test_reasons_are_said_in_the_language_of_the_page(client: Client, item: LookItem) -> None:
    ask(client, item)
    measure_influence(MeasuredInfluence.objects.get().pk)
    answer = ask(client, item, lang="de")
    assert "Anlass: Arbeit" in answer["used"]
    assert answer["confidence_words"] == "Sicher"
    assert {"Stoff: Veloursleder", "Umstand: Anlass Arbeit"} <= {
        change["label"] for change in answer["measured"]["changes"]
    }


def test_a_trend_leads_to_the_trend(client: Client, item: LookItem) -> None:
    lead = factors(ask(client, item))["trend"]["leads_to"]
    assert lead["kind"] == "trend"
    answer = client.get(lead["href"]).json()
    assert answer["name"] == "Soft touch"
    assert [product["title"] for product in answer["products"]] == ["Navy Suede Boots"]


def test_a_trend_that_is_over_says_so(client: Client, item: LookItem) -> None:
    lead = factors(ask(client, item))["trend"]["leads_to"]
    trend = Trend.objects.get()
    trend.ends = timezone.now().date() - timedelta(days=1)
    trend.save()
    response = client.get(lead["href"])
    assert response.status_code == 404
    assert "in force" in response.json()["detail"]
    german = client.get(lead["href"], headers={"Accept-Language": "de"}).json()
    assert german["detail"] == "Der Trend Soft touch gilt hier nicht. Vielleicht ist er vorbei."


def test_a_trend_that_nothing_is_part_of_now_says_so(client: Client, item: LookItem) -> None:
    lead = factors(ask(client, item))["trend"]["leads_to"]
    Product.objects.filter(title="Navy Suede Boots").update(stock=0)
    answer = client.get(lead["href"]).json()
    assert (answer["products"], answer["detail"]) == ([], "Nothing in the shop is part of it now.")


def test_an_occasion_leads_to_the_look_without_it(client: Client, item: LookItem) -> None:
    lead = factors(ask(client, item))["occasion"]["leads_to"]
    assert lead["kind"] == "occasion"
    assert client.get(lead["href"]).json()["context"]["occasion"] == ""


def test_an_occasion_that_both_suit_leads_to_the_look_for_it(
    client: Client, stylist: FakeLanguageModel
) -> None:
    anchor = make_product("top", occasions=["party"])
    make_product("shoes", occasions=["party"])
    look = look_build(anchor=anchor, context=current_context())
    assert look is not None
    lead = factors(ask(client, look.items.get()))["occasion"]["leads_to"]
    assert client.get(lead["href"]).json()["context"]["occasion"] == "party"


def test_every_factor_leads_somewhere(client: Client, item: LookItem) -> None:
    for factor in ask(client, item)["factors"]:
        assert client.get(factor["leads_to"]["href"]).status_code == 200, factor


def test_an_only_candidate_has_no_alternatives_to_lead_to(
    client: Client, stylist: FakeLanguageModel
) -> None:
    make_product("shoes")
    look = look_build(anchor=make_product("top"), context=current_context())
    assert look is not None
    assert factors(ask(client, look.items.get()))["slot"]["leads_to"] is None


def test_a_profile_fact_leads_to_the_profile(client: Client, item: LookItem) -> None:
    fact = {"name": "profile", "label": "You like navy (you said so)", "weight": 1.5}
    LookItem.objects.filter(pk=item.pk).update(factors=[fact])
    address = f"/api/v1/looks/{item.look_id}/items/{item.pk}/why/"
    answer = client.get(address, headers={"X-Ensemble-Taste": "like.colour=navy"}).json()
    assert factors(answer)["profile"]["leads_to"] == {
        "kind": "profile",
        "href": "/api/v1/shopper/",
    }
    assert "Your profile: what you like, want less of or spend" in answer["used"]


def lead_to_alternatives(client: Client, item: LookItem, name: str) -> dict[str, Any]:
    lead = factors(ask(client, item))[name]["leads_to"]
    assert lead["kind"] == "alternatives"
    answer: dict[str, Any] = client.get(lead["href"]).json()
    return answer


def test_a_colour_leads_to_what_has_another(client: Client, item: LookItem) -> None:
    answer = lead_to_alternatives(client, item, "colour")
    assert answer["label"] == "Navy is easy to wear with white"
    assert [product["title"] for product in answer["products"]] == ["White Sandals"]


def test_the_weather_leads_to_what_would_be_chosen_without_it(
    client: Client, item: LookItem
) -> None:
    titles = [p["title"] for p in lead_to_alternatives(client, item, "weather")["products"]]
    # Sandals were put back by the cold alone; without it, retrieval order and words decide.
    assert set(titles) == {"White Sandals", "Navy Pumps"}


def test_the_slot_leads_to_all_that_could_fill_it(client: Client, item: LookItem) -> None:
    titles = [p["title"] for p in lead_to_alternatives(client, item, "slot")["products"]]
    assert titles == [
        Product.objects.get(pk=candidate["product"]).title for candidate in item.candidates[1:]
    ]


def test_the_stylist_leads_to_what_would_be_near_without_it(
    client: Client, stylist: FakeLanguageModel
) -> None:
    anchor = make_product("top", title="aaaa")
    for title in ("zzzz loved", "zzaa far", "aaaa near"):
        make_product("shoes", title=title)
    stylist.words = {"loved": 3.0, "far": 2.0}
    look = look_build(anchor=anchor, context=current_context())
    assert look is not None
    assert [c["product"] for c in look.items.get().candidates] == [
        Product.objects.get(title=title).pk for title in ("zzzz loved", "zzaa far", "aaaa near")
    ]
    found = lead_to_alternatives(client, look.items.get(), "stylist")["products"]
    assert [product["title"] for product in found] == ["aaaa near", "zzaa far"]


def test_what_cannot_be_bought_any_more_is_no_alternative(client: Client, item: LookItem) -> None:
    Product.objects.filter(title="White Sandals").update(stock=0)
    answer = lead_to_alternatives(client, item, "colour")
    assert answer["products"] == []
    assert "same is true" in answer["detail"]


def test_alternatives_without_a_reason_that_was_none_are_refused(
    client: Client, item: LookItem
) -> None:
    address = f"/api/v1/looks/{item.look_id}/items/{item.pk}/alternatives/"
    assert client.get(address, {"without": "horoscope"}).status_code == 404
    assert client.get(address).status_code == 400


def test_queries_do_not_grow_with_the_candidates(
    client: Client, item: LookItem, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ask(client, item)
    with django_assert_max_num_queries(5):
        ask(client, item)


def test_an_item_of_another_look_is_not_given_away(client: Client, item: LookItem) -> None:
    response = client.get(f"/api/v1/looks/{uuid.uuid4()}/items/{item.pk}/why/")
    assert response.status_code == 404
    assert "Load the look again" in response.json()["detail"]


def test_a_page_without_a_publishable_key_is_told_nothing(
    client: Client, item: LookItem, settings: Settings
) -> None:
    set_key(settings, PUBLISHABLE_KEYS=["pk_storefront"])
    for what in ("why/", "alternatives/?without=price"):
        address = f"/api/v1/looks/{item.look_id}/items/{item.pk}/{what}"
        assert client.get(address).status_code == 403
        allowed = client.get(address, headers={"X-Ensemble-Key": "pk_storefront"})
        assert allowed.status_code == 200


def test_a_trend_is_not_asked_for_in_a_region_that_there_is_not(client: Client) -> None:
    answer = client.get("/api/v1/trends/", {"name": "Velvet", "region": "XX"})
    assert answer.status_code == 400
    assert "region" in answer.json()["fields"]
