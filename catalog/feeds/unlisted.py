"""Formats without a header: what a product has beyond the columns that were found first."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from catalog.feeds.base import Record, RowError

_NOTED = 3


def note_unlisted(
    records: Iterator[Record | RowError], columns: Collection[str]
) -> Iterator[Record | RowError]:
    """Add a note to records that have values outside ``columns``, which nothing reads."""
    known = frozenset(columns)
    for record in records:
        if isinstance(record, Record) and not known.issuperset(record.values):
            unread = sorted(record.values.keys() - known)[:_NOTED]
            notes = tuple(
                f"{name[:60]!r} came late in the file and was not read: name it in the first "
                "product, empty if need be"
                for name in unread
            )
            yield replace(record, notes=record.notes + notes)
        else:
            yield record
