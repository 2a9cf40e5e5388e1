"""Takes pushed feeds: what is known already is not imported again."""

from django.core.files.base import File

from catalog.feeds.base import FeedError
from catalog.models import FeedImport, FeedSource
from catalog.services.imports import (
    feed_import_create,
    feed_import_delete,
    feed_import_start,
)

_UNDER_WAY = (FeedImport.Status.QUEUED, FeedImport.Status.RUNNING)


def feed_push(*, feed: FeedSource, file: "File[bytes]", checksum: str) -> FeedImport | None:
    """Import ``file`` as ``feed`` has it; None when it is what was imported last.

    The same file pushed again while its import is under way is that import. Raises `FeedError`
    for what cannot be read; then nothing is stored.
    """
    under_way = feed.imports.filter(status__in=_UNDER_WAY).first()
    if under_way and under_way.checksum == checksum:
        return under_way
    if under_way is None and feed.checksum == checksum:
        return None
    row = feed_import_create(
        name=file.name or feed.name, file=file, feed=feed, is_full=feed.is_full
    )
    _start_or_delete(row)
    return row


def _start_or_delete(row: FeedImport) -> None:
    """Start with the feed's own columns; an import that cannot start is not left behind."""
    try:
        feed_import_start(feed_import=row, mapping=row.mapping)
    except FeedError:
        feed_import_delete(feed_import=row)
        raise
    row.refresh_from_db()
