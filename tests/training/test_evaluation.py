"""Metrics of known cases."""

import random

import pytest

from training.evaluation import (
    compatibility_auc,
    fitb_accuracy,
    recall_at,
)


def test_accuracy_counts_right_answers_and_its_interval_holds_it() -> None:
    scores = [[0.0, 1.0], [1.0, 0.0], [1.0, 0.0], [1.0, 0.0]] * 25
    interval = fitb_accuracy(scores, [1, 0, 0, 1] * 25)
    assert interval.value == 0.75
    assert interval.low < 0.75 < interval.high
    assert interval.high - interval.low == pytest.approx(4 * (0.75 * 0.25 / 100) ** 0.5, rel=0.2)


def test_a_category_only_scorer_is_right_one_time_in_four() -> None:
    scores = [[-1.0] * 4] * 50
    assert fitb_accuracy(scores, [0, 1, 2, 3, 1] * 10).value == 0.25


def test_a_tie_for_the_best_counts_as_the_chance_of_guessing_right() -> None:
    assert fitb_accuracy([[2.0, 2.0, 1.0]], [0]).value == 0.5
    assert fitb_accuracy([[2.0, 2.0, 1.0]], [2]).value == 0.0


def test_a_category_only_scorer_has_an_auc_of_one_half() -> None:
    assert compatibility_auc([3.0] * 10, [1, 0] * 5).value == 0.5


@pytest.mark.parametrize(
    ("scores", "expected"),
    [([3.0, 2.0, 1.0, 0.0], 1.0), ([0.0, 1.0, 2.0, 3.0], 0.0), ([3.0, 1.0, 2.0, 0.0], 0.75)],
)
def test_auc_of_known_orders(scores: list[float], expected: float) -> None:
    assert compatibility_auc(scores, [1, 1, 0, 0]).value == expected


def test_auc_agrees_with_counting_pairs() -> None:
    rng = random.Random(5)
    scores = [rng.randrange(6) / 2 for _ in range(80)]
    labels = [rng.randrange(2) for _ in range(80)]
    real = [s for s, label in zip(scores, labels, strict=True) if label]
    mixed = [s for s, label in zip(scores, labels, strict=True) if not label]
    wins = sum((a > b) + (a == b) / 2 for a in real for b in mixed)
    interval = compatibility_auc(scores, labels)
    assert interval.value == pytest.approx(wins / len(real) / len(mixed))
    assert interval.low <= interval.value <= interval.high


def test_the_same_seed_gives_the_same_interval() -> None:
    scores, labels = [0.3, 0.1, 0.9, 0.4, 0.2, 0.8], [1, 0, 1, 0, 0, 1]
    assert compatibility_auc(scores, labels, 4) == compatibility_auc(scores, labels, 4)


def test_recall_counts_ranks_up_to_k() -> None:
    assert recall_at([1, 2, 5, 30], 1).value == 0.25
    assert recall_at([1, 2, 5, 30], 10).value == 0.75


def test_figures_of_nothing_are_refused() -> None:
    for metric in (fitb_accuracy, compatibility_auc):
        with pytest.raises(ValueError, match=r"no questions|needs real"):
            metric([], [])
    with pytest.raises(ValueError, match="no queries"):
        recall_at([], 1)
