"""Which column is what: guessed well, and checked when edited."""

import pytest

from catalog.feeds.base import FeedError
from catalog.feeds.csv import OWN_COLUMNS
from catalog.feeds.mapping import check_mapping, find_mapping_problems, guess_mapping


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("id", "sku"),
        ("Handle", "sku"),
        ("Variant SKU", "sku"),
        ("productDisplayName", "title"),
        ("Name", "title"),
        ("Body (HTML)", "description"),
        ("Vendor", "brand"),
        ("articleType", "category"),
        ("product_type", "category"),
        ("baseColour", "colour"),
        ("color", "colour"),
        ("season", "seasons"),
        ("usage", "occasions"),
        ("Variant Price", "price"),
        ("quantity", "stock"),
        ("Inventory", "stock"),
        ("image_link", "images"),
        ("picture", "images"),
    ],
)
def test_a_usual_column_name_is_recognised(column: str, field: str) -> None:
    assert guess_mapping(["whatever", column]) == {field: column}


def test_our_own_columns_map_to_themselves() -> None:
    assert guess_mapping(OWN_COLUMNS) == {name: name for name in OWN_COLUMNS}


def test_the_surer_of_two_names_wins() -> None:
    guessed = guess_mapping(["id", "sku", "category", "articleType"])
    assert guessed == {"sku": "sku", "category": "articleType"}


def test_a_mapping_without_sku_and_title_says_what_is_missing() -> None:
    assert find_mapping_problems({}, ["a"]).keys() == {"sku", "title"}


def test_a_column_that_is_not_there_gets_the_nearest_name() -> None:
    with pytest.raises(FeedError, match="Did you mean 'name'"):
        check_mapping({"sku": "id", "title": "nam"}, ["id", "name"])


def test_an_unknown_field_gets_the_nearest_name() -> None:
    problems = find_mapping_problems({"sku": "id", "title": "n", "colours": "c"}, ["id", "n", "c"])
    assert "Did you mean 'colour'" in problems["colours"]
