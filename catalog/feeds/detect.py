"""Which format a file has, found out from the file itself and never from its name."""

import codecs
from typing import BinaryIO

from catalog.feeds.base import Feed, FeedError
from catalog.feeds.csv import OWN_COLUMNS, CsvFeed
from catalog.feeds.google import is_google
from catalog.feeds.google_tsv import GoogleTableFeed
from catalog.feeds.google_xml import GoogleXmlFeed
from catalog.feeds.jsonl import JsonLinesFeed
from catalog.feeds.shopify import ShopifyFeed, is_shopify
from catalog.feeds.text import find_encoding

_START_BYTES = 4096
#: First bytes of files that hold no feed, and what to do with each.
_NO_FEED = {
    b"PK\x03\x04": "a zip or Excel file: save the sheet as CSV (UTF-8) and send that",
    b"\xd0\xcf\x11\xe0": "an old Excel file: save the sheet as CSV (UTF-8) and send that",
    b"%PDF": "a PDF: export the products as CSV and send that",
    b"\xff\xd8\xff": "a JPEG picture: send the product list here, and pictures as a zip",
    b"\x89PNG": "a PNG picture: send the product list here, and pictures as a zip",
    b"\x1f\x8b": "compressed with gzip: unpack it first",
}
_WEB_PAGES = ("<!doctype html", "<html")


def detect_feed(file: BinaryIO) -> Feed:
    """Open ``file`` (seekable, binary) in the format it has. Raises `FeedError`.

    Reads the whole file once, to know its encoding.
    """
    file.seek(0)
    start = file.read(_START_BYTES)
    _check_start(start)
    encoding = find_encoding(file)
    text = _decode_start(start, encoding).lstrip("\ufeff \t\r\n").lower()
    if text.startswith(_WEB_PAGES):
        raise FeedError("The file is a web page. Export the products and send that file.")
    if text.startswith("["):
        raise FeedError(
            "The file is one JSON array. Write JSON lines instead: one object a line, "
            "without brackets around them and commas between them (jq -c '.[]' does it)."
        )
    if text.startswith("<"):
        return GoogleXmlFeed(file, encoding)
    return JsonLinesFeed(file, encoding) if text.startswith("{") else _open_table(file, encoding)


def _open_table(file: BinaryIO, encoding: str) -> Feed:
    table = CsvFeed(file, encoding)
    if is_shopify(table.columns):
        return ShopifyFeed(table)
    return GoogleTableFeed(table) if is_google(table.columns) else table


def _check_start(start: bytes) -> None:
    if not start.strip():
        raise FeedError(
            "The file is empty. Export the products again, with a first line of column names "
            f"such as {','.join(OWN_COLUMNS[:4])}, and import that."
        )
    for magic, advice in _NO_FEED.items():
        if start.startswith(magic):
            raise FeedError(f"The file is no feed but {advice}.")


def _decode_start(start: bytes, encoding: str) -> str:
    # Incrementally: the last letter of the start may be cut in two.
    return codecs.getincrementaldecoder(encoding)().decode(start)
