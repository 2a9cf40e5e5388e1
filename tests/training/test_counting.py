"""The counting half of a stylist, and how it is mixed with the model."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from outfits.cooccurrence import count_outfits, describe_fit
from outfits.prompts import PromptItem
from outfits.scoring import Mix
from tests.training.tiny import make_outfits
from training.counting import fit_cooccurrence, fit_logit, fit_mix
from training.polyvore import Item, to_prompt_item
from training.scoring import MatchQuestion

OUTFITS = make_outfits(24)
COUNTED = fit_cooccurrence(OUTFITS, seed=1)
#: Counts that say the same of every candidate.
IGNORANT = replace(COUNTED, weights=np.zeros_like(COUNTED.weights))
#: In which place of a question's candidates what was worn is asked for the mix.
RIGHT = 0


def say(items: Sequence[Item]) -> tuple[PromptItem, ...]:
    return tuple(map(to_prompt_item, items))


def make_questions(count: int = 60) -> list[MatchQuestion]:
    """Which boot goes with a top and a jean? The first has their colour, the others do not."""
    outfits = make_outfits(count + 3)
    return [
        MatchQuestion(
            say(outfits[place].items[:2]),
            say([outfits[place + step].items[2] for step in range(4)]),
        )
        for place in range(count)
    ]


def ask_knowing(questions: Sequence[MatchQuestion]) -> list[list[float]]:
    """A model that mostly knows the answer."""
    rng = np.random.default_rng(3)
    noise = rng.normal(scale=0.7, size=(len(questions), 4))
    noise[:, RIGHT] += 2.0
    return [list(map(float, row)) for row in noise]


def ask_guessing(questions: Sequence[MatchQuestion]) -> list[list[float]]:
    """A model that knows nothing."""
    rng = np.random.default_rng(3)
    return [list(map(float, row)) for row in rng.normal(size=(len(questions), 4))]


def ask_mistaken(questions: Sequence[MatchQuestion]) -> list[list[float]]:
    """A model that mostly prefers a wrong answer."""
    return [[-score for score in row] for row in ask_knowing(questions)]


def test_it_learns_that_outfits_share_a_colour() -> None:
    look = say(OUTFITS[0].items[:2])
    navy, red = PromptItem("navy boot", "Boots"), PromptItem("red boot", "Boots")
    scores = COUNTED.scores(look, [navy, red])
    assert scores[1] > scores[0]


def test_the_same_seed_fits_the_same_weights() -> None:
    again = fit_cooccurrence(OUTFITS, seed=1)
    assert np.array_equal(again.weights, COUNTED.weights)
    assert again.counts == COUNTED.counts


def test_figures_are_put_on_one_scale_before_they_are_weighed() -> None:
    assert COUNTED.mean.shape == COUNTED.scale.shape == COUNTED.weights.shape
    assert (COUNTED.scale > 0).all()
    assert np.isfinite(COUNTED.weights).all()


def test_what_an_outfit_itself_contributed_is_taken_off() -> None:
    *look, worn = say(OUTFITS[0].items)
    others = [say(outfit.items) for outfit in OUTFITS[1:]]
    with_it, without = count_outfits([(*look, worn), *others]), count_outfits(others)
    seen = describe_fit(with_it, look, worn)
    own, unseen = describe_fit(with_it, look, worn, less=1), describe_fit(without, look, worn)
    # These are the figures of pairs of words; a number is said in one outfit alone.
    for figure in (7, 8, 9, 10):
        assert own[figure] == pytest.approx(unseen[figure], abs=0.5)
        assert seen[figure] > own[figure]


def test_an_empty_look_is_judged_without_failing() -> None:
    assert np.isfinite(COUNTED.scores([], say(OUTFITS[0].items))).all()


def test_the_logit_finds_the_figure_that_decides() -> None:
    rng = np.random.default_rng(0)
    figures = rng.normal(size=(400, 3, 2))
    best = figures[..., 1].argmax(1)
    rows = np.arange(400)
    figures[rows, 0], figures[rows, best] = figures[rows, best].copy(), figures[rows, 0].copy()
    weights = fit_logit(figures)
    assert weights[1] > 5 * abs(weights[0])


def test_the_logit_stays_finite_where_a_figure_decides_everything() -> None:
    figures = np.zeros((50, 3, 1))
    figures[:, 0] = 1.0
    assert np.isfinite(fit_logit(figures)).all()


def test_a_model_that_knows_outweighs_counts_that_do_not() -> None:
    questions = make_questions(600)
    knowing = fit_mix(questions, IGNORANT, ask_knowing)
    guessing = fit_mix(questions, IGNORANT, ask_guessing)
    assert knowing.model > 1.0
    assert guessing.model < 0.3


def test_without_much_to_go_by_both_halves_weigh_as_they_learned_together() -> None:
    answers = [[0.01, 0.0, 0.0, 0.0]]
    mix = fit_mix(make_questions(1), IGNORANT, lambda questions: answers)
    assert mix.model == pytest.approx(1.0, abs=0.1)
    assert mix.cooccurrence == 1.0


def test_no_half_weighs_less_than_nothing() -> None:
    mix = fit_mix(make_questions(600), IGNORANT, ask_mistaken)
    assert mix.model == 0.0


def test_the_mix_is_two_plain_numbers() -> None:
    mix = fit_mix(make_questions(), COUNTED, ask_knowing)
    assert isinstance(mix, Mix)
    assert {type(mix.model), type(mix.cooccurrence)} == {float}


def test_no_questions_make_no_mix() -> None:
    with pytest.raises(ValueError, match="too few outfits"):
        fit_mix([], COUNTED, ask_knowing)


def test_weights_fitted_before_a_figure_was_thought_of_still_count() -> None:
    older = replace(
        COUNTED,
        weights=COUNTED.weights[:12],
        mean=COUNTED.mean[:12],
        scale=COUNTED.scale[:12],
    )
    worn = say(OUTFITS[0].items)
    assert len(older.scores(worn[:2], worn[2:])) == len(worn) - 2


def test_letters_tell_that_two_names_are_alike_where_no_word_is_the_same() -> None:
    counts = count_outfits([say(outfit.items) for outfit in OUTFITS])
    look = (PromptItem("topshop tee", "T-Shirts"),)
    alike, other = (
        describe_fit(counts, look, PromptItem(name, "Skirts"))[-4]
        for name in ("topshops skirt", "velvet skirt")
    )
    assert alike > other
