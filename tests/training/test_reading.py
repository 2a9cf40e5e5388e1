"""Files of outfits and questions are read whichever layout they have."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from outfits.prompts import build_question
from tests.training.world import write_world
from training.polyvore import PolyvoreFormatError, to_prompt_item
from training.reading import load_compatibility, load_fitb, load_outfits


def test_the_maryland_files_are_read_as_they_are(maryland: Path) -> None:
    assert len(load_outfits(maryland / "train_no_dup.json")) == 2
    questions = load_fitb(maryland / "fill_in_blank_test.json")
    assert {q.answers[q.correct].name for q in questions} == {"black skirt"}
    assert {q.correct for q in questions} == {0, 1, 2}
    assert [
        q.label for q in load_compatibility(maryland / "fashion_compatibility_prediction.txt")
    ] == [1, 0]


def test_the_files_of_polyvore_outfits_are_read_as_they_are(disjoint: Path) -> None:
    assert load_outfits(disjoint / "valid.json")[0].outfit_id == "78"
    (question,) = load_fitb(disjoint / "fill_in_blank_valid.json")
    assert question.answers[question.correct].name == "navy coat"
    assert [q.label for q in load_compatibility(disjoint / "compatibility_valid.txt")] == [1, 0]


def test_ensembles_own_files_are_read_as_before(tmp_path: Path) -> None:
    files = write_world(tmp_path, 8)
    assert len(load_outfits(files["outfits"])) == 8
    assert load_fitb(files["fitb"])
    assert {q.label for q in load_compatibility(files["compatibility"])} == {0, 1}


def test_a_caption_is_said_after_the_name_as_far_as_the_name_does_not_say_it(
    tmp_path: Path,
) -> None:
    item = {
        "item_id": "1",
        "name": "Navy Blazer",
        "category": "Blazers",
        "semantic_type": "outerwear",
        "caption": "navy slim wool notched formal",
    }
    path = tmp_path / "outfits.jsonl"
    path.write_text(json.dumps({"outfit_id": "1", "items": [item]}))
    (worn,) = load_outfits(path)[0].items
    asked = build_question(to_prompt_item(worn))
    assert asked == "add: navy blazer (blazers), slim, wool, notched, formal\nmatch:"


@pytest.mark.parametrize(
    ("load", "name", "content", "said"),
    [
        (load_outfits, "outfits.jsonl", "\n", r"outfits\.jsonl is empty"),
        (load_outfits, "outfits.jsonl", b"\xff\xfe{}", r"outfits\.jsonl is not UTF-8"),
        (load_fitb, "fitb.json", "[]", r"fitb\.json is empty"),
        (load_fitb, "fitb.json", "{", r"fitb\.json is not JSON"),
        (load_fitb, "fitb.json", "[1]", r"fitb\.json, question 0"),
        (load_compatibility, "c.json", "[]", r"c\.json is empty"),
        (load_compatibility, "c.json", b"\xff", r"c\.json is not JSON"),
    ],
)
def test_files_that_hold_nothing_to_ask_are_refused_by_name(
    tmp_path: Path, load: Callable[[Path], Any], name: str, content: str | bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(PolyvoreFormatError, match=said):
        load(path)


def test_outfits_of_one_label_alone_are_refused(tmp_path: Path) -> None:
    path = write_world(tmp_path, 8)["compatibility"]
    with pytest.raises(PolyvoreFormatError, match=r"of 1 outfits some must be real"):
        load_compatibility(path, 1)
