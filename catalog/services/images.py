"""Stores and removes pictures of products, file and row together."""

import logging
from collections.abc import Iterable

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import IntegrityError, transaction
from django.db.models import F, Max, QuerySet

# A module, not its names: tasks import the services in turn.
from catalog import tasks
from catalog.images import CleanImage, hash_bytes, read_upload
from catalog.models import Product, ProductImage
from catalog.queueing import queue_task

logger = logging.getLogger(__name__)


def product_image_create(
    *, product: Product, data: bytes, position: int | None = None, caption: bool = True
) -> ProductImage | None:
    """Store ``data`` as a picture of ``product``; None if it has that picture already.

    ``position`` counts from 0, the main picture; pictures from there on move back. Without one it
    goes last. ``caption=False`` leaves it to the caller to queue the captioning. Raises
    `ImageRefused` for what is no picture.
    """
    source_hash = hash_bytes(data)
    if product.images.filter(source_hash=source_hash).exists():
        return None
    clean = read_upload(data)
    if product.images.filter(content_hash=clean.content_hash).exists():
        return None
    image = _store(product, clean, source_hash, position)
    if image and caption:
        queue_task(tasks.caption_image, image.pk)
    return image


def _store(
    product: Product, clean: CleanImage, source_hash: str, position: int | None
) -> ProductImage | None:
    image = ProductImage(product=product, content_hash=clean.content_hash, source_hash=source_hash)
    image.image.save(f"{clean.content_hash[:32]}.jpg", ContentFile(clean.data), save=False)
    # After the file: saving it empties both where the instance had no file before.
    image.width, image.height = clean.width, clean.height
    try:
        with transaction.atomic():
            image.position = _make_room(product, position)
            image.save()
    except BaseException as error:
        image.image.delete(save=False)
        if isinstance(error, IntegrityError) and _was_overtaken(product, clean):
            return None
        raise
    product.__dict__.pop("main_image", None)
    return image


def _was_overtaken(product: Product, clean: CleanImage) -> bool:
    """Whether another worker stored the same picture a moment ago, or removed the product."""
    if product.images.filter(content_hash=clean.content_hash).exists():
        return True
    return not Product.objects.filter(pk=product.pk).exists()


def _make_room(product: Product, position: int | None) -> int:
    last: int | None = product.images.aggregate(last=Max("position"))["last"]
    if last is None or position is None or position > last:
        return (-1 if last is None else last) + 1
    product.images.filter(position__gte=position).update(position=F("position") + 1)
    return position


def product_image_move(*, image: ProductImage, position: int) -> None:
    """Put ``image`` at ``position``."""
    image.position = position
    image.save(update_fields=["position"])
    queue_task(tasks.embed_product, image.product_id)


def product_image_delete(*, image: ProductImage) -> None:
    """Remove a picture, and its file once that is certain."""
    storage, name = image.image.storage, image.image.name or ""
    product_id = image.product_id
    image.delete()
    transaction.on_commit(lambda: _delete_files(storage, [name]))
    queue_task(tasks.embed_product, product_id)


def products_delete(*, products: "QuerySet[Product]") -> int:
    """Remove products with their pictures; how many there were."""
    with transaction.atomic():
        images = list(ProductImage.objects.filter(product__in=products))
        names = [image.image.name or "" for image in images]
        count: int = products.count()
        products.delete()
        if images:
            storage = images[0].image.storage
            transaction.on_commit(lambda: _delete_files(storage, names))
    return count


def _delete_files(storage: Storage, names: Iterable[str]) -> None:
    for name in names:
        try:
            storage.delete(name)
        except OSError:  # a file left behind costs space; the row is gone either way
            logger.exception("The file %s could not be deleted", name)
