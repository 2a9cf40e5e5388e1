"""How far the check of the catalog is, and when it last ended: kept in the cache."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.core.cache import cache
from django.utils import timezone

_KEY = "ensemble:quality-check"
_LOCK = "ensemble:quality-check-lock"
#: A check that showed no progress for this long is dead.
_LOCK_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Progress:
    """``processed`` of ``total`` products; times are None where it has not come to that."""

    processed: int = 0
    total: int = 0
    queued_at: datetime | None = None
    finished_at: datetime | None = None
    seconds: float = 0.0

    @property
    def percent(self) -> int:
        return 100 * self.processed // self.total if self.total else 0


def read_progress() -> Progress:
    """What is known of the last check; all zero when there was none."""
    return cache.get(_KEY) or Progress()


def is_active() -> bool:
    """Whether a check runs, or waits for a worker and has not waited too long."""
    queued_at = read_progress().queued_at
    waits = queued_at and (timezone.now() - queued_at).total_seconds() < _LOCK_SECONDS
    return bool(waits) or cache.get(_LOCK) is not None


def start() -> bool:
    """Take the lock; False when another check holds it."""
    if not cache.add(_LOCK, 1, _LOCK_SECONDS):
        return False
    _write(replace(read_progress(), processed=0, total=0))
    return True


def show(processed: int, total: int) -> None:
    """Say how far the check is, and that it lives."""
    cache.touch(_LOCK, _LOCK_SECONDS)
    _write(replace(read_progress(), processed=processed, total=total))


def queue() -> None:
    """Say that a check was asked for."""
    _write(replace(read_progress(), queued_at=timezone.now()))


def finish(seconds: float) -> None:
    """Give the lock back after a check that came to its end."""
    _write(replace(read_progress(), queued_at=None, finished_at=timezone.now(), seconds=seconds))
    cache.delete(_LOCK)


def give_up() -> None:
    """Give the lock back after a check that failed."""
    _write(replace(read_progress(), queued_at=None))
    cache.delete(_LOCK)


def _write(progress: Progress) -> None:
    cache.set(_KEY, progress, None)
