"""Runs feeds: each row becomes a product or a reason, and running one again changes nothing."""

import hashlib
import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO

from django.core.files.base import File
from django.db import transaction

from catalog import tasks
from catalog.feeds import read_feed
from catalog.feeds.base import Feed, FeedError
from catalog.feeds.files import check_weight, open_feed
from catalog.feeds.mapping import check_mapping, find_mapping_problems, guess_mapping
from catalog.feeds.pictures import open_pictures
from catalog.models import FeedImport, FeedSource
from catalog.queueing import queue_task
from catalog.services.dry_run import DryRun
from catalog.services.feed_run import FeedRun
from catalog.services.import_jobs import (
    Hold,
    ImportCancelledError,
    ImportHeldError,
    ImportLostError,
    check_claim,
    import_claim,
    plan_delete,
    queue_next,
)

logger = logging.getLogger(__name__)

#: A file of so many bytes is checked while the page loads: about a second.
CHECK_AT_ONCE_BYTES = 128 * 1024

_EVERY_PRODUCT = 2**31 - 1

OnProgress = Callable[[FeedImport], None]
_Status = FeedImport.Status


def feed_import_create(
    *,
    name: str,
    file: "File[bytes]",
    images: "File[bytes] | None" = None,
    feed: FeedSource | None = None,
    is_full: bool = False,
) -> FeedImport:
    """Store an upload as an import that waits for its mapping to be approved.

    Raises `FeedError` for what cannot be read; then nothing is stored.
    """
    opened = open_feed(file)
    _check_zip(images)
    feed_import = FeedImport(
        name=name,
        mapping=choose_mapping(opened.columns, feed),
        status=_Status.DRAFT,
        feed=feed,
        is_full=is_full,
        format=getattr(opened, "format", ""),
        checksum=hash_file(file),
    )
    file.seek(0)
    feed_import.file.save(Path(name).name, file, save=False)
    if images:
        images.seek(0)
        feed_import.images.save(Path(images.name or "pictures.zip").name, images, save=False)
    feed_import.save()
    return feed_import


def choose_mapping(columns: tuple[str, ...], feed: FeedSource | None) -> dict[str, str]:
    """The mapping that a feed had last, if it fits these columns, else a guess."""
    if feed and feed.mapping and not find_mapping_problems(feed.mapping, columns):
        return dict(feed.mapping)
    return guess_mapping(columns)


def hash_file(file: "File[bytes] | BinaryIO") -> str:
    """SHA-256 of a seekable file, in hexadecimal."""
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(1 << 20):
        digest.update(chunk)
    return digest.hexdigest()


def _check_zip(images: "File[bytes] | None") -> None:
    if images is None:
        return
    check_weight(images)
    with _as_path(images) as path:
        open_pictures(path)


def feed_import_check(*, feed_import: FeedImport, mapping: Mapping[str, str]) -> bool:
    """Begin a dry run with this mapping; False if the import was started before.

    Raises `FeedError` when the mapping does not fit the file. A small file is through on return.
    """
    changed = FeedImport.objects.filter(
        pk=feed_import.pk, status__in=[_Status.DRAFT, _Status.CHECKED]
    ).update(
        status=_Status.CHECKING,
        mapping=_check_columns(feed_import, mapping),
        processed=0,
        cancel_requested=False,
        heartbeat_at=None,
        error="",
    )
    if not changed:
        return False
    if feed_import.file.size <= CHECK_AT_ONCE_BYTES:
        feed_import_check_run(feed_import_id=feed_import.pk)
    else:
        queue_task(tasks.run_feed_check, feed_import.pk)
    return True


def feed_import_check_run(*, feed_import_id: int) -> FeedImport | None:
    """Run a dry run that was begun; None if there is none. Raises `ImportHeldError`."""
    hold = check_claim(import_id=feed_import_id)
    if hold is None:
        return None
    try:
        with hold.row.file.open("rb"):
            DryRun(hold, open_feed(hold.row.file)).run()
    except ImportCancelledError:
        feed_import_edit(feed_import=hold.row)
    except ImportLostError as error:
        logger.info("%s: the dry run stops", error)
    except (FeedError, OSError) as error:
        _end_check(hold, str(error))
    except Exception as error:
        _end_check(hold, f"Unexpected: {error!r}. Nothing was stored.")
        raise
    return hold.row


def _end_check(hold: Hold, error: str) -> None:
    """Back to the columns, where the error is shown; half a plan is none."""
    hold.end(_Status.DRAFT, error)
    plan_delete(feed_import=hold.row)


def feed_import_edit(*, feed_import: FeedImport) -> bool:
    """Back to the choice of columns, from a dry run or its result; False if it was started."""
    edited = FeedImport.objects.filter(
        pk=feed_import.pk, status__in=[_Status.CHECKING, _Status.CHECKED]
    ).update(status=_Status.DRAFT, cancel_requested=False, processed=0)
    if edited:
        plan_delete(feed_import=feed_import)
    return bool(edited)


