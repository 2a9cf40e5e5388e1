"""Reading outfits and questions."""

import json
from pathlib import Path
from typing import Any

import pytest

from training.polyvore import (
    PolyvoreFormatError,
    read_compatibility,
    read_fitb,
    read_outfits,
    to_prompt_item,
)


def item(number: int = 1, **changes: Any) -> dict[str, Any]:
    row = {"item_id": str(number), "name": "navy blazer", "category": "Blazers"}
    return row | {"semantic_type": "outer"} | changes


def write(path: Path, content: Any) -> Path:
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_reads_outfits_one_a_line_and_skips_blank_lines(tmp_path: Path) -> None:
    row = json.dumps({"outfit_id": 5, "items": [item(1), item(2)]})
    path = tmp_path / "outfits.jsonl"
    path.write_text(f"{row}\n\n{row}\n", encoding="utf-8")
    outfits = read_outfits(path)
    assert [outfit.outfit_id for outfit in outfits] == ["5", "5"]
    assert outfits[0].items[1].item_id == "2"


def test_a_bad_outfit_is_named_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "outfits.jsonl"
    path.write_text('{"outfit_id": "1", "items": []}\n{"outfit_id": "2"}\n', encoding="utf-8")
    with pytest.raises(PolyvoreFormatError, match="line 2"):
        read_outfits(path)


def test_reads_fitb_questions(tmp_path: Path) -> None:
    row = {"outfit_id": "1", "question": [item()], "answers": [item(2), item(3)], "correct": 1}
    (question,) = read_fitb(write(tmp_path / "fitb.json", [row]))
    assert question.answers[question.correct].item_id == "3"


@pytest.mark.parametrize("correct", [-1, 2, "first", None])
def test_a_right_answer_that_is_not_offered_is_refused(tmp_path: Path, correct: Any) -> None:
    row = {"outfit_id": "1", "question": [], "answers": [item(), item(2)], "correct": correct}
    with pytest.raises(PolyvoreFormatError, match="question 0"):
        read_fitb(write(tmp_path / "fitb.json", [row]))


def test_reads_compatibility_questions_and_refuses_other_labels(tmp_path: Path) -> None:
    path = write(tmp_path / "c.json", [{"label": 1, "items": [item()]}])
    assert read_compatibility(path)[0].label == 1
    write(path, [{"label": 1, "items": []}, {"label": 2, "items": []}])
    with pytest.raises(PolyvoreFormatError, match="question 1"):
        read_compatibility(path)


def test_a_file_that_is_no_list_of_questions_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "fitb.json", {"questions": []})
    with pytest.raises(PolyvoreFormatError, match="a list"):
        read_fitb(path)
    path.write_text("not json", encoding="utf-8")
    with pytest.raises(PolyvoreFormatError, match="not JSON"):
        read_fitb(path)


def test_a_prompt_says_name_and_category_but_no_type(tmp_path: Path) -> None:
    row = {"outfit_id": "1", "items": [item()]}
    (tmp_path / "o.jsonl").write_text(json.dumps(row), encoding="utf-8")
    said = to_prompt_item(read_outfits(tmp_path / "o.jsonl")[0].items[0])
    assert (said.name, said.category, said.attributes) == ("navy blazer", "Blazers", ())
