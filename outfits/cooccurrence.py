"""What counting says of an outfit: which words and which categories are worn together.

A conditional logit (McFadden, 1974) over some figures of co-occurrence, counted over outfits. It
knows no language, but it remembers every pair of words that it saw; the language model knows
what words mean. `outfits.scoring` adds the two. `training.counting` makes one of these; it lies
beside an adapter's weights, so that both are promoted and rolled back together.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import combinations, product
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from outfits.prompts import PromptItem, clean_text

#: What it is called in an adapter's folder.
COOCCURRENCE = "cooccurrence.npz"

#: Letters in a run.
_GRAM = 4
#: Items whose words are kept at hand: the same few are compared with one another many times.
_KNOWN = 4096

Floats = NDArray[np.float64]
Pair = tuple[str, str]

#: What the figures of `describe_fit` are about -> their places: words that both say, the
#: categories, words worn together, letters and length of what is said.
FIGURES = {
    "common_words": (0, 1, 2),
    "category": (3, 4, 5, 6, 11),
    "worn_together": (7, 8, 9, 10),
    "wording": (12, 13, 14, 15),
}


@dataclass(frozen=True)
class Counts:
    """How often words and categories are worn, alone and together; pairs are in order (a <= b).

    ``words`` counts items that say a word and ``worn`` outfits in which some item does; ``grams``
    counts items by the runs of `_GRAM` letters in what is said of them.
    """

    outfits: int
    words: Counter[str]
    worn: Counter[str]
    word_pairs: Counter[Pair]
    categories: Counter[str]
    category_pairs: Counter[Pair]
    grams: Counter[str] = field(default_factory=Counter)

    @cached_property
    def items(self) -> int:
        """How many items were counted."""
        return self.categories.total()

    def rarity(self, word: str) -> float:
        """Inverse document frequency: the rarer a shared word, the more it tells."""
        return math.log((self.items + 1) / (self.words[word] + 1))

    def likeness(self, left: frozenset[str], right: frozenset[str]) -> float:
        """How much of two texts, as `grams_of` them, is the same: rare runs of letters tell more.

        It sees what whole words do not: brands written two ways, plurals, model numbers.
        """
        shared = sum(math.log((self.items + 1) / (self.grams[gram] + 1)) for gram in left & right)
        return shared / math.sqrt(len(left) * len(right) + 1)

    def category_affinity(self, left: str, right: str, less: int = 0) -> float:
        """Smoothed log ratio of how often two categories are worn together to chance.

        ``less`` is taken off the count: 1 where the pair at hand is itself among the outfits.
        """
        expected = self._sides[left] * self._sides[right] / max(1, self._sides.total())
        together = self.category_pairs[_pair(left, right)] * (1 + (left == right))
        return math.log((together - less + 2) / (expected + 2))

    def word_affinity(self, left: str, right: str, less: int = 0) -> float:
        """The same of two words; 0 where next to nothing is known."""
        together = max(0, self.word_pairs[_pair(left, right)] - less)
        expected = (self.worn[left] - less) * (self.worn[right] - less) / max(1, self.outfits)
        if together + expected <= 0.05:
            return 0.0
        return math.log((together + 0.5) / (max(0.0, expected) + 0.5))

    @cached_property
    def _sides(self) -> Counter[str]:
        sides: Counter[str] = Counter()
        for (left, right), count in self.category_pairs.items():
            sides[left] += count
            sides[right] += count
        return sides


@dataclass(frozen=True)
class Cooccurrence:
    """A logit over `describe_fit`: ``weights``, ``mean`` and ``scale`` are one number a figure."""

    counts: Counts
    weights: Floats
    mean: Floats
    scale: Floats

    def scores(
        self,
        look: Sequence[PromptItem],
        candidates: Sequence[PromptItem],
        worn: int | None = None,
    ) -> list[float]:
        """A logit a candidate; only their differences, and those between looks, mean something.

        ``worn`` is the place of the candidate that was counted together with ``look``, if one was.
        """
        # Weights fitted before a figure was thought of know only those that came before it.
        figures = np.array(
            [
                describe_fit(self.counts, look, candidate, less=int(place == worn))
                for place, candidate in enumerate(candidates)
            ]
        )[:, : len(self.weights)]
        return [float(z) for z in (figures - self.mean) / self.scale @ self.weights]

    def parts(self, look: Sequence[PromptItem], candidate: PromptItem) -> dict[str, float]:
        """What each group of `FIGURES` adds to a candidate's logit; together they are its score."""
        known = len(self.weights)
        figures = np.array(describe_fit(self.counts, look, candidate))[:known]
        logits = (figures - self.mean) / self.scale * self.weights
        return {
            name: float(sum(logits[place] for place in places if place < known))
            for name, places in FIGURES.items()
        }

    def save(self, path: Path) -> None:
        """Write everything to one compressed NumPy archive."""
        counts = self.counts
        arrays: dict[str, Any] = {
            "outfits": counts.outfits,
            "weights": self.weights,
            "mean": self.mean,
            "scale": self.scale,
            "words": sorted(counts.words),
            "categories": sorted(counts.categories),
            "grams": sorted(counts.grams),
        }
        arrays["word_counts"] = [counts.words[word] for word in arrays["words"]]
        arrays["worn_counts"] = [counts.worn[word] for word in arrays["words"]]
        arrays["gram_counts"] = [counts.grams[gram] for gram in arrays["grams"]]
        arrays["category_counts"] = [counts.categories[name] for name in arrays["categories"]]
        arrays["word_pairs"] = _write_pairs(counts.word_pairs, arrays["words"])
        arrays["category_pairs"] = _write_pairs(counts.category_pairs, arrays["categories"])
        ready: dict[str, Any] = {name: np.asarray(value) for name, value in arrays.items()}
        with path.open("wb") as stream:
            np.savez_compressed(stream, **ready)

    @classmethod
    def load(cls, path: Path) -> "Cooccurrence":
        """Read what `save` wrote. Raises `ValueError` or `OSError` for anything else."""
        try:
            with np.load(path, allow_pickle=False) as stored:
                words, categories = stored["words"].tolist(), stored["categories"].tolist()
                counts = Counts(
                    outfits=int(stored["outfits"]),
                    words=_read_counts(words, stored["word_counts"]),
                    worn=_read_counts(words, stored["worn_counts"]),
                    word_pairs=_read_pairs(words, stored["word_pairs"]),
                    categories=_read_counts(categories, stored["category_counts"]),
                    category_pairs=_read_pairs(categories, stored["category_pairs"]),
                    grams=_read_grams(stored),
                )
                return cls(counts, stored["weights"], stored["mean"], stored["scale"])
        except (KeyError, IndexError, TypeError, EOFError, BadZipFile) as error:
            raise ValueError(f"{path} does not hold co-occurrence counts: {error!r}") from error


