"""What counting said of an item: exact shares of its score, with the words they come from."""

from dataclasses import replace

import numpy as np
import pytest

from outfits.cooccurrence import FIGURES, Cooccurrence, count_outfits, describe_fit
from outfits.prompts import PromptItem
from outfits.scoring import Mix, Taste
from outfits.why.counted import counted_factors
from outfits.why.factors import Factor

BLAZER = PromptItem("navy blazer", "blazers")
CHINOS = PromptItem("beige chinos", "trousers")
JOGGERS = PromptItem("neon joggers", "tracksuits")
HOODIE = PromptItem("neon hoodie", "sweatshirts")
OUTFITS = [[BLAZER, CHINOS]] * 20 + [[HOODIE, JOGGERS]] * 20
FIGURE_COUNT = sum(len(places) for places in FIGURES.values())


@pytest.fixture
def taste() -> Taste:
    flat = np.ones(FIGURE_COUNT)
    counted = Cooccurrence(count_outfits(OUTFITS), 0.5 * flat, 0.1 * flat, flat)
    return Taste(Mix(1.0, 0.7), counted)


def tell(taste: Taste, chosen: int, look: list[PromptItem] | None = None) -> dict[str, Factor]:
    found = counted_factors(taste, look or [BLAZER], [CHINOS, JOGGERS], chosen)
    return {factor.name: factor for factor in found}


def test_words_that_are_worn_together_speak_for_an_item_and_are_named(taste: Taste) -> None:
    factor = tell(taste, 0)["worn_together"]
    assert factor.weight > 0
    assert "blazer + chinos" in factor.terms
    assert "blazer + chinos" in factor.label


def test_words_that_are_not_worn_together_speak_against_it(taste: Taste) -> None:
    factor = tell(taste, 1)["worn_together"]
    assert factor.weight < 0
    assert "navy + joggers" in factor.terms


def test_categories_that_are_worn_together_are_a_factor_of_their_own(taste: Taste) -> None:
    factor = tell(taste, 0)["category"]
    assert factor.weight > 0
    assert factor.terms == ("blazers + trousers",)


def test_what_the_two_have_in_common_is_named(taste: Taste) -> None:
    factor = tell(taste, 1, look=[HOODIE])["common_words"]
    assert factor.weight > 0
    assert factor.terms == ("neon",)


def test_the_weights_add_up_to_all_that_counting_did(taste: Taste) -> None:
    logits = taste.count([BLAZER], [CHINOS, JOGGERS])
    expected = 0.7 * (logits[0] - sum(logits) / 2)
    found = tell(taste, 0)
    # The two have as little in common with the look: that says nothing of either.
    assert set(found) == set(FIGURES) - {"common_words", "wording"}
    assert sum(factor.weight for factor in found.values()) == pytest.approx(expected)
    assert all(factor.scored for factor in found.values())


def test_the_parts_of_a_score_add_up_to_it(taste: Taste) -> None:
    known = taste.cooccurrence
    assert known is not None
    for candidate in (CHINOS, JOGGERS):
        parts = known.parts([BLAZER, HOODIE], candidate)
        whole = known.scores([BLAZER, HOODIE], [candidate])[0]
        assert sum(parts.values()) == pytest.approx(whole)


def test_every_figure_is_told_of_by_one_factor(taste: Taste) -> None:
    assert taste.cooccurrence is not None
    figures = describe_fit(taste.cooccurrence.counts, [BLAZER], CHINOS)
    told = sorted(place for places in FIGURES.values() for place in places)
    assert told == list(range(len(figures)))


def test_weights_that_know_fewer_figures_are_told_of_as_far_as_they_go(taste: Taste) -> None:
    new = taste.cooccurrence
    assert new is not None
    old = Cooccurrence(new.counts, new.weights[:12], new.mean[:12], new.scale[:12])
    parts = old.parts([BLAZER], CHINOS)
    assert parts["wording"] == 0
    assert sum(parts.values()) == pytest.approx(old.scores([BLAZER], [CHINOS])[0])


def test_being_described_like_the_look_is_a_factor_without_terms(taste: Taste) -> None:
    assert taste.cooccurrence is not None
    strong = replace(taste.cooccurrence, weights=4 * taste.cooccurrence.weights)
    factor = tell(replace(taste, cooccurrence=strong), 1, look=[HOODIE])["wording"]
    assert factor.weight > 0
    assert (factor.label, factor.terms) == ("It is described much like the look", ())


def test_a_stylist_without_counts_says_nothing_of_them() -> None:
    assert tell(Taste(), 0) == {}


def test_counting_that_was_given_no_weight_is_no_factor(taste: Taste) -> None:
    assert tell(Taste(Mix(1.0, 0.0), taste.cooccurrence), 0) == {}
