"""Preference pairs as training rows: which are learned from, which are kept back, in what form.

Pairs are split by anchor: questions about one product share most of their prompt, and a stylist
that saw some of them in training would be flattered by the others. The split is a hash of the SKU,
so a product once kept back stays kept back, in every later run.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from feedback.models import PreferencePair
from outfits.prompts import YES


@dataclass(frozen=True, slots=True)
class PairExample:
    """One preference: of the look ``query``, the candidate of ``chosen`` before ``rejected``'s.

    All three are what the stylist was asked, word for word (`outfits.prompts`). ``pair_id``
    is the row it was copied from (0: none).
    """

    anchor: str
    query: str
    chosen: str
    rejected: str
    pair_id: int = 0


@dataclass(frozen=True, slots=True)
class PairSplit:
    """Pairs to learn from and pairs to judge by; no anchor is on both sides."""

    train: tuple[PairExample, ...]
    held_out: tuple[PairExample, ...]


def select_pairs(after: int = 0) -> list[PairExample]:
    """Read the stored pairs newer than the pair with id ``after``, the oldest first."""
    return [to_example(pair) for pair in _newer_than(after).order_by("pk")]


def count_pairs(after: int = 0) -> int:
    """How many stored pairs are newer than the pair with id ``after``."""
    return _newer_than(after).count()


def to_example(pair: PreferencePair) -> PairExample:
    """Copy what training needs out of a row."""
    return PairExample(
        anchor=pair.anchor_sku,
        query=pair.query,
        chosen=pair.chosen,
        rejected=pair.rejected,
        pair_id=pair.pk,
    )


def is_held_out(anchor: str, share: float) -> bool:
    """Whether pairs about the product ``anchor`` are kept back, for a ``share`` (0 to 1) of all."""
    digest = hashlib.sha256(f"held out/{anchor}".encode()).digest()
    return int.from_bytes(digest[:8]) < share * 2**64


def split_pairs(pairs: Iterable[PairExample], share: float) -> PairSplit:
    """Split ``pairs`` by anchor; about ``share`` of the anchors are kept back."""
    pairs = tuple(pairs)
    return PairSplit(
        train=tuple(pair for pair in pairs if not is_held_out(pair.anchor, share)),
        held_out=tuple(pair for pair in pairs if is_held_out(pair.anchor, share)),
    )


def build_rows(pairs: Iterable[PairExample]) -> list[dict[str, str]]:
    """Write pairs as TRL's preference rows: two questions about one look, both answered yes.

    https://huggingface.co/docs/trl/dataset_formats#preference
    """
    return [
        {"prompt": pair.query, "chosen": pair.chosen + YES, "rejected": pair.rejected + YES}
        for pair in pairs
    ]


def find_problem(pair: PairExample) -> str:
    """Say why a pair cannot be learned from, or nothing (an empty string)."""
    if not (pair.query and pair.chosen and pair.rejected):
        return f"pair {pair.pair_id} lacks what was asked"
    if pair.chosen == pair.rejected:
        return f"pair {pair.pair_id} does not have two different candidates"
    return ""


def hash_pairs(pairs: Sequence[PairExample]) -> str:
    """Hash what is learned from, in whatever order: sha256 of what was asked."""
    lines = sorted(json.dumps(_content(pair), sort_keys=True) for pair in pairs)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _content(pair: PairExample) -> list[str]:
    return [pair.anchor, pair.query, pair.chosen, pair.rejected]


def _newer_than(after: int) -> "QuerySet[PreferencePair]":
    return PreferencePair.objects.filter(pk__gt=after)
