"""Writes product vectors: again only when the text they are made of has changed."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from catalog import tasks
from catalog.embedding import get_embedder
from catalog.embedding.text import compose_text, hash_text
from catalog.models import Product, ProductEmbedding
from catalog.queueing import queue_task
from catalog.selectors import captions_for

#: Texts embedded and stored at once.
BATCH = 128


def embedding_update_for_product(*, product: Product) -> bool:
    """Bring the vector of ``product`` up to date; whether it was made anew. See the next."""
    return embeddings_update_for_products(products=[product]) == 1


def embeddings_update_for_products(*, products: Sequence[Product]) -> int:
    """Bring the vectors of ``products`` up to date; how many were made anew.

    Raises `EmbeddingError`. A product without a picture or caption is embedded by its words.
    """
    written = 0
    for start in range(0, len(products), BATCH):
        written += _update_batch(products[start : start + BATCH])
    return written


def _update_batch(products: Sequence[Product]) -> int:
    embedder = get_embedder()
    texts = _find_stale(products, embedder.model_id)
    vectors = embedder.embed(list(texts.values()))
    rows = [
        ProductEmbedding(
            product_id=pk, model_id=embedder.model_id, text_hash=hash_text(text), vector=vector
        )
        for (pk, text), vector in zip(texts.items(), vectors, strict=True)
    ]
    return _upsert(rows)


def _find_stale(products: Sequence[Product], model_id: str) -> dict[int, str]:
    """Product id -> text, of those whose stored vector was made of another text or is missing."""
    captions = captions_for(products)
    stored = dict(
        ProductEmbedding.objects.filter(product__in=products, model_id=model_id).values_list(
            "product_id", "text_hash"
        )
    )
    texts = {}
    for product in products:
        caption = captions.get(product.pk)
        sentence = caption.sentence if caption else ""
        text = compose_text(product.title, product.category, product.colour, sentence)
        if stored.get(product.pk) != hash_text(text):
            texts[product.pk] = text
    return texts


def _upsert(rows: Sequence[ProductEmbedding]) -> int:
    with transaction.atomic():
        # A product may have been deleted while the model computed; the lock keeps the others.
        ids = [row.product_id for row in rows]
        alive = set(
            Product.objects.filter(pk__in=ids)
            .order_by("pk")
            .select_for_update(no_key=True)
            .values_list("pk", flat=True)
        )
        kept = [row for row in rows if row.product_id in alive]
        ProductEmbedding.objects.bulk_create(
            kept,
            update_conflicts=True,
            unique_fields=["product", "model_id"],
            update_fields=["text_hash", "vector", "updated_at"],
        )
    return len(kept)


def embeddings_recreate(*, product_ids: Iterable[int]) -> None:
    """Forget the current embedder's vectors of these products and queue them again."""
    ids = list(product_ids)
    # The old vectors keep serving until new ones are written over them: only the hash is emptied.
    ProductEmbedding.objects.filter(product_id__in=ids, model_id=get_embedder().model_id).update(
        text_hash=""
    )
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        queue_task(tasks.embed_products, batch)
