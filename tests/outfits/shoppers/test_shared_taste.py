"""What a look that was made for somebody's taste tells others, and what it does not."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from catalog.models import Product
from outfits.circumstances.current import current_context
from outfits.models import Look, OwnPhoto, SavedLook, Shopper, Trend
from outfits.services import look_build
from outfits.shoppers.facts import Fact, Source
from outfits.shoppers.preferences import choose_preferences
from outfits.shoppers.profile import fact_say, said_by
from tests.factories import make_look, make_product
from tests.shoppers import as_shopper, make_shopper, set_key

pytestmark = pytest.mark.django_db
LIKES = "You like navy (quiz)"


@pytest.fixture(autouse=True)
def _key(settings: Settings) -> None:
    set_key(settings)


@pytest.fixture
def ann() -> Shopper:
    ann = make_shopper()
    fact_say(shopper=ann, fact=Fact("colour", "navy"), source=Source.QUIZ)
    return ann


@pytest.fixture
def look(ann: Shopper) -> Look:
    """What Ann gets: navy shoes, which she likes, before black ones."""
    make_product("shoes", title="Navy Loafers", colour="Navy")
    make_product("shoes", title="Black Boots", colour="Black")
    make_product("shoes", title="White Sneakers", colour="White")
    context = current_context(preferences=choose_preferences(said_by(ann)))
    look = look_build(anchor=make_product("top", colour="White"), context=context)
    assert look is not None
    assert LIKES in str(look.items.get().factors)
    return look


def ask(client: Client, look: Look, what: str, **headers: str) -> dict[str, Any]:
    address = f"/api/v1/looks/{look.pk}/items/{look.items.get().pk}/{what}"
    response = client.get(address, headers=headers)
    assert response.status_code == 200, response.json()
    answer: dict[str, Any] = response.json()
    return answer


@pytest.mark.parametrize("prefix", ["", "/api/v1"])
def test_a_shared_look_does_not_tell_what_somebody_likes(
    client: Client, look: Look, prefix: str
) -> None:
    shared = client.get(f"{prefix}/looks/{look.pk}/").content.decode()
    assert "Navy Loafers" in shared
    assert "You like" not in shared


def test_why_tells_the_shopper_what_of_their_profile_counted(client: Client, look: Look) -> None:
    why = ask(client, look, "why/", **as_shopper())
    assert LIKES in [factor["label"] for factor in why["factors"]]
    assert "Your profile: what you like, want less of or spend" in why["used"]
    assert not any(said.startswith("Your profile") for said in why["not_used"])


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        (Fact("material", "leather", "never"), "what you never want to see"),
        (Fact("colour", "red"), "what you like, want less of or spend"),
    ],
    ids=["filtered", "weighed"],
)
def test_why_says_that_a_profile_counted_which_is_no_factor_of_the_item(
    client: Client, fact: Fact, said: str
) -> None:
    ann = make_shopper()
    fact_say(shopper=ann, fact=fact, source=Source.SAID)
    make_product("shoes", title="Navy Loafers", colour="Navy")
    context = current_context(preferences=choose_preferences(said_by(ann)))
    look = look_build(anchor=make_product("top"), context=context)
    assert look is not None
    why = ask(client, look, "why/", **as_shopper())
    assert "profile" not in [factor["name"] for factor in why["factors"]]
    assert [each for each in why["used"] if "profile" in each] == [f"Your profile: {said}"]
    assert "Your profile" not in why["not_used"]
    told = ask(client, look, "why/")
    assert not any("profile" in each for each in told["used"])
    assert "Your profile" in told["not_used"]


def test_why_says_that_products_which_somebody_has_counted(client: Client) -> None:
    owned = make_product("shoes")
    make_product("shoes")
    fact_say(shopper=make_shopper(), fact=Fact("product", owned.sku, "never"))
    look = look_build(anchor=make_product("top"), context=current_context())
    assert look is not None
    why = ask(client, look, "why/", **as_shopper())
    assert "Your profile: products that you have or do not want" in why["used"]
    german = ask(client, look, "why/?lang=de", **as_shopper())
    assert "Dein Profil: Produkte, die du hast oder nicht willst" in german["used"]


@pytest.mark.parametrize("headers", [{}, {"X-Ensemble-Taste": "like.colour=red"}])
def test_why_does_not_tell_a_friend(client: Client, look: Look, headers: dict[str, str]) -> None:
    why = ask(client, look, "why/", **headers)
    assert "profile" not in [factor["name"] for factor in why["factors"]]
    assert "Your profile" in why["not_used"]
    address = f"/api/v1/looks/{look.pk}/items/{look.items.get().pk}/alternatives/"
    assert client.get(address, {"without": "profile"}, headers=headers).status_code == 404


def test_alternatives_and_trends_leave_out_what_a_shopper_does_not_want_to_see(
    client: Client, look: Look, ann: Shopper
) -> None:
    Trend.objects.create(name="Footwear", slots=["shoes"])
    owned = Product.objects.get(title="Black Boots")
    fact_say(shopper=ann, fact=Fact("product", owned.sku, "never"), source=Source.SAID)
    fact_say(shopper=ann, fact=Fact("colour", "white", "never"), source=Source.SAID)
    assert ask(client, look, "alternatives/?without=profile", **as_shopper())["products"] == []
    trend = client.get("/api/v1/trends/", {"name": "Footwear"}, headers=as_shopper()).json()
    assert [product["title"] for product in trend["products"]] == ["Navy Loafers"]


def test_a_look_of_somebodys_own_piece_cannot_be_shared_or_saved(
    client: Client, ann: Shopper
) -> None:
    piece = make_product("top", published=False, private=True)
    look = make_look(piece, [make_product("shoes")], context=current_context())
    soon = timezone.now() + timedelta(hours=1)
    photo = OwnPhoto.objects.create(status="ready", anchor=piece, expires_at=soon)
    answer = client.get("/api/v1/looks/", {"photo": str(photo.pk)}).json()
    assert (answer["id"], answer["share_url"]) == (str(look.pk), None)
    assert client.get(f"/looks/{look.pk}/").status_code == 404
    saved = client.post("/api/v1/shopper/looks/", {"look": answer["id"]}, headers=as_shopper())
    assert saved.status_code == 404
    assert not SavedLook.objects.exists()


def test_what_is_locked_stays_even_if_it_is_owned(client: Client, ann: Shopper) -> None:
    boots, anchor = make_product("shoes", title="Black Boots"), make_product("top")
    make_product("shoes")
    fact_say(shopper=ann, fact=Fact("product", boots.sku, "never"), source=Source.SAID)
    query = {"product": anchor.sku, "lock": boots.sku}
    (item,) = client.get("/api/v1/looks/", query, headers=as_shopper()).json()["items"]
    assert (item["product"]["title"], item["locked"]) == ("Black Boots", True)
