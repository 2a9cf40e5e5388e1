"""Products that nobody can see."""

from collections.abc import Iterator

from catalog.models import QualityFinding
from catalog.quality.base import Batch, Found


def find_missing_pictures(batch: Batch) -> Iterator[Found]:
    """Products without any picture."""
    for product in batch.products:
        if product.pk not in batch.main_images:
            yield Found(product.pk, QualityFinding.Kind.NO_PICTURE)