def feed_import_start(
    *, feed_import: FeedImport, mapping: Mapping[str, str], unpublish_confirmed: int = 0
) -> bool:
    """Queue an import with its approved mapping; False if it was started before.

    ``unpublish_confirmed``: how many products a person said may be unpublished. Raises
    `FeedError` when the mapping does not fit the file.
    """
    chosen = _check_columns(feed_import, mapping)
    waiting = FeedImport.objects.filter(
        pk=feed_import.pk, status__in=[_Status.DRAFT, _Status.CHECKED]
    )
    with transaction.atomic():
        started = waiting.update(
            status=_Status.QUEUED,
            mapping=chosen,
            unpublish_confirmed=unpublish_confirmed,
            cancel_requested=False,
            finished_at=None,
            error="",
            **_NOTHING_DONE,
        )
        if started:
            plan_delete(feed_import=feed_import)
            _remember_mapping(feed_import.feed, chosen)
            queue_task(tasks.run_feed_import, feed_import.pk)
    return bool(started)


#: A dry run counted in the same columns.
_NOTHING_DONE: dict[str, Any] = {
    **dict.fromkeys(("total", "processed", "created", "updated", "unchanged"), 0),
    **dict.fromkeys(("unpublished", "refused", "pictures", "picture_problems"), 0),
}


def _check_columns(feed_import: FeedImport, mapping: Mapping[str, str]) -> dict[str, str]:
    chosen = {field: column for field, column in mapping.items() if column}
    with feed_import.file.open("rb"):
        check_mapping(chosen, open_feed(feed_import.file).columns)
    return chosen


def _remember_mapping(feed: FeedSource | None, mapping: Mapping[str, str]) -> None:
    """For the next time; until this import is through, no file counts as the last one."""
    if feed is not None:
        FeedSource.objects.filter(pk=feed.pk).update(mapping=dict(mapping), checksum="")


def feed_import_run(
    *, feed_import_id: int, on_progress: OnProgress | None = None
) -> FeedImport | None:
    """Run a queued import, or go on with one that stopped; None if it is finished or gone.

    Raises `ImportHeldError` when another worker runs it or another import of its feed. An
    unreadable file is not raised but kept in the row, status "failed".
    """
    hold = import_claim(import_id=feed_import_id)
    if hold is None:
        return None
    row = hold.row
    try:
        with row.file.open("rb"), _as_path(row.images or None) as images:
            FeedRun(hold, open_feed(row.file), images, on_progress=on_progress).run()
    except ImportCancelledError:
        hold.end(_Status.CANCELLED)
    except ImportLostError as error:
        logger.warning("%s: this worker stops", error)
    except (FeedError, OSError) as error:
        hold.end(_Status.FAILED, str(error))
    except Exception as error:
        hold.end(_Status.FAILED, f"Unexpected: {error!r}. What was read before it is stored.")
        raise
    except BaseException:  # the worker is being stopped: the task comes back to another
        hold.give_back()
        raise
    queue_next(feed=row.feed)
    return row


def feed_import(
    *,
    file: BinaryIO,
    name: str,
    mapping: Mapping[str, str] | None = None,
    images: Path | None = None,
    feed: FeedSource | None = None,
    is_full: bool = False,
    unpublish_anyway: bool = False,
    limit: int | None = None,
    on_progress: OnProgress | None = None,
) -> FeedImport:
    """Import ``file`` here and now; ``images`` is a folder or a zip, ``limit`` counts rows.

    Raises `FeedError` when the file, the mapping or the pictures cannot be read at all; then
    nothing is stored. Raises `ImportHeldError` while another import of ``feed`` runs.
    """
    opened = read_feed(file)
    chosen = dict(mapping if mapping is not None else guess_mapping(opened.columns))
    check_mapping(chosen, opened.columns)
    open_pictures(images)
    row = FeedImport.objects.create(
        name=name,
        mapping=chosen,
        feed=feed,
        is_full=is_full,
        unpublish_confirmed=_EVERY_PRODUCT if unpublish_anyway else 0,
        format=getattr(opened, "format", ""),
        checksum=hash_file(file),
    )
    hold = _claim_or_forget(row)
    _remember_mapping(feed, chosen)
    _run_here(hold, opened, images, limit, on_progress)
    return hold.row


def _claim_or_forget(row: FeedImport) -> Hold:
    try:
        hold = import_claim(import_id=row.pk)
    except ImportHeldError:
        row.delete()
        raise
    if hold is None:
        raise ImportLostError(f"Import {row.pk} was deleted before it began")
    return hold


def _run_here(
    hold: Hold,
    opened: Feed,
    images: Path | None,
    limit: int | None,
    on_progress: OnProgress | None,
) -> None:
    try:
        FeedRun(hold, opened, images, limit=limit, on_progress=on_progress).run()
    except (ImportCancelledError, KeyboardInterrupt) as error:
        hold.end(_Status.CANCELLED)
        if isinstance(error, KeyboardInterrupt):
            raise
    except BaseException as error:
        hold.end(_Status.FAILED, str(error) or repr(error))
        raise
    finally:
        queue_next(feed=hold.row.feed)


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
