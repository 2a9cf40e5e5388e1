"""Candidates for a slot: what is near the anchor, can be bought, and suits who wears it."""

from django.db import connection, models, transaction
from pgvector.django import CosineDistance

from catalog.embedding import get_embedder
from catalog.models import Product, ProductEmbedding
from catalog.vocabulary import Gender
from outfits.context import Context


def wearable_by(gender: str) -> list[str]:
    """The genders of products that go with an anchor of ``gender``."""
    return list(Gender.values) if gender == Gender.UNISEX else [gender, Gender.UNISEX]


def retrieve_candidates(
    anchor: Product, slot: str, context: Context, *, limit: int
) -> list[Product]:
    """At most ``limit`` available products of ``slot``, the nearest to the anchor first.

    The anchor and its own slot are never among them. Products tagged for the occasion (or not
    tagged at all) come first; the others fill up what is missing.
    """
    if slot == anchor.slot:
        return []
    fitting = Product.objects.available().filter(slot=slot, gender__in=wearable_by(anchor.gender))
    fitting = fitting.exclude(pk=anchor.pk)
    if not context.occasion:
        return _nearest(anchor, fitting, limit)
    suits = models.Q(occasions__contains=[context.occasion]) | models.Q(occasions=[])
    first = _nearest(anchor, fitting.filter(suits), limit)
    rest = _nearest(anchor, fitting.exclude(suits), limit - len(first))
    return first + rest


def _nearest(anchor: Product, products: "models.QuerySet[Product]", limit: int) -> list[Product]:
    """``products`` by cosine distance to the anchor; those without a vector come last."""
    if limit <= 0:
        return []
    model_id = get_embedder().model_id
    vector = (
        ProductEmbedding.objects.filter(product=anchor, model_id=model_id)
        .values_list("vector", flat=True)
        .first()
    )
    if vector is None:
        return list(products.order_by("pk")[:limit])
    near = products.filter(embeddings__model_id=model_id).order_by(
        CosineDistance("embeddings__vector", vector)
    )
    with transaction.atomic(), connection.cursor() as cursor:
        # Filters are applied after the index: without this it stops before ``limit`` rows are left.
        cursor.execute("SET LOCAL hnsw.iterative_scan = strict_order")
        found = list(near[:limit])
    if len(found) < limit:
        found += products.exclude(embeddings__model_id=model_id).order_by("pk")[
            : limit - len(found)
        ]
    return found