def count_outfits(outfits: Iterable[Sequence[PromptItem]]) -> Counts:
    """Count words and categories over ``outfits``, each the items of one."""
    words: Counter[str] = Counter()
    worn: Counter[str] = Counter()
    word_pairs: Counter[Pair] = Counter()
    categories: Counter[str] = Counter()
    category_pairs: Counter[Pair] = Counter()
    grams: Counter[str] = Counter()
    total = 0
    for items in outfits:
        total += 1
        said = [words_of(item) for item in items]
        kinds = [clean_text(item.category) for item in items]
        words.update(word for each in said for word in each)
        worn.update(set().union(*said))
        categories.update(kinds)
        grams.update(gram for item in items for gram in grams_of(item))
        category_pairs.update(_pair(a, b) for a, b in combinations(kinds, 2))
        # A pair of words counts once an outfit, however many of its items say them.
        word_pairs.update(
            {_pair(a, b) for left, right in combinations(said, 2) for a, b in product(left, right)}
        )
    return Counts(total, words, worn, word_pairs, categories, category_pairs, grams)


def describe_fit(
    counts: Counts, look: Sequence[PromptItem], candidate: PromptItem, less: int = 0
) -> list[float]:
    """Figures of how ``candidate`` goes with ``look``: shared words, categories, word pairs,
    likeness of letters, and how alike in length they are told.

    ``less`` is 1 where the candidate and the look are counted among the outfits.
    """
    said, kind = words_of(candidate), clean_text(candidate.category)
    kinds_worn = [clean_text(item.category) for item in look]
    shared = [sum(map(counts.rarity, said & words_of(item))) for item in look] or [0.0]
    kinds = [counts.category_affinity(other, kind, less) for other in kinds_worn] or [0.0]
    lines = [
        [counts.word_affinity(a, b, less) for a, b in product(sorted(words_of(item)), sorted(said))]
        for item in look
    ]
    own, length = grams_of(candidate), _length(candidate)
    alike = [counts.likeness(own, grams_of(item)) for item in look] or [0.0]
    apart = [abs(_length(item) - length) for item in look] or [0]
    pairs = sorted((value for line in lines for value in line), reverse=True) or [0.0]
    return [
        _mean(shared),
        max(shared),
        float(max(shared) > 0),
        _mean(kinds),
        max(kinds),
        min(kinds),
        float(kind in kinds_worn),
        _mean(pairs),
        _mean([max(line, default=0.0) for line in lines]),
        _mean([sum(line) for line in lines]),
        _mean(pairs[:5]),
        math.log(1 + counts.categories[kind]),
        max(alike),
        _mean(alike),
        abs(_mean([_length(item) for item in look] or [length]) - length),
        float(min(apart)),
    ]


