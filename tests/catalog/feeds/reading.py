"""Reads feeds as an import does, mapping guessed."""

from io import BytesIO
from pathlib import Path

from catalog.conf import EnsembleSettings
from catalog.feeds import read_feed
from catalog.feeds.base import Feed, FeedRow, RowError
from catalog.feeds.mapping import guess_mapping
from catalog.feeds.rows import read_rows

DATA = Path(__file__).parent / "data"


def open_data(name: str) -> Feed:
    """A feed of the tests' data."""
    return read_feed(BytesIO((DATA / name).read_bytes()))


def list_rows(feed: Feed) -> list[FeedRow | RowError]:
    """Every row, refused ones too."""
    return list(read_rows(feed, guess_mapping(feed.columns), EnsembleSettings()))


def read_bytes(data: bytes) -> list[FeedRow | RowError]:
    """Every row of a file with that content."""
    return list_rows(read_feed(BytesIO(data)))


def read_products(data: bytes) -> dict[str, FeedRow]:
    """SKU -> row, of those that were taken."""
    return {row.sku: row for row in read_bytes(data) if isinstance(row, FeedRow)}


def products_of(name: str) -> dict[str, FeedRow]:
    """SKU -> row of a file of the tests' data; fails on a refused row."""
    rows = list_rows(open_data(name))
    refused = [str(row) for row in rows if isinstance(row, RowError)]
    assert not refused, refused
    return {row.sku: row for row in rows if isinstance(row, FeedRow)}
