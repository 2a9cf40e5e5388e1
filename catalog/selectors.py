"""Reads over many products at once, without a query a product."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from django.db.models import Exists, OuterRef

from catalog import conf
from catalog.embedding import get_embedder
from catalog.feeds.base import FeedRow, RowError
from catalog.feeds.files import open_feed
from catalog.feeds.rows import read_rows
from catalog.models import PERSON, Caption, FeedImport, Product, ProductEmbedding, ProductImage
from catalog.serving import rank_captions


def captions_for(products: Iterable[Product]) -> dict[int, Caption]:
    """Product id -> the serving caption of its main picture, where there is one.

    Which caption serves is said in `catalog.serving.rank_captions`.
    """
    products = list(products)
    hashes = {
        product.pk: product.main_image.content_hash
        for product in products
        if has_pictures_read(product) and product.main_image
    }
    unread = [product.pk for product in products if not has_pictures_read(product)]
    hashes |= main_hashes_for(unread) if unread else {}
    by_hash = _serving_captions(hashes.values())
    return {pk: by_hash[content] for pk, content in hashes.items() if content in by_hash}


def _serving_captions(hashes: Iterable[str]) -> dict[str, Caption]:
    """Content hash -> the serving caption of the picture, where there is one."""
    known: dict[str, Caption] = {}
    several: set[str] = set()
    for caption in Caption.objects.filter(content_hash__in=set(hashes)):
        if caption.content_hash in known:
            several.add(caption.content_hash)
        known[caption.content_hash] = caption
    # Most pictures have one caption, which serves; to rank them takes longer than to read them.
    if several:
        ranked = rank_captions(Caption.objects.filter(content_hash__in=several))
        known |= {caption.content_hash: caption for caption in ranked.distinct("content_hash")}
    return known


def has_pictures_read(product: Product) -> bool:
    """Whether ``images`` was prefetched, so that asking for pictures costs no query."""
    return "images" in getattr(product, "_prefetched_objects_cache", {})


def main_hashes_for(product_ids: Iterable[int]) -> dict[int, str]:
    """Product id -> the content hash of its main (first) picture, where there is one."""
    rows = (
        ProductImage.objects.filter(product_id__in=list(product_ids))
        .order_by("product_id", "position", "pk")
        .distinct("product_id")
        .values_list("product_id", "content_hash")
    )
    return dict(rows)


def image_ids_without_caption(product_ids: Iterable[int]) -> list[int]:
    """The pictures of these products that no captioner has captioned.

    Pictures with a caption by another captioner are left to a caption run.
    """
    captions = Caption.objects.filter(content_hash=OuterRef("content_hash")).exclude(
        captioner_id=PERSON
    )
    images = ProductImage.objects.filter(~Exists(captions), product_id__in=list(product_ids))
    return list(images.order_by("pk").values_list("pk", flat=True))


def product_ids_without_embedding(product_ids: Iterable[int]) -> set[int]:
    """Those of these products that the current embedder has not embedded."""
    ids = set(product_ids)
    embedded = ProductEmbedding.objects.filter(product_id__in=ids, model_id=get_embedder().model_id)
    return ids - set(embedded.values_list("product_id", flat=True))


@dataclass(frozen=True, slots=True)
class FeedPreview:
    """A stored feed's columns, and its first rows as a mapping would read them."""

    columns: tuple[str, ...]
    warnings: tuple[str, ...]
    rows: list[FeedRow | RowError]


def preview_feed(feed_import: FeedImport, mapping: Mapping[str, str], rows: int) -> FeedPreview:
    """The first ``rows`` of a stored feed. Raises `FeedError` when it cannot be read."""
    with feed_import.file.open("rb") as file:
        feed = open_feed(file)
        chosen = {field: column for field, column in mapping.items() if column}
        read = list(islice(read_rows(feed, chosen, conf.current()), rows))
        return FeedPreview(feed.columns, feed.warnings, read)
