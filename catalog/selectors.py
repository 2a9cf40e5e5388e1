"""Reads over many products at once, without a query a product."""

from collections.abc import Iterable, Mapping, Sequence
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
    images = {p.pk: p.main_image for p in products if has_pictures_read(p)}
    hashes = {pk: image.content_hash for pk, image in images.items() if image}
    unread = [product.pk for product in products if product.pk not in images]
    hashes |= main_hashes_for(unread) if unread else {}
    read = {
        image.content_hash: image.captions_read
        for image in images.values()
        if image and image.captions_read is not None
    }
    by_hash = _serving_captions(set(hashes.values()), read)
    return {pk: by_hash[content] for pk, content in hashes.items() if content in by_hash}


def _serving_captions(
    hashes: set[str], read: Mapping[str, Sequence[Caption]]
) -> dict[str, Caption]:
    """Content hash -> the serving caption of the picture; ``read`` are those known already."""
    found = {content: list(captions) for content, captions in read.items()}
    if unread := hashes - read.keys():
        for caption in Caption.objects.filter(content_hash__in=unread):
            found.setdefault(caption.content_hash, []).append(caption)
    known = {content: captions[0] for content, captions in found.items() if captions}
    # Most pictures have one caption, which serves; to rank them takes longer than to read them.
    several = [content for content, captions in found.items() if len(captions) > 1]
    if several:
        ranked = rank_captions(Caption.objects.filter(content_hash__in=several))
        known |= {caption.content_hash: caption for caption in ranked.distinct("content_hash")}
    return known


def has_pictures_read(product: Product) -> bool:
    """Whether asking for the main picture costs no query."""
    return "main_image" in product.__dict__ or "images" in getattr(
        product, "_prefetched_objects_cache", {}
    )


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
