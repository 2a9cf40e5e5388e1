"""The gate's questions are the same for everybody, and answered by the real model."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from outfits.prompts import LETTERS
from tests.training.adapter import make_adapter_folder
from tests.training.preferences import make_example
from tests.training.tiny import make_outfits
from training.judging import HOUSE_OUTFITS, as_question, build_exam, sit_exam

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


def test_a_served_prompt_is_asked_word_for_word_with_every_letter() -> None:
    pair = make_example()
    prompt = as_question(pair)
    assert prompt.build_messages() == list(pair.messages)
    assert len(prompt.candidates) == len(LETTERS)


def test_marks_are_figures_of_the_stylist_that_was_asked(
    outfits: Path, tiny_model: Path, tmp_path: Path
) -> None:
    pairs = [make_example(f"SKU-{number}") for number in range(3)]
    reversed_pairs = [make_example(f"SKU-{number}", "B", "A") for number in range(3)]
    exam = build_exam([*pairs, *reversed_pairs], outfits)
    base = sit_exam(exam, tiny_model, None)
    assert base.margins[:3] == pytest.approx([-margin for margin in base.margins[3:]])
    assert base.fitb is not None
    assert base.auc is not None
    assert 0 <= base.fitb <= 1
    assert 0 <= base.auc <= 1
    adapter = make_adapter_folder(tiny_model, tmp_path)
    assert sit_exam(exam, tiny_model, adapter).margins != base.margins
    assert sit_exam(exam, tiny_model, None) == base
