"""Vectors of products."""

from typing import ClassVar

from django.db import models
from pgvector.django import HnswIndex, VectorField

from catalog.models.product import Product

#: Numbers in one vector: what all-MiniLM-L6-v2 gives. Another size needs a migration.
EMBEDDING_DIMENSIONS = 384


class ProductEmbedding(models.Model):
    """A product's text as a unit vector; ``text_hash`` says of which text it was made."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="embeddings")
    model_id = models.CharField(max_length=200)
    text_hash = models.CharField(max_length=64)
    vector = VectorField(dimensions=EMBEDDING_DIMENSIONS)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["product", "model_id"], name="embedding_once_per_model")
        ]
        indexes: ClassVar = [
            HnswIndex(
                name="embedding_hnsw",
                fields=["vector"],
                m=16,
                ef_construction=64,
                opclasses=["vector_cosine_ops"],
            )
        ]

    def __str__(self) -> str:
        return f"{self.product_id} by {self.model_id}"
