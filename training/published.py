"""Readers of the two published Polyvore layouts, so that anyone who has them can be compared with.

``maryland``: Han et al. 2017 (https://arxiv.org/abs/1707.05691), a folder with ``*_no_dup.json``,
``category_id.txt``, ``fill_in_blank_test.json`` and ``fashion_compatibility_prediction.txt``.
``outfits``: Vasileva et al. 2018 (https://arxiv.org/abs/1803.09196), a folder with
``polyvore_item_metadata.json``, ``categories.csv`` and ``disjoint`` and ``nondisjoint`` folders.

Both write questions as ``<outfit>_<index>`` with the right answer first; that order is shuffled
here, with a seed, because a scorer that breaks ties by order would be right every time.
"""

import csv
import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from training.polyvore import (
    CompatibilityQuestion,
    FitbQuestion,
    Item,
    Outfit,
    PolyvoreFormatError,
)

#: The seed that shuffles answers unless another is given; part of every reported figure.
SHUFFLE_SEED = 20240919

_METADATA = "polyvore_item_metadata.json"
_CATEGORIES = "categories.csv"
_CATEGORY_NAMES = "category_id.txt"

Index = Mapping[str, Item]


def read_maryland(folder: Path, split: str = "test") -> list[Outfit]:
    """Outfits of ``<split>_no_dup.json``. Raises `PolyvoreFormatError` naming what is wrong."""
    names = _read_category_names(folder / _CATEGORY_NAMES)
    rows = _load(folder / f"{split}_no_dup.json")
    with _Named(f"{split}_no_dup.json"):
        return [Outfit(str(row["set_id"]), _maryland_items(row, names)) for row in rows]


def read_outfits_split(folder: Path, split: str = "test") -> list[Outfit]:
    """Outfits of a ``disjoint`` or ``nondisjoint`` folder; items are described in its parent.

    Raises `PolyvoreFormatError` naming what is wrong.
    """
    items = _read_metadata(folder.parent)
    with _Named(f"{split}.json"):
        return [
            Outfit(str(row["set_id"]), tuple(items[str(i["item_id"])] for i in row["items"]))
            for row in _load(folder / f"{split}.json")
        ]


def index_items(folder: Path, split: str = "test") -> dict[str, Item]:
    """``<outfit>_<index>`` -> item, as the questions of either layout name them.

    Which layout ``folder`` has is told by its files. Raises `PolyvoreFormatError`.
    """
    if (folder / f"{split}_no_dup.json").exists():
        names = _read_category_names(folder / _CATEGORY_NAMES)
        rows = _load(folder / f"{split}_no_dup.json")
        with _Named(f"{split}_no_dup.json"):
            return {
                f"{row['set_id']}_{piece['index']}": item
                for row in rows
                for piece, item in zip(row["items"], _maryland_items(row, names), strict=True)
            }
    items = _read_metadata(folder.parent)
    with _Named(f"{split}.json"):
        return {
            f"{row['set_id']}_{piece['index']}": items[str(piece["item_id"])]
            for row in _load(folder / f"{split}.json")
            for piece in row["items"]
        }


def read_published_fitb(path: Path, index: Index, seed: int = SHUFFLE_SEED) -> list[FitbQuestion]:
    """Questions whose first answer is right, with their answers shuffled by ``seed``.

    Raises `PolyvoreFormatError` for another layout or an item that ``index`` does not know.
    """
    rng = random.Random(seed)  # noqa: S311 - reproducible, nothing secret
    with _Named(path.name):
        return [_shuffled(row, index, rng) for row in _load(path)]


def read_published_compatibility(path: Path, index: Index) -> list[CompatibilityQuestion]:
    """Lines of a label and ``<outfit>_<index>`` names. Raises `PolyvoreFormatError`."""
    with _Named(path.name):
        lines = path.read_text(encoding="utf-8").splitlines()
        return [
            CompatibilityQuestion((0, 1).index(int(label)), tuple(index[name] for name in names))
            for label, *names in (line.split() for line in lines if line.strip())
        ]


class _Named:
    """Turns what a malformed record makes Python raise into an error that names the file."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, PolyvoreFormatError):
            return
        if isinstance(error, KeyError | TypeError | ValueError | AttributeError):
            raise PolyvoreFormatError(f"{self._name}: {error!r}") from error


def _shuffled(row: Mapping[str, Any], index: Index, rng: random.Random) -> FitbQuestion:
    answers = [index[name] for name in row["answers"]]
    order = rng.sample(range(len(answers)), len(answers))
    return FitbQuestion(
        outfit_id=str(row["answers"][0]).rpartition("_")[0],
        question=tuple(index[name] for name in row["question"]),
        answers=tuple(answers[place] for place in order),
        correct=order.index(0),
    )


def _maryland_items(row: Mapping[str, Any], names: Mapping[str, str]) -> tuple[Item, ...]:
    return tuple(
        Item(
            item_id=f"{row['set_id']}_{piece['index']}",
            name=str(piece["name"]),
            category=names.get(str(piece["categoryid"]), ""),
            # This layout has one level of categories, and draws wrong answers from all of them.
            semantic_type=names.get(str(piece["categoryid"]), ""),
        )
        for piece in row["items"]
    )


def _read_category_names(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs: Sequence[tuple[str, str, str]] = [line.strip().partition(" ") for line in lines]
    return {number: name for number, _, name in pairs if number}


def _read_metadata(folder: Path) -> dict[str, Item]:
    with (folder / _CATEGORIES).open(newline="", encoding="utf-8") as file:
        fine = {row[0]: row[1] for row in csv.reader(file) if len(row) > 1}
    rows = _load(folder / _METADATA, kind=dict)
    with _Named(_METADATA):
        return {
            str(item_id): Item(
                item_id=str(item_id),
                name=str(row.get("title") or row.get("url_name") or ""),
                category=fine.get(str(row["category_id"]), ""),
                semantic_type=str(row["semantic_category"]),
            )
            for item_id, row in rows.items()
        }


def _load(path: Path, kind: type = list) -> Any:
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise PolyvoreFormatError(f"{path.name} is not JSON: {error}") from error
    if not isinstance(read, kind):
        raise PolyvoreFormatError(f"{path.name} should hold a {kind.__name__}")
    return read
