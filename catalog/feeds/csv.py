"""CSV feeds: any delimiter among comma, semicolon and tab; UTF-8, UTF-16 or Latin-1."""

import codecs
import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from catalog.feeds.base import FeedError, Record, RowError

#: Ensemble's own columns; lists are joined by ``|``.
OWN_COLUMNS = (
    *("sku", "title", "description", "brand", "category", "gender", "colour", "price"),
    *("currency", "stock", "seasons", "occasions", "published", "images"),
)
_DELIMITERS = ",;\t"
_CHUNK = 1 << 20
#: What one cell may hold; past this, a quote was opened and never closed.
_CELL_MAX_CHARS = 200_000
#: First bytes of files that people take for CSV, and what to do with each.
_NOT_CSV = {
    b"PK\x03\x04": "a zip or Excel file: save the sheet as CSV (UTF-8) and send that",
    b"\xd0\xcf\x11\xe0": "an old Excel file: save the sheet as CSV (UTF-8) and send that",
    b"%PDF": "a PDF: export the products as CSV and send that",
    b"\xff\xd8\xff": "a JPEG picture: send the product list here, and pictures as a zip",
    b"\x89PNG": "a PNG picture: send the product list here, and pictures as a zip",
    b"\x1f\x8b": "compressed with gzip: unpack it first",
    b"<": "a web page or XML file: send the products as CSV",
    b"{": "a JSON file: send the products as CSV",
    b"[": "a JSON file: send the products as CSV",
}


class CsvFeed:
    """A CSV file with a header line. Raises `FeedError` when it is not one."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._encoding = _find_encoding(file)
        self._delimiter, self.columns = self._read_header()

    @property
    def warnings(self) -> tuple[str, ...]:
        if self._encoding != "latin-1":
            return ()
        return (
            "The file is not UTF-8; it was read as Latin-1. "
            "If letters look wrong, save it as CSV (UTF-8) and import again.",
        )

    def records(self) -> Iterator[Record | RowError]:
        with _Text(self._file, self._encoding) as text:
            reader = csv.reader(text, delimiter=self._delimiter, strict=True)
            line = 1
            for cells in _read_cells(reader):
                if line > 1 and any(cell.strip() for cell in cells):
                    yield self._to_record(line, cells)
                line = reader.line_num + 1

    def _to_record(self, line: int, cells: list[str]) -> Record | RowError:
        values = {
            column: cell.replace("\0", "").strip()
            for column, cell in zip(self.columns, cells, strict=False)
        }
        if any(cell.strip() for cell in cells[len(self.columns) :]):
            reason = (
                f"has {len(cells)} values for {len(self.columns)} columns: "
                "put quotes around a value that contains the delimiter"
            )
            return RowError(line=line, sku="", reason=reason)
        return Record(line, values)

    def _read_header(self) -> tuple[str, tuple[str, ...]]:
        with _Text(self._file, self._encoding) as text:
            first = text.readline(_CELL_MAX_CHARS)
        rows = {d: next(csv.reader([first], delimiter=d), []) for d in _DELIMITERS}
        delimiter = max(rows, key=lambda d: len(rows[d]))
        cells = [cell.strip() for cell in rows[delimiter]]
        _check_header(cells)
        return delimiter, _name_columns(cells)


class _Text(io.TextIOWrapper):
    """Text over a binary file that stays open afterwards."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        file.seek(0)
        super().__init__(file, encoding=encoding, newline="")

    def __exit__(self, *args: object) -> None:
        self.detach()


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


def _find_encoding(file: BinaryIO) -> str:
    """Read the whole file once, so that a wrong letter at its end is found before any is stored."""
    file.seek(0)
    start = file.read(4)
    _check_start(start)
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    file.seek(0)
    return "utf-8-sig" if _is_utf8(file) else "latin-1"


def _check_start(start: bytes) -> None:
    if not start.strip():
        raise FeedError(
            "The file is empty. Export the products again, with a first line of column names "
            f"such as {','.join(OWN_COLUMNS[:4])}, and import that."
        )
    for magic, advice in _NOT_CSV.items():
        if start.startswith(magic):
            raise FeedError(f"The file is no CSV but {advice}.")


def _is_utf8(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8 = True
    while chunk := file.read(_CHUNK):
        if b"\0" in chunk:
            raise FeedError(
                "The file is binary, not text. Export the products as CSV (UTF-8) and import that."
            )
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError:
            is_utf8 = False
            decoder.reset()
    return is_utf8 and not decoder.getstate()[0]


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


def _name_columns(cells: list[str]) -> tuple[str, ...]:
    """Give columns without a name, or with one already taken, a name of their own."""
    names: list[str] = []
    for number, cell in enumerate(cells, 1):
        name = cell or f"column {number}"
        names.append(f"{name} ({number})" if name in names else name)
    return tuple(names)
