"""Marks in the cache of what changed, by which `outfits.served` knows whether an answer holds.

Changes are counted. A mark says at which count something changed last: everything, a product, or
the looks of an anchor. What changes within one transaction is collected and marked once, after the
commit. A cache that cannot be reached then is logged: what was stored stays stored, and answers
are out of date for ``LOOK_CACHE_SECONDS`` at most.
"""

import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import structlog
from django.core.cache import cache
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.locmem import LocMemCache
from django.db import router, transaction

from outfits.models import Look

log = structlog.get_logger(__name__)

#: How many changes there were, and at which of them everything changed. Neither expires.
COUNT_KEY, ALL_KEY = "ensemble:changes", "ensemble:changed-all"
#: No answer is kept for longer, whatever ``LOOK_CACHE_SECONDS`` says.
DAY = 86_400
#: An answer may be stored somewhat later than what makes it out of date is marked.
MARK_SECONDS = DAY + 3600
#: Of more changes in one transaction it is not marked which.
_MOST = 10_000


def is_shared(cache: BaseCache) -> bool:
    """Whether every process sees what any of them marks, so that answers may be kept."""
    return not isinstance(cache, LocMemCache | FileBasedCache | DummyCache)


def product_key(product_id: int) -> str:
    """The key of the mark of a product."""
    return f"ensemble:changed:{product_id}"


def looks_key(anchor_id: int) -> str:
    """The key of the mark of the looks of an anchor."""
    return f"ensemble:looks-changed:{anchor_id}"


def mark_after_commit(keys: Collection[str], *, using: str | None = None) -> None:
    """Write down that these changed, once the transaction of a database is over."""
    if not keys:
        return
    using = using or router.db_for_write(Look)
    connection = transaction.get_connection(using)
    begun = _begun(connection)
    pending = begun and _find_pending(connection, begun)
    if pending:
        pending.add(keys)
        return
    pending = _Pending(begun)
    pending.add(keys)
    # Bound: where a hook fails, Django logs its ``__qualname__``, which a partial lacks.
    transaction.on_commit(pending.mark, using=using, robust=True)


def begin_counting() -> int:
    """Start counting where the cache has forgotten how far it was; no answer from before holds."""
    # Higher than any count before, as long as there were fewer changes than microseconds.
    cache.add(COUNT_KEY, time.time_ns() // 1000, None)
    count: int = cache.get(COUNT_KEY, 0)
    cache.add(ALL_KEY, count, None)
    return count


@contextmanager
def cache_may_be_away() -> Iterator[None]:
    """Log it where the cache cannot be reached: no reason to fail for what is stored already.

    Each kind of cache raises errors of its own.
    """
    try:
        yield
    except Exception as error:
        log.warning("change_not_marked", error=repr(error))


class _Pending:
    """What changed in a transaction so far."""

    def __init__(self, begun: tuple[object, ...]) -> None:
        self.begun = begun
        self.keys: set[str] = set()

    def add(self, keys: Iterable[str]) -> None:
        self.keys.update(keys)
        if ALL_KEY in self.keys or len(self.keys) > _MOST:
            self.keys = {ALL_KEY}

    def mark(self) -> None:
        self.begun = ()
        with cache_may_be_away():
            _mark(self.keys)


def _begun(connection: Any) -> tuple[object, ...]:
    """What tells the transaction in progress from others; empty where there is none.

    Those that Django's test cases put around a test are none.
    """
    blocks = connection.atomic_blocks
    around = sum(block._from_testcase for block in blocks)
    if len(blocks) == around:
        return ()
    # A decorator's block is the same at every call; within a test, its savepoint is not.
    return (blocks[around], *connection.savepoint_ids[:around])


def _find_pending(connection: Any, begun: tuple[object, ...]) -> _Pending | None:
    """What is to be marked after this transaction already.

    It may have been begun in any savepoint. Rolling one back drops the hooks that were registered
    in it; of those that are left, none can go unless what changes now is rolled back, too.
    """
    for hook in connection.run_on_commit:
        pending = getattr(hook[1], "__self__", None)
        if isinstance(pending, _Pending) and pending.begun == begun:
            return pending
    return None


def _mark(keys: Collection[str]) -> None:
    """Write down that these changed now."""
    seconds = None if ALL_KEY in keys else MARK_SECONDS
    # A cache that keeps nothing cannot count; it has no answers either.
    with suppress(ValueError):
        count, latest = 0, _next()
        # Whoever counted meanwhile may have written a later count, which must not be undone.
        while count != latest:
            count = latest
            cache.set_many(dict.fromkeys(keys, count), seconds)
            latest = cache.get(COUNT_KEY, count)


def _next() -> int:
    try:
        return cache.incr(COUNT_KEY)
    except ValueError:
        begin_counting()
        return cache.incr(COUNT_KEY)
