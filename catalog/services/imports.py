"""Runs feeds: each row becomes a product or a reason, and running one again changes nothing."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO

from django.core.files.base import File
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from catalog import tasks
from catalog.feeds import read_feed
from catalog.feeds.base import FeedError
from catalog.feeds.files import check_weight, open_feed
from catalog.feeds.mapping import check_mapping, guess_mapping
from catalog.feeds.pictures import open_pictures
from catalog.models import FeedImport
from catalog.queueing import queue_task
from catalog.services.feed_run import FeedRun

#: An import whose worker has not been heard of for so long is taken over.
HELD_FOR = timedelta(minutes=5)

OnProgress = Callable[[FeedImport], None]


class ImportHeldError(Exception):
    """Another worker runs this import right now."""


def feed_import_create(
    *, name: str, file: "File[bytes]", images: "File[bytes] | None" = None
) -> FeedImport:
    """Store an upload as an import that waits for its mapping to be approved.

    Raises `FeedError` for what cannot be read; then nothing is stored.
    """
    feed = open_feed(file)
    _check_zip(images)
    feed_import = FeedImport(
        name=name, mapping=guess_mapping(feed.columns), status=FeedImport.Status.DRAFT
    )
    file.seek(0)
    feed_import.file.save(Path(name).name, file, save=False)
    if images:
        images.seek(0)
        feed_import.images.save(Path(images.name or "pictures.zip").name, images, save=False)
    feed_import.save()
    return feed_import


def _check_zip(images: "File[bytes] | None") -> None:
    if images is None:
        return
    check_weight(images)
    with _as_path(images) as path:
        open_pictures(path)


def feed_import_start(*, feed_import: FeedImport, mapping: Mapping[str, str]) -> bool:
    """Queue an import with its approved mapping; False if it was started before.

    Raises `FeedError` when the mapping does not fit the file.
    """
    chosen = {field: column for field, column in mapping.items() if column}
    with feed_import.file.open("rb"):
        check_mapping(chosen, open_feed(feed_import.file).columns)
    started = FeedImport.objects.filter(pk=feed_import.pk, status=FeedImport.Status.DRAFT).update(
        status=FeedImport.Status.QUEUED, mapping=chosen
    )
    if started:
        queue_task(tasks.run_feed_import, feed_import.pk)
    return bool(started)


def feed_import_run(
    *, feed_import_id: int, on_progress: OnProgress | None = None
) -> FeedImport | None:
    """Run a queued import; None if it is finished, not started or gone.

    Raises `ImportHeldError` when another worker runs it. An unreadable file is not raised but kept
    in the row, status "failed".
    """
    feed_import = _claim(feed_import_id)
    if feed_import is None:
        return None
    try:
        with feed_import.file.open("rb"), _as_path(feed_import.images or None) as images:
            feed = open_feed(feed_import.file)
            FeedRun(feed_import, feed, images, on_progress=on_progress).run()
    except (FeedError, OSError) as error:
        _fail(feed_import, str(error))
    except BaseException as error:
        _fail(feed_import, f"Unexpected: {error!r}. What was read before it is stored.")
        raise
    return feed_import


def _claim(feed_import_id: int) -> FeedImport | None:
    now = timezone.now()
    left_alone = Q(status=FeedImport.Status.RUNNING, heartbeat_at__lt=now - HELD_FOR)
    claimed = FeedImport.objects.filter(
        Q(status=FeedImport.Status.QUEUED) | left_alone, pk=feed_import_id
    ).update(status=FeedImport.Status.RUNNING, heartbeat_at=now)
    feed_import = FeedImport.objects.filter(pk=feed_import_id).first()
    if claimed:
        return feed_import
    if feed_import and feed_import.status == FeedImport.Status.RUNNING:
        raise ImportHeldError(f"Import {feed_import_id} is in another worker's hands")
    return None


def feed_import(
    *,
    file: BinaryIO,
    name: str,
    mapping: Mapping[str, str] | None = None,
    images: Path | None = None,
    limit: int | None = None,
    on_progress: OnProgress | None = None,
) -> FeedImport:
    """Import ``file`` here and now; ``images`` is a folder or a zip, ``limit`` counts rows.

    Raises `FeedError` when the file, the mapping or the pictures cannot be read at all; then
    nothing is stored.
    """
    feed = read_feed(file)
    chosen = dict(mapping if mapping is not None else guess_mapping(feed.columns))
    check_mapping(chosen, feed.columns)
    open_pictures(images)
    row = FeedImport.objects.create(
        name=name,
        mapping=chosen,
        status=FeedImport.Status.RUNNING,
        heartbeat_at=timezone.now(),
    )
    try:
        FeedRun(row, feed, images, limit=limit, on_progress=on_progress).run()
    except BaseException as error:
        _fail(row, str(error) or repr(error))
        raise
    return row


def _fail(feed_import: FeedImport, error: str) -> None:
    feed_import.status = FeedImport.Status.FAILED
    feed_import.error = error
    feed_import.finished_at = timezone.now()
    feed_import.save()


def feed_import_delete(*, feed_import: FeedImport) -> None:
    """Remove an import's record and its files; the products it made stay."""
    files = [file for file in (feed_import.file, feed_import.images) if file]
    feed_import.delete()
    for file in files:
        transaction.on_commit(partial(file.storage.delete, file.name or ""))


def _as_path(file: Any) -> AbstractContextManager[Path | None]:
    """A path to a stored or uploaded file: its own where it lies on this machine, else a copy's."""
    if not file:
        return nullcontext(None)
    try:
        return nullcontext(Path(file.path))
    except (NotImplementedError, AttributeError):
        return _Copied(file)


class _Copied(AbstractContextManager[Path | None]):
    def __init__(self, file: "File[bytes]") -> None:
        self._file = file

    def __enter__(self) -> Path:
        self._copy = NamedTemporaryFile(suffix=".zip")
        self._file.open("rb")
        for chunk in self._file.chunks():
            self._copy.write(chunk)
        self._copy.flush()
        return Path(self._copy.name)

    def __exit__(self, *args: object) -> None:
        self._copy.close()
