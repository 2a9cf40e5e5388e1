"""Finds out what an import would do, row by row, and stores nothing in the catalog."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

from catalog import conf
from catalog.feeds.base import Feed, FeedRow, RowError
from catalog.feeds.rows import read_rows
from catalog.models import FeedImport, FeedSource, PlannedChange, Product
from catalog.services.full_feeds import find_missing
from catalog.services.import_jobs import Hold, plan_delete
from catalog.services.products import find_changes, find_stored, merge_row

BATCH = 500
#: What one value of the plan shows at most, in characters.
_VALUE_MAX_CHARS = 200
_REASON_MAX_CHARS = 500
#: What is shown of a product that would be new, where the feed or a default gives it.
_NEW_FIELDS = ("category", "slot", "gender", "colour", "price", "stock", "published")

_Action = PlannedChange.Action
#: Action -> the counter of an import.
_COUNTERS = {
    _Action.CREATE: "created",
    _Action.UPDATE: "updated",
    _Action.UNCHANGED: "unchanged",
    _Action.UNPUBLISH: "unpublished",
    _Action.REFUSE: "refused",
}


class DryRun:
    """Writes the plan of one import, batch by batch."""

    def __init__(self, hold: Hold, feed: Feed) -> None:
        self._hold = hold
        self._feed = feed

    def run(self) -> None:
        """Replaces an earlier plan. Raises `FeedError`, `ImportCancelledError`."""
        row = self._hold.row
        plan_delete(feed_import=row)
        counts_reset(row)
        row.total = sum(1 for _ in self._feed.records())
        self._hold.check()
        for changes in plan_changes(self._feed, row.mapping, source=row.feed, is_full=row.is_full):
            self._take(changes)
            self._hold.check()
        self._hold.end(FeedImport.Status.CHECKED)

    def _take(self, changes: Sequence[PlannedChange]) -> None:
        row = self._hold.row
        for change in changes:
            change.feed_import = row
            counter = _COUNTERS[_Action(change.action)]
            setattr(row, counter, getattr(row, counter) + 1)
            row.processed += change.action != _Action.UNPUBLISH
        PlannedChange.objects.bulk_create(changes)


def counts_reset(row: FeedImport) -> None:
    """Set every counter of an unsaved or held import back to nothing."""
    row.total = row.processed = row.pictures = row.picture_problems = row.unpublish_waiting = 0
    for counter in _COUNTERS.values():
        setattr(row, counter, 0)
    row.problems, row.notes, row.defaults_used = [], {}, {}


def plan_changes(
    feed: Feed,
    mapping: Mapping[str, str],
    *,
    source: FeedSource | None = None,
    is_full: bool = False,
    limit: int | None = None,
) -> Iterator[list[PlannedChange]]:
    """What importing ``feed`` would do, in unsaved batches; a complete full feed's gaps last."""
    seen: set[str] = set()
    rows = islice(read_rows(feed, mapping, conf.current()), limit)
    while batch := list(islice(rows, BATCH)):
        seen.update(row.sku for row in batch)
        yield _plan_batch(batch)
    if is_full and source and limit is None:
        missing = find_missing(source, seen)
        for start in range(0, len(missing), BATCH):
            yield [_plan_unpublish(product) for product in missing[start : start + BATCH]]


def _plan_batch(batch: Sequence[FeedRow | RowError]) -> list[PlannedChange]:
    stored = find_stored([row for row in batch if isinstance(row, FeedRow)])
    return [
        _plan_refusal(row) if isinstance(row, RowError) else _plan_row(row, stored.get(row.sku))
        for row in batch
    ]


def _plan_row(row: FeedRow, stored: Product | None) -> PlannedChange:
    wanted = merge_row(row, stored)
    if stored is None:
        action = _Action.CREATE
        changes = {name: (None, getattr(wanted, name)) for name in _NEW_FIELDS}
    else:
        changes = find_changes(wanted, stored)
        action = _Action.UPDATE if changes or stored.delisted_at else _Action.UNCHANGED
    return PlannedChange(
        line=row.line,
        sku=row.sku,
        title=wanted.title,
        action=action,
        changes={name: [_show(before), _show(after)] for name, (before, after) in changes.items()},
        reason="; ".join(row.notes)[:_REASON_MAX_CHARS],
    )


def _plan_refusal(row: RowError) -> PlannedChange:
    reason = row.reason[:_REASON_MAX_CHARS]
    return PlannedChange(line=row.line, sku=row.sku, action=_Action.REFUSE, reason=reason)


def _plan_unpublish(product: Product) -> PlannedChange:
    return PlannedChange(
        sku=product.sku,
        title=product.title,
        action=_Action.UNPUBLISH,
        changes={"published": [True, False]},
        reason="The feed no longer lists it.",
    )


def _show(value: Any) -> Any:
    """A value as the plan keeps it: JSON, and no longer than a page needs."""
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, (list, tuple)):
        return list(value)
    if isinstance(value, str) and len(value) > _VALUE_MAX_CHARS:
        return f"{value[: _VALUE_MAX_CHARS - 1]}\N{HORIZONTAL ELLIPSIS}"
    return value
