"""What may be wrong with the catalog: one check a file, each from facts to findings."""

from collections.abc import Callable, Iterator

from catalog.models import QualityFinding
from catalog.quality.base import Batch, Found
from catalog.quality.contradictions import find_contradictions
from catalog.quality.failed_pictures import find_failed_pictures
from catalog.quality.missing_pictures import find_missing_pictures
from catalog.quality.no_slot import find_missing_slots
from catalog.quality.stale_captions import find_stale_captions

#: What can be said of each product by itself; near-duplicates need all pictures at once.
BATCH_CHECKS: tuple[Callable[[Batch], Iterator[Found]], ...] = (
    find_missing_pictures,
    find_failed_pictures,
    find_missing_slots,
    find_contradictions,
    find_stale_captions,
)
BATCH_KINDS = [kind for kind in QualityFinding.Kind if kind != QualityFinding.Kind.DUPLICATE]
