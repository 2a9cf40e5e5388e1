"""What a shopper's taste does to a whole look, as the API shows it."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from catalog.models import Caption, Product, ProductImage
from outfits.circumstances.context import Context
from outfits.circumstances.current import current_context
from outfits.models import Look, Shopper
from outfits.retrieval import retrieve_candidates
from outfits.services import look_build
from outfits.shoppers.consent import shopper_consent
from outfits.shoppers.facts import Fact, Source
from outfits.shoppers.learning import facts_learn
from outfits.shoppers.personal import is_never_shown, never_shown
from outfits.shoppers.preferences import SaidFact, choose_preferences, read_session_taste
from outfits.shoppers.profile import fact_say, said_by
from tests.factories import make_caption, make_image, make_product
from tests.shoppers import as_shopper, make_shopper, set_key

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _key(settings: Settings) -> None:
    set_key(settings)


@pytest.fixture
def anchor() -> Product:
    """A shirt, beside which everything exists in leather, and in navy."""
    make_product("shoes", title="Leather Loafers", colour="Black", price="150.00")
    make_product("shoes", title="Canvas Sneakers", colour="Navy Blue", price="50.00")
    make_product("bag", title="Leather Tote", colour="Tan")
    make_product("bag", title="Canvas Tote", colour="Red")
    return make_product("top", title="Leather", colour="White")


def ask(client: Client, anchor: Product, shopper: Shopper) -> dict[str, Any]:
    """Build the look that a shopper gets, and ask for it as they do."""
    look_build(
        anchor=anchor, context=current_context(preferences=choose_preferences(said_by(shopper)))
    )
    headers = as_shopper(shopper.shop_id)
    answer: dict[str, Any] = client.get(
        "/api/v1/looks/", {"product": anchor.sku}, headers=headers
    ).json()
    assert answer["status"] == "ranked"
    return answer


def titles(answer: dict[str, Any]) -> dict[str, str]:
    return {item["slot"]: item["product"]["title"] for item in answer["items"]}


def shown(answer: dict[str, Any]) -> set[str]:
    """Everything in a look, alternatives included."""
    return {
        product["title"]
        for item in answer["items"]
        for product in (item["product"], *item["alternatives"])
    }


def profile_factors(answer: dict[str, Any], slot: str) -> list[dict[str, Any]]:
    item = next(item for item in answer["items"] if item["slot"] == slot)
    return [factor for factor in item["factors"] if factor["name"] == "profile"]


def test_a_liked_colour_wins_and_the_factor_names_the_fact(client: Client, anchor: Product) -> None:
    before, ann = ask(client, anchor, make_shopper("bob")), make_shopper()
    assert titles(before)["shoes"] == "Leather Loafers"
    fact_say(shopper=ann, fact=Fact("colour", "navy"), source=Source.QUIZ)
    after = ask(client, anchor, ann)
    assert titles(after)["shoes"] == "Canvas Sneakers"
    [factor] = profile_factors(after, "shoes")
    assert (factor["label"], factor["weight"]) == ("You like navy (quiz)", 1.0)
    item = next(item for item in after["items"] if item["slot"] == "shoes")
    assert "You like" not in item["explanation"]
    assert (before["context"]["personal"], after["context"]["personal"]) == (False, True)


def test_a_fact_is_named_in_german_and_a_brand_by_its_name(client: Client, anchor: Product) -> None:
    Product.objects.filter(title="Canvas Sneakers").update(brand="Coral")
    ann = make_shopper()
    fact_say(shopper=ann, fact=Fact("colour", "navy"), source=Source.QUIZ)
    fact_say(shopper=ann, fact=Fact("brand", "Coral"))
    look_build(anchor=anchor, context=current_context(preferences=choose_preferences(said_by(ann))))
    query = {"product": anchor.sku, "lang": "de"}
    answer = client.get("/api/v1/looks/", query, headers=as_shopper()).json()
    labels = {factor["label"] for factor in profile_factors(answer, "shoes")}
    assert labels == {"Du magst Marineblau (Stil-Quiz)", "Du magst Coral (von dir gesagt)"}


def test_a_disliked_style_loses(client: Client, anchor: Product) -> None:
    ann = make_shopper()
    fact_say(shopper=ann, fact=Fact("style", "office", "dislike"))
    assert titles(ask(client, anchor, ann))["shoes"] == "Canvas Sneakers"


def test_a_budget_puts_dearer_pieces_back_and_says_so(client: Client, anchor: Product) -> None:
    ann = make_shopper()
    fact_say(shopper=ann, fact=Fact("budget", "60"))
    answer = ask(client, anchor, ann)
    assert titles(answer)["shoes"] == "Canvas Sneakers"
    assert "within your budget" in profile_factors(answer, "shoes")[0]["label"]


def test_what_is_never_to_be_shown_is_nowhere_in_a_look(client: Client, anchor: Product) -> None:
    ann = make_shopper()
    fact_say(shopper=ann, fact=Fact("material", "leather", "never"))
    assert shown(ask(client, anchor, ann)) == {"Canvas Sneakers", "Canvas Tote"}


def test_a_slot_that_is_never_to_be_shown_is_left_out(client: Client, anchor: Product) -> None:
    ann = make_shopper()
    fact_say(shopper=ann, fact=Fact("slot", "bag", "never"))
    assert set(titles(ask(client, anchor, ann))) == {"shoes"}


def test_a_refusal_holds_in_a_provisional_look(client: Client, anchor: Product) -> None:
    ann = make_shopper()
    fact_say(shopper=ann, fact=Fact("material", "leather", "never"))
    answer = client.get("/api/v1/looks/", {"product": anchor.sku}, headers=as_shopper()).json()
    assert answer["status"] == "provisional"
    assert shown(answer) == {"Canvas Sneakers", "Canvas Tote"}


def test_a_refusal_holds_in_a_stored_look_when_the_catalog_changes(
    client: Client, anchor: Product
) -> None:
    ann = make_shopper()
    fact_say(shopper=ann, fact=Fact("material", "leather", "never"))
    ask(client, anchor, ann)
    Product.objects.filter(title="Canvas Sneakers").update(title="Leather Sneakers")
    assert shown(ask(client, anchor, ann)) == {"Canvas Tote"}


def test_a_refusal_holds_for_what_a_stylist_put_into_a_stored_look(
    client: Client, anchor: Product
) -> None:
    ann = make_shopper()
    fact_say(shopper=ann, fact=Fact("material", "leather", "never"))
    answer = ask(client, anchor, ann)
    item = Look.objects.get(pk=answer["id"]).items.get(slot="shoes")
    item.stylist_choice = Product.objects.get(title="Leather Loafers")
    item.save()
    assert "Leather Loafers" not in shown(ask(client, anchor, ann))


def test_a_refusal_holds_for_what_only_the_picture_shows(client: Client, anchor: Product) -> None:
    bag = Product.objects.get(title="Canvas Tote")
    make_caption(make_image(bag), "fake-captioner", material="Leather")
    ann = make_shopper()
    fact_say(shopper=ann, fact=Fact("material", "leather", "never"))
    assert "Canvas Tote" not in shown(ask(client, anchor, ann))


def test_one_shoppers_look_is_not_served_to_another_taste_but_to_an_equal_one(
    client: Client, anchor: Product
) -> None:
    for shopper, colour in (("ann", "navy"), ("bob", "red"), ("cid", "navy")):
        fact_say(shopper=make_shopper(shopper), fact=Fact("colour", colour))
    looks = {
        name: ask(client, anchor, Shopper.objects.get(shop_id=name))["id"]
        for name in ("ann", "bob", "cid")
    }
    assert looks["ann"] == looks["cid"] != looks["bob"]


def test_a_stored_look_does_not_say_whose_it_is(client: Client, anchor: Product) -> None:
    ann = make_shopper("ann-4711")
    fact_say(shopper=ann, fact=Fact("colour", "navy"))
    look = Look.objects.get(pk=ask(client, anchor, ann)["id"])
    everything = [look.__dict__, *(item.__dict__ for item in look.items.all())]
    assert "4711" not in repr(everything)


def test_what_somebody_owns_is_not_shown_to_them_and_is_in_no_stored_look(
    client: Client, anchor: Product
) -> None:
    ann, shoes = make_shopper(), Product.objects.get(title="Leather Loafers")
    owned = [Fact("product", shoes.sku, "never")]
    facts_learn(shopper=ann, facts=owned, source=Source.PURCHASE, event="order-1")
    answer = ask(client, anchor, ann)
    assert "Leather Loafers" not in shown(answer)
    assert titles(answer)["shoes"] == "Canvas Sneakers"
    stranger = client.get("/api/v1/looks/", {"product": anchor.sku})
    assert stranger.json()["id"] == answer["id"]
    assert "Leather Loafers" in shown(stranger.json())
    look = Look.objects.get(pk=answer["id"])
    assert shoes.sku not in repr(look.context)


def test_a_slot_of_which_somebody_owns_everything_is_left_out(
    client: Client, anchor: Product
) -> None:
    ann = make_shopper()
    for bag in Product.objects.filter(slot="bag"):
        fact_say(shopper=ann, fact=Fact("product", bag.sku, "never"))
    assert set(titles(ask(client, anchor, ann))) == {"shoes"}
    answer = client.get("/api/v1/looks/", {"product": anchor.sku}, headers=as_shopper())
    assert "no-store" in answer["Cache-Control"]


def test_a_shoppers_region_counts_where_the_page_names_none(
    client: Client, anchor: Product
) -> None:
    shopper_consent(shop_id="ann", granted=True, region="DE-BE")
    query = {"product": anchor.sku}
    asked = client.get("/api/v1/looks/", query, headers=as_shopper()).json()
    assert asked["context"]["region"] == "DE-BE"
    query["region"] = "FR"
    asked = client.get("/api/v1/looks/", query, headers=as_shopper()).json()
    assert asked["context"]["region"] == "FR"


def test_a_personal_answer_is_for_no_cache(client: Client, anchor: Product) -> None:
    query = {"product": anchor.sku}
    personal = client.get("/api/v1/looks/", query, headers={"X-Ensemble-Taste": "like.colour=red"})
    assert "no-store" in personal["Cache-Control"]
    assert "Cache-Control" not in client.get("/api/v1/looks/", query)


def test_an_anonymous_tabs_taste_counts_and_is_not_stored(client: Client, anchor: Product) -> None:
    answer = client.get(
        "/api/v1/looks/",
        {"product": anchor.sku},
        headers={"X-Ensemble-Taste": "never.material=leather&like.colour=navy"},
    ).json()
    assert shown(answer) == {"Canvas Sneakers", "Canvas Tote"}
    assert not Shopper.objects.exists()


def test_a_taste_that_cannot_be_read_costs_nobody_their_look(
    client: Client, anchor: Product
) -> None:
    headers = {"X-Ensemble-Taste": "like.colour=plaid"}
    answer = client.get("/api/v1/looks/", {"product": anchor.sku}, headers=headers).json()
    assert answer["items"]
    assert not answer["context"]["personal"]


def test_without_consent_a_known_shopper_gets_what_everybody_gets(
    client: Client, anchor: Product
) -> None:
    answer = client.get("/api/v1/looks/", {"product": anchor.sku}, headers=as_shopper()).json()
    assert not answer["context"]["personal"]
    assert not Shopper.objects.exists()


def test_with_nothing_known_looks_are_full_and_varied(client: Client) -> None:
    for slot in ("bottom", "shoes", "bag", "outerwear"):
        for number in range(3):
            make_product(slot, title=f"{slot} {number}")
    answer = client.get("/api/v1/looks/", {"product": make_product("top").sku}).json()
    assert set(titles(answer)) >= {"bottom", "shoes", "bag"}
    assert len(set(titles(answer).values())) == len(answer["items"])
    assert all(len(item["alternatives"]) == 2 for item in answer["items"])


REFUSALS = [
    "never.material=leather",
    "never.material=wool",
    "never.colour=navy",
    "never.colour=grey",
    "never.style=beach",
    "never.slot=bag",
    "never.occasion=work",
]


@pytest.mark.parametrize("text", REFUSALS)
def test_the_query_and_the_check_refuse_the_same_products(text: str) -> None:
    made: list[tuple[str, str, dict[str, Any]]] = [
        ("Leather Boots", "Black", {}),
        ("Lederstiefel", "Grau", {}),
        ("Baumwollhemd", "Navy Blue", {}),
        ("Wollmantel", "gray", {}),
        ("Tropical wool trousers", "Grey Melange", {}),
        ("Straw bag", "", {"slot": "bag"}),
        ("Geleatherte Tasche", "navyblue", {"category": "Leather Goods"}),
        ("Strandhemd", "White", {"occasions": ["work"]}),
    ]
    for title, colour, more in made:
        make_product(title=title, colour=colour, **more)
    context = Context(preferences=choose_preferences(read_session_taste(text)))
    condition = never_shown(context)
    assert condition is not None
    products = f"SELECT p.* FROM {Product._meta.db_table} p"  # noqa: S608 - no values
    by_query = set(Product.objects.raw(f"{products} WHERE {condition.sql}", condition.values))
    assert by_query == {p for p in Product.objects.all() if is_never_shown(p, None, context)}
    assert by_query


def test_nothing_is_refused_by_a_context_without_refusals() -> None:
    likes = Context(preferences=choose_preferences([SaidFact(Fact("colour", "red"))]))
    assert never_shown(likes) is None
    assert never_shown(Context()) is None


def test_refusals_leave_enough_candidates_where_the_catalog_has_them(anchor: Product) -> None:
    for number in range(60):
        make_product("shoes", title=f"Leather {number}")
    for number in range(8):
        make_product("shoes", title=f"zzzz {number}")
    context = Context(preferences=choose_preferences(read_session_taste("never.material=leather")))
    assert len(retrieve_candidates(anchor, "shoes", context, limit=8)) == 8


def test_captions_are_not_read_for_what_columns_tell(anchor: Product) -> None:
    assert not ProductImage.objects.exists()
    assert not Caption.objects.exists()
    context = Context(preferences=choose_preferences(read_session_taste("never.slot=shoes")))
    assert retrieve_candidates(anchor, "shoes", context, limit=8) == []
