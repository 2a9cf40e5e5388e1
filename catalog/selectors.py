"""Reads over many products at once, without a query a product."""

from collections.abc import Iterable

from catalog.captioning import get_captioner
from catalog.models import Caption, Product, ProductImage


def captions_for(products: Iterable[Product]) -> dict[int, Caption]:
    """Product id -> the current captioner's caption of its main picture, where there is one."""
    hashes = main_hashes_for([product.pk for product in products])
    captions = Caption.objects.filter(
        content_hash__in=hashes.values(), captioner_id=get_captioner().captioner_id
    )
    by_hash = {caption.content_hash: caption for caption in captions}
    return {pk: by_hash[content] for pk, content in hashes.items() if content in by_hash}


def main_hashes_for(product_ids: Iterable[int]) -> dict[int, str]:
    """Product id -> the content hash of its main (first) picture, where there is one."""
    rows = (
        ProductImage.objects.filter(product_id__in=list(product_ids))
        .order_by("product_id", "position", "pk")
        .distinct("product_id")
        .values_list("product_id", "content_hash")
    )
    return dict(rows)
