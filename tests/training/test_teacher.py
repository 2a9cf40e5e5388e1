"""The counting teacher."""

import numpy as np
import pytest

from tests.training.tiny import make_outfits
from training.polyvore import Item
from training.teacher import OutfitCounts, Teacher, describe_fit, fit_logit

OUTFITS = make_outfits(24)


def test_it_learns_that_outfits_share_a_colour() -> None:
    teacher = Teacher(OUTFITS, seed=1)
    look = OUTFITS[0].items[:2]
    red = Item("a", "red boot", "Boots", "shoes")
    navy = Item("b", "navy boot", "Boots", "shoes")
    scores = teacher.scores(look, [navy, red])
    assert scores[1] > scores[0]


def test_a_worn_outfit_is_likelier_to_go_together_than_a_mixed_one() -> None:
    teacher = Teacher(OUTFITS, seed=1)
    mixed = [OUTFITS[0].items[0], OUTFITS[1].items[1], OUTFITS[2].items[2]]
    assert teacher.verdict(OUTFITS[0].items, worn=True) > 0 > teacher.verdict(mixed)


def test_a_sharper_teacher_is_surer_of_the_same() -> None:
    plain, sharp = Teacher(OUTFITS, seed=1), Teacher(OUTFITS, seed=1, sharpness=2.0)
    look, others = OUTFITS[0].items[:2], OUTFITS[1].items
    assert sharp.scores(look, others) == pytest.approx([2 * s for s in plain.scores(look, others)])
    assert sharp.verdict(others) == pytest.approx(2 * plain.verdict(others))


def test_the_same_seed_fits_the_same_weights() -> None:
    first, second = (Teacher(OUTFITS, seed=1).weights for _ in range(2))
    assert np.array_equal(first, second)


def test_what_an_outfit_itself_contributed_is_taken_off() -> None:
    counts = OutfitCounts(OUTFITS[:1])
    look, worn = OUTFITS[0].items[:2], OUTFITS[0].items[2]
    stranger = Item("x", worn.name, worn.category, worn.semantic_type)
    own, others = (
        describe_fit(counts, look, worn, 1),
        describe_fit(OutfitCounts([]), look, stranger),
    )
    assert own[7:11] == pytest.approx(others[7:11], abs=0.2)


def test_an_empty_look_is_judged_without_failing() -> None:
    assert len(Teacher(OUTFITS, seed=1).scores([], OUTFITS[0].items)) == 3


def test_the_logit_finds_the_figure_that_decides() -> None:
    rng = np.random.default_rng(0)
    figures = rng.normal(size=(400, 3, 2))
    best = figures[..., 1].argmax(1)
    rows = np.arange(400)
    figures[rows, 0], figures[rows, best] = figures[rows, best].copy(), figures[rows, 0].copy()
    weights = fit_logit(figures)
    assert weights[1] > 5 * abs(weights[0])
