"""Shopify's product CSV: a row a variant or picture, the rows of one handle a product.

A product is known by its handle, which is in its address and stays when variants come and go.
Columns as in https://help.shopify.com/en/manual/products/import-export/using-csv, in both the
older export and the newer template.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from catalog.feeds.base import Record, RowError
from catalog.feeds.categories import pick_category
from catalog.feeds.csv import CsvFeed
from catalog.feeds.google import read_gender
from catalog.feeds.grouping import read_groups
from catalog.feeds.text import strip_markup
from catalog.feeds.values import (
    join_list,
    parse_gender,
    parse_occasions,
    parse_price,
    parse_published,
    parse_seasons,
    parse_stock,
)

#: What a product has, whatever the file calls it; other columns follow under their own names.
PRODUCT_COLUMNS = (
    *("Handle", "Title", "Description", "Vendor", "Type", "Gender", "Colour", "Price", "Stock"),
    *("Seasons", "Occasions", "Published", "Images", "First variant SKU"),
)
_NAMES: dict[str, tuple[str, ...]] = {
    "handle": ("handle", "url handle"),
    "title": ("title",),
    "body": ("body (html)", "description"),
    "vendor": ("vendor",),
    "type": ("type", "custom product type"),
    "category": ("product category", "standard product type"),
    "tags": ("tags",),
    "published": ("published", "published on online store"),
    "status": ("status",),
    **{f"option{n} name": (f"option{n} name",) for n in (1, 2, 3)},
    **{f"option{n} value": (f"option{n} value",) for n in (1, 2, 3)},
    "sku": ("variant sku", "sku"),
    "tracker": ("variant inventory tracker", "inventory tracker"),
    "quantity": ("variant inventory qty", "inventory quantity"),
    "policy": ("variant inventory policy", "continue selling when out of stock"),
    "price": ("variant price", "price"),
    "image": ("image src", "product image url"),
    "image position": ("image position",),
    "gender": (
        "google shopping / gender",
        "target gender (product.metafields.shopify.target-gender)",
    ),
    "age group": (
        "google shopping / age group",
        "age group (product.metafields.shopify.age-group)",
    ),
    "colour": ("color (product.metafields.shopify.color-pattern)",),
}
_COLOUR_OPTIONS = {"color", "colour", "farbe", "couleur"}
_KEEPS_SELLING = {"continue", "true", "yes"}
_SKU_MAX_CHARS = 64
#: Tags that name a gender word but no gender.
_NO_GENDER_TAGS = {"all", "both", "adult", "adults"}


def is_shopify(columns: Iterable[str]) -> bool:
    """Whether a table with ``columns`` is Shopify's."""
    names = {column.lower() for column in columns}
    if {"url handle", "title"} <= names:
        return True
    return {"handle", "title"} <= names and bool(
        names & {"variant price", "variant sku", "image src", "option1 name", "body (html)"}
    )


