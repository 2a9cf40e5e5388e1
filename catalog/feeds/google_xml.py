"""Google Merchant Center's XML: RSS 2.0 and Atom, read piece by piece so that memory stays flat.

Document type declarations are refused, and with them every entity that unfolds to more.
"""

import codecs
import re
from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, BinaryIO
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from catalog.feeds import google
from catalog.feeds.base import FeedError, Record, RowError
from catalog.feeds.text import Text, clean_text, warn_of_encoding
from catalog.feeds.unlisted import note_unlisted

#: Products read to learn which attributes there are.
SAMPLE = 1000
_CHUNK_CHARS = 1 << 16
#: Read without one element or text found: a tag or comment so long is no feed's.
_STALLED_CHARS = 1 << 21
_DEPTH_MAX = 50
_ITEM_MAX_CHARS = 500_000
_ATTRIBUTES_MAX = 500
_ROOTS = ("rss", "feed", "rdf")
_ITEMS = ("item", "entry")
_DECLARED = re.compile(r"""^\s*<\?xml[^>]*?encoding=["']([\w.:-]+)["']""")


class GoogleXmlFeed:
    """Google's RSS or Atom. Raises `FeedError` when the file is neither."""

    format = "google-xml"
    format_name = "Google Merchant Center XML"

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self._file = file
        self._encoding = self._find_declared(encoding)
        self.warnings = warn_of_encoding(self._encoding)
        self.columns = self._find_columns()

    def records(self) -> Iterator[Record | RowError]:
        return google.read_products(note_unlisted(self._items(), self.columns))

    def _find_declared(self, encoding: str) -> str:
        """The encoding that the file declares, if it is none of those found by themselves."""
        with Text(self._file, encoding) as text:
            match = _DECLARED.match(text.read(1000))
        try:
            declared = codecs.lookup(match[1]).name if match else ""
            "".encode(declared or encoding)  # some codecs are not about text
        except (LookupError, ValueError):
            return encoding
        return match[1] if match and encoding == "latin-1" and declared != "utf-8" else encoding

    def _find_columns(self) -> tuple[str, ...]:
        names: dict[str, None] = {}
        count = 0
        for item in islice(self._items(), SAMPLE):
            count += 1
            if isinstance(item, Record):
                names.update(dict.fromkeys(item.values))
        if not count:
            raise FeedError(
                "The XML has no products: none of its elements is called item (RSS 2.0) or "
                "entry (Atom). Export it as a Google Merchant Center feed."
            )
        return google.list_columns(names)

    def _items(self) -> Iterator[Record | RowError]:
        parser = DefusedExpatParser(forbid_dtd=True)
        handler = _Handler(parser.getLineNumber)
        parser.setContentHandler(handler)
        with Text(self._file, self._encoding) as text:
            while chunk := _read(text):
                _parse(parser, chunk)
                handler.check_progress(len(chunk))
                yield from handler.take_items()
            _finish(parser)
            yield from handler.take_items()


def _read(text: Text) -> str:
    try:
        return text.read(_CHUNK_CHARS)
    except UnicodeDecodeError as error:
        raise FeedError(f"The file is not in the encoding that it declares: {error}.") from error


def _parse(parser: Any, chunk: str) -> None:
    """Raises `FeedError` for what is no XML, or XML that is not safe."""
    try:
        parser.feed(chunk)
    except DefusedXmlException as error:
        raise FeedError(
            "The XML declares a document type or entities, which is refused: they can unfold to "
            "more than a machine holds. Export it without <!DOCTYPE ...>."
        ) from error
    except FeedError:
        raise
    except Exception as error:
        raise _explain(parser, error) from error


def _finish(parser: Any) -> None:
    try:
        parser.close()
    except Exception as error:
        raise _explain(parser, error) from error


def _explain(parser: Any, error: Exception) -> FeedError:
    # expat's own errors know a line; others that it lets through do not.
    line = getattr(error, "getLineNumber", parser.getLineNumber)()
    reason = getattr(error, "getMessage", lambda: str(error))()
    return FeedError(
        f"The XML cannot be read past line {line}: {reason}. "
        "Export it again; if it was cut short, send it whole."
    )


class _Handler(ContentHandler):
    """Collects the direct children of each item; what lies deeper is no attribute of it."""

    def __init__(self, find_line: Callable[[], int]) -> None:
        super().__init__()
        self._find_line = find_line
        self._items: deque[Record | RowError] = deque()
        self._depth = 0
        self._item_depth = 0
        self._line = 0
        self._values: dict[str, str] = {}
        self._has_prefix: set[str] = set()
        self._texts: list[str] = []
        self._chars = 0
        self._stalled = 0

    def check_progress(self, chars: int) -> None:
        """Raises `FeedError` after ``chars`` more if nothing was found in very many."""
        self._stalled += chars
        if self._stalled > _STALLED_CHARS:
            raise FeedError(
                f"The XML has a tag or comment of more than {_STALLED_CHARS} characters. "
                "Export it again without."
            )

    def take_items(self) -> Iterator[Record | RowError]:
        while self._items:
            yield self._items.popleft()

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802
        self._stalled = 0
        self._depth += 1
        local = name.rpartition(":")[2].lower()
        if self._depth > _DEPTH_MAX:
            raise FeedError(f"The XML nests more than {_DEPTH_MAX} elements: it is no feed.")
        if self._depth == 1 and local not in _ROOTS:
            raise FeedError(
                f"The XML begins with <{name[:40]}>: only RSS 2.0 and Atom feeds as Google "
                "Merchant Center has them are read. Export it as one, or as CSV."
            )
        if not self._item_depth and local in _ITEMS:
            self._begin_item()
        elif self._item_depth and self._depth == self._item_depth + 1:
            self._texts = [str(attrs.get("href", ""))] if local == "link" else []

    def characters(self, content: str) -> None:
        self._stalled = 0
        if self._item_depth and self._depth == self._item_depth + 1:
            self._chars += len(content)
            if self._chars <= _ITEM_MAX_CHARS:
                self._texts.append(content)

    def endElement(self, name: str) -> None:  # noqa: N802
        if self._item_depth and self._depth == self._item_depth + 1:
            self._keep(name)
        elif self._depth == self._item_depth:
            self._end_item()
        self._depth -= 1

    def _begin_item(self) -> None:
        self._item_depth = self._depth
        self._line = self._find_line()
        self._values, self._has_prefix, self._chars = {}, set(), 0

    def _keep(self, name: str) -> None:
        """A value with a prefix (g:title) counts more than one without; of two, the first."""
        prefix, _, local = name.rpartition(":")
        attribute = google.name_attribute(local)
        text = clean_text("".join(self._texts))
        if not text or len(self._values) >= _ATTRIBUTES_MAX:
            return
        if attribute == "additional_image_link" and attribute in self._values:
            self._values[attribute] += "|" + text
        elif attribute not in self._values or (prefix and attribute not in self._has_prefix):
            self._values[attribute] = text
            if prefix:
                self._has_prefix.add(attribute)

    def _end_item(self) -> None:
        self._item_depth = 0
        if self._chars > _ITEM_MAX_CHARS:
            sku = self._values.get("id", "")[:64]
            reason = f"has more than {_ITEM_MAX_CHARS} characters"
            self._items.append(RowError(line=self._line, sku=sku, reason=reason))
        else:
            self._items.append(Record(self._line, self._values))
