"""How two shops' labels map onto the captioner's words, and back."""

import pytest

from catalog.captioning.labels import (
    KINDS,
    Kind,
    find_kind,
    kinds_of_flatlay,
    kinds_of_product,
    pattern_of,
)
from catalog.captioning.sentence import write_sentence


@pytest.mark.parametrize(
    ("title", "pattern"),
    [
        ("Mark Taylor Men White Striped Shirt", "Striped"),
        ("Flying Machine Men Check Green Shirts", "Checked"),
        ("Puma Men Grey T-shirt", ""),
        ("Men Striped and Checked Shirt", ""),
        ("Checkpoint Men Shirt", ""),
    ],
)
def test_a_title_names_one_pattern_or_none(title: str, pattern: str) -> None:
    assert pattern_of(title) == pattern


def test_a_polo_brand_is_not_a_polo_collar() -> None:
    nouns = {KINDS[i].noun for i in kinds_of_product("Tshirts", "Classic Polo Men Black T-Shirt")}
    assert nouns == {"T-shirt", "long-sleeved T-shirt", "polo shirt"}


def test_a_polo_in_the_title_is_a_polo_shirt() -> None:
    (kind,) = kinds_of_product("Tshirts", "Proline Men Solid Blue Polo Tshirt")
    assert KINDS[kind].noun == "polo shirt"


def test_a_flatlay_label_leaves_several_kinds_open() -> None:
    assert {KINDS[i].article_type for i in kinds_of_flatlay("Pants")} >= {"Jeans", "Trousers"}


def test_an_unknown_label_leaves_none_open() -> None:
    assert kinds_of_product("Lipstick") == kinds_of_flatlay("Lipstick") == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.article_type}-{kind.noun}")
def test_every_sentence_can_be_read_back(kind: Kind) -> None:
    sentence = write_sentence(kind, gender="Women", style="Casual", colour="Red", pattern="Striped")
    assert find_kind(sentence.rstrip("."), kind.article_type) == kind


def test_a_sentence_says_what_is_known_and_nothing_else() -> None:
    shirt = next(kind for kind in KINDS if kind.noun == "shirt")
    assert (
        write_sentence(shirt, gender="Men", style="Formal", colour="Navy Blue", pattern="Checked")
        == "A men's formal navy blue checked shirt."
    )
    assert write_sentence(shirt, gender="", style="", colour="", pattern="") == "A shirt."


def test_things_in_pairs_come_as_a_pair_and_repeat_no_word() -> None:
    shoes = next(kind for kind in KINDS if kind.noun == "casual shoes")
    assert (
        write_sentence(shoes, gender="Women", style="Casual", colour="Black", pattern="Solid")
        == "A pair of women's black casual shoes."
    )


def test_an_orange_skirt_is_an_orange_skirt() -> None:
    skirt = next(kind for kind in KINDS if kind.noun == "skirt")
    sentence = write_sentence(skirt, gender="", style="", colour="Orange", pattern="")
    assert sentence == "An orange skirt."
