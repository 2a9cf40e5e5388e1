"""Which column of a feed is which of our fields: a guess, and the check of an edited one."""

import difflib
import re
from collections.abc import Mapping, Sequence

from catalog.feeds.base import FeedError

#: Our field -> names that shops give it, the surest first; compared without case and punctuation.
_NAMES: dict[str, str] = {
    "sku": "sku variantsku productsku articlenumber itemnumber productid itemid id handle "
    "artikelnummer",
    "title": "title productdisplayname productname producttitle displayname name titel "
    "bezeichnung produktname",
    "description": "description bodyhtml body productdescription longdescription details "
    "beschreibung",
    "brand": "brand vendor manufacturer brandname label marke hersteller",
    "category": "articletype producttype googleproductcategory category productcategory type "
    "subcategory kategorie",
    "gender": "gender sex targetgender geschlecht",
    "colour": "colour color basecolour basecolor colorname colourname farbe",
    "price": "price variantprice regularprice retailprice unitprice priceamount pricevalue amount "
    "preis",
    "currency": "currency pricecurrency currencycode waehrung",
    "stock": "stock variantinventoryqty inventoryquantity quantity qty inventory stockquantity "
    "availability bestand menge",
    "seasons": "seasons season saison",
    "occasions": "occasions occasion usage anlass",
    "published": "published active visible enabled aktiv",
    "images": "images imagesrc imagelink image imageurl picture pictures photo photos filename "
    "bild bilder",
}

#: Fields that a feed can give, in the order in which they are shown.
FEED_FIELDS = tuple(_NAMES)
REQUIRED_FIELDS = ("sku", "title")


def guess_mapping(columns: Sequence[str]) -> dict[str, str]:
    """Our field -> the column that most likely holds it; fields without a likely one are left out.

    >>> guess_mapping(["id", "productDisplayName", "baseColour"])
    {'sku': 'id', 'title': 'productDisplayName', 'colour': 'baseColour'}
    """
    by_name: dict[str, str] = {}
    for column in columns:
        by_name.setdefault(re.sub(r"[\W_]+", "", column.lower()), column)
    guessed: dict[str, str] = {}
    for field, names in _NAMES.items():
        known = [by_name[name] for name in names.split() if name in by_name]
        if known:
            guessed[field] = known[0]
    return guessed


def find_mapping_problems(mapping: Mapping[str, str], columns: Sequence[str]) -> dict[str, str]:
    """What is wrong with ``mapping``: our field -> a sentence that says what to do."""
    problems = {
        field: "Choose the column that holds it; without it no product can be stored."
        for field in REQUIRED_FIELDS
        if not mapping.get(field)
    }
    for field, column in mapping.items():
        if field not in FEED_FIELDS:
            problems[field] = _name_nearest("There is no such field.", field, FEED_FIELDS)
        elif column and column not in columns:
            problems[field] = _name_nearest(f"The feed has no column {column!r}.", column, columns)
    return problems


def check_mapping(mapping: Mapping[str, str], columns: Sequence[str]) -> None:
    """Raises `FeedError` with every problem of ``mapping`` in one sentence each."""
    problems = find_mapping_problems(mapping, columns)
    if problems:
        listed = " ".join(f"{field}: {problem}" for field, problem in problems.items())
        raise FeedError(f"{listed} The feed's columns: {', '.join(columns)}.")


def _name_nearest(problem: str, name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"{problem} Did you mean {near[0]!r}?" if near else problem
