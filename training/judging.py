"""Sets a stylist the gate's questions and marks the answers, in this process.

The same questions for the candidate and for what serves: held-out preference pairs, and FITB and
compatibility questions made, with a fixed seed, from outfits of the house. torch and transformers
are imported where models are loaded.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from outfits.prompts import LETTERS, Message, PromptItem
from training.dataset import PairExample
from training.dpo import pick_precision
from training.evaluation import compatibility_auc, fitb_accuracy, mean_item_scores
from training.gate import Marks
from training.polyvore import Outfit, read_outfits
from training.questions import ChoiceQuestion, ItemPool, ask_each_item, mix_outfit
from training.scoring import choice_logprobs
from training.sft import load_stylist

#: Outfits of the house that come with the package, for shops that name none of their own.
HOUSE_OUTFITS = Path(__file__).parent / "data" / "house_outfits.jsonl"

#: How many outfits are asked about. On two cores, a stylist answers in under half a minute.
REGRESSION_OUTFITS = 16
#: Wrong answers beside the right one, and items replaced in a mixed outfit.
_WRONG_ANSWERS = 3
_MIXED_ITEMS = 2


@dataclass(frozen=True, slots=True)
class Exam:
    """What a stylist is asked. ``real`` and ``mixed`` hold one list of questions an outfit."""

    pairs: tuple[PairExample, ...]
    fitb: tuple[ChoiceQuestion, ...] = ()
    real: tuple[list[ChoiceQuestion], ...] = ()
    mixed: tuple[list[ChoiceQuestion], ...] = ()


@dataclass(frozen=True, slots=True)
class ServedPrompt(ChoiceQuestion):
    """A prompt as it was served, word for word; every letter counts as offered.

    Offering more letters than the prompt did shifts all log-probabilities alike, so margins stay.
    """

    messages: tuple[Message, ...] = ()

    def build_messages(self) -> list[Message]:
        return list(self.messages)


def as_question(pair: PairExample) -> ServedPrompt:
    """The question that a pair answers."""
    offered = (PromptItem("", ""),) * len(LETTERS)
    return ServedPrompt((), "", offered, correct=0, messages=pair.messages)


def build_exam(pairs: Sequence[PairExample], outfits: Path | None, seed: int = 0) -> Exam:
    """Make the gate's questions; without ``outfits`` those of the package, if it has any.

    Raises `training.polyvore.PolyvoreFormatError` on a file of another layout.
    """
    path = outfits or HOUSE_OUTFITS
    if not path.exists():
        return Exam(tuple(pairs))
    rng = random.Random(seed)  # noqa: S311 - for questions, not for secrets
    known = [outfit for outfit in read_outfits(path) if len(outfit.items) > 1]
    pool = ItemPool(known)
    asked = rng.sample(known, min(REGRESSION_OUTFITS, len(known)))
    real = tuple(_ask(outfit, pool, rng) for outfit in asked)
    mixed = tuple(_ask(_mix(outfit, pool, rng), pool, rng) for outfit in asked)
    # One question an outfit for FITB; what is asked about real outfits has the right answers.
    fitb = tuple(question for questions in real for question in questions)
    return Exam(tuple(pairs), fitb, real, mixed)


def sit_exam(exam: Exam, base_model: Path, adapter: Path | None) -> Marks:
    """Ask the stylist (base model, with ``adapter`` if given) and mark its answers."""
    model, tokenizer = load_stylist(base_model, adapter, precision=pick_precision())
    return mark(exam, model, tokenizer)


def mark(exam: Exam, model: Any, tokenizer: Any) -> Marks:
    """Ask a loaded stylist and mark its answers."""

    def answer(questions: Sequence[ChoiceQuestion]) -> list[list[float]]:
        return choice_logprobs(model, tokenizer, questions)

    rows = answer([as_question(pair) for pair in exam.pairs]) if exam.pairs else []
    margins = tuple(
        row[LETTERS.index(pair.chosen)] - row[LETTERS.index(pair.rejected)]
        for row, pair in zip(rows, exam.pairs, strict=True)
    )
    if not exam.fitb:
        return Marks(margins)
    real, fitb_scores = _score_real(exam, answer)
    mixed = mean_item_scores(exam.mixed, answer)
    accuracy = fitb_accuracy(fitb_scores, [question.correct for question in exam.fitb])
    auc = compatibility_auc([*real, *mixed], [1] * len(real) + [0] * len(mixed))
    return Marks(
        margins,
        round(accuracy.value, 4),
        round(auc.value, 4),
        fitb_questions=len(exam.fitb),
        outfits=len(real),
    )


def _score_real(exam: Exam, answer: Any) -> tuple[list[float], list[list[float]]]:
    """Answer the questions about real outfits once, for both FITB and compatibility."""
    scores = answer(exam.fitb)
    return mean_item_scores(exam.real, lambda questions: scores), scores


def _ask(outfit: Outfit, pool: ItemPool, rng: random.Random) -> list[ChoiceQuestion]:
    return ask_each_item(outfit.items, pool, _WRONG_ANSWERS, rng)


def _mix(outfit: Outfit, pool: ItemPool, rng: random.Random) -> Outfit:
    items = mix_outfit(outfit.items, pool, _MIXED_ITEMS, rng)
    return Outfit(outfit.outfit_id, tuple(items))
