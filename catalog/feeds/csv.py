"""CSV feeds: any delimiter among comma, semicolon and tab; UTF-8, UTF-16 or Latin-1."""

import csv
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from catalog.feeds.base import FeedError, Record, RowError
from catalog.feeds.text import Text, clean_text, find_encoding, read_lines, warn_of_encoding

#: Ensemble's own columns; lists are joined by ``|``.
OWN_COLUMNS = (
    *("sku", "title", "description", "brand", "category", "gender", "colour", "price"),
    *("currency", "stock", "seasons", "occasions", "published", "images"),
)
_DELIMITERS = ",;\t"
#: What one cell may hold; past this, a quote was opened and never closed.
_CELL_MAX_CHARS = 200_000
_COLUMNS_MAX = 1000


class CsvFeed:
    """A CSV file with a header line. Raises `FeedError` when it is not one."""

    format = "csv"
    format_name = "CSV"

    def __init__(self, file: BinaryIO, encoding: str | None = None) -> None:
        self._file = file
        self._encoding = encoding or find_encoding(file)
        self._delimiter, self.columns = self._read_header()

    @property
    def warnings(self) -> tuple[str, ...]:
        return warn_of_encoding(self._encoding)

    def records(self) -> Iterator[Record | RowError]:
        with Text(self._file, self._encoding) as text:
            reader = csv.reader(read_lines(text), delimiter=self._delimiter, strict=True)
            line = 1
            for cells in _read_cells(reader):
                if line > 1 and any(cell.strip() for cell in cells):
                    yield self._to_record(line, cells)
                line = reader.line_num + 1

    def _to_record(self, line: int, cells: list[str]) -> Record | RowError:
        values = {
            column: clean_text(cell) for column, cell in zip(self.columns, cells, strict=False)
        }
        if any(cell.strip() for cell in cells[len(self.columns) :]):
            reason = (
                f"has {len(cells)} values for {len(self.columns)} columns: "
                "put quotes around a value that contains the delimiter"
            )
            return RowError(line=line, sku="", reason=reason)
        return Record(line, values)

    def _read_header(self) -> tuple[str, tuple[str, ...]]:
        with Text(self._file, self._encoding) as text:
            first = next(read_lines(text), "")
        rows = {d: next(_read_cells(csv.reader([first], delimiter=d)), []) for d in _DELIMITERS}
        delimiter = max(rows, key=lambda d: len(rows[d]))
        cells = [clean_text(cell) for cell in rows[delimiter]]
        _check_header(cells)
        return delimiter, name_columns(cells)


def _read_cells(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    csv.field_size_limit(_CELL_MAX_CHARS)
    try:
        yield from reader
    except csv.Error as error:
        line = getattr(reader, "line_num", 0)
        raise FeedError(
            f"The file cannot be read past line {line}: {error}. "
            "Look for a quote that is opened there or above and not closed."
        ) from error


def _check_header(cells: list[str]) -> None:
    """A line of data in the header's place is known by its numbers."""
    if any(cell.replace(".", "", 1).replace(",", "", 1).isdigit() for cell in cells):
        shown = ", ".join(repr(cell) for cell in cells[:4])
        raise FeedError(
            f"The first line looks like a product ({shown}), not like column names. "
            f"Put a line of column names above it, such as {','.join(OWN_COLUMNS[:4])}."
        )
    if not any(cells):
        raise FeedError(
            "The first line is empty. The file must begin with a line of column names, "
            f"such as {','.join(OWN_COLUMNS[:4])}."
        )
    if len(cells) > _COLUMNS_MAX:
        raise FeedError(
            f"The first line has {len(cells)} columns; up to {_COLUMNS_MAX} are taken. "
            "It must hold the column names and nothing else."
        )


def name_columns(cells: Iterable[str]) -> tuple[str, ...]:
    """Give columns without a name, or with one already taken, a name of their own."""
    names: dict[str, None] = {}
    for number, cell in enumerate(cells, 1):
        name = cell or f"column {number}"
        while name in names:
            name = f"{name} ({number})"
        names[name] = None
    return tuple(names)
