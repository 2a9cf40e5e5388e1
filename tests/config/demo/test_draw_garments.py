"""``manage.py draw_garments``."""

import csv
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from catalog.captioning.examples import read_drawings
from config.demo.drawing import labelled
from config.demo.drawing.vocabulary import SHAPES

TWO_SHAPES = dict(list(SHAPES.items())[:2])


@pytest.fixture(autouse=True)
def only_two_shapes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labelled, "SHAPES", TWO_SHAPES)


def draw(folder: Path, seed: int = 1) -> None:
    call_command("draw_garments", folder, "--per-shape", 1, "--seed", seed, stdout=io.StringIO())


def test_every_shape_is_drawn_and_labelled(tmp_path: Path) -> None:
    draw(tmp_path / "drawn")
    with (tmp_path / "drawn.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == [f"{shape}-0" for shape in TWO_SHAPES]
    assert {path.stem for path in (tmp_path / "drawn").glob("*.png")} == {r["id"] for r in rows}


def test_the_captioner_can_learn_from_what_was_drawn(tmp_path: Path) -> None:
    draw(tmp_path / "drawn")
    examples = list(read_drawings(tmp_path / "drawn.csv", tmp_path / "drawn"))
    assert all(example.kinds and example.path.exists() for example in examples)
    assert all({"colour", "pattern", "gender"} <= example.labels.keys() for example in examples)


def test_a_seed_draws_the_same_twice_and_another_seed_does_not(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        draw(tmp_path / name, seed)
    tables = {name: (tmp_path / f"{name}.csv").read_text() for name in "abc"}
    pictures = {
        name: [path.read_bytes() for path in sorted((tmp_path / name).glob("*.png"))]
        for name in "abc"
    }
    assert (tables["a"], pictures["a"]) == (tables["b"], pictures["b"])
    assert pictures["a"] != pictures["c"]


def test_no_drawings_of_a_shape_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="at least 1"):
        call_command("draw_garments", tmp_path / "drawn", "--per-shape", 0)
