"""Feeds: `read_feed` opens a file, `read_rows` turns its records into `FeedRow`s."""

from typing import BinaryIO

from catalog.feeds.base import Feed
from catalog.feeds.detect import detect_feed


def read_feed(file: BinaryIO) -> Feed:
    """Open ``file`` (seekable, binary) as a feed. Raises `FeedError`, saying what to do."""
    return detect_feed(file)
