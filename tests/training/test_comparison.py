"""Scorers side by side: each must come out where theory says."""

import json
import random
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from outfits.llm.base import Choice
from tests.fakes import FakeEmbedder
from training.comparison import compare
from training.polyvore import CompatibilityQuestion, FitbQuestion, Item, Outfit
from training.scorers import (
    CategoryScorer,
    CosineScorer,
    CountingScorer,
    FillIn,
    PopularityScorer,
    RandomScorer,
    Scorer,
    ServedScorer,
)

KINDS = {"tops": "Tops", "bottoms": "Jeans", "shoes": "Boots"}
COLOURS = ["red", "navy", "black", "green", "white", "camel", "pink", "grey"]


def make_item(number: int, kind: str, colour: str) -> Item:
    return Item(f"{kind}{number}", f"{colour} thing {number}", KINDS[kind], kind)


def make_world(count: int = 120) -> tuple[list[Outfit], list[FitbQuestion]]:
    """Outfits in one colour each, and questions whose wrong answers have other colours."""
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


class ColourStylist:
    """A model server that chooses the candidate whose colour the look has."""

    model_name = "colour-stylist"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def choose(
        self, messages: Sequence[Mapping[str, str]], letters: Sequence[str], *, adapter: str = ""
    ) -> Choice:
        text = messages[-1]["content"]
        self.asked.append(text)
        look, offered = text.split("missing:")
        lines = [line for line in offered.splitlines() if line[1:2] == "."]
        wanted = look.split("- ")[1].split()[0]
        right = next((line[0] for line in lines if line.split()[1] == wanted), letters[0])
        return Choice(right, {letter: -0.1 if letter == right else -3.0 for letter in letters})


@pytest.mark.parametrize("name", ["random", "category"])
def test_a_scorer_that_knows_nothing_is_at_chance(name: str) -> None:
    outfits, questions = make_world(400)
    scorer: Scorer = RandomScorer() if name == "random" else CategoryScorer(outfits)
    report = compare(scorer, questions, make_verdicts(outfits))
    assert report.fitb is not None
    assert report.auc is not None
    assert report.fitb.low <= 0.25 <= report.fitb.high
    assert report.auc.low <= 0.5 <= report.auc.high


def test_cosine_finds_what_is_worded_alike() -> None:
    outfits, questions = make_world()
    report = compare(CosineScorer(FakeEmbedder()), questions, make_verdicts(outfits))
    assert report.fitb is not None
    assert report.fitb.low > 0.25


def test_counting_learns_which_words_are_worn_together() -> None:
    outfits, questions = make_world()
    report = compare(CountingScorer(outfits), questions[:40], make_verdicts(outfits[:40]))
    assert report.fitb is not None
    assert report.auc is not None
    assert report.fitb.value > 0.9
    assert report.auc.value > 0.9


def test_popularity_prefers_what_is_worn_often() -> None:
    outfits, _ = make_world()
    rare = Item("x", "red tiara", "Tiaras", "shoes")
    scores = PopularityScorer(outfits).score([FillIn((), (rare, outfits[0].items[2]))])
    assert scores[0][0] < scores[0][1]


def test_the_served_stylist_is_asked_in_the_words_that_looks_are_built_with() -> None:
    outfits, questions = make_world(8)
    stylist = ColourStylist()
    report = compare(ServedScorer(stylist), questions, make_verdicts(outfits))  # type: ignore[arg-type]
    assert report.fitb is not None
    assert report.fitb.value == 1.0
    assert all("look:\n- " in text and "missing: shoes" in text for text in stylist.asked[:8])


def test_averaging_over_orders_asks_in_different_orders() -> None:
    _, questions = make_world(1)
    stylist = ColourStylist()
    scorer = ServedScorer(stylist, orders=6)  # type: ignore[arg-type]
    scorer.score([FillIn(questions[0].question, questions[0].answers)])
    assert len(stylist.asked) == 6
    assert len(set(stylist.asked)) > 1


def test_retrieval_ranks_the_worn_item_among_all_of_its_type() -> None:
    outfits, questions = make_world()
    report = compare(CountingScorer(outfits), questions, [], retrievals=20)
    assert set(report.cir) == {1, 10, 30, 50}
    assert report.cir[1].value <= report.cir[10].value <= report.cir[50].value
    assert report.cir[50].value > 0.8


def test_a_scorer_that_ties_everything_stands_in_the_middle_of_the_pool() -> None:
    outfits, questions = make_world(120)
    report = compare(CategoryScorer(outfits), questions, [], retrievals=20)
    assert report.cir[1].value == 0
    assert report.cir[50].value == 0


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    outfits, questions = make_world(40)

    def row(item: Item) -> dict[str, str]:
        return {name: getattr(item, name) for name in Item.__slots__}

    fitb = [
        {
            "outfit_id": q.outfit_id,
            "question": [row(i) for i in q.question],
            "answers": [row(i) for i in q.answers],
            "correct": q.correct,
        }
        for q in questions
    ]
    verdicts = [
        {"label": q.label, "items": [row(i) for i in q.items]} for q in make_verdicts(outfits)
    ]
    lines = [
        json.dumps({"outfit_id": o.outfit_id, "items": [row(i) for i in o.items]}) for o in outfits
    ]
    (tmp_path / "fitb.json").write_text(json.dumps(fitb))
    (tmp_path / "compatibility.json").write_text(json.dumps(verdicts))
    (tmp_path / "outfits.jsonl").write_text("\n".join(lines))
    return {
        "fitb": tmp_path / "fitb.json",
        "compatibility": tmp_path / "compatibility.json",
        "outfits": tmp_path / "outfits.jsonl",
    }


def test_the_command_prints_one_line_of_json(files: dict[str, Path]) -> None:
    out = StringIO()
    call_command("evaluate_stylist", scorer="counting", json=True, stdout=out, **files)
    (line,) = out.getvalue().splitlines()
    report = json.loads(line)
    assert set(report) >= {
        *("fitb_accuracy", "fitb_ci", "compatibility_auc", "auc_ci", "cir"),
        *("questions_per_second", "scorer"),
    }
    assert report["fitb_ci"][0] <= report["fitb_accuracy"] <= report["fitb_ci"][1]
    assert report["scorer"] == "counting"


def test_the_command_says_that_counting_needs_outfits(files: dict[str, Path]) -> None:
    with pytest.raises(CommandError, match="--outfits"):
        call_command("evaluate_stylist", scorer="category", fitb=files["fitb"])


def test_the_command_without_questions_says_what_to_give() -> None:
    with pytest.raises(CommandError, match="--fitb"):
        call_command("evaluate_stylist", scorer="random")
