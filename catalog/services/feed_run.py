"""One run of a feed from its first row to its last; `catalog.services.imports` starts it."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from django.db import transaction

from catalog import conf, tasks
from catalog.feeds.base import Feed, FeedRow, RowError
from catalog.feeds.pictures import NoPictures, find_pictures, open_pictures
from catalog.feeds.rows import read_rows
from catalog.images import ImageRefused
from catalog.models import FeedImport, FeedSource, Product
from catalog.queueing import queue_task
from catalog.selectors import image_ids_without_caption, product_ids_without_embedding
from catalog.services.full_feeds import (
    UnpublishHeldBackError,
    count_published,
    find_missing,
    is_too_many,
    products_delist,
)
from catalog.services.images import product_image_create
from catalog.services.import_jobs import Hold
from catalog.services.products import Upserted, products_upsert
from catalog.services.remote_pictures import remote_pictures_register

#: Rows written in one statement; fewer where pictures come with them, which take their time:
#: a run is stopped, and goes on, between batches.
BATCH = 500
BATCH_WITH_PICTURES = 20
#: Pictures captioned by one task.
CAPTION_BATCH = 16
#: Problems and kinds of notes that are kept; the counts go on.
PROBLEMS_KEPT = 1000
NOTES_KEPT = 200


class FeedRun:
    """Takes the rows of ``feed`` that are left into the catalog and writes down how it went."""

    def __init__(
        self,
        hold: Hold,
        feed: Feed,
        images: Path | None,
        *,
        limit: int | None = None,
        on_progress: Callable[[FeedImport], None] | None = None,
    ) -> None:
        self._hold = hold
        self._row = hold.row
        self._feed = feed
        self._pictures = open_pictures(images)
        self._limit = limit
        self._on_progress = on_progress
        self._notes: Counter[str] = Counter(hold.row.notes or feed.warnings)
        self._defaults: Counter[str] = Counter(hold.row.defaults_used)
        self._seen: set[str] = set()

    def run(self) -> None:
        """Read the file twice: once to count it and find out whether it is whole, once to store.

        Raises `FeedError` in the first reading, before anything is stored, and
        `ImportCancelledError` or `ImportLostError` between batches.
        """
        if not self._row.total:
            self._row.total = sum(1 for _ in islice(self._feed.records(), self._limit))
            self._hold.check()
        for batch in self._batches():
            self._take(batch)
            self._hold.check()
        self._unpublish_missing()
        self._hold.end(FeedImport.Status.DONE)
        feed = self._row.feed
        if feed and self._limit is None:
            FeedSource.objects.filter(pk=feed.pk).update(checksum=self._row.checksum)

    def _batches(self) -> Iterator[list[FeedRow | RowError]]:
        """The rows that are left, after those that an earlier worker took."""
        size = BATCH if isinstance(self._pictures, NoPictures) else BATCH_WITH_PICTURES
        rows = islice(self._read_all(), self._row.processed, None)
        while batch := list(islice(rows, size)):
            yield batch

    def _read_all(self) -> Iterator[FeedRow | RowError]:
        """Every row from the first, so that a resumed run too knows what the feed lists.

        A refused row lists its product as well: a typing error in a price is no reason to
        unpublish it.
        """
        for row in islice(read_rows(self._feed, self._row.mapping, conf.current()), self._limit):
            self._seen.add(row.sku)
            yield row

    def _take(self, batch: list[FeedRow | RowError]) -> None:
        rows = [row for row in batch if isinstance(row, FeedRow)]
        done = self._store(rows)
        for row in batch:
            if isinstance(row, RowError):
                self._refuse(row)
            else:
                self._note(row)
                self._store_pictures(row, done.products[row.sku])
            self._row.processed += 1
            if self._on_progress:
                self._on_progress(self._row)
        _queue_missing(done)
        self._count()

    def _store(self, rows: list[FeedRow]) -> Upserted:
        """Store rows, and in the same transaction what became of them.

        ``processed`` is saved only when the batch is through: after a worker's death its batch is
        done again, finds its rows stored, and counts them once.
        """
        with transaction.atomic():
            done = products_upsert(rows=rows, feed=self._row.feed)
            self._row.created += len(done.created)
            self._row.updated += len(done.updated)
            for row in rows:
                if row.sku in done.created:  # a stored product keeps what it has
                    self._defaults.update(row.defaults_used)
            self._row.defaults_used = dict(self._defaults)
            self._hold.save()
        return done

    def _count(self) -> None:
        row = self._row
        row.unchanged = row.processed - row.refused - row.created - row.updated
        row.notes = dict(self._notes)

    def _unpublish_missing(self) -> None:
        """After a complete run of a full feed: unpublish what it no longer lists."""
        row, feed = self._row, self._row.feed
        if not (row.is_full and feed) or self._limit is not None:
            return
        missing = [product.pk for product in find_missing(feed, self._seen)]
        is_empty = row.refused == row.processed
        allowed = len(missing) <= row.unpublish_confirmed
        if not allowed and is_too_many(feed, len(missing), is_empty=is_empty):
            row.unpublish_waiting = len(missing)
            raise UnpublishHeldBackError(len(missing), count_published(feed))
        for start in range(0, len(missing), BATCH):
            with transaction.atomic():
                row.unpublished += products_delist(
                    feed=feed, product_ids=missing[start : start + BATCH]
                )
                self._hold.save()
            self._hold.check()

    def _refuse(self, error: RowError) -> None:
        self._row.refused += 1
        self._add_problem(error.line, error.sku, error.reason)

    def _add_problem(self, line: int, sku: str, reason: str) -> None:
        if len(self._row.problems) < PROBLEMS_KEPT:
            self._row.problems.append({"line": line, "sku": sku, "reason": reason})

    def _note(self, row: FeedRow) -> None:
        for note in row.notes:
            if note in self._notes or len(self._notes) < NOTES_KEPT:
                self._notes[note] += 1

    def _store_pictures(self, row: FeedRow, product: Product) -> None:
        found, places, problems = find_pictures(self._pictures, row.sku, row.images)
        remote_pictures_register(product=product, places=places)
        for position, data in found:
            try:
                image = product_image_create(
                    product=product, data=data, position=position, caption=False
                )
            except ImageRefused as error:
                problems.append(f"picture {position + 1}: {error}")
            else:
                self._row.pictures += image is not None
        self._row.picture_problems += len(problems)
        for problem in problems:
            self._add_problem(row.line, row.sku, problem)


def _queue_missing(done: Upserted) -> None:
    """Queue what these products lack, not what was done to them just now.

    So a run that died between storing and queueing is made good by the next.
    """
    product_ids = {product.pk for product in done.products.values()}
    image_ids = image_ids_without_caption(product_ids)
    for start in range(0, len(image_ids), CAPTION_BATCH):
        queue_task(tasks.caption_images, image_ids[start : start + CAPTION_BATCH])
    # Those that await a caption are embedded now as well: until it comes, words are better than
    # nothing, and a text costs two milliseconds.
    stale = product_ids_without_embedding(product_ids)
    stale |= {done.products[sku].pk for sku in done.reworded}
    if stale:
        queue_task(tasks.embed_products, sorted(stale))
