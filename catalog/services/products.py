"""Writes feed rows as products, many at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from catalog import tasks
from catalog.feeds.base import FeedRow
from catalog.models import FeedSource, Product
from catalog.queueing import queue_task

#: What a feed says of a product.
PRODUCT_FIELDS = (
    *("title", "description", "brand", "category", "slot", "gender", "colour", "price"),
    *("currency", "stock", "seasons", "occasions", "published"),
)
_STORED_FIELDS = (*PRODUCT_FIELDS, "delisted_at")
#: Fields that a product's vector is made of (see `catalog.embedding.text`).
_TEXT_FIELDS = ("title", "category", "colour")


@dataclass(frozen=True, slots=True)
class Upserted:
    """What became of some rows, by SKU. ``reworded``: those whose vector is out of date."""

    products: dict[str, Product]
    created: frozenset[str]
    updated: frozenset[str]
    reworded: frozenset[str]


def product_save(*, product: Product) -> None:
    """Store a product that a person edited, and bring its vector up to date."""
    if product.published:
        product.delisted_at = None
    product.save()
    queue_task(tasks.embed_product, product.pk)


def products_publish(*, products: "QuerySet[Product]", published: bool) -> int:
    """Show products in the shop or hide them; how many changed.

    What a person decides is no longer the feed's business: ``delisted_at`` is cleared.
    """
    return products.filter(~Q(published=published) | Q(delisted_at__isnull=False)).update(
        published=published, delisted_at=None, updated_at=timezone.now()
    )


def products_upsert(*, rows: Sequence[FeedRow], feed: FeedSource | None = None) -> Upserted:
    """Create or update a product a row, in one transaction; SKUs must not repeat.

    A stored value changes only where the feed gives one, so that a feed without prices leaves
    prices alone that somebody typed in. Listed products belong to ``feed`` from then on.
    """
    with transaction.atomic():
        existing = find_stored(rows, Product.objects.order_by("pk").select_for_update())
        wanted = {row.sku: merge_row(row, existing.get(row.sku)) for row in rows}
        changed = {
            sku: p for sku, p in wanted.items() if _differs(p, existing.get(sku), _STORED_FIELDS)
        }
        _write(list(changed.values()), feed)
        _move_to_feed([existing[sku] for sku in existing.keys() - changed.keys()], feed)
    created = frozenset(changed.keys() - existing.keys())
    return Upserted(
        products=existing | changed,
        created=created,
        updated=frozenset(changed) - created,
        reworded=frozenset(
            sku for sku, p in changed.items() if _differs(p, existing.get(sku), _TEXT_FIELDS)
        ),
    )


def find_stored(
    rows: Sequence[FeedRow], products: "QuerySet[Product] | None" = None
) -> dict[str, Product]:
    """SKU -> the stored product, of those rows that have one."""
    products = Product.objects.all() if products is None else products
    return {product.sku: product for product in products.filter(sku__in=[row.sku for row in rows])}


def _write(products: Sequence[Product], feed: FeedSource | None) -> None:
    if feed is not None:
        for product in products:
            product.feed = feed
    # One INSERT ... ON CONFLICT for new and changed ones: many times faster than bulk_update.
    Product.objects.bulk_create(
        products,
        update_conflicts=True,
        unique_fields=["sku"],
        update_fields=[*_STORED_FIELDS, "feed", "updated_at"],
    )


def _move_to_feed(unchanged: Collection[Product], feed: FeedSource | None) -> None:
    if feed is None:
        return
    ids = [product.pk for product in unchanged if product.feed_id != feed.pk]
    if ids:
        Product.objects.filter(pk__in=ids).update(feed=feed)


def merge_row(row: FeedRow, stored: Product | None) -> Product:
    """The product as it should be; without a primary key, which the INSERT finds out."""
    values: dict[str, Any] = {
        name: getattr(row if stored is None or name in row.given else stored, name)
        for name in PRODUCT_FIELDS
    }
    if stored is not None and stored.slot and stored.category == values["category"]:
        values["slot"] = stored.slot  # somebody may have corrected it by hand
    elif stored is not None:
        values["slot"] = row.slot
    if stored is not None and stored.delisted_at:
        values["published"] = row.published  # its feed lists it again
    values["seasons"] = list(values["seasons"])
    values["occasions"] = list(values["occasions"])
    feed_id = stored.feed_id if stored else None
    return Product(sku=row.sku, feed_id=feed_id, delisted_at=None, **values)


def find_changes(product: Product, stored: Product) -> dict[str, tuple[Any, Any]]:
    """Field -> (before, after) of what `products_upsert` would change."""
    pairs = {name: (getattr(stored, name), getattr(product, name)) for name in PRODUCT_FIELDS}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _differs(product: Product, stored: Product | None, fields: Sequence[str]) -> bool:
    return stored is None or any(getattr(product, f) != getattr(stored, f) for f in fields)
