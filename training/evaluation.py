"""How good a stylist is: fill-in-the-blank accuracy and compatibility AUC, with honest intervals.

The two tasks are Han et al.'s, https://arxiv.org/abs/1707.05691. Pure: scores go in, figures come
out. Intervals are bootstrap percentiles (Efron and Tibshirani, 1993), seeded.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Resamples a bootstrap interval is read from.
RESAMPLES = 1000

Scores = Sequence[Sequence[float]]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure and its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


def fitb_accuracy(scores: Scores, correct: Sequence[int], seed: int = 0) -> Interval:
    """Share of questions whose right answer scores best; questions are resampled.

    A tie for the best counts as the chance of guessing right among the tied, so that a scorer
    that tells nothing apart comes out at random. Raises `ValueError` without questions.
    """
    if not scores:
        raise ValueError("no questions, no accuracy")
    wins = np.array([_win(row, index) for row, index in zip(scores, correct, strict=True)])
    rng = np.random.default_rng(seed)
    resampled = [wins[rng.integers(0, len(wins), len(wins))].mean() for _ in range(RESAMPLES)]
    return _interval(float(wins.mean()), resampled)


def compatibility_auc(scores: Sequence[float], labels: Sequence[int], seed: int = 0) -> Interval:
    """Chance that a real outfit scores above a mixed one, ties counting half.

    Real and mixed outfits are resampled separately. Raises `ValueError` unless there are both.
    """
    values, marks = np.asarray(scores, dtype=np.float64), np.asarray(labels)
    real, mixed = values[marks == 1], values[marks == 0]
    if not len(real) or not len(mixed):
        raise ValueError("an AUC needs real and mixed outfits")
    rng = np.random.default_rng(seed)
    resampled = [_auc(_resample(real, rng), _resample(mixed, rng)) for _ in range(RESAMPLES)]
    return _interval(_auc(real, mixed), resampled)


def recall_at(ranks: Sequence[float], k: int, seed: int = 0) -> Interval:
    """Share of queries whose right item lies among the best ``k``; ranks count from 1."""
    if not ranks:
        raise ValueError("no queries, no recall")
    hits = (np.asarray(ranks) <= k).astype(np.float64)
    rng = np.random.default_rng(seed)
    return _interval(float(hits.mean()), [_resample(hits, rng).mean() for _ in range(RESAMPLES)])


def _win(row: Sequence[float], correct: int) -> float:
    best = max(row)
    return 1.0 / sum(score == best for score in row) if row[correct] == best else 0.0


def _resample(values: Floats, rng: np.random.Generator) -> Floats:
    return values[rng.integers(0, len(values), len(values))]


def _auc(real: Floats, mixed: Floats) -> float:
    """The Mann-Whitney statistic over all pairs, in O(n log n)."""
    ordered = np.sort(mixed)
    below = np.searchsorted(ordered, real, side="left")
    upto = np.searchsorted(ordered, real, side="right")
    return float((below + upto).sum() / 2 / (len(real) * len(mixed)))


def _interval(value: float, resampled: Sequence[float]) -> Interval:
    low, high = np.percentile(resampled, [2.5, 97.5])
    return Interval(value, float(low), float(high))
