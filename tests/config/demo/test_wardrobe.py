from collections import Counter

import pytest

from catalog.feeds.csv import OWN_COLUMNS
from catalog.slots import completing_slots, guess_slot
from catalog.vocabulary import Gender, Occasion, Season
from config.demo.drawing.palette import COLOURS
from config.demo.wardrobe import read_drawings, read_garments

GARMENTS = read_garments()


def _slot(row: dict[str, str]) -> str:
    return guess_slot(row["category"]) or ""


def _on_sale_for(gender: str) -> list[dict[str, str]]:
    return [
        row
        for row in GARMENTS
        if row["gender"] in (gender, "unisex")
        and row["published"] == "true"
        and int(row["stock"]) > 0
    ]


def test_the_columns_are_those_of_ensembles_own_feed() -> None:
    assert tuple(GARMENTS[0]) == OWN_COLUMNS


def test_skus_are_unique() -> None:
    skus = [row["sku"] for row in GARMENTS]
    assert len(set(skus)) == len(skus)


def test_every_garment_has_a_drawing_and_every_drawing_a_garment() -> None:
    assert {row["sku"] for row in GARMENTS} == set(read_drawings())


def test_every_garments_picture_is_named_after_it() -> None:
    assert all(row["images"] == f"{row['sku']}.png" for row in GARMENTS)


def test_every_category_names_the_article_that_is_drawn() -> None:
    drawings = read_drawings()
    assert all(row["category"] == drawings[row["sku"]].article_type for row in GARMENTS)


def test_every_colour_names_the_colour_that_is_drawn() -> None:
    drawings = read_drawings()
    assert all(row["colour"] == drawings[row["sku"]].base_colour for row in GARMENTS)


def test_every_colour_is_in_the_palette() -> None:
    assert {row["colour"] for row in GARMENTS} <= set(COLOURS)


def test_every_category_names_a_slot() -> None:
    assert [row["sku"] for row in GARMENTS if not _slot(row)] == []


def test_prices_are_positive_euros() -> None:
    assert all(float(row["price"]) > 0 and row["currency"] == "EUR" for row in GARMENTS)


def test_genders_are_in_the_vocabulary() -> None:
    assert {row["gender"] for row in GARMENTS} <= set(Gender.values)


def test_seasons_are_in_the_vocabulary() -> None:
    named = {season for row in GARMENTS for season in row["seasons"].split("|")}
    assert named == set(Season.values)


def test_occasions_are_in_the_vocabulary_and_all_are_served() -> None:
    named = {occasion for row in GARMENTS for occasion in row["occasions"].split("|")}
    assert named == set(Occasion.values)


def test_some_garments_are_out_of_stock_and_one_is_unpublished() -> None:
    assert sum(row["stock"] == "0" for row in GARMENTS) >= 2
    assert sum(row["published"] == "false" for row in GARMENTS) == 1


@pytest.mark.parametrize("gender", ["women", "men"])
def test_every_anchor_finds_three_candidates_in_each_slot_that_completes_it(gender: str) -> None:
    on_sale = _on_sale_for(gender)
    supply = Counter(_slot(row) for row in on_sale)
    wanted = {slot.value for row in on_sale for slot in completing_slots(_slot(row))}
    assert {slot: supply[slot] for slot in wanted if supply[slot] < 3} == {}


def test_titles_and_descriptions_say_something() -> None:
    assert all(len(row["title"]) >= 10 and len(row["description"]) >= 40 for row in GARMENTS)