class ShopifyFeed:
    """Shopify's product CSV over ``table``, which stays open."""

    format = "shopify"
    format_name = "Shopify product CSV"

    def __init__(self, table: CsvFeed) -> None:
        self._table = table
        by_name = {column.lower(): column for column in reversed(table.columns)}
        self._found = {
            ours: next((by_name[name] for name in names if name in by_name), "")
            for ours, names in _NAMES.items()
        }
        self._others = self._list_others()
        self.columns = (*PRODUCT_COLUMNS, *self._others)

    @property
    def warnings(self) -> tuple[str, ...]:
        return self._table.warnings

    def records(self) -> Iterator[Record | RowError]:
        rows = self._table.records()
        for group in read_groups(rows, self._get_handle, "Handle", self._find_sku):
            yield group if isinstance(group, RowError) else self._try_product(group)

    def _list_others(self) -> tuple[str, ...]:
        taken = {name for names in _NAMES.values() for name in names}
        taken |= {name.lower() for name in PRODUCT_COLUMNS}
        return tuple(
            column
            for column in self._table.columns
            if column.lower() not in taken and not column.lower().startswith("variant ")
        )

    def _get(self, record: Record, ours: str) -> str:
        return record.values.get(self._found[ours], "")

    def _get_handle(self, record: Record) -> str:
        return self._get(record, "handle")

    def _find_sku(self, record: Record) -> str:
        return _shorten(self._get_handle(record))[0]

    def _try_product(self, rows: Sequence[Record]) -> Record | RowError:
        try:
            return self._build(rows)
        except RowError as error:
            return error

    def _build(self, rows: Sequence[Record]) -> Record:
        variants = [row for row in rows if self._is_variant(row)] or [rows[0]]
        texts = {ours: self._first(rows, ours) for ours in _NAMES}
        tags = [tag.strip() for tag in texts["tags"].split(",") if tag.strip()]
        colour, colour_notes = self._read_colour(rows, variants)
        handle, handle_notes = _shorten(texts["handle"])
        values = {
            "Handle": handle,
            "Title": texts["title"],
            "Description": strip_markup(texts["body"]),
            "Vendor": texts["vendor"],
            "Type": pick_category(texts["type"], texts["category"]),
            "Gender": read_gender(texts["gender"], texts["age group"]) or _find_gender(tags),
            "Colour": colour,
            "Price": self._read_price(variants),
            "Stock": self._read_stock(variants),
            "Seasons": join_list(word for tag in tags for word in parse_seasons(tag)[0]),
            "Occasions": join_list(word for tag in tags for word in parse_occasions(tag)[0]),
            "Published": self._read_published(rows[0], texts["published"], texts["status"]),
            "Images": join_list(self._list_images(rows)),
            "First variant SKU": texts["sku"],
        }
        merged = ("Shopify rows of variants taken into one product",) * (len(variants) - 1)
        others = {name: rows[0].values.get(name, "") for name in self._others}
        return Record(rows[0].line, values | others, merged + colour_notes + handle_notes)

    def _is_variant(self, row: Record) -> bool:
        return any(self._get(row, ours) for ours in ("sku", "price", "option1 value"))

    def _first(self, rows: Sequence[Record], ours: str) -> str:
        return next((text for row in rows if (text := self._get(row, ours))), "")

    def _read_price(self, variants: Sequence[Record]) -> str:
        """The lowest, as a shop shows it: "from 49.00"."""
        prices: list[tuple[Decimal, str]] = []
        for row in variants:
            if text := self._get(row, "price"):
                try:
                    prices.append((parse_price(text)[0], text))
                except ValueError as error:
                    raise self._refuse(row, str(error)) from None
        return min(prices)[1] if prices else ""

    def _read_stock(self, variants: Sequence[Record]) -> str:
        """All pieces; "in stock" where there are none but it sells on; "" where nothing is said."""
        counts = [self._count(row) for row in variants]
        if total := sum(count or 0 for count in counts):
            return str(total)
        if any(self._sells_on(row) for row in variants):
            return "in stock"
        return "" if all(count is None for count in counts) else "0"

    def _count(self, row: Record) -> int | None:
        text = self._get(row, "quantity")
        try:
            return parse_stock(text, 1) if text else None
        except ValueError as error:
            raise self._refuse(row, str(error)) from None

    def _sells_on(self, row: Record) -> bool:
        if self._get(row, "policy").lower() in _KEEPS_SELLING:
            return True
        return bool(self._found["tracker"]) and not self._get(row, "tracker")

    def _refuse(self, row: Record, reason: str) -> RowError:
        return RowError(line=row.line, sku=self._find_sku(row), reason=reason)

    def _read_published(self, row: Record, published: str, status: str) -> str:
        if status.lower() not in ("", "active"):
            return "false"
        try:
            parse_published(published or "true")
        except ValueError as error:
            raise self._refuse(row, str(error)) from None
        return published

    def _read_colour(
        self, rows: Sequence[Record], variants: Sequence[Record]
    ) -> tuple[str, tuple[str, ...]]:
        """The colour of the first variant in stock, or else of the first."""
        option = self._find_colour_option(rows)
        if not option:
            return self._first(rows, "colour").split(";")[0].strip(), ()
        named = [row for row in variants if self._get(row, f"{option} value")]
        in_stock = [row for row in named if self._count(row) or self._sells_on(row)]
        colours = [self._get(row, f"{option} value") for row in in_stock or named]
        several = len({self._get(row, f"{option} value") for row in named}) > 1
        note = "Shopify product of several colours: the first in stock was taken as its colour"
        return (colours[0] if colours else ""), (note,) * several

    def _find_colour_option(self, rows: Sequence[Record]) -> str:
        for option in ("option1", "option2", "option3"):
            if self._first(rows, f"{option} name").lower() in _COLOUR_OPTIONS:
                return option
        return ""

    def _list_images(self, rows: Sequence[Record]) -> list[str]:
        placed = []
        for number, row in enumerate(rows):
            if address := self._get(row, "image"):
                position = self._get(row, "image position")
                has_place = position.isascii() and position.isdigit() and len(position) < 6
                placed.append((int(position) if has_place else 10**6, number, address))
        return [address for _, _, address in sorted(placed)]


def _shorten(handle: str) -> tuple[str, tuple[str, ...]]:
    """A handle too long for a SKU, cut and made unique again by its hash."""
    if len(handle) <= _SKU_MAX_CHARS:
        return handle, ()
    digest = hashlib.sha256(handle.encode()).hexdigest()[:8]
    note = f"Shopify handle of more than {_SKU_MAX_CHARS} characters: cut for the SKU"
    return f"{handle[: _SKU_MAX_CHARS - 9]}-{digest}", (note,)


def _find_gender(tags: Iterable[str]) -> str:
    for tag in tags:
        # One letter is a size as often as a gender.
        if len(tag) < 3 or tag.lower() in _NO_GENDER_TAGS:
            continue
        try:
            return parse_gender(tag)
        except ValueError:
            continue
    return ""
