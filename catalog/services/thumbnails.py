"""Makes thumbnails and fingerprints for pictures that were stored without."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from catalog.models import ProductImage
from catalog.services.images import delete_files, file_stem, store_thumbnails
from catalog.thumbnails import derive

logger = logging.getLogger(__name__)

#: Pictures that one task, and one query, takes.
BATCH = 200


@dataclass(frozen=True, slots=True)
class ThumbnailBatch:
    """What became of some pictures; ``last_id`` is where to go on, None when there are no more."""

    made: int
    failed: int
    last_id: int | None


def images_without_thumbnails() -> "QuerySet[ProductImage]":
    """The pictures that lack a thumbnail or a fingerprint."""
    lacking = Q(small="") | Q(large="") | Q(perceptual_hash="") | Q(colour_grid=b"")
    return ProductImage.objects.filter(lacking)


def thumbnails_create_batch(*, after_id: int = 0, limit: int = BATCH) -> ThumbnailBatch:
    """Make what the next pictures after ``after_id`` lack. Safe to run twice, or twice at once."""
    images = list(images_without_thumbnails().filter(pk__gt=after_id).order_by("pk")[:limit])
    made = sum(thumbnails_create(image=image) for image in images)
    last_id = images[-1].pk if len(images) == limit else None
    return ThumbnailBatch(made, len(images) - made, last_id)


def thumbnails_create_all(*, on_progress: Callable[[int, int], None] | None = None) -> list[int]:
    """Make all that are missing, batch by batch: [made, failed]."""
    after_id: int | None = 0
    totals = [0, 0]
    while after_id is not None:
        batch = thumbnails_create_batch(after_id=after_id)
        totals = [totals[0] + batch.made, totals[1] + batch.failed]
        after_id = batch.last_id
        if on_progress:
            on_progress(*totals)
    return totals


def thumbnails_create(*, image: ProductImage) -> bool:
    """Make thumbnails and fingerprints of one picture; False when its file cannot be read.

    Another worker that was faster, or removed the picture, wins: what was made here goes.
    """
    before = {"pk": image.pk, "small": image.small.name, "large": image.large.name}
    old = [file for file in image.files if file is not image.image]
    # With its size: without, Django opens the file to measure it.
    fresh = ProductImage(image=image.image.name, width=image.width, height=image.height)
    try:
        with image.image.open("rb") as file:
            derived = derive(file.read())
        store_thumbnails(fresh, derived, file_stem(image.content_hash))
    except Exception:
        # One file that is gone or damaged must not end the run; storages raise what they like.
        logger.exception("No thumbnails for %s", image.image.name)
        delete_files(file for file in fresh.files if file.name != image.image.name)
        return False
    won = _update(before, fresh)
    delete_files(old if won else [fresh.small, fresh.large])
    return True


def _update(before: Mapping[str, object], fresh: ProductImage) -> bool:
    made = {
        "small": fresh.small.name,
        "large": fresh.large.name,
        "perceptual_hash": fresh.perceptual_hash,
        "colour_grid": fresh.colour_grid,
    }
    return bool(ProductImage.objects.filter(**before).update(**made))
