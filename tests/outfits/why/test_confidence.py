from math import log
from typing import Any

import pytest

from outfits.why.confidence import read_confidence


def rated(*shares: float, **context: float) -> list[dict[str, Any]]:
    found = [{"product": n, "logprob": log(share)} for n, share in enumerate(shares)]
    return [{**found[0], "context": context}, *found[1:]]


def test_the_number_is_the_share_that_the_choice_was_given() -> None:
    confidence = read_confidence(rated(0.7, 0.2, 0.1), 0)
    assert confidence.share == 0.7
    assert confidence.candidates == 3
    assert confidence.chance == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ((0.9, 0.1), "Sure"),
        ((0.6, 0.2, 0.2), "Fairly sure"),
        ((0.35, 0.25, 0.2, 0.2), "Rather this than the others"),
        ((0.26, 0.25, 0.25, 0.24), "Little more than a guess"),
    ],
)
def test_words_say_how_far_above_chance_it_is(shares: tuple[float, ...], words: str) -> None:
    assert read_confidence(rated(*shares), 0).words == words


def test_half_is_much_among_many_and_nothing_among_two() -> None:
    many = rated(0.5, *[0.5 / 19] * 19)
    assert read_confidence(many, 0).words == "Fairly sure"
    assert read_confidence(rated(0.5, 0.5), 0).words == "Little more than a guess"


def test_what_the_shop_pinned_is_not_the_stylists_certainty() -> None:
    confidence = read_confidence(rated(0.999, 0.001, rule=50.0), 0)
    assert confidence.share is None
    assert "shop" in confidence.words


@pytest.mark.parametrize("offered", [rated(1.0), []])
def test_without_a_choice_nothing_is_claimed(offered: list[dict[str, Any]]) -> None:
    assert read_confidence(offered, 0).share is None
