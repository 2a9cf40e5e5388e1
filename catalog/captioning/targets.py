"""What training asks for: labels as rows of true and false, one row an example."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from catalog.captioning.examples import Example
from catalog.captioning.labels import KINDS

Masks = NDArray[np.bool_]

#: A label seen less often than this is not learnt. Three photos of "Smart Casual" teach nothing
#: but to call strange pictures that.
_MIN_SEEN: Final = {"gender": 10, "style": 20, "pattern": 5, "colour": 2}
_WORD: Final = re.compile("[a-z]{3,}")
_MIN_WORD: Final = 15


def label_lists(examples: Sequence[Example]) -> dict[str, tuple[str, ...]]:
    """For each attribute, the labels that occur often enough to learn, sorted; an attribute
    with none is left out."""
    lists: dict[str, tuple[str, ...]] = {"kind": tuple(kind.noun for kind in KINDS)}
    for name, enough in _MIN_SEEN.items():
        lists[name] = _frequent([e.labels[name] for e in examples if name in e.labels], enough)
    return {name: labels for name, labels in lists.items() if labels}


def label_masks(examples: Sequence[Example], name: str, labels: Sequence[str]) -> Masks:
    """(n, labels): which labels each example allows; an all-False row says nothing."""
    places = {label: i for i, label in enumerate(labels)}
    masks = np.zeros((len(examples), len(labels)), dtype=np.bool_)
    for row, example in zip(masks, examples, strict=True):
        if name == "kind":
            row[list(example.kinds)] = True
        elif example.labels.get(name, "") in places:
            row[places[example.labels[name]]] = True
    return masks


def season_masks(examples: Sequence[Example]) -> Masks:
    """(n, seasons): nothing a caption tells, but seasons teach the network what cloth is thick."""
    seasons = _frequent([e.labels["season"] for e in examples if "season" in e.labels], 10)
    return label_masks(examples, "season", seasons)


def title_masks(examples: Sequence[Example]) -> Masks:
    """(n, words): which of the titles' frequent words each title holds.

    Brands and collars tell more of a product than five attributes do: predicting them makes for
    better features, though no caption ever says them.
    """
    titles = [_words(example.title) for example in examples]
    seen = Counter(word for words in titles for word in words)
    places = {
        word: i for i, word in enumerate(sorted(w for w, n in seen.items() if n >= _MIN_WORD))
    }
    masks = np.zeros((len(examples), len(places)), dtype=np.bool_)
    for row, words in zip(masks, titles, strict=True):
        row[[places[word] for word in words if word in places]] = True
    return masks


def _words(title: str) -> set[str]:
    return set(_WORD.findall(title.lower()))


def _frequent(seen: Sequence[str], enough: int) -> tuple[str, ...]:
    return tuple(sorted(label for label, n in Counter(seen).items() if n >= enough))
