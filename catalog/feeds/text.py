"""Text out of files of any encoding, and out of what shops put into their texts."""

import codecs
import html
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from catalog.feeds.base import FeedError

_CHUNK = 1 << 20
#: What one line of a text format may hold.
LINE_MAX_CHARS = 1 << 20
#: Markup past this is cut: a description that is stored has at most 20 000 characters.
_MARKUP_MAX_CHARS = 60_000
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)|<[!?/]")
_BLOCKS = {"p", "br", "div", "li", "ul", "ol", "tr", "h1", "h2", "h3", "h4", "h5", "h6"}
_HIDDEN = {"script", "style", "template", "noscript", "iframe", "svg"}
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class Text(io.TextIOWrapper):
    """Text over a binary file that stays open afterwards."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        file.seek(0)
        super().__init__(file, encoding=encoding, newline="")

    def __exit__(self, *args: object) -> None:
        self.detach()


def find_encoding(file: BinaryIO) -> str:
    """The encoding of ``file``, which is read whole: a wrong letter at its end is found at once.

    UTF-8, UTF-16 when it says so by its first bytes, else Latin-1. Raises `FeedError` for what
    is no text.
    """
    file.seek(0)
    if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        if not _is_encoded(file, "utf-16"):
            raise FeedError("The file is damaged UTF-16. Save it as UTF-8 and import that.")
        return "utf-16"
    return "utf-8-sig" if _is_encoded(file, "utf-8") else "latin-1"


def _is_encoded(file: BinaryIO, encoding: str) -> bool:
    """Whether all of ``file`` is text of that encoding. Raises `FeedError` for a NUL."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    is_right = True
    while chunk := file.read(_CHUNK):
        try:
            text = decoder.decode(chunk)
        except UnicodeDecodeError:
            is_right, text = False, ""
            decoder.reset()
        if "\0" in text or (encoding == "utf-8" and b"\0" in chunk):
            raise FeedError(
                "The file is binary, not text. Export the products as CSV (UTF-8) and import that."
            )
    return is_right and not decoder.getstate()[0]


def warn_of_encoding(encoding: str) -> tuple[str, ...]:
    """What a person should know about a file read in ``encoding``."""
    if encoding != "latin-1":
        return ()
    return (
        "The file is not UTF-8; it was read as Latin-1. "
        "If letters look wrong, save it as UTF-8 and import again.",
    )


def read_lines(text: io.TextIOWrapper) -> Iterator[str]:
    """Every line with its end. Raises `FeedError` for one too long to be held."""
    number = 0
    while line := text.readline(LINE_MAX_CHARS):
        number += 1
        if len(line) == LINE_MAX_CHARS and not line.endswith(("\n", "\r")):
            raise FeedError(
                f"Line {number} has more than {LINE_MAX_CHARS} characters. "
                "Look for a line break that is missing, and put each product on its own line."
            )
        yield line


def clean_text(text: str) -> str:
    """``text`` without what no database stores, and without white space around it."""
    return _UNSTORABLE.sub("", text).strip()


def strip_markup(text: str) -> str:
    """Plain text of HTML; text without a tag is left as it is.

    Not by the standard library's parser, which takes minutes for what is made to stall it.

    >>> strip_markup("<p>Soft &amp; warm</p><script>alert(1)</script>")
    'Soft & warm'
    """
    if not _TAG.search(text):
        return text
    parts: list[str] = []
    text, place = text[:_MARKUP_MAX_CHARS], 0
    while (start := text.find("<", place)) >= 0:
        parts.append(text[place:start])
        place = _skip_tag(text, start, parts)
    parts.append(text[place:])
    lines = (" ".join(line.split()) for line in _unescape("".join(parts)).splitlines())
    return "\n".join(line for line in lines if line)


def _skip_tag(text: str, start: int, parts: list[str]) -> int:
    """Where the text goes on after what begins at ``start``; one without an end hides the rest."""
    match = _TAG.match(text, start)
    if not match:
        parts.append("<")
        return start + 1
    if text.startswith("<!--", start):
        return _find_end(text, "-->", start)
    end, name = _find_end(text, ">", start), (match[2] or "").lower()
    if name in _HIDDEN and not match[1]:
        closing = re.compile(f"</{name}", re.IGNORECASE).search(text, end)
        return closing.start() if closing else len(text)
    if name in _BLOCKS:
        parts.append("\n")
    return end


def _find_end(text: str, mark: str, start: int) -> int:
    end = text.find(mark, start)
    return len(text) if end < 0 else end + len(mark)


def _unescape(text: str) -> str:
    try:
        return html.unescape(text)
    except ValueError:  # the number of a letter, with thousands of digits
        return text
