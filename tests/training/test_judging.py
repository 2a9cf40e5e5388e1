"""The gate's questions are the same for everybody, and answered by the real model."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.training.adapter import make_adapter_folder
from tests.training.preferences import make_example
from tests.training.tiny import make_outfits
from training.judging import HOUSE_OUTFITS, Exam, build_exam, leave_out, sit_exam
from training.policy import pick_precision
from training.scoring import match_texts
from training.stylist_model import load_stylist

pytest.importorskip("torch")


@pytest.fixture
def outfits(tmp_path: Path) -> Path:
    path = tmp_path / "outfits.jsonl"
    path.write_text("\n".join(json.dumps(asdict(outfit)) for outfit in make_outfits(8)))
    return path


def test_the_same_questions_are_asked_every_time(outfits: Path) -> None:
    assert build_exam([make_example()], outfits) == build_exam([make_example()], outfits)
    assert build_exam([make_example()], outfits) != build_exam([make_example()], outfits, seed=1)


def test_every_real_outfit_has_a_mixed_one_beside_it(outfits: Path) -> None:
    exam = build_exam([], outfits)
    assert len(exam.real) == len(exam.mixed) == 8
    assert len(exam.fitb) == 24


def test_the_package_brings_outfits_of_its_own() -> None:
    assert HOUSE_OUTFITS.exists()
    assert build_exam([], None).fitb


def test_without_outfits_only_pairs_are_judged(tmp_path: Path) -> None:
    exam = build_exam([make_example()], tmp_path / "none.jsonl")
    assert (len(exam.pairs), exam.fitb) == (1, ())


def test_the_right_answer_of_a_fitb_question_was_worn(outfits: Path) -> None:
    exam = build_exam([], outfits)
    worn = {item.name for items in exam.real for item in items}
    assert all(len(question.candidates) == 4 for question in exam.fitb)
    assert all(question.candidates[question.correct].name in worn for question in exam.fitb)


def test_an_outfit_is_judged_by_each_item_with_the_others_as_the_look() -> None:
    items = make_outfits(1)[0].items
    question = leave_out(items, 1)
    assert [item.name for item in question.partial_outfit] == [items[0].name, items[2].name]
    assert [item.name for item in question.candidates] == [items[1].name]


def test_a_pair_is_asked_about_in_the_words_that_were_served(tiny_model: Path) -> None:
    pair = make_example()
    model, tokenizer = load_stylist(tiny_model, precision=pick_precision())
    ((chosen, rejected),) = match_texts(
        model, tokenizer, [(pair.query, [pair.chosen, pair.rejected])]
    )
    marks = sit_exam(Exam((pair,)), tiny_model, None)
    assert marks.margins == (chosen - rejected,)
    assert (marks.fitb, marks.auc) == (None, None)


def test_marks_are_figures_of_the_stylist_that_was_asked(
    outfits: Path, tiny_model: Path, tmp_path: Path
) -> None:
    pairs = [make_example(f"SKU-{number}") for number in range(3)]
    reversed_pairs = [make_example(f"SKU-{n}", "pink shoe", "black shoe") for n in range(3)]
    exam = build_exam([*pairs, *reversed_pairs], outfits)
    base = sit_exam(exam, tiny_model, None)
    assert base.margins[:3] == pytest.approx([-margin for margin in base.margins[3:]])
    assert base.fitb is not None
    assert base.auc is not None
    assert 0 <= base.fitb <= 1
    assert 0 <= base.auc <= 1
    assert (base.fitb_questions, base.outfits) == (24, 8)
    adapter = make_adapter_folder(tiny_model, tmp_path)
    assert sit_exam(exam, tiny_model, adapter).margins != base.margins
    assert sit_exam(exam, tiny_model, None) == base
