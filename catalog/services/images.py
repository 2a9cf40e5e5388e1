"""Stores and removes pictures of products, file and row together."""

import logging
import secrets
from collections.abc import Iterable

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import F, Max, QuerySet
from django.db.models.fields.files import FieldFile

# A module, not its names: tasks import the services in turn.
from catalog import tasks
from catalog.images import CleanImage, hash_bytes, read_upload
from catalog.models import Product, ProductImage
from catalog.queueing import queue_task
from catalog.thumbnails import SIDES, Derived, derive

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
    try:
        _store_files(image, clean)
        with transaction.atomic():
            image.position = _make_room(product, position)
            image.save()
    except BaseException as error:
        delete_files(image.files)
        if isinstance(error, IntegrityError) and _was_overtaken(product, clean):
            return None
        raise
    product.__dict__.pop("main_image", None)
    return image


def _store_files(image: ProductImage, clean: CleanImage) -> None:
    derived = derive(clean.data)
    stem = file_stem(clean.content_hash)
    image.image.save(f"{stem}.jpg", ContentFile(clean.data), save=False)
    store_thumbnails(image, derived, stem)
    # After the file: saving it empties both where the instance had no file before.
    image.width, image.height = clean.width, clean.height


def file_stem(content_hash: str) -> str:
    """A name that no other file has: it may be cached forever, and removed without a look around.

    Two workers that store the same picture at once must not share a file, which the slower one
    would remove; an object store has no "create unless it exists" to rely on.
    """
    return f"{content_hash[:24]}-{secrets.token_hex(4)}"


def store_thumbnails(image: ProductImage, derived: Derived, stem: str) -> None:
    """Write both thumbnails' files and set what is derived on ``image``, which is not saved."""
    image.small.save(f"{stem}-{SIDES[0]}.webp", ContentFile(derived.small), save=False)
    image.large.save(f"{stem}-{SIDES[1]}.webp", ContentFile(derived.large), save=False)
    image.perceptual_hash, image.colour_grid = derived.perceptual_hash, derived.colour_grid


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
    """Remove a picture, and its files once that is certain."""
    files, product_id = image.files, image.product_id
    image.delete()
    transaction.on_commit(lambda: delete_files(files))
    queue_task(tasks.embed_product, product_id)


def products_delete(*, products: "QuerySet[Product]") -> int:
    """Remove products with their pictures; how many there were."""
    with transaction.atomic():
        images = ProductImage.objects.filter(product__in=products)
        files = [file for image in images for file in image.files]
        count: int = products.count()
        products.delete()
        transaction.on_commit(lambda: delete_files(files))
    return count


def delete_files(files: Iterable[FieldFile]) -> None:
    """Remove stored files; one that cannot be removed is logged, and costs space."""
    for file in files:
        try:
            file.storage.delete(file.name or "")
        except Exception:
            # Each storage has exceptions of its own; the row is gone, or never was, either way.
            logger.exception("The file %s could not be deleted", file.name)
