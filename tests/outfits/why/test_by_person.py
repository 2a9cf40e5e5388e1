"""What somebody of the shop chose: reasons that describe it, none of them the model's."""

from typing import Any

import pytest
from django.test import Client

from catalog.models import Product
from outfits.circumstances.current import current_context
from outfits.models import LookItem, MeasuredInfluence
from outfits.services import look_build
from tests.factories import make_product
from tests.fakes import FakeLanguageModel

pytestmark = pytest.mark.django_db
#: Factors that tell what the model made of its own choice.
OF_THE_MODEL = {"stylist", "worn_together", "common_words", "wording", "look"}


@pytest.fixture
def item(stylist: FakeLanguageModel) -> LookItem:
    """Navy boots, which the model chose for a white blouse, and pumps in their place."""
    stylist.words = {"boots": 2.0}
    anchor = make_product("top", title="White Blouse", colour="White", occasions=["work"])
    make_product("shoes", title="Navy Boots", colour="Navy", price="120.00")
    make_product("shoes", title="White Sandals", colour="White", price="110.00")
    pumps = make_product("shoes", title="Navy Pumps", colour="Navy", price="50.00")
    look = look_build(anchor=anchor, context=current_context())
    assert look is not None
    item = look.items.get()
    assert item.product.title == "Navy Boots"
    item.stylist_choice = pumps
    item.save()
    return item


def why(client: Client, item: LookItem) -> dict[str, Any]:
    answer: dict[str, Any] = client.get(f"/api/v1/looks/{item.look_id}/items/{item.pk}/why/").json()
    return answer


def shown(client: Client, item: LookItem) -> dict[str, Any]:
    query = {"product": item.look.anchor.sku}
    [found] = client.get("/api/v1/looks/", query).json()["items"]
    return dict(found)


def labels(answer: dict[str, Any]) -> dict[str, str]:
    return {factor["name"]: factor["label"] for factor in answer["factors"]}


def test_it_is_described_and_not_explained_by_what_the_model_said(
    client: Client, item: LookItem
) -> None:
    answer = why(client, item)
    assert answer["sku"] == item.chosen.sku
    assert answer["sentence"] == "Chosen by a stylist of the shop."
    found = labels(answer)
    assert found["colour"] == "Navy is easy to wear with white"
    assert found["price"] == "It costs less than most of the others"
    assert not OF_THE_MODEL & set(found)


def test_nobody_but_the_person_is_said_to_have_chosen(client: Client, item: LookItem) -> None:
    answer = why(client, item)
    assert (answer["stylist"], answer["confidence"]) == ("", None)
    assert answer["confidence_words"] == "Chosen by a stylist of the shop"


def test_nothing_is_measured_of_it_and_that_is_said(client: Client, item: LookItem) -> None:
    measured = why(client, item)["measured"]
    assert measured["status"] == "unavailable"
    assert measured["reason"] == "A person chose: there is nothing to measure."
    assert not MeasuredInfluence.objects.exists()


def test_the_look_describes_it_as_the_panel_does(client: Client, item: LookItem) -> None:
    found = shown(client, item)
    assert found["product"]["sku"] == item.chosen.sku
    assert found["explanation"] == "Chosen by a stylist of the shop."
    assert not found["stand_in"]
    assert labels(found) == labels(why(client, item))


def test_a_person_who_agrees_with_the_model_has_reasons_of_their_own(
    client: Client, item: LookItem
) -> None:
    LookItem.objects.update(stylist_choice=item.product)
    for answer in (why(client, item), shown(client, item)):
        assert labels(answer)
        assert not OF_THE_MODEL & set(labels(answer))


def test_its_reasons_lead_to_what_they_do_not_hold_for(client: Client, item: LookItem) -> None:
    colour = next(each for each in why(client, item)["factors"] if each["name"] == "colour")
    answer = client.get(colour["leads_to"]["href"]).json()
    assert answer["label"] == "Navy is easy to wear with white"
    assert [product["title"] for product in answer["products"]] == ["White Sandals"]


def test_what_it_takes_the_place_of_is_an_alternative(client: Client, item: LookItem) -> None:
    slot = next(each for each in why(client, item)["factors"] if each["name"] == "slot")
    titles = {p["title"] for p in client.get(slot["leads_to"]["href"]).json()["products"]}
    assert titles == {"Navy Boots", "White Sandals"}


def test_what_stands_in_for_it_is_described_as_the_next_best(
    client: Client, item: LookItem
) -> None:
    Product.objects.filter(pk__in=[item.chosen.pk, item.product_id]).update(stock=0)
    found = shown(client, item)
    assert found["stand_in"]
    assert found["explanation"] == "The next best choice still in stock."
    assert "colour" in labels(found)


def test_a_friend_is_not_told_what_the_look_was_made_for(
    client: Client, stylist: FakeLanguageModel
) -> None:
    anchor, shoes = make_product("top"), make_product("shoes", title="Navy Pumps", colour="Navy")
    make_product("shoes")
    taste = ("colour=navy +1.5 said",)
    look = look_build(anchor=anchor, context=current_context(preferences=taste))
    assert look is not None
    LookItem.objects.update(stylist_choice=shoes)
    address = f"/api/v1/looks/{look.pk}/items/{look.items.get().pk}/why/"
    assert "profile" not in labels(client.get(address).json())
    alike = client.get(address, headers={"X-Ensemble-Taste": "like.colour=navy"})
    assert labels(alike.json())["profile"] == "You like navy (you said so)"
