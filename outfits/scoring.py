"""How well candidates complete a partial outfit: the language model and counting, added up.

What is served and what `manage.py evaluate_stylist` measures both come through here.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from outfits.cooccurrence import COOCCURRENCE, Cooccurrence
from outfits.prompts import PromptItem, build_query, build_question
from outfits.why.factors import Factor


@dataclass(frozen=True, slots=True)
class Mix:
    """What each half's logit is multiplied by before they are added; fitted in training."""

    model: float = 1.0
    cooccurrence: float = 0.0


@dataclass(frozen=True, slots=True)
class Score:
    """A candidate's score and its halves, all logits; ``total`` is what candidates are ranked by.

    ``model`` is the language model's log-odds; the halves are before `Mix`.
    """

    total: float
    model: float
    cooccurrence: float


@dataclass(frozen=True, slots=True)
class Taste:
    """The half of a stylist that is not in the language model: counts, and how they mix in."""

    mix: Mix = Mix()
    cooccurrence: Cooccurrence | None = None

    def count(self, look: Sequence[PromptItem], candidates: Sequence[PromptItem]) -> list[float]:
        """What counting alone says of ``candidates``; zeros where there are no counts."""
        if self.cooccurrence is None:
            return [0.0] * len(candidates)
        return self.cooccurrence.scores(look, candidates)

    def score(
        self,
        look: Sequence[PromptItem],
        candidates: Sequence[PromptItem],
        model_logits: Sequence[float],
    ) -> list[Score]:
        """Add up both halves; ``model_logits`` holds one of each candidate."""
        counted = self.count(look, candidates)
        return [
            Score(self.mix.model * said + self.mix.cooccurrence * known, said, known)
            for said, known in zip(model_logits, counted, strict=True)
        ]


#: (query, a question a candidate) -> the language model's log-odds a candidate.
Ask = Callable[[str, Sequence[str]], Sequence[float]]


def score_candidates(
    ask: Ask,
    taste: Taste,
    look: Sequence[PromptItem],
    candidates: Sequence[PromptItem],
    context: Sequence[str] = (),
) -> list[Score]:
    """Ask the language model about all ``candidates`` and add what counting says."""
    questions = [build_question(candidate) for candidate in candidates]
    return taste.score(look, candidates, ask(build_query(look, context), questions))


def sum_by_name(factors: Iterable[Factor]) -> dict[str, float]:
    """The name of each factor -> its weight in logits, those of one name added up."""
    found: dict[str, float] = {}
    for factor in factors:
        found[factor.name] = round(found.get(factor.name, 0.0) + factor.weight, 3)
    return found


def adjust_scores(
    scores: Sequence[Score], adjustments: Sequence[Mapping[str, float]]
) -> list[Score]:
    """Scores with what the context adds to each candidate's total; the halves stay."""
    return [
        replace(score, total=score.total + sum(added.values()))
        for score, added in zip(scores, adjustments, strict=True)
    ]


def read_taste(folder: Path | None, manifest: Mapping[str, Any]) -> Taste:
    """The taste that belongs to an adapter; that of the base model (no ``folder``) is empty.

    Raises `ValueError` or `OSError` when the folder's counts cannot be read.
    """
    if folder is None or COOCCURRENCE not in manifest.get("files", {}):
        return Taste()
    return Taste(read_mix(manifest), _load(folder / COOCCURRENCE))


def read_mix(manifest: Mapping[str, Any]) -> Mix:
    """How a manifest says the halves are mixed; the model alone where it does not.

    Raises `ValueError` for weights that are no finite, non-negative numbers.
    """
    weights = manifest.get("mix", {})
    try:
        mix = Mix(**{name: float(value) for name, value in weights.items()})
    except (AttributeError, TypeError, ValueError) as error:
        raise ValueError(f"its mix is {weights!r}, not two numbers") from error
    if not all(math.isfinite(weight) and weight >= 0 for weight in (mix.model, mix.cooccurrence)):
        raise ValueError(f"its mix is {weights!r}; weights are finite and at least 0")
    return mix


@lru_cache(maxsize=4)
def _load(path: Path) -> Cooccurrence:
    # Adapters never change, and a quarter of a million counts take most of a second to read.
    return Cooccurrence.load(path)
