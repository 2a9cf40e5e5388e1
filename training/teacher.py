"""What counting says of an outfit: a small linear scorer that teaches the language model.

It counts, over training outfits, which words and which categories are worn together, and fits a
conditional logit (McFadden, 1974) over a dozen such figures. Alone it is a strong baseline; as a
teacher (Hinton et al., https://arxiv.org/abs/1503.02531) its graded answers carry far more than
the bare fact of which item was worn, which is what a small model on few outfits needs.
"""

import math
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import permutations, product

import numpy as np
from numpy.typing import NDArray

from training.polyvore import Item, Outfit
from training.questions import ItemPool, mix_outfit

#: Outfits that the teacher's verdicts are calibrated on.
CALIBRATED_ON = 500

Floats = NDArray[np.float64]


class OutfitCounts:
    """How often words and categories are worn together, over a set of outfits."""

    def __init__(self, outfits: Sequence[Outfit]) -> None:
        self.outfits = len(outfits)
        self.items = Counter(item.category for outfit in outfits for item in outfit.items)
        self.words = Counter(
            word for outfit in outfits for item in outfit.items for word in words_of(item)
        )
        self._worn: Counter[str] = Counter()
        self._word_pairs: Counter[tuple[str, str]] = Counter()
        self._category_pairs: Counter[tuple[str, str]] = Counter()
        for outfit in outfits:
            self._count(outfit)
        self._category_total = max(1, self._category_pairs.total())
        self._category_sides: Counter[str] = Counter()
        for (left, _), count in self._category_pairs.items():
            self._category_sides[left] += count

    def rarity(self, word: str) -> float:
        """Inverse document frequency: the rarer a shared word, the more it tells."""
        return math.log((self.items.total() + 1) / (self.words[word] + 1))

    def category_affinity(self, left: str, right: str, less: int = 0) -> float:
        """Smoothed log ratio of how often two categories are worn together to chance.

        ``less`` is taken off the count: 1 where the pair at hand is itself among the outfits.
        """
        expected = self._category_sides[left] * self._category_sides[right] / self._category_total
        return math.log((self._category_pairs[left, right] - less + 2) / (expected + 2))

    def word_affinity(self, left: str, right: str, less: int = 0) -> float:
        """The same of two words; 0 where next to nothing is known."""
        together = max(0, self._word_pairs[left, right] - less)
        expected = (self._worn[left] - less) * (self._worn[right] - less) / max(1, self.outfits)
        if together + expected <= 0.05:
            return 0.0
        return math.log((together + 0.5) / (max(0.0, expected) + 0.5))

    def _count(self, outfit: Outfit) -> None:
        said = [words_of(item) for item in outfit.items]
        self._worn.update(set().union(*said))
        self._word_pairs.update(
            {pair for left, right in permutations(said, 2) for pair in product(left, right)}
        )
        self._category_pairs.update(
            (left.category, right.category) for left, right in permutations(outfit.items, 2)
        )


