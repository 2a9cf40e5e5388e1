"""Imports as jobs: who holds one, how it is stopped, and how it goes on."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from catalog import tasks
from catalog.models import FeedImport, FeedSource, PlannedChange
from catalog.queueing import queue_task

logger = logging.getLogger(__name__)

#: An import whose worker has not been heard of for so long is taken over.
HELD_FOR = timedelta(minutes=2)

_Status = FeedImport.Status
#: What a worker writes; the rest of a row belongs to people.
_WRITTEN = (
    *("status", "total", "processed", "created", "updated", "unchanged", "unpublished"),
    *("refused", "pictures", "picture_problems", "problems", "defaults_used", "notes"),
    *("unpublish_waiting", "error", "finished_at"),
)


class ImportHeldError(Exception):
    """Another worker runs this import, or another import of the same feed, right now."""


class ImportLostError(Exception):
    """The import was taken over or deleted: whoever worked on it stops."""


class ImportCancelledError(Exception):
    """A person asked the import to stop."""


class Hold:
    """A worker's hold on an import: it writes only while nobody else took the import over.

    ``heartbeat_at`` is the proof. Saved in the transaction that stores a batch, it keeps a worker
    that was thought dead from storing anything after its successor began.
    """

    def __init__(self, row: FeedImport) -> None:
        self.row = row
        self._status = row.status

    def save(self) -> None:
        """Write down how far it is. Raises `ImportLostError`."""
        now = timezone.now()
        kept = FeedImport.objects.filter(
            pk=self.row.pk, status=self._status, heartbeat_at=self.row.heartbeat_at
        ).update(heartbeat_at=now, **{name: getattr(self.row, name) for name in _WRITTEN})
        if not kept:
            raise ImportLostError(f"Import {self.row.pk} is no longer ours")
        self.row.heartbeat_at = now

    def check(self) -> None:
        """Save, and raise `ImportCancelledError` when a person asked to stop."""
        self.save()
        if FeedImport.objects.filter(pk=self.row.pk, cancel_requested=True).exists():
            raise ImportCancelledError

    def end(self, status: FeedImport.Status, error: str = "") -> None:
        """Let go of it with how it ended."""
        self.row.status, self.row.error = status, error
        self.row.finished_at = timezone.now()
        self.save()

    def give_back(self) -> None:
        """Let go of it unfinished, for the next worker."""
        self.row.status = _Status.QUEUED
        self.save()


def import_claim(*, import_id: int) -> Hold | None:
    """Take a queued import, or one whose worker died; None if it is finished, unstarted or gone.

    Raises `ImportHeldError` while it, or another import of its feed, is in another worker's hands.
    """
    now = timezone.now()
    with transaction.atomic():
        row = FeedImport.objects.filter(
            pk=import_id, status__in=[_Status.QUEUED, _Status.RUNNING]
        ).first()
        if row is None:
            return None
        _check_feed_is_free(row, now)
        taken = FeedImport.objects.filter(
            Q(status=_Status.QUEUED) | _left_alone(_Status.RUNNING, now), pk=import_id
        ).update(status=_Status.RUNNING, heartbeat_at=now)
    return _hold(import_id, taken, _Status.RUNNING)


def _check_feed_is_free(row: FeedImport, now: datetime) -> None:
    """Two workers that ask at the same time meet at the lock on the feed."""
    if row.feed_id is None:
        return
    FeedSource.objects.select_for_update(no_key=True).filter(pk=row.feed_id).first()
    others = FeedImport.objects.filter(feed=row.feed_id, status=_Status.RUNNING).exclude(pk=row.pk)
    other = others.exclude(_left_alone(_Status.RUNNING, now)).first()
    if other is not None:
        raise ImportHeldError(f"Import {other.pk} of the same feed is running")


def check_claim(*, import_id: int) -> Hold | None:
    """Take a dry run that nobody works on; None if there is none. Raises `ImportHeldError`."""
    now = timezone.now()
    free = Q(heartbeat_at=None) | _left_alone(_Status.CHECKING, now)
    taken = FeedImport.objects.filter(free, pk=import_id, status=_Status.CHECKING).update(
        heartbeat_at=now
    )
    return _hold(import_id, taken, _Status.CHECKING)


def _hold(import_id: int, taken: int, status: FeedImport.Status) -> Hold | None:
    row = FeedImport.objects.select_related("feed").filter(pk=import_id, status=status).first()
    if row and not taken:
        raise ImportHeldError(f"Import {import_id} is in another worker's hands")
    return Hold(row) if row else None


def _left_alone(status: FeedImport.Status, now: datetime) -> Q:
    return Q(status=status, heartbeat_at__lt=now - HELD_FOR)


def is_left_alone(feed_import: FeedImport) -> bool:
    """Whether its worker has not been heard of for so long that it must have died."""
    heard = feed_import.heartbeat_at
    running = feed_import.status == _Status.RUNNING
    return running and heard is not None and heard < timezone.now() - HELD_FOR


def feed_import_cancel(*, feed_import: FeedImport) -> bool:
    """Stop an import or its dry run; what is stored stays. Whether there was anything to stop."""
    now = timezone.now()
    rows = FeedImport.objects.filter(pk=feed_import.pk)
    idle = rows.filter(Q(status=_Status.QUEUED) | _left_alone(_Status.RUNNING, now))
    if idle.update(status=_Status.CANCELLED, finished_at=now):
        return True
    unclaimed = Q(heartbeat_at=None) | _left_alone(_Status.CHECKING, now)
    if rows.filter(unclaimed, status=_Status.CHECKING).update(status=_Status.DRAFT):
        plan_delete(feed_import=feed_import)
        return True
    # A worker has it, and looks at this between batches.
    working = rows.filter(status__in=[_Status.RUNNING, _Status.CHECKING])
    return bool(working.update(cancel_requested=True))


def can_resume(feed_import: FeedImport) -> bool:
    """Whether it stopped before its end and its file is still there."""
    stopped = feed_import.status in (_Status.CANCELLED, _Status.FAILED)
    return bool(feed_import.file) and (stopped or is_left_alone(feed_import))


def feed_import_resume(*, feed_import: FeedImport) -> bool:
    """Queue a stopped import, to go on where it stopped; False if it cannot."""
    stopped = Q(status__in=[_Status.CANCELLED, _Status.FAILED])
    resumed = (
        FeedImport.objects.filter(stopped | _left_alone(_Status.RUNNING, timezone.now()))
        .filter(pk=feed_import.pk)
        .exclude(file="")
        .update(status=_Status.QUEUED, cancel_requested=False, error="", finished_at=None)
    )
    if resumed:
        queue_task(tasks.run_feed_import, feed_import.pk)
    return bool(resumed)


def feed_imports_wake() -> int:
    """Queue again what a lost worker, or a broker that was away, left behind; how many.

    An import may be queued twice by this: the second time finds it taken and does nothing.
    """
    now = timezone.now()
    waiting = Q(status=_Status.QUEUED, created_at__lt=now - HELD_FOR)
    stored = FeedImport.objects.exclude(file="").order_by("pk")
    imports = stored.filter(waiting | _left_alone(_Status.RUNNING, now))
    checks = stored.filter(_left_alone(_Status.CHECKING, now))
    found = [(tasks.run_feed_import, pk) for pk in imports.values_list("pk", flat=True)]
    found += [(tasks.run_feed_check, pk) for pk in checks.values_list("pk", flat=True)]
    for task, pk in found:
        queue_task(task, pk)
    return len(found)


def feed_import_confirm(*, feed_import: FeedImport) -> bool:
    """Allow an import that stopped before unpublishing many products to go on with it."""
    confirmed = FeedImport.objects.filter(
        pk=feed_import.pk, status=_Status.FAILED, unpublish_waiting__gt=0
    ).update(unpublish_confirmed=F("unpublish_waiting"), unpublish_waiting=0)
    return bool(confirmed) and feed_import_resume(feed_import=feed_import)


def queue_next(*, feed: FeedSource | None) -> None:
    """Queue the import that has waited longest for its feed to be free."""
    waiting = FeedImport.objects.filter(feed=feed, status=_Status.QUEUED).order_by("pk")
    next_id = waiting.values_list("pk", flat=True).first() if feed else None
    if next_id is not None:
        queue_task(tasks.run_feed_import, next_id)


def plan_delete(*, feed_import: FeedImport) -> None:
    """Forget what a dry run found out."""
    PlannedChange.objects.filter(feed_import=feed_import.pk).delete()
