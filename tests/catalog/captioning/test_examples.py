"""Reading labelled photos."""

import csv
from pathlib import Path

from catalog.captioning.examples import Example, read_corrections
from catalog.captioning.labels import KINDS

COLUMNS = ["id", "articleType", "baseColour", "pattern", "gender", "usage", "title"]


def read(tmp_path: Path, *row: str) -> Example:
    with (tmp_path / "fixed.csv").open("w", newline="") as file:
        csv.writer(file).writerows([COLUMNS, row])
    (example,) = read_corrections(tmp_path / "fixed.csv", tmp_path / "fixed")
    return example


def test_a_correction_teaches_what_it_says_and_leaves_the_rest_open(tmp_path: Path) -> None:
    example = read(tmp_path, "7", "Shirts", "Navy Blue", "", "Men", "", "Arrow Men Shirt")
    assert example.path == tmp_path / "fixed" / "7.jpg"
    assert example.labels == {"colour": "Navy Blue", "gender": "Men"}
    assert {KINDS[i].article_type for i in example.kinds} == {"Shirts"}


def test_every_correction_is_trained_on(tmp_path: Path) -> None:
    parts = {read(tmp_path, str(n), "Shirts", "", "", "", "", "").part for n in range(50)}
    assert parts == {"train"}


def test_an_article_type_without_a_word_for_it_still_teaches_the_colour(tmp_path: Path) -> None:
    example = read(tmp_path, "7", "Lipstick", "Red", "", "", "", "")
    assert (example.kinds, example.labels) == ((), {"colour": "Red"})