class Teacher:
    """A conditional logit over `describe_fit`, fitted on leave-one-out questions of ``outfits``."""

    def __init__(
        self, outfits: Sequence[Outfit], seed: int = 0, sharpness: float = 1.0, wrong: int = 3
    ) -> None:
        self.counts = OutfitCounts(outfits)
        self.sharpness = 1.0
        rng = random.Random(seed)  # noqa: S311 - reproducible, nothing secret
        asked = np.array(list(_examples(outfits, self.counts, wrong, rng)))
        self._mean, self._scale = asked.mean((0, 1)), asked.std((0, 1)) + 1e-9
        self.weights = fit_logit((asked - self._mean) / self._scale)
        self._slope, self._offset = self._calibrate(outfits, rng)
        self.sharpness = sharpness

    def scores(
        self, look: Sequence[Item], candidates: Sequence[Item], worn: int | None = None
    ) -> list[float]:
        """A logit a candidate; ``worn`` is the right one's index where it was trained on."""
        figures = np.array(
            [
                describe_fit(self.counts, look, candidate, int(index == worn))
                for index, candidate in enumerate(candidates)
            ]
        )
        logits = (figures - self._mean) / self._scale @ self.weights
        return [self.sharpness * float(logit) for logit in logits]

    def verdict(self, items: Sequence[Item], worn: bool = False) -> float:
        """The logit that ``items`` were worn together; ``worn`` where it was trained on them."""
        return self.sharpness * (self._slope * self._mean_score(items, worn) + self._offset)

    def _mean_score(self, items: Sequence[Item], worn: bool) -> float:
        looks = ([other for other in items if other is not item] for item in items)
        index = 0 if worn else None
        each = [
            self.scores(look, [item], index)[0] / self.sharpness
            for look, item in zip(looks, items, strict=True)
        ]
        return _mean(each)

    def _calibrate(self, outfits: Sequence[Outfit], rng: random.Random) -> tuple[float, float]:
        """Slope and offset that make mean scores of outfits logits, on a sample (Platt, 1999)."""
        pool = ItemPool(outfits)
        sample = rng.sample(list(outfits), min(CALIBRATED_ON, len(outfits)))
        real = [self._mean_score(outfit.items, worn=True) for outfit in sample]
        mixed = [
            self._mean_score(mix_outfit(outfit.items, pool, len(outfit.items), rng), worn=False)
            for outfit in sample
        ]
        # A logit over (score, 1) against (0, 0) is logistic regression, the mixed ones negated.
        rows = [(score, 1.0) for score in real] + [(-score, -1.0) for score in mixed]
        slope, offset = fit_logit(np.array([[row, (0.0, 0.0)] for row in rows]))
        return float(slope), float(offset)


def describe_fit(
    counts: OutfitCounts, look: Sequence[Item], candidate: Item, less: int = 0
) -> list[float]:
    """Figures of how ``candidate`` goes with ``look``: shared words, categories, word pairs.

    ``less`` is 1 where the candidate and the look are counted among the outfits.
    """
    said = words_of(candidate)
    shared = [sum(map(counts.rarity, said & words_of(item))) for item in look] or [0.0]
    kinds = [
        counts.category_affinity(item.category, candidate.category, less) for item in look
    ] or [0.0]
    lines = [
        [counts.word_affinity(a, b, less) for a, b in product(sorted(words_of(item)), sorted(said))]
        for item in look
    ]
    pairs = sorted((value for line in lines for value in line), reverse=True) or [0.0]
    return [
        _mean(shared),
        max(shared),
        float(max(shared) > 0),
        _mean(kinds),
        max(kinds),
        min(kinds),
        float(any(item.category == candidate.category for item in look)),
        _mean(pairs),
        _mean([max(line, default=0.0) for line in lines] or [0.0]),
        _mean([sum(line) for line in lines] or [0.0]),
        _mean(pairs[:5]),
        float(counts.items[candidate.category]),
    ]


def words_of(item: Item) -> frozenset[str]:
    """The words of an item's name."""
    return frozenset(item.name.lower().split())


def fit_logit(figures: Floats, penalty: float = 1e-3, steps: int = 20) -> Floats:
    """Weights (f,) that make the first of each question's candidates likeliest, by Newton.

    ``figures`` is (questions, candidates, f).
    """
    weights = np.zeros(figures.shape[-1])
    for _ in range(steps):
        logits = figures @ weights
        chances = np.exp(logits - logits.max(1, keepdims=True))
        chances /= chances.sum(1, keepdims=True)
        expected = np.einsum("qc,qcf->qf", chances, figures)
        gradient = (expected - figures[:, 0]).mean(0) + penalty * weights
        spread = figures - expected[:, None]
        curvature = np.einsum("qc,qcf,qcg->fg", chances, spread, spread) / len(figures)
        weights -= np.linalg.solve(curvature + penalty * np.eye(len(weights)), gradient)
    return weights


def _examples(
    outfits: Iterable[Outfit], counts: OutfitCounts, wrong: int, rng: random.Random
) -> Iterable[list[list[float]]]:
    outfits = list(outfits)
    pool = ItemPool(outfits)
    for outfit in outfits:
        for item in outfit.items:
            look = [other for other in outfit.items if other is not item]
            others = pool.sample_like(item, wrong, look, rng)
            if len(others) == wrong:
                yield [
                    describe_fit(counts, look, item, 1),
                    *(describe_fit(counts, look, other) for other in others),
                ]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
