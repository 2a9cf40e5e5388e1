"""Rows for tests, complete unless a test says otherwise."""

import hashlib
import itertools
import uuid
from typing import Any

from catalog.embedding import get_embedder
from catalog.models import Caption, Product, ProductEmbedding, ProductImage
from feedback.models import FeedbackEvent
from feedback.services import feedback_record
from outfits.circumstances.context import Context
from outfits.models import Look, LookItem
from tests.fakes import unit_vector

_numbers = itertools.count(1)


def make_product(slot: str = "top", *, embedded: bool = True, **fields: Any) -> Product:
    """A published product in stock, embedded from its title."""
    number = next(_numbers)
    defaults = {
        "sku": f"SKU-{number:04d}",
        "title": f"{slot} number {number}",
        "category": slot.title(),
        "slot": slot,
        "gender": "women",
        "price": "40.00",
        "stock": 5,
    }
    product = Product.objects.create(**{**defaults, **fields})
    if embedded:
        ProductEmbedding.objects.create(
            product=product,
            model_id=get_embedder().model_id,
            text_hash=hashlib.sha256(product.title.encode()).hexdigest(),
            vector=unit_vector(product.title),
        )
    return product


def make_image(product: Product, **fields: Any) -> ProductImage:
    """A picture's row, without a file."""
    digest = hashlib.sha256(f"{product.sku}-{next(_numbers)}".encode()).hexdigest()
    defaults = {
        "image": f"products/{digest}.jpg",
        "content_hash": digest,
        "source_hash": digest,
        "width": 300,
        "height": 400,
    }
    # bulk_create: saving would open the file to measure it.
    return ProductImage.objects.bulk_create(
        [ProductImage(product=product, **{**defaults, **fields})]
    )[0]


def make_caption(image: ProductImage, captioner_id: str, **fields: Any) -> Caption:
    """A caption of one picture."""
    defaults = {"sentence": "A plain thing.", "content_hash": image.content_hash}
    caption = Caption(captioner_id=captioner_id, **{**defaults, **fields})
    # bulk_create: as captioners' words are stored, without history.
    return Caption.objects.bulk_create([caption])[0]


def make_look(anchor: Product, offered: list[Product], **fields: Any) -> Look:
    """A stored look with one item, whose slot is that of ``offered``; the first is chosen."""
    context = fields.pop("context", Context())
    look = Look.objects.create(
        anchor=anchor,
        context=context.as_json(),
        context_key=context.key,
        **{"model_name": "fake-model", **fields},
    )
    LookItem.objects.create(
        look=look,
        slot=offered[0].slot,
        position=0,
        product=offered[0],
        query=f"look: {look.pk}\n",
        candidates=[
            {
                "product": product.pk,
                "sku": product.sku,
                "question": f"add: {product.sku}\nmatch:",
                "model": 1.0 - rank,
                "cooccurrence": 0.0,
                "score": 1.0 - rank,
                "logprob": -1.0 - rank,
                "retrieval_rank": rank,
            }
            for rank, product in enumerate(offered)
        ],
        explanation="It goes well.",
    )
    return look


def say(look: Look, kind: str, **fields: Any) -> FeedbackEvent:
    """Record feedback on the first item of ``look``."""
    event, _ = feedback_record(
        id=uuid.uuid4(), look=look, kind=kind, item=look.items.get(), **fields
    )
    return event
