"""From the model's answer to ranked candidates; pure."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from outfits.prompts import LETTERS


@dataclass(frozen=True, slots=True)
class Lettered:
    """One offered candidate: its letter, product id, and place in retrieval order (from 0)."""

    letter: str
    product_id: int
    retrieval_rank: int


@dataclass(frozen=True, slots=True)
class Ranked:
    """One ranked candidate, with the natural log-probability of its letter."""

    letter: str
    product_id: int
    retrieval_rank: int
    logprob: float


def letter_candidates(product_ids: Sequence[int], *, seed: str) -> list[Lettered]:
    """Shuffle candidates (models favour early letters) and letter them; same seed, same order."""
    ranks = list(range(len(product_ids)))
    random.Random(seed).shuffle(ranks)  # noqa: S311 - order, not secrecy
    return [
        Lettered(letter, product_ids[rank], rank)
        for letter, rank in zip(LETTERS, ranks, strict=False)
    ]


def rank_candidates(offered: Sequence[Lettered], logprobs: Mapping[str, float]) -> list[Ranked]:
    """Order ``offered`` by log-probability, the best first; retrieval order breaks ties.

    Raises `KeyError` when a letter has no log-probability.
    """
    ranked = [Ranked(c.letter, c.product_id, c.retrieval_rank, logprobs[c.letter]) for c in offered]
    return sorted(ranked, key=lambda c: (-c.logprob, c.retrieval_rank))
