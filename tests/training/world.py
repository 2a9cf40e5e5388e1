"""Outfits in one colour each, questions about them, and a model that sees colours."""

import json
import random
from collections.abc import Sequence
from pathlib import Path

from training.polyvore import CompatibilityQuestion, FitbQuestion, Item, Outfit
from training.scorers import Text

KINDS = {"tops": "Tops", "bottoms": "Jeans", "shoes": "Boots"}
COLOURS = ["red", "navy", "black", "green", "white", "camel", "pink", "grey"]


def make_item(number: int, kind: str, colour: str) -> Item:
    return Item(f"{kind}{number}", f"{colour} thing {number}", KINDS[kind], kind)


def make_world(count: int = 120) -> tuple[list[Outfit], list[FitbQuestion]]:
    """Outfits, and questions whose wrong answers have other colours."""
    rng = random.Random(4)
    outfits, questions = [], []
    for number in range(count):
        colour = COLOURS[number % len(COLOURS)]
        items = tuple(make_item(3 * number + i, kind, colour) for i, kind in enumerate(KINDS))
        outfits.append(Outfit(str(number), items))
        others = [make_item(9000 + i, "shoes", c) for i, c in enumerate(COLOURS) if c != colour]
        answers = [items[2], *rng.sample(others, 3)]
        rng.shuffle(answers)
        questions.append(
            FitbQuestion(str(number), items[:2], tuple(answers), answers.index(items[2]))
        )
    return outfits, questions


def make_verdicts(outfits: Sequence[Outfit]) -> list[CompatibilityQuestion]:
    """Each outfit, and one of the same types in three colours."""
    real = [CompatibilityQuestion(1, outfit.items) for outfit in outfits]
    mixed = [
        CompatibilityQuestion(
            0, tuple(outfits[(number + 3 * i) % len(outfits)].items[i] for i in range(3))
        )
        for number in range(len(outfits))
    ]
    return real + mixed


class ColourModel:
    """Leans to yes where a candidate has the look's first colour; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Text] = []

    def __call__(self, texts: Sequence[Text]) -> list[list[float]]:
        self.asked.extend(texts)
        return [[self._lean(query, question) for question in asked] for query, asked in texts]

    def _lean(self, query: str, question: str) -> float:
        wanted = query.removeprefix("look: ").split()[0]
        return 3.0 if wanted in question else -3.0


def write_world(folder: Path, count: int = 40) -> dict[str, Path]:
    """The files that `evaluate_stylist` and `train_stylist` read, by option."""
    outfits, questions = make_world(count)
    fitb = [
        {
            "outfit_id": q.outfit_id,
            "question": _rows(q.question),
            "answers": _rows(q.answers),
            "correct": q.correct,
        }
        for q in questions
    ]
    verdicts = [{"label": q.label, "items": _rows(q.items)} for q in make_verdicts(outfits)]
    lines = [json.dumps({"outfit_id": o.outfit_id, "items": _rows(o.items)}) for o in outfits]
    paths = {
        "fitb": folder / "fitb.json",
        "compatibility": folder / "compatibility.json",
        "outfits": folder / "outfits.jsonl",
    }
    paths["fitb"].write_text(json.dumps(fitb), encoding="utf-8")
    paths["compatibility"].write_text(json.dumps(verdicts), encoding="utf-8")
    paths["outfits"].write_text("\n".join(lines), encoding="utf-8")
    return paths


def _rows(items: Sequence[Item]) -> list[dict[str, str]]:
    return [{name: getattr(item, name) for name in Item.__slots__} for item in items]
