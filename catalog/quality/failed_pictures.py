"""Pictures that a feed names and nobody could fetch."""

from collections import defaultdict
from collections.abc import Iterator

from catalog.models import QualityFinding, RemotePicture
from catalog.quality.base import Batch, Found

#: Addresses kept of one product; the rest are counted.
_SHOWN = 3


def find_failed_pictures(batch: Batch) -> Iterator[Found]:
    """Products with pictures given up on, one finding a product; one query."""
    failed = RemotePicture.objects.filter(
        product__in=batch.products, status=RemotePicture.Status.FAILED
    ).order_by("pk")
    by_product: dict[int, list[dict[str, str]]] = defaultdict(list)
    for picture in failed:
        by_product[picture.product_id].append({"url": picture.url, "error": picture.error})
    for product_id, pictures in by_product.items():
        detail = {"count": len(pictures), "pictures": pictures[:_SHOWN]}
        yield Found(product_id, QualityFinding.Kind.PICTURE_FAILED, detail=detail)
