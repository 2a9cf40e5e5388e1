"""Sets a stylist the gate's questions and marks the answers, in this process.

The same questions for the candidate and for what serves: held-out preference pairs, and FITB and
compatibility questions made, with a fixed seed, from outfits of the house. The language model is
asked alone: what counting adds is the same for a stylist and the one it was trained from. torch
and transformers are imported where models are loaded.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.dataset import PairExample
from training.evaluation import compatibility_auc, fitb_accuracy
from training.gate import Marks
from training.policy import pick_precision
from training.polyvore import Item, Outfit, read_outfits, to_prompt_item
from training.questions import ItemPool, ask_each_item, mix_outfit
from training.scoring import MatchQuestion, match_logits, match_texts
from training.stylist_model import load_stylist

#: Outfits of the house that come with the package, for shops that name none of their own.
HOUSE_OUTFITS = Path(__file__).parent / "data" / "house_outfits.jsonl"

#: How many outfits are asked about. On two cores, a stylist answers in under half a minute.
REGRESSION_OUTFITS = 16
#: Wrong answers beside the right one, and items replaced in a mixed outfit.
_WRONG_ANSWERS = 3
_MIXED_ITEMS = 2


@dataclass(frozen=True, slots=True)
class Exam:
    """What a stylist is asked. ``real`` and ``mixed`` hold the items of one outfit each."""

    pairs: tuple[PairExample, ...]
    fitb: tuple[MatchQuestion, ...] = ()
    real: tuple[tuple[Item, ...], ...] = ()
    mixed: tuple[tuple[Item, ...], ...] = ()


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
    fitb = tuple(question for outfit in asked for question in _ask(outfit, pool, rng))
    mixed = tuple(tuple(mix_outfit(outfit.items, pool, _MIXED_ITEMS, rng)) for outfit in asked)
    return Exam(tuple(pairs), fitb, tuple(outfit.items for outfit in asked), mixed)


def sit_exam(exam: Exam, base_model: Path, adapter: Path | None) -> Marks:
    """Ask the stylist (base model, with ``adapter`` if given) and mark its answers."""
    model, tokenizer = load_stylist(base_model, adapter, precision=pick_precision())
    return mark(exam, model, tokenizer)


def mark(exam: Exam, model: Any, tokenizer: Any) -> Marks:
    """Ask a loaded stylist and mark its answers."""
    asked = [(pair.query, [pair.chosen, pair.rejected]) for pair in exam.pairs]
    margins = tuple(kept - gone for kept, gone in match_texts(model, tokenizer, asked))
    if not exam.fitb:
        return Marks(margins)
    outfits = [*exam.real, *exam.mixed]
    fitb = match_logits(model, tokenizer, exam.fitb)
    accuracy = fitb_accuracy(fitb, [question.correct for question in exam.fitb])
    scores = _score_outfits(outfits, model, tokenizer)
    labels = [1] * len(exam.real) + [0] * len(exam.mixed)
    return Marks(
        margins,
        round(accuracy.value, 4),
        round(compatibility_auc(scores, labels).value, 4),
        fitb_questions=len(exam.fitb),
        outfits=len(exam.real),
    )


def _score_outfits(outfits: Sequence[Sequence[Item]], model: Any, tokenizer: Any) -> list[float]:
    """How well each outfit goes together: its items' mean log-odds, the others being the look."""
    asked = [leave_out(items, place) for items in outfits for place in range(len(items))]
    answers = iter(match_logits(model, tokenizer, asked))
    return [sum(next(answers)[0] for _ in items) / len(items) for items in outfits]


def leave_out(items: Sequence[Item], place: int) -> MatchQuestion:
    """Whether the item at ``place`` goes with the others."""
    look = (*items[:place], *items[place + 1 :])
    return MatchQuestion(tuple(map(to_prompt_item, look)), (to_prompt_item(items[place]),))


def _ask(outfit: Outfit, pool: ItemPool, rng: random.Random) -> list[MatchQuestion]:
    return ask_each_item(outfit.items, pool, _WRONG_ANSWERS, rng)
