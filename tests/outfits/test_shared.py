"""What is shared is what was shown: swapped pieces and stand-ins, too."""

from typing import Any

import pytest
from django.test import Client

from catalog.models import Product
from outfits.circumstances.current import current_context
from outfits.composing.wishes import Wish
from outfits.models import Look, LookItem
from outfits.services import look_build
from tests.factories import make_look, make_product
from tests.fakes import FakeLanguageModel

pytestmark = pytest.mark.django_db
PREFIXES = pytest.mark.parametrize("prefix", ["", "/api/v1"])


@pytest.fixture
def look(anchor: Product, stylist: FakeLanguageModel) -> Look:
    look = look_build(anchor=anchor, context=current_context())
    assert look is not None
    return look


def ask(client: Client, anchor: Product) -> dict[str, Any]:
    answer: dict[str, Any] = client.get("/api/v1/looks/", {"product": anchor.sku}).json()
    return answer


def skus(answer: dict[str, Any]) -> list[str]:
    return [item["product"]["sku"] for item in answer["items"]]


def open_shared(client: Client, look: Look, pieces: list[str]) -> dict[str, Any]:
    response = client.get(f"/api/v1/looks/{look.pk}/", {"piece": pieces})
    assert response.status_code == 200, response.json()
    answer: dict[str, Any] = response.json()
    return answer


def swapped(answer: dict[str, Any], slot: str) -> list[str]:
    """What is on the screen after the first alternative of a slot was taken."""
    return [
        item["alternatives"][0]["sku"] if item["slot"] == slot else item["product"]["sku"]
        for item in answer["items"]
    ]


def test_a_swap_is_part_of_what_is_shared(client: Client, anchor: Product, look: Look) -> None:
    shown = swapped(ask(client, anchor), "shoes")
    shared = open_shared(client, look, shown)
    assert skus(shared) == shown
    assert [item["stand_in"] for item in shared["items"]] == [False] * 3


def test_nobody_said_why_of_what_a_shopper_chose(
    client: Client, anchor: Product, look: Look
) -> None:
    shared = open_shared(client, look, swapped(ask(client, anchor), "shoes"))
    told = {item["slot"]: (item["explanation"], item["factors"]) for item in shared["items"]}
    assert told["shoes"] == ("", [])
    assert told["bottom"][1]


def test_what_stood_in_for_a_sold_out_piece_is_shared(
    client: Client, anchor: Product, look: Look
) -> None:
    first = look.items.get(slot="shoes").product
    Product.objects.filter(pk=first.pk).update(stock=0)
    answer = ask(client, anchor)
    assert first.sku not in skus(answer)
    shared = client.get(answer["share_url"].replace("/looks/", "/api/v1/looks/")).json()
    assert skus(shared) == skus(answer)
    Product.objects.filter(pk=first.pk).update(stock=5)
    assert skus(open_shared(client, look, skus(answer))) == skus(answer)


def test_what_a_person_of_the_shop_put_there_is_shared(
    client: Client, anchor: Product, look: Look
) -> None:
    choice = make_product("shoes")
    look.items.filter(slot="shoes").update(stylist_choice=choice)
    answer = ask(client, anchor)
    assert choice.sku in skus(answer)
    shared = open_shared(client, look, skus(answer))
    assert skus(shared) == skus(open_shared(client, look, [])) == skus(answer)


def test_a_slot_that_was_not_on_the_screen_is_not_on_the_page(client: Client, look: Look) -> None:
    shoes = look.items.get(slot="shoes").product.sku
    assert skus(open_shared(client, look, [shoes])) == [shoes]


def test_a_shared_swap_that_sells_out_is_healed_and_comes_back_with_its_stock(
    client: Client, anchor: Product, look: Look
) -> None:
    shown = swapped(ask(client, anchor), "shoes")
    gone = Product.objects.get(sku=shown[1])
    Product.objects.filter(pk=gone.pk).update(stock=0)
    healed = open_shared(client, look, shown)
    assert gone.sku not in skus(healed)
    assert [item["stand_in"] for item in healed["items"]] == [False, True, False]
    Product.objects.filter(pk=gone.pk).update(stock=5)
    assert skus(open_shared(client, look, shown)) == shown


