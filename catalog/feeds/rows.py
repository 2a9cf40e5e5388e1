"""Turns records into rows: maps columns to fields, reads values, fills in what is absent."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from catalog.conf import EnsembleSettings
from catalog.feeds.base import Feed, FeedRow, Record, RowError
from catalog.feeds.values import (
    is_nothing,
    parse_currency,
    parse_gender,
    parse_list,
    parse_occasions,
    parse_price,
    parse_published,
    parse_seasons,
    parse_stock,
)
from catalog.slots import Slot, guess_slot
from catalog.vocabulary import Gender

#: Text fields and the most characters that each holds (see `catalog.models.Product`).
_TEXT_MAX_CHARS = {"description": 20_000, "brand": 120, "category": 120, "colour": 40}
_SKU_MAX_CHARS = 64
_TITLE_MAX_CHARS = 255
#: Where a title goes on to details: "Linen dress | with belt", "Shirt | in blue", "Tote | - red".
_DETAILS = re.compile(r"\s(?:with|for|in|by|from)\s|[,(|]|\s-\s", re.IGNORECASE)


def read_rows(
    feed: Feed, mapping: Mapping[str, str], config: EnsembleSettings
) -> Iterator[FeedRow | RowError]:
    """Every row of ``feed`` in turn, or why it was refused; a SKU counts where it comes first."""
    line_by_sku: dict[str, int] = {}
    for record in feed.records():
        row = record if isinstance(record, RowError) else _try_row(record, mapping, config)
        if isinstance(row, FeedRow):
            if row.sku in line_by_sku:
                first = line_by_sku[row.sku]
                reason = f"the same SKU is already on line {first}; only that row was taken"
                row = RowError(line=row.line, sku=row.sku, reason=reason)
            else:
                line_by_sku[row.sku] = row.line
        yield row


def _try_row(
    record: Record, mapping: Mapping[str, str], config: EnsembleSettings
) -> FeedRow | RowError:
    try:
        return build_row(record, mapping, config)
    except RowError as error:
        return error


def build_row(record: Record, mapping: Mapping[str, str], config: EnsembleSettings) -> FeedRow:
    """One row of ``record``. Raises `RowError` without a SKU, a title or a readable value."""
    cells = {name: record.values.get(column, "") for name, column in mapping.items() if column}
    sku = cells.get("sku", "")
    try:
        _check_names(sku, cells.get("title", ""))
        builder = _Builder(cells, config)
        builder.read_all()
    except ValueError as error:
        raise RowError(line=record.line, sku=sku[:_SKU_MAX_CHARS], reason=str(error)) from None
    return FeedRow(
        line=record.line,
        sku=sku,
        given=frozenset(builder.given),
        defaults_used=tuple(builder.defaults_used),
        notes=(*record.notes, *builder.notes),
        **builder.values,
    )


def _check_names(sku: str, title: str) -> None:
    if not sku:
        raise ValueError("has no SKU")
    if len(sku) > _SKU_MAX_CHARS:
        raise ValueError(f"the SKU is longer than {_SKU_MAX_CHARS} characters")
    if not title:
        raise ValueError("has no title")


@dataclass(slots=True)
class _Builder:
    """Reads the cells of one row, keeping what was given, what was assumed and what was noted."""

    cells: Mapping[str, str]
    config: EnsembleSettings
    values: dict[str, Any] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)
    defaults_used: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def read_all(self) -> None:
        self._read_texts()
        self._read_gender()
        self._read_price()
        self._read_stock()
        self._read_tags()
        self._read_slot()
        self.values["images"] = tuple(parse_list(self._cell("images")))
        self._give("published", parse_published(self._cell("published") or "yes"))

    def _cell(self, name: str) -> str:
        text = self.cells.get(name, "")
        return "" if is_nothing(text) else text

    def _give(self, name: str, value: object) -> None:
        self.values[name] = value
        if self._cell(name):
            self.given.add(name)

    def _default(self, name: str, value: object) -> None:
        self.values[name] = value
        self.defaults_used.append(name)

    def _read_texts(self) -> None:
        self.values["title"] = self._cut("title", self.cells["title"], _TITLE_MAX_CHARS)
        self.given.add("title")
        for name, limit in _TEXT_MAX_CHARS.items():
            self._give(name, self._cut(name, self._cell(name), limit))

    def _cut(self, name: str, text: str, limit: int) -> str:
        if len(text) > limit:
            self.notes.append(f"{name} was cut to {limit} characters")
        return text[:limit]

    def _read_gender(self) -> None:
        text = self._cell("gender")
        try:
            self._give("gender", parse_gender(text) if text else Gender.UNISEX)
        except ValueError as error:
            self.values["gender"] = Gender.UNISEX
            self.notes.append(f"{error}: taken as unisex")

    def _read_price(self) -> None:
        currency = self._cell("currency")
        if text := self._cell("price"):
            price, named = parse_price(text)
            self._give("price", price)
            currency = currency or named
        else:
            self._default("price", Decimal(self.config.DEFAULT_PRICE))
        if currency:
            self.values["currency"] = parse_currency(currency)
            self.given.add("currency")
        else:
            self._default("currency", self.config.DEFAULT_CURRENCY)

    def _read_stock(self) -> None:
        if text := self._cell("stock"):
            self._give("stock", parse_stock(text, self.config.DEFAULT_STOCK))
        else:
            self._default("stock", self.config.DEFAULT_STOCK)

    def _read_tags(self) -> None:
        seasons, unknown_seasons = parse_seasons(self._cell("seasons"))
        occasions, unknown_occasions = parse_occasions(self._cell("occasions"))
        self._give("seasons", tuple(seasons))
        self._give("occasions", tuple(occasions))
        self.notes += [f"season {word!r} is not known" for word in unknown_seasons]
        self.notes += [f"occasion {word!r} is not known" for word in unknown_occasions]

    def _read_slot(self) -> None:
        slot = find_slot(self.values["category"], self.values["title"])
        self.values["slot"] = slot or ""
        if slot is None:
            named = repr(self.values["category"]) if self.values["category"] else "none"
            self.notes.append(f"no slot for category {named}: never part of a look")


def find_slot(category: str, title: str) -> Slot | None:
    """The slot that the category names, else the title, up to what it comes with.

    Beside a category that names none, only the title's last word counts: "Flat Lipstick" is no
    shoe, but "Linen Dress" filed under "Sale" is a dress.
    """
    noun_phrase = _DETAILS.split(title, maxsplit=1)[0].strip()
    if category:
        return guess_slot(category) or guess_slot(noun_phrase.rpartition(" ")[2])
    return guess_slot(noun_phrase)
