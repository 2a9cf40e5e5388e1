"""A provisional look against the bare pgvector queries it cannot do without."""

import random
import statistics

from django.core.cache import cache
from django.db import connection, transaction

from benchmarks.ratio import Round, Slowdown, slowdown_of, time_of
from catalog.embedding import get_embedder
from catalog.models import (
    EMBEDDING_DIMENSIONS,
    Caption,
    Product,
    ProductEmbedding,
    ProductImage,
)
from catalog.slots import Slot, completing_slots
from outfits.api import get_anchor
from outfits.circumstances.context import Context
from outfits.presentation import present
from outfits.services import look_recommend

ROUNDS = 200
_SLOTS = (Slot.TOP, Slot.BOTTOM, Slot.SHOES, Slot.OUTERWEAR, Slot.BAG, Slot.WATCH)


def measure(products: int) -> Slowdown:
    """Time look and bare queries in turn, so that both meet the same machine."""
    rng = random.Random(0)  # noqa: S311 - a benchmark
    anchors = _fill(products, rng)
    rounds = [_time_both(rng.choice(anchors)) for _ in range(ROUNDS)]
    return slowdown_of(
        f"provisional look, {products} products", rounds, "median", statistics.median
    )


def _time_both(anchor: Product) -> Round:
    cache.clear()
    return time_of(lambda: _look(anchor)), time_of(lambda: _bare(anchor))


def _look(anchor: Product) -> None:
    fresh = get_anchor(anchor.sku)
    present(look_recommend(anchor=fresh, context=Context(season="winter")))


def _bare(anchor: Product) -> None:
    """One nearest-neighbour query a slot, with the same filters, and nothing else."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Without this, the index gives up before it has found eight of a slot.
        cursor.execute("SET LOCAL hnsw.iterative_scan = strict_order")
        for slot in completing_slots(anchor.slot)[:4]:
            cursor.execute(
                """
                SELECT p.id FROM ensemble_catalog_product p
                JOIN ensemble_catalog_productembedding e ON e.product_id = p.id
                WHERE p.published AND p.stock > 0 AND p.slot = %s AND p.id <> %s
                ORDER BY e.vector <=> (SELECT vector FROM ensemble_catalog_productembedding
                                       WHERE product_id = %s) LIMIT 8
                """,
                [slot, anchor.pk, anchor.pk],
            )
            cursor.fetchall()


def _fill(count: int, rng: random.Random) -> list[Product]:
    """Replace the catalog by ``count`` products with random vectors."""
    Product.objects.all().delete()
    rows = Product.objects.bulk_create(
        Product(
            sku=f"B{number}",
            title=f"Thing {number}",
            category="Things",
            slot=_SLOTS[number % len(_SLOTS)],
            price=10,
            stock=1,
        )
        for number in range(count)
    )
    model_id = get_embedder().model_id
    ProductEmbedding.objects.bulk_create(
        (
            ProductEmbedding(
                product=row,
                model_id=model_id,
                text_hash="-",
                vector=[rng.gauss(0, 1) for _ in range(EMBEDDING_DIMENSIONS)],
            )
            for row in rows
        ),
        batch_size=500,
    )
    _show(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return rows


def _show(rows: list[Product]) -> None:
    """Give each product a picture (its row alone) and a caption, as in a shop that is set up."""
    ProductImage.objects.bulk_create(
        (
            ProductImage(
                product=row,
                image=f"products/{row.sku}.jpg",
                width=300,
                height=400,
                content_hash=row.sku,
                source_hash=row.sku,
            )
            for row in rows
        ),
        batch_size=2000,
    )
    Caption.objects.all().delete()
    Caption.objects.bulk_create(
        (
            Caption(content_hash=row.sku, captioner_id="benchmark", sentence="A plain thing.")
            for row in rows
        ),
        batch_size=2000,
    )
