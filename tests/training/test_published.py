"""The published Polyvore layouts, in miniature."""

from pathlib import Path

import pytest

from training.polyvore import PolyvoreFormatError
from training.published import (
    index_items,
    read_maryland,
    read_outfits_split,
    read_published_compatibility,
    read_published_fitb,
)


def test_the_maryland_layout_gives_names_and_categories(maryland: Path) -> None:
    outfit = read_maryland(maryland)[0]
    assert [(item.name, item.category) for item in outfit.items] == [
        ("silk blouse", "Blouses and Shirts"),
        ("black skirt", "Skirts"),
    ]


def test_the_disjoint_layout_finds_its_items_in_the_metadata(disjoint: Path) -> None:
    (outfit,) = read_outfits_split(disjoint)
    assert [(item.name, item.category, item.semantic_type) for item in outfit.items] == [
        ("Red Pump", "pumps", "shoes"),
        ("navy coat", "coat", "outerwear"),
    ]


def test_questions_name_items_by_outfit_and_index(disjoint: Path) -> None:
    assert index_items(disjoint)["77_2"].name == "navy coat"


def test_the_right_answer_does_not_stay_first(maryland: Path) -> None:
    path = maryland / "fill_in_blank_test.json"
    questions = read_published_fitb(path, index_items(maryland))
    assert {question.correct for question in questions} == {0, 1, 2}
    assert all(q.answers[q.correct].name == "black skirt" for q in questions)


def test_the_same_seed_shuffles_alike(maryland: Path) -> None:
    path, index = maryland / "fill_in_blank_test.json", index_items(maryland)
    assert read_published_fitb(path, index, seed=3) == read_published_fitb(path, index, seed=3)


def test_compatibility_lines_give_label_and_items(maryland: Path) -> None:
    path = maryland / "fashion_compatibility_prediction.txt"
    real, mixed = read_published_compatibility(path, index_items(maryland))
    assert (real.label, mixed.label) == (1, 0)
    assert [item.name for item in mixed.items] == ["silk blouse", "black skirt"]


def test_an_item_that_no_outfit_has_is_named(maryland: Path) -> None:
    path = maryland / "fashion_compatibility_prediction.txt"
    path.write_text("1 10_1 99_9\n")
    with pytest.raises(PolyvoreFormatError, match="99_9"):
        read_published_compatibility(path, index_items(maryland))


def test_a_file_that_is_no_list_is_refused(maryland: Path) -> None:
    (maryland / "test_no_dup.json").write_text("{}")
    with pytest.raises(PolyvoreFormatError, match="test_no_dup"):
        read_maryland(maryland)
