"""Writes feed rows as products, many at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from catalog import tasks
from catalog.feeds.base import FeedRow
from catalog.models import Product
from catalog.queueing import queue_task

_FIELDS = (
    *("title", "description", "brand", "category", "slot", "gender", "colour", "price"),
    *("currency", "stock", "seasons", "occasions", "published"),
)
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
    product.save()
    queue_task(tasks.embed_product, product.pk)


def products_publish(*, products: "QuerySet[Product]", published: bool) -> int:
    """Show products in the shop or hide them; how many changed."""
    return products.exclude(published=published).update(
        published=published, updated_at=timezone.now()
    )


def products_upsert(*, rows: Sequence[FeedRow]) -> Upserted:
    """Create or update a product a row, in one transaction; SKUs must not repeat.

    A stored value changes only where the feed gives one, so that a feed without prices leaves
    prices alone that somebody typed in.
    """
    with transaction.atomic():
        existing = {
            product.sku: product
            for product in Product.objects.filter(sku__in=[row.sku for row in rows])
            .order_by("pk")
            .select_for_update()
        }
        wanted = {row.sku: _merge(row, existing.get(row.sku)) for row in rows}
        changed = {sku: p for sku, p in wanted.items() if _differs(p, existing.get(sku), _FIELDS)}
        _write(list(changed.values()))
    created = frozenset(changed.keys() - existing.keys())
    return Upserted(
        products=existing | changed,
        created=created,
        updated=frozenset(changed) - created,
        reworded=frozenset(
            sku for sku, p in changed.items() if _differs(p, existing.get(sku), _TEXT_FIELDS)
        ),
    )


def _write(products: Sequence[Product]) -> None:
    # One INSERT ... ON CONFLICT for new and changed ones: many times faster than bulk_update.
    Product.objects.bulk_create(
        products,
        update_conflicts=True,
        unique_fields=["sku"],
        update_fields=[*_FIELDS, "updated_at"],
    )


def _merge(row: FeedRow, stored: Product | None) -> Product:
    """The product as it should be; without a primary key, which the INSERT finds out."""
    values = {
        name: getattr(row if stored is None or name in row.given else stored, name)
        for name in _FIELDS
    }
    if stored is not None and stored.slot and stored.category == values["category"]:
        values["slot"] = stored.slot  # somebody may have corrected it by hand
    elif stored is not None:
        values["slot"] = row.slot
    values["seasons"] = list(values["seasons"])
    values["occasions"] = list(values["occasions"])
    return Product(sku=row.sku, **values)


def _differs(product: Product, stored: Product | None, fields: Sequence[str]) -> bool:
    return stored is None or any(getattr(product, f) != getattr(stored, f) for f in fields)
