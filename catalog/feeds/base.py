"""What every feed format gives: records, and the errors that say where and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol


class FeedError(Exception):
    """A feed as a whole cannot be read; the message says what to do."""


class RowError(Exception):
    """One row of a feed was refused; the others are not touched by it."""

    def __init__(self, *, line: int, sku: str, reason: str) -> None:
        super().__init__(f"line {line}{f' ({sku})' if sku else ''}: {reason}")
        self.line = line
        self.sku = sku
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Record:
    """One product as the file has it: column -> text. ``line`` is where it starts, from 1.

    ``notes`` says what reading the format assumed or left out, once for each time.
    """

    line: int
    values: Mapping[str, str]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedRow:
    """One row as Ensemble understands it.

    ``given`` names the fields that the feed itself had a value for: an update touches only those.
    ``defaults_used`` names the fields that a setting filled in, ``notes`` what else was assumed.
    """

    line: int
    sku: str
    title: str
    description: str = ""
    brand: str = ""
    category: str = ""
    slot: str = ""
    gender: str = ""
    colour: str = ""
    price: Decimal = Decimal(0)
    currency: str = ""
    stock: int = 0
    seasons: tuple[str, ...] = ()
    occasions: tuple[str, ...] = ()
    published: bool = True
    images: tuple[str, ...] = ()
    given: frozenset[str] = frozenset()
    defaults_used: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Feed(Protocol):
    """One opened feed. Reading it again starts over; its file must stay open meanwhile."""

    @property
    def format(self) -> str:
        """A short name, at most 20 characters: "csv", "shopify", "google-xml"."""
        ...

    @property
    def format_name(self) -> str:
        """The same for people: "Shopify product CSV"."""
        ...

    @property
    def columns(self) -> tuple[str, ...]: ...

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know about how the file was read."""
        ...

    def records(self) -> Iterator[Record | RowError]:
        """Every product in turn; one that cannot be read comes as its error."""
        ...
