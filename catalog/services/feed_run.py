"""One run of a feed from its first row to its last; `catalog.services.imports` starts it."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from django.utils import timezone

from catalog import conf, tasks
from catalog.feeds.base import Feed, FeedRow, RowError
from catalog.feeds.pictures import find_pictures, open_pictures
from catalog.feeds.rows import read_rows
from catalog.images import ImageRefused
from catalog.models import FeedImport, Product
from catalog.queueing import queue_task
from catalog.selectors import image_ids_without_caption, product_ids_without_embedding
from catalog.services.images import product_image_create
from catalog.services.products import Upserted, products_upsert

#: Rows written in one statement.
BATCH = 500
#: Pictures captioned by one task.
CAPTION_BATCH = 16
#: Problems and kinds of notes that are kept; the counts go on.
PROBLEMS_KEPT = 1000
NOTES_KEPT = 200
_SAVE_EVERY_SECONDS = 1.0


class FeedRun:
    """Takes every row of ``feed`` into the catalog and writes down in ``row`` how it went."""

    def __init__(
        self,
        row: FeedImport,
        feed: Feed,
        images: Path | None,
        *,
        limit: int | None = None,
        on_progress: Callable[[FeedImport], None] | None = None,
    ) -> None:
        self._row = row
        self._feed = feed
        self._pictures = open_pictures(images)
        self._limit = limit
        self._on_progress = on_progress
        self._notes: Counter[str] = Counter(feed.warnings)
        self._defaults: Counter[str] = Counter()
        self._saved_at = 0.0

    def run(self) -> None:
        """Read the file twice: once to count it and find out whether it is whole, once to store.

        Raises `FeedError` in the first reading, before anything is stored.
        """
        self._reset(sum(1 for _ in islice(self._feed.records(), self._limit)))
        for batch in self._batches():
            self._take(batch)
        self._row.status = FeedImport.Status.DONE
        self._row.finished_at = timezone.now()
        self._save()

    def _reset(self, total: int) -> None:
        """An import taken over from a dead worker begins again; what is stored is only found."""
        row = self._row
        row.total = total
        row.processed = row.created = row.updated = row.unchanged = row.refused = 0
        row.pictures = row.picture_problems = 0
        row.problems = []
        self._save()

    def _batches(self) -> Iterator[list[FeedRow | RowError]]:
        rows = read_rows(self._feed, self._row.mapping, conf.current())
        rows = islice(rows, self._limit)
        while batch := list(islice(rows, BATCH)):
            yield batch

    def _take(self, batch: list[FeedRow | RowError]) -> None:
        rows = [row for row in batch if isinstance(row, FeedRow)]
        done = products_upsert(rows=rows)
        self._row.created += len(done.created)
        self._row.updated += len(done.updated)
        self._row.unchanged += len(rows) - len(done.created) - len(done.updated)
        for row in batch:
            if isinstance(row, RowError):
                self._refuse(row)
            else:
                self._note(row, is_new=row.sku in done.created)
                self._store_pictures(row, done.products[row.sku])
            self._tick()
        _queue_missing(done)

    def _refuse(self, error: RowError) -> None:
        self._row.refused += 1
        self._add_problem(error.line, error.sku, error.reason)

    def _add_problem(self, line: int, sku: str, reason: str) -> None:
        if len(self._row.problems) < PROBLEMS_KEPT:
            self._row.problems.append({"line": line, "sku": sku, "reason": reason})

    def _note(self, row: FeedRow, *, is_new: bool) -> None:
        for note in row.notes:
            if note in self._notes or len(self._notes) < NOTES_KEPT:
                self._notes[note] += 1
        if is_new:  # a stored product keeps what it has
            self._defaults.update(row.defaults_used)

    def _store_pictures(self, row: FeedRow, product: Product) -> None:
        found, problems = find_pictures(self._pictures, row.sku, row.images)
        for position, data in enumerate(found):
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

    def _tick(self) -> None:
        self._row.processed += 1
        if time.monotonic() - self._saved_at >= _SAVE_EVERY_SECONDS:
            self._save()
        if self._on_progress:
            self._on_progress(self._row)

    def _save(self) -> None:
        self._saved_at = time.monotonic()
        self._row.heartbeat_at = timezone.now()
        self._row.notes = dict(self._notes)
        self._row.defaults_used = dict(self._defaults)
        self._row.save()


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