def pair_words(
    counts: Counts, look: Sequence[PromptItem], candidate: PromptItem
) -> list[tuple[str, str, float]]:
    """Words of the look with other words of the candidate, and their affinity, the highest first.

    Pairs of which next to nothing is known are left out.
    """
    pairs = {
        (a, b): counts.word_affinity(a, b)
        for item in look
        for a, b in product(sorted(words_of(item)), sorted(words_of(candidate)))
        if a != b
    }
    found = [(a, b, affinity) for (a, b), affinity in pairs.items() if affinity]
    return sorted(found, key=lambda pair: (-pair[2], pair[:2]))


@lru_cache(maxsize=_KNOWN)
def words_of(item: PromptItem) -> frozenset[str]:
    """The words of an item's name, and of the attributes seen in its picture."""
    return frozenset(_text(item).split())


@lru_cache(maxsize=_KNOWN)
def grams_of(item: PromptItem) -> frozenset[str]:
    """The runs of `_GRAM` letters in the same, word boundaries included."""
    text = f" {_text(item)} "
    return frozenset(text[place : place + _GRAM] for place in range(len(text) - _GRAM + 1))


def _length(item: PromptItem) -> int:
    return len(_text(item).split())


def _text(item: PromptItem) -> str:
    return clean_text(" ".join((item.name, *item.attributes)))


def _pair(left: str, right: str) -> Pair:
    return (left, right) if left <= right else (right, left)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _write_pairs(pairs: Counter[Pair], names: Sequence[str]) -> NDArray[np.int32]:
    """Rows of (first name's place, second's, count), in order, which compresses best."""
    places = {name: place for place, name in enumerate(names)}
    rows = sorted((places[a], places[b], count) for (a, b), count in pairs.items())
    return np.array(rows, dtype=np.int32).reshape(-1, 3)


def _read_pairs(names: Sequence[str], rows: NDArray[np.int32]) -> Counter[Pair]:
    return Counter({(names[a], names[b]): count for a, b, count in rows.tolist()})


def _read_grams(stored: Any) -> Counter[str]:
    if "grams" not in stored:
        return Counter()
    return _read_counts(stored["grams"].tolist(), stored["gram_counts"])


def _read_counts(names: Sequence[str], counts: NDArray[np.int64]) -> Counter[str]:
    return Counter(dict(zip(names, counts.tolist(), strict=True)))
