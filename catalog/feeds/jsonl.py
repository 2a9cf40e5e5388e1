"""JSON lines: an object a line, with our own field names or any that the mapping knows."""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

from catalog.feeds.base import FeedError, Record, RowError
from catalog.feeds.text import LINE_MAX_CHARS, Text, clean_text, warn_of_encoding
from catalog.feeds.unlisted import note_unlisted
from catalog.feeds.values import join_list

#: Products read to learn which fields there are.
SAMPLE = 1000
_FIELDS_MAX = 500
#: Where an object in a list of pictures has the address.
_ADDRESS_KEYS = ("src", "url", "link", "href", "image")


class JsonLinesFeed:
    """JSON lines. Raises `FeedError` when no line near the start is an object."""

    format = "jsonl"
    format_name = "JSON lines"

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self._file = file
        self._encoding = encoding
        self.warnings = warn_of_encoding(encoding)
        self.columns = self._find_columns()

    def records(self) -> Iterator[Record | RowError]:
        return note_unlisted(self._objects(), self.columns)

    def _objects(self) -> Iterator[Record | RowError]:
        with Text(self._file, self._encoding) as text:
            for number, line in enumerate(_read_bounded(text), 1):
                if line is None:
                    reason = f"has more than {LINE_MAX_CHARS} characters"
                    yield RowError(line=number, sku="", reason=reason)
                elif line.strip():
                    yield _read_object(number, line)

    def _find_columns(self) -> tuple[str, ...]:
        names: dict[str, None] = {}
        reason = ""
        for item in islice(self._objects(), SAMPLE):
            if isinstance(item, Record):
                names.update(dict.fromkeys(item.values))
            else:
                reason = reason or str(item)
        if names:
            return tuple(names)
        raise FeedError(
            "The file begins like JSON lines, but no product can be read from it "
            f"({reason or 'no object'}). Write each product as one object on a line of its own."
        )


def _read_bounded(text: Text) -> Iterator[str | None]:
    """Every line, None for one too long to be held."""
    while line := text.readline(LINE_MAX_CHARS):
        is_whole = len(line) < LINE_MAX_CHARS or line.endswith(("\n", "\r"))
        rest = line
        while len(rest) == LINE_MAX_CHARS and not rest.endswith(("\n", "\r")):
            rest = text.readline(LINE_MAX_CHARS)
        yield line if is_whole else None


def _read_object(number: int, line: str) -> Record | RowError:
    try:
        # Numbers stay as they are written: 49.90 is a price, not 49.9.
        found = json.loads(line, parse_float=str, parse_int=str)
    except json.JSONDecodeError as error:
        reason = f"is no JSON object: {error.msg} at column {error.colno}"
        return RowError(line=number, sku="", reason=reason)
    except (ValueError, RecursionError):
        return RowError(line=number, sku="", reason="is JSON that cannot be read")
    if not isinstance(found, dict):
        return RowError(line=number, sku="", reason="is JSON but no object")
    values = dict(_flatten(found))
    if len(values) > _FIELDS_MAX:
        return RowError(line=number, sku="", reason=f"has more than {_FIELDS_MAX} fields")
    return Record(number, values)


def _flatten(found: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Fields as text; those of an object in it as ``price.amount``."""
    for key, value in found.items():
        if isinstance(value, dict):
            for inner, deeper in value.items():
                yield clean_text(f"{key}.{inner}"), _to_text(deeper)
        else:
            yield clean_text(key), _to_text(value)


def _to_text(value: Any) -> str:
    if isinstance(value, list):
        return join_list(text for part in value if (text := _to_text(_pick_address(part))))
    if value is None or isinstance(value, dict):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return clean_text(str(value))


def _pick_address(part: Any) -> Any:
    if isinstance(part, dict):
        return next((part[key] for key in _ADDRESS_KEYS if isinstance(part.get(key), str)), None)
    # A list in a list says nothing that a field holds.
    return None if isinstance(part, list) else part
