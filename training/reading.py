"""Outfits and questions out of a file, whichever of the layouts that are known it has.

`training.polyvore` tells of Ensemble's own, `training.published` of the two that were published,
whose items are described in other files of the same folder or of the one around it.
"""

import json
from pathlib import Path
from typing import Any, TypeVar

from training.polyvore import (
    CompatibilityQuestion,
    FitbQuestion,
    Outfit,
    PolyvoreFormatError,
    read_compatibility,
    read_fitb,
    read_outfits,
)
from training.published import (
    index_items,
    read_maryland,
    read_outfits_split,
    read_published_compatibility,
    read_published_fitb,
)

_SPLITS = ("train", "valid", "test")
_MARYLAND = "_no_dup"

_T = TypeVar("_T")


def load_outfits(path: Path) -> list[Outfit]:
    """Outfits: JSON lines, or ``<split>_no_dup.json`` or ``<split>.json`` as they were published.

    Raises `PolyvoreFormatError` where there are none, or naming what is wrong.
    """
    if path.stem.endswith(_MARYLAND):
        outfits = read_maryland(path.parent, path.stem.removesuffix(_MARYLAND))
    elif path.stem in _SPLITS and path.suffix == ".json":
        outfits = read_outfits_split(path.parent, path.stem)
    else:
        outfits = read_outfits(path)
    return _some(path, outfits)


def load_fitb(path: Path) -> list[FitbQuestion]:
    """Fill-in-the-blank questions; published ones name their items instead of telling them.

    Raises `PolyvoreFormatError` where there are none, or naming what is wrong.
    """
    if _names_items(path):
        return _some(path, read_published_fitb(path, index_items(path.parent, _split_of(path))))
    return _some(path, read_fitb(path))


def load_compatibility(path: Path, limit: int | None = None) -> list[CompatibilityQuestion]:
    """The first ``limit`` questions; published ones are lines of a label and the names of items.

    Raises `PolyvoreFormatError` where they are not of both labels, or naming what is wrong.
    """
    if path.suffix == ".txt":
        index = index_items(path.parent, _split_of(path))
        questions = read_published_compatibility(path, index)
    else:
        questions = read_compatibility(path)
    asked = _some(path, questions)[:limit]
    if {question.label for question in asked} != {0, 1}:
        raise PolyvoreFormatError(
            f"{path.name}: of {len(asked)} outfits some must be real (1) and some not (0)"
        )
    return asked


def _names_items(path: Path) -> bool:
    """Whether answers are names; files that cannot be read are left to who says what is wrong."""
    try:
        first: Any = json.loads(path.read_text(encoding="utf-8"))[0]["answers"][0]
    except (ValueError, LookupError, TypeError):
        return False
    return isinstance(first, str)


def _split_of(path: Path) -> str:
    """The split that a file of questions is about; Maryland's compatibility file does not say."""
    named = path.stem.rpartition("_")[2]
    return named if named in _SPLITS else "test"


def _some(path: Path, found: list[_T]) -> list[_T]:
    if not found:
        raise PolyvoreFormatError(f"{path.name} is empty")
    return found
