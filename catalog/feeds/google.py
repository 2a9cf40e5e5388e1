"""What Google Merchant Center's attributes mean, whether they come as a table or as XML.

Attributes as in https://support.google.com/merchants/answer/7052112.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from django.utils import timezone

from catalog.feeds.base import Record, RowError
from catalog.feeds.categories import pick_category
from catalog.feeds.grouping import read_groups
from catalog.feeds.text import strip_markup
from catalog.feeds.values import join_list, parse_gender, parse_price, parse_stock
from catalog.vocabulary import Gender

#: Attributes that reading the format makes out of several.
MADE_ATTRIBUTES = ("product_type", "gender", "image_link")
#: Variants that differ in none of these differ only by size: one product.
_TELLS_APART = ("color", "material", "pattern", "gender", "age_group")
_CHILDREN = {"newborn", "infant", "toddler", "kids", "kid", "children"}
_OF_CHILDREN = {Gender.WOMEN: Gender.GIRLS, Gender.MEN: Gender.BOYS}
#: Commas are what Google separates addresses by, and some addresses have one themselves.
_NEXT_ADDRESS = re.compile(r"[,|]\s*(?=https?://)")
_SKU_MAX_CHARS = 64
_MERGED = "Google rows that differ only by size taken into one product"


def name_attribute(column: str) -> str:
    """A column's or element's attribute.

    >>> name_attribute("g:image link"), name_attribute("Item group ID")
    ('image_link', 'item_group_id')
    """
    return re.sub(r"[\s-]+", "_", column.strip().lower().removeprefix("g:"))


def is_google(columns: Iterable[str]) -> bool:
    """Whether a table with ``columns`` is Google Merchant Center's."""
    names = {name_attribute(column) for column in columns}
    return {"id", "title", "image_link"} <= names and bool(
        names & {"availability", "google_product_category", "item_group_id"}
    )


def list_columns(attributes: Iterable[str]) -> tuple[str, ...]:
    """The columns of a feed that has ``attributes``, with those that are made out of them."""
    return tuple(dict.fromkeys((*attributes, *MADE_ATTRIBUTES)))


def read_products(records: Iterator[Record | RowError]) -> Iterator[Record | RowError]:
    """Records of single variants in, products out.

    Rows of one ``item_group_id`` that differ only by size are one product. It keeps the first
    row's ``id``, so that it stays the same product when sizes sell out; all else is the first row
    in stock's.
    """
    for group in read_groups(records, _get_group, "item_group_id", _get_id):
        if isinstance(group, RowError):
            yield group
        else:
            yield from _merge(group)


def _get_group(row: Record) -> str:
    return row.values.get("item_group_id", "")


def _get_id(row: Record) -> str:
    return row.values.get("id", "")[:_SKU_MAX_CHARS]


def _merge(group: Sequence[Record]) -> Iterator[Record]:
    places: dict[tuple[str, ...], int] = {}
    for row in group:
        places.setdefault(_key(row), len(places))
    ordered = sorted(group, key=lambda row: places[_key(row)])
    for _, same in groupby(ordered, key=_key):
        rows = list(same)
        chosen = next((row for row in rows if _is_in_stock(row)), rows[0])
        values = {**chosen.values, "id": rows[0].values.get("id", "")}
        notes = (*chosen.notes, *(_MERGED,) * (len(rows) - 1))
        record = replace(chosen, line=rows[0].line, values=values, notes=notes)
        yield _prepare(_sum_quantities(record, rows))


def _key(row: Record) -> tuple[str, ...]:
    return tuple(row.values.get(name, "").lower() for name in _TELLS_APART)


def _is_in_stock(row: Record) -> bool:
    return _count(_find_stock(row.values)) != 0


def _count(text: str) -> int:
    """Pieces; one where nothing readable is said, which is for the row's own reading to refuse."""
    try:
        return parse_stock(text, 1) if text else 1
    except ValueError:
        return 1


def _sum_quantities(record: Record, rows: Sequence[Record]) -> Record:
    texts = [row.values.get("quantity", "") for row in rows]
    if len(rows) == 1 or not all(text.isascii() and text.isdigit() for text in texts):
        return record
    total = str(min(sum(int(text[:12]) for text in texts), 2**31 - 1))
    return replace(record, values={**record.values, "quantity": total})


def _prepare(record: Record) -> Record:
    given = record.values
    gender = read_gender(given.get("gender", ""), given.get("age_group", ""))
    made = {
        "product_type": pick_category(
            given.get("product_type", ""), given.get("google_product_category", "")
        ),
        "gender": gender,
        "image_link": join_list(_list_images(given)),
        "description": strip_markup(given.get("description", "")),
        "quantity": _find_stock(given),
    }
    if _is_on_sale(given):
        made["price"] = given["sale_price"]
    notes = record.notes
    if gender == Gender.UNISEX and given.get("age_group", "").lower() in _CHILDREN:
        notes = (*notes, "child's product for both: taken as unisex")
    return replace(record, values={**given, **made}, notes=notes)


def _find_stock(given: Mapping[str, str]) -> str:
    """The quantity, or else the availability; what is not available has no quantity."""
    availability = given.get("availability", "")
    if availability and not _count(availability):
        return availability
    return given.get("quantity") or availability


def read_gender(gender: str, age_group: str) -> str:
    """Gender and age group as one word: "female" and "kids" are girls.

    A gender that is not known is given back as it is, for the row's own reading to note.

    >>> read_gender("female", "kids"), read_gender("", "kids"), read_gender("", "adult")
    ('girls', 'unisex', '')
    """
    if age_group.lower() not in _CHILDREN:
        return gender
    try:
        grown = parse_gender(gender or "unisex")
    except ValueError:
        return gender
    return _OF_CHILDREN.get(grown, grown).value


def _list_images(given: Mapping[str, str]) -> list[str]:
    more = given.get("additional_image_link", "")
    return [given.get("image_link", ""), *_NEXT_ADDRESS.split(more)]


def _is_on_sale(given: Mapping[str, str]) -> bool:
    """Whether there is a sale price, lower than the price and in effect now."""
    sale = given.get("sale_price", "")
    try:
        is_lower = bool(sale) and (
            not given.get("price") or parse_price(sale)[0] < parse_price(given["price"])[0]
        )
    except ValueError:
        return False
    return is_lower and _is_now(given.get("sale_price_effective_date", ""))


def _is_now(interval: str) -> bool:
    """Whether now is in an ISO 8601 interval, "2026-02-24T11:07+01:00/2026-03-10T23:00+01:00"."""
    start, _, end = interval.partition("/")
    if not interval:
        return True
    try:
        return _read_time(start) <= timezone.now() <= _read_time(end)
    except ValueError:
        return False


def _read_time(text: str) -> datetime:
    moment = datetime.fromisoformat(text.strip())
    return moment if moment.tzinfo else timezone.make_aware(moment)
