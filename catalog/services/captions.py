"""Writes captions: once for one picture's content and one captioner, however often it is asked."""

from collections.abc import Sequence
from dataclasses import asdict

from PIL import Image

from catalog import tasks
from catalog.captioning import get_captioner
from catalog.captioning.base import CAPTION_FIELDS, CaptionDraft, CaptioningError
from catalog.models import Caption, ProductImage
from catalog.queueing import queue_task

#: Pictures decoded at once; more would cost memory and no longer save time.
BATCH = 16

_TEXTS = ("sentence", *CAPTION_FIELDS)
#: Characters that the table holds of each text.
_LIMITS: dict[str, int] = {
    field.name: field.max_length or 0 for field in Caption._meta.fields if field.name in _TEXTS
}


def caption_create_for_image(*, image: ProductImage) -> Caption:
    """The current captioner's caption of ``image``, made if there is none.

    Raises `CaptioningError`.
    """
    return captions_create_for_images(images=[image])[image.content_hash]


def captions_create_for_images(*, images: Sequence[ProductImage]) -> dict[str, Caption]:
    """Content hash -> caption by the current captioner, of all ``images``, made where missing.

    What could be captioned is stored even when another picture raises `CaptioningError`.
    """
    captioner_id = get_captioner().captioner_id
    known = Caption.objects.filter(
        captioner_id=captioner_id, content_hash__in={image.content_hash for image in images}
    )
    captions = {caption.content_hash: caption for caption in known}
    missing = {image.content_hash: image for image in images if image.content_hash not in captions}
    todo = list(missing.values())
    for start in range(0, len(todo), BATCH):
        captions |= _caption_batch(todo[start : start + BATCH])
    return captions


def _caption_batch(images: Sequence[ProductImage]) -> dict[str, Caption]:
    captioner = get_captioner()
    pictures = [_open_picture(image) for image in images]
    drafts = captioner.caption(pictures)
    return {
        image.content_hash: _store(image.content_hash, captioner.captioner_id, draft)
        for image, draft in zip(images, drafts, strict=True)
    }


def _open_picture(image: ProductImage) -> Image.Image:
    try:
        with image.image.open("rb") as file, Image.open(file) as picture:
            return picture.convert("RGB")
    except OSError as error:
        raise CaptioningError(
            f"The stored picture {image.image.name} cannot be read: {error}", retryable=False
        ) from error


def _store(content_hash: str, captioner_id: str, draft: CaptionDraft) -> Caption:
    values = asdict(draft)
    for name, limit in _LIMITS.items():
        # A captioner's words are not trusted to be one short line.
        values[name] = " ".join(str(values[name]).replace("\0", "").split())[:limit]
    caption, _ = Caption.objects.get_or_create(
        content_hash=content_hash, captioner_id=captioner_id, defaults=values
    )
    return caption


def caption_save(*, caption: Caption) -> None:
    """Store a caption that a person corrected, and bring the vectors of its products up to date."""
    caption.save()
    products = ProductImage.objects.filter(content_hash=caption.content_hash)
    queue_task(tasks.embed_products, list(products.values_list("product_id", flat=True)))


def captions_recreate(*, images: Sequence[ProductImage]) -> None:
    """Forget what the current captioner said of ``images`` and queue them again."""
    hashes = {image.content_hash for image in images}
    captioner_id = get_captioner().captioner_id
    Caption.objects.filter(content_hash__in=hashes, captioner_id=captioner_id).delete()
    ids = [image.pk for image in images]
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        queue_task(tasks.caption_images, batch)
