from itertools import permutations
from urllib.parse import urlencode

import pytest

from outfits.circumstances.context import Context
from outfits.garments import FABRICS, MANNERS
from outfits.shoppers.facts import Fact, read_fact
from outfits.shoppers.preferences import (
    SaidFact,
    choose_preferences,
    hidden_products,
    may_be_of_tab,
    read_preferences,
    read_session_taste,
    write_session_taste,
)


def said(kind: str, value: str, stance: str = "like", source: str = "said", times: int = 1):  # type: ignore[no-untyped-def]
    return SaidFact(Fact(kind, value, stance), source, times)


def test_what_was_stated_decides_over_what_follows_from_deeds() -> None:
    facts = [said("colour", "red", "dislike", "quiz"), said("colour", "red", "like", "view", 50)]
    assert choose_preferences(facts) == ("colour=red -1 quiz",)


def test_the_last_word_counts() -> None:
    facts = [said("colour", "red", "like", "quiz"), said("colour", "red", "never")]
    assert choose_preferences(facts) == ("colour=red never said",)


def test_deeds_add_up_in_coarse_steps_and_only_so_far() -> None:
    few, many = ([said("brand", "Ostrane", "like", "view", times)] for times in (2, 500))
    assert choose_preferences(few) == ()
    assert choose_preferences(many) == ("brand=Ostrane +1 view",)


def test_deeds_for_and_against_cancel_out() -> None:
    facts = [
        said("colour", "red", "like", "purchase"),
        said("colour", "red", "dislike", "feedback"),
    ]
    assert choose_preferences(facts) == ()


def test_equal_tastes_are_written_alike_whatever_came_first() -> None:
    facts = [said("colour", "red"), said("style", "beach", "dislike"), said("budget", "80")]
    assert len({choose_preferences(order) for order in permutations(facts)}) == 1


def test_a_budget_is_rounded_up_and_the_last_one_stated_counts() -> None:
    assert choose_preferences([said("budget", "300"), said("budget", "72")]) == (
        "budget=80 +1 said",
    )


def test_of_budgets_found_too_dear_the_least_counts() -> None:
    facts = [said("budget", "99", source="feedback"), said("budget", "200", source="feedback")]
    assert choose_preferences(facts) == ("budget=90 +1 feedback",)


def test_only_the_strongest_likes_count_and_the_budget_always() -> None:
    many = [said("brand", f"Brand {n}", source="quiz") for n in range(30)]
    chosen = choose_preferences([*many, said("colour", "red"), said("budget", "50")])
    assert len(chosen) == 12
    assert {"colour=red +1.5 said", "budget=50 +1 said"} < set(chosen)


def test_every_refusal_counts_beside_the_likes() -> None:
    likes = [said("brand", f"Brand {n}") for n in range(30)]
    assert "material=leather never said" in choose_preferences(
        [*likes, said("material", "leather", "never")]
    )


def test_sizes_and_products_are_no_part_of_a_look() -> None:
    facts = [said("size", "38"), said("product", "SKU-1", "never", "purchase")]
    assert choose_preferences(facts) == ()
    assert hidden_products(facts) == {"SKU-1"}


def test_preferences_survive_being_written_even_with_odd_names() -> None:
    written = choose_preferences([said("brand", "A = B, +1 never quiz")])
    [read] = read_preferences(written)
    assert (read.kind, read.value, read.weight) == ("brand", "A = B, +1 never quiz", 1.5)


def test_taste_is_part_of_a_contexts_key_and_its_absence_changes_no_key() -> None:
    red, blue = (
        Context(preferences=choose_preferences([said("colour", c)])) for c in ("red", "blue")
    )
    assert len({red.key, blue.key, Context().key}) == 3
    assert "preferences" not in Context().as_json()
    assert Context(**red.as_json()) == red


def test_a_session_taste_is_read_back_as_it_was_written() -> None:
    facts = [Fact("colour", "navy"), Fact("material", "leather", "never"), Fact("brand", "Ostrane")]
    pairs = write_session_taste(facts)
    text = "&".join(f"{name}={value}" for name, value in pairs)
    assert [each.fact for each in read_session_taste(text)] == facts[:2]


def test_a_thorough_taste_is_cut_to_what_is_read_the_most_telling_first() -> None:
    likes = [Fact("style", name) for name in MANNERS] + [Fact("material", m) for m in FABRICS]
    last = [Fact("budget", "80"), Fact("material", "leather", "never")]
    read = read_session_taste(urlencode(write_session_taste([*likes, *last])))
    assert [each.fact for each in read][-2:] == last
    assert read[0].fact == likes[0]
    assert 15 < len(read) <= 24


@pytest.mark.parametrize(
    "text",
    ["colour", "like.colour=plaid", "like.brand=Ostrane", "hate.colour=red", "like.budget=NaN",
     "never.budget=5", "like.colour=red&" * 30, "like.colour=red&" * 60, "like.budget=1e99"],
)  # fmt: skip
def test_a_session_taste_that_says_nothing_known_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"Write|has up to|budget"):
        read_session_taste(text)


@pytest.mark.parametrize(
    ("kind", "value", "written"),
    [
        ("colour", "  Navy Blue ", "navy"),
        ("colour", "gray", "grey"),
        ("style", "Office", "office"),
        ("budget", "79.90", "79"),
        ("brand", "Maren  Alder", "Maren Alder"),
    ],
)
def test_facts_are_written_in_one_way(kind: str, value: str, written: str) -> None:
    assert read_fact(kind, value).value == written


@pytest.mark.parametrize(
    ("kind", "value", "stance"),
    [
        ("mood", "blue", "like"),
        ("colour", "blue", "adore"),
        ("colour", "", "like"),
        ("style", "my own", "like"),
        ("budget", "a lot", "like"),
        ("budget", "5", "never"),
        ("size", "38", "dislike"),
        ("product", "SKU-1", "like"),
        ("brand", "", "like"),
        ("brand", "a\x00b", "like"),
        ("brand", "x" * 65, "like"),
    ],
)
def test_what_is_no_fact_is_refused(kind: str, value: str, stance: str) -> None:
    with pytest.raises(ValueError, match=r"Write|write|characters"):
        read_fact(kind, value, stance)


@pytest.mark.parametrize(
    ("written", "may_be"),
    [
        ((), False),
        (("colour=navy +1.5 said",), True),
        (("colour=navy +1.5 said", "material=leather never said"), True),
        (("colour=navy +1.5 said", "colour=red +1 quiz"), False),
        (("brand=he said +0.5 view",), False),
    ],
)
def test_a_taste_may_be_of_a_tab_where_all_of_it_was_said(
    written: tuple[str, ...], may_be: bool
) -> None:
    assert may_be_of_tab(written) is may_be
