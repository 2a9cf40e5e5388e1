"""With nothing known of anybody, and a stylist without an opinion, looks are good and varied."""

from collections import Counter
from itertools import combinations
from typing import Any

import pytest
from django.test import Client

from catalog.models import Product
from catalog.slots import guess_slot
from config.demo.wardrobe import read_garments
from outfits.circumstances.current import current_context
from outfits.composing.called_slots import CORE
from outfits.composing.clashes import find_clash, read_piece
from outfits.composing.wishes import Wish
from outfits.services import look_build
from tests.factories import make_product
from tests.fakes import FakeLanguageModel

pytestmark = pytest.mark.django_db
NUMBERS = (1, 2, 3)


@pytest.fixture(params=["provisional", "ranked"])
def looks(
    request: pytest.FixtureRequest, client: Client, stylist: FakeLanguageModel
) -> dict[str, list[list[Product]]]:
    """SKU of an anchor -> its three looks, of the demo shop's garments."""
    stylist.words = {"nothing is said of anything": 1.0}
    for row in read_garments():
        fields: dict[str, Any] = {
            name: row[name] for name in ("sku", "title", "gender", "colour", "price")
        }
        tags: dict[str, Any] = {
            name: row[name].split("|") for name in ("seasons", "occasions") if row[name]
        }
        slot = guess_slot(row["category"])
        make_product(slot or "", category=row["category"], **fields, **tags)
    anchors = [*Product.objects.filter(slot="top")[:6], *Product.objects.filter(slot="dress")[:3]]
    found = {}
    for anchor in anchors:
        for number in NUMBERS if request.param == "ranked" else ():
            look_build(anchor=anchor, context=current_context(), wish=Wish(number=number))
        answers = [
            client.get("/api/v1/looks/", {"product": anchor.sku, "number": number}).json()
            for number in NUMBERS
        ]
        assert {answer["status"] for answer in answers} == {request.param}
        found[anchor.sku] = [
            [Product.objects.get(sku=item["product"]["sku"]) for item in answer["items"]]
            for answer in answers
        ]
    return found


def test_looks_are_full_and_wearable(looks: dict[str, list[list[Product]]]) -> None:
    for sku, numbered in looks.items():
        anchor = Product.objects.get(sku=sku)
        for pieces in numbered:
            worn = [read_piece(product, None) for product in (anchor, *pieces)]
            assert len(pieces) == 4
            assert {piece.slot for piece in worn} & set(CORE) >= {"shoes"}
            clashes = [find_clash(one, other) for one, other in combinations(worn, 2)]
            assert not any(clashes)


def test_no_look_of_an_anchor_repeats_another(looks: dict[str, list[list[Product]]]) -> None:
    for numbered in looks.values():
        worn = Counter(product.pk for pieces in numbered for product in pieces)
        assert max(worn.values()) == 1


def test_anchors_do_not_all_get_the_same_pieces(looks: dict[str, list[list[Product]]]) -> None:
    worn = Counter(product.pk for numbered in looks.values() for product in numbered[0])
    assert max(worn.values()) <= len(looks) / 2
    assert len(worn) > 2 * len(looks)
