"""Puts the published questions to a scorer: fill in the blank, compatibility, retrieval.

FITB and compatibility are Han et al.'s (https://arxiv.org/abs/1707.05691); complementary item
retrieval (CIR) ranks every known item of the missing one's type, as in Lin et al. 2020
(https://arxiv.org/abs/1912.08967). Pure, but for what the scorer asks.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from training.evaluation import Interval, compatibility_auc, fitb_accuracy, recall_at
from training.polyvore import CompatibilityQuestion, FitbQuestion, Item
from training.scorers import FillIn, Scorer

RECALL_AT = (1, 10, 30, 50)


@dataclass(frozen=True, slots=True)
class Report:
    """How one scorer did; None where it was not asked. ``cir`` is by k."""

    scorer: str
    fitb: Interval | None
    auc: Interval | None
    cir: dict[int, Interval]
    asked: int
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """The figures in the shape that ``evaluate_stylist --json`` prints."""
        return {
            "fitb_accuracy": self.fitb and round(self.fitb.value, 4),
            "fitb_ci": self.fitb and _ends(self.fitb),
            "compatibility_auc": self.auc and round(self.auc.value, 4),
            "auc_ci": self.auc and _ends(self.auc),
            "cir": {f"recall@{k}": round(found.value, 4) for k, found in self.cir.items()},
            "cir_ci": {f"recall@{k}": _ends(found) for k, found in self.cir.items()},
            "questions_per_second": round(self.asked / max(self.seconds, 1e-9), 2),
            "scorer": self.scorer,
        }


def compare(
    scorer: Scorer,
    fitb: Sequence[FitbQuestion],
    compatibility: Sequence[CompatibilityQuestion],
    *,
    retrievals: int = 0,
    seed: int = 0,
) -> Report:
    """Ask ``scorer`` everything; ``retrievals`` of the FITB questions are asked as CIR too."""
    pool = pool_items(fitb, compatibility)
    started = time.monotonic()
    found_fitb = _ask_fitb(scorer, fitb, seed) if fitb else None
    found_auc = _ask_compatibility(scorer, compatibility, seed) if compatibility else None
    chosen = Random(seed).sample(list(fitb), min(retrievals, len(fitb)))  # noqa: S311
    cir = _ask_retrieval(scorer, chosen, pool, seed) if chosen else {}
    return Report(
        scorer=scorer.name,
        fitb=found_fitb,
        auc=found_auc,
        cir=cir,
        asked=len(fitb) + len(compatibility) + len(chosen),
        seconds=time.monotonic() - started,
    )


def pool_items(
    fitb: Iterable[FitbQuestion], compatibility: Iterable[CompatibilityQuestion]
) -> dict[str, list[Item]]:
    """Every item of the questions, once by name, by semantic type."""
    pool: dict[str, dict[tuple[str, str], Item]] = defaultdict(dict)
    items = [item for q in fitb for item in (*q.question, *q.answers)]
    items += [item for q in compatibility for item in q.items]
    for item in items:
        pool[item.semantic_type].setdefault((item.name, item.category), item)
    return {kind: list(known.values()) for kind, known in pool.items()}


def _ask_fitb(scorer: Scorer, questions: Sequence[FitbQuestion], seed: int) -> Interval:
    scores = scorer.score([FillIn(q.question, q.answers) for q in questions])
    return fitb_accuracy(scores, [question.correct for question in questions], seed)


def _ask_compatibility(
    scorer: Scorer, questions: Sequence[CompatibilityQuestion], seed: int
) -> Interval:
    """An outfit scores as its items do on average, each asked for with the others as the look."""
    asked = [
        FillIn((*q.items[:place], *q.items[place + 1 :]), (item,))
        for q in questions
        for place, item in enumerate(q.items)
    ]
    answers = iter(scorer.score(asked))
    scores = [_mean([next(answers)[0] for _ in q.items]) for q in questions]
    return compatibility_auc(scores, [question.label for question in questions], seed)


def _ask_retrieval(
    scorer: Scorer, questions: Sequence[FitbQuestion], pool: dict[str, list[Item]], seed: int
) -> dict[int, Interval]:
    ranks = [_rank(scorer, question, pool) for question in questions]
    return {k: recall_at(ranks, k, seed) for k in RECALL_AT}


def _rank(scorer: Scorer, question: FitbQuestion, pool: dict[str, list[Item]]) -> float:
    """Where the right answer stands among all items of its type; ties share the middle place."""
    right = question.answers[question.correct]
    worn = {item.name for item in question.question} | {right.name}
    others = [item for item in pool[right.semantic_type] if item.name not in worn]
    best, *rest = scorer.score([FillIn(question.question, (right, *others))])[0]
    ahead = sum(score > best for score in rest)
    return 1 + ahead + sum(score == best for score in rest) / 2


def _ends(interval: Interval) -> list[float]:
    return [round(interval.low, 4), round(interval.high, 4)]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
