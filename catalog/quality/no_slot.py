"""Products that are never part of a look."""

from collections.abc import Iterator

from catalog.models import QualityFinding
from catalog.quality.base import Batch, Found


def find_missing_slots(batch: Batch) -> Iterator[Found]:
    """Products whose category named no slot."""
    for product in batch.products:
        if not product.slot:
            detail = {"category": product.category}
            yield Found(product.pk, QualityFinding.Kind.NO_SLOT, detail=detail)
