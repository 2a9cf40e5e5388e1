"""Readers of outfits and questions; nothing here computes.

The files are JSON; an item has ``item_id``, ``name``, ``category``, ``semantic_type`` and, if there
is one, a ``caption`` of a few words ("navy slim wool notched formal"). Polyvore was collected by
Han et al., "Learning Fashion Compatibility with Bidirectional LSTMs"
(https://arxiv.org/abs/1707.05691), who also introduced the two tasks read here: fill in the blank
(FITB) and compatibility.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from outfits.prompts import PromptItem


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of an outfit. ``semantic_type`` is coarse (shoes), ``category`` fine (Sandals).

    ``attributes`` are the words of a caption, where there is one: in the paper's form, five.
    """

    item_id: str
    name: str
    category: str
    semantic_type: str
    attributes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outfit:
    """Items that somebody put together."""

    outfit_id: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class FitbQuestion:
    """An outfit without one item, and what might fill the gap; ``answers[correct]`` did."""

    outfit_id: str
    question: tuple[Item, ...]
    answers: tuple[Item, ...]
    correct: int


@dataclass(frozen=True, slots=True)
class CompatibilityQuestion:
    """A whole outfit; ``label`` is 1 for a real one and 0 for one mixed at random."""

    label: int
    items: tuple[Item, ...]


class PolyvoreFormatError(ValueError):
    """A file is not in the layout expected; the message names the file and the record."""


def read_outfits(path: Path) -> list[Outfit]:
    """Read outfits, one JSON object a line. Raises `PolyvoreFormatError` naming the bad line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise PolyvoreFormatError(f"{path.name} is not UTF-8: {error}") from error
    outfits = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            outfits.append(Outfit(str(row["outfit_id"]), _items(row["items"])))
        except (ValueError, KeyError, TypeError) as error:
            raise PolyvoreFormatError(f"{path.name}, line {number}: {error!r}") from error
    return outfits


def read_fitb(path: Path) -> list[FitbQuestion]:
    """Read fill-in-the-blank questions. Raises `PolyvoreFormatError` naming the bad record."""
    return [_fitb(path, index, row) for index, row in enumerate(_rows(path))]


def read_compatibility(path: Path) -> list[CompatibilityQuestion]:
    """Read compatibility questions. Raises `PolyvoreFormatError` naming the bad record."""
    return [_compatibility(path, index, row) for index, row in enumerate(_rows(path))]


def to_prompt_item(item: Item) -> PromptItem:
    """What a prompt may say of ``item``."""
    return PromptItem(item.name, item.category, item.attributes)


def _rows(path: Path) -> list[Any]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise PolyvoreFormatError(f"{path.name} is not JSON: {error}") from error
    if not isinstance(rows, list):
        raise PolyvoreFormatError(f"{path.name} should hold a list of questions")
    return rows


def _fitb(path: Path, index: int, row: Mapping[str, Any]) -> FitbQuestion:
    try:
        question, answers = _items(row["question"]), _items(row["answers"])
        correct = range(len(answers)).index(row["correct"])
        return FitbQuestion(str(row["outfit_id"]), question, answers, correct)
    except (ValueError, KeyError, TypeError) as error:
        raise PolyvoreFormatError(f"{path.name}, question {index}: {error!r}") from error


def _compatibility(path: Path, index: int, row: Mapping[str, Any]) -> CompatibilityQuestion:
    try:
        return CompatibilityQuestion((0, 1).index(row["label"]), _items(row["items"]))
    except (ValueError, KeyError, TypeError) as error:
        raise PolyvoreFormatError(f"{path.name}, question {index}: {error!r}") from error


def _items(rows: Sequence[Mapping[str, Any]]) -> tuple[Item, ...]:
    return tuple(
        Item(
            item_id=str(row["item_id"]),
            name=str(row["name"]),
            category=str(row["category"]),
            semantic_type=str(row["semantic_type"]),
            attributes=tuple(re.findall(r"[^\s,;]+", row.get("caption") or "")),
        )
        for row in rows
    )
