"""Opens feeds out of uploads and stored files, once their weight is known to be bearable."""

from typing import Any

from django.core.files.base import File

from catalog import conf
from catalog.feeds.base import Feed, FeedError
from catalog.feeds.detect import detect_feed


def open_feed(file: "File[bytes]") -> Feed:
    """Open an uploaded or stored file as a feed; it stays open. Raises `FeedError`."""
    check_weight(file)
    file.open("rb")
    raw: Any = file
    while isinstance(raw, File):  # a stored file is wrapped twice
        raw = raw.file
    return detect_feed(raw)


def check_weight(file: "File[bytes]") -> None:
    """Raises `FeedError` for a file of more than ``FEED_MAX_BYTES``."""
    limit = conf.current().FEED_MAX_BYTES
    if file.size > limit:
        raise FeedError(
            f"{file.name} has {file.size / 2**20:.0f} MB; up to {limit / 2**20:.0f} MB are taken. "
            "Send it in parts, or raise ENSEMBLE['FEED_MAX_BYTES']."
        )
