"""From candidates' scores to a ranking; pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from outfits.scoring import Score


@dataclass(frozen=True, slots=True)
class Ranked:
    """One ranked candidate: its place in retrieval order (from 0), its score, and its share.

    ``logprob`` is the natural log-probability that it is chosen; over all candidates, the
    probabilities add up to 1.
    """

    product_id: int
    retrieval_rank: int
    score: Score
    logprob: float


def rank_candidates(product_ids: Sequence[int], scores: Sequence[Score]) -> list[Ranked]:
    """Order candidates by their total score, the best first; retrieval order breaks ties."""
    totals = [score.total for score in scores]
    ranked = [
        Ranked(product_id, rank, score, logprob)
        for rank, (product_id, score, logprob) in enumerate(
            zip(product_ids, scores, log_softmax(totals), strict=True)
        )
    ]
    return sorted(ranked, key=lambda candidate: (-candidate.logprob, candidate.retrieval_rank))


def log_softmax(logits: Sequence[float]) -> list[float]:
    """Natural log-probabilities of a choice between candidates with ``logits``.

    >>> [round(value, 3) for value in log_softmax([1000.0, 1000.0])]
    [-0.693, -0.693]
    """
    highest = max(logits, default=0.0)
    total = math.log(sum(math.exp(logit - highest) for logit in logits)) if logits else 0.0
    return [logit - highest - total for logit in logits]
