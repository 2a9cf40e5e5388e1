"""Main pictures that the captioner in use has not looked at."""

from collections.abc import Iterator

from catalog.captioning import get_captioner
from catalog.models import PERSON, QualityFinding
from catalog.quality.base import Batch, Found


def find_stale_captions(batch: Batch) -> Iterator[Found]:
    """Products whose main picture has no caption, or one by a captioner no longer in use."""
    fresh = {PERSON, get_captioner().captioner_id}
    for product in batch.products:
        image_id, caption = batch.main_images.get(product.pk), batch.captions.get(product.pk)
        if image_id is None or (caption and caption.captioner_id in fresh):
            continue
        detail = {"captioner": caption.captioner_id if caption else ""}
        yield Found(product.pk, QualityFinding.Kind.STALE_CAPTION, image_id, detail=detail)