def test_what_stands_in_clashes_with_nothing(client: Client) -> None:
    anchor = make_product("top", colour="White")
    red, blue, black = (make_product("shoes", colour=c) for c in ("Black", "Blue", "Grey"))
    look = make_look(anchor, [red, blue, black])
    skirt = make_product("bottom", colour="Red")
    LookItem.objects.create(
        look=look,
        slot="bottom",
        position=1,
        product=skirt,
        query="",
        candidates=[{"product": skirt.pk, "sku": skirt.sku}],
    )
    Product.objects.filter(pk=red.pk).update(stock=0)
    assert skus(open_shared(client, look, [])) == [black.sku, skirt.sku]


def test_what_stands_in_on_a_product_page_holds_the_budget(
    client: Client, anchor: Product, stylist: FakeLanguageModel
) -> None:
    stylist.taste = "number"
    wish = Wish(budget=130)  # type: ignore[arg-type]
    look = look_build(anchor=anchor, context=current_context(), wish=wish)
    assert look is not None
    Product.objects.filter(pk=look.items.get(slot="shoes").product_id).update(stock=0)
    query = {"product": anchor.sku, "budget": "130"}
    answer = client.get("/api/v1/looks/", query).json()
    assert answer["status"] == "ranked"
    assert [item["stand_in"] for item in answer["items"]].count(True) == 1
    assert not answer["over_budget"]
    stand_in = next(item for item in answer["items"] if item["stand_in"])
    assert {"slot", "style"} & {factor["name"] for factor in stand_in["factors"]}


@PREFIXES
@pytest.mark.parametrize("known", [True, False], ids=["of another look", "of none"])
def test_what_the_look_never_offered_is_refused(
    client: Client, look: Look, prefix: str, known: bool
) -> None:
    strange = make_product("shoes").sku if known else "NOPE"
    response = client.get(f"{prefix}/looks/{look.pk}/", {"piece": strange})
    assert response.status_code == (400 if prefix else 404)
    if prefix:
        assert f"{strange!r}: no piece of this look" in response.json()["fields"]["piece"][0]


@PREFIXES
def test_two_pieces_for_one_slot_are_refused(client: Client, look: Look, prefix: str) -> None:
    pieces = [c["sku"] for c in look.items.get(slot="shoes").candidates[:2]]
    response = client.get(f"{prefix}/looks/{look.pk}/", {"piece": pieces})
    assert response.status_code == (400 if prefix else 404)


@PREFIXES
@pytest.mark.parametrize("piece", ["\0", "x" * 65, ["A"] * 50])
def test_pieces_that_are_none_are_refused(
    client: Client, look: Look, prefix: str, piece: Any
) -> None:
    response = client.get(f"{prefix}/looks/{look.pk}/", {"piece": piece})
    assert response.status_code == (400 if prefix else 404)


def test_a_piece_that_was_deleted_since_leaves_the_rest_and_is_missed(
    client: Client, anchor: Product, look: Look
) -> None:
    address = ask(client, anchor)["share_url"]
    look.items.get(slot="shoes").product.delete()
    response = client.get(address)
    assert response.status_code == 200
    assert "1 piece is not sold here any more." in response.content.decode()


def test_the_page_and_its_unfolded_link_name_what_is_shown(
    client: Client, anchor: Product, look: Look
) -> None:
    shown = swapped(ask(client, anchor), "shoes")
    page = client.get(f"/looks/{look.pk}/", {"piece": shown}).content.decode()
    for title in Product.objects.filter(sku__in=shown).values_list("title", flat=True):
        assert title in page
    named = "&amp;".join(f"piece={sku}" for sku in shown)
    assert f'content="http://testserver/looks/{look.pk}/?{named}"' in page
