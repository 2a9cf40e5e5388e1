"""Writes machine captions: once for one picture's content and one captioner."""

import io
from collections.abc import Sequence
from typing import Any

from PIL import Image

from catalog import tasks
from catalog.captioning import get_captioner
from catalog.captioning.base import CAPTION_FIELDS, CaptionDraft, CaptioningError
from catalog.captioning.fallback import caption_instead
from catalog.models import PERSON, Caption, ProductImage
from catalog.queueing import queue_task

#: Pictures decoded at once; more would cost memory and no longer save time.
BATCH = 16
#: Values of a field that people choose from.
CHOICES = 3
#: The doubt about a caption whose captioner gives no confidence: neither first nor last.
UNKNOWN_DOUBT = 0.5

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


def captions_create_for_images(
    *, images: Sequence[ProductImage], unreachable: str = ""
) -> dict[str, Caption]:
    """Content hash -> caption by the current captioner, of all ``images``, made where missing.

    ``unreachable`` says why the captioner cannot be asked: then what stands in for it answers.
    What could be captioned is stored even when another picture raises `CaptioningError`.
    """
    captions = _find([image.content_hash for image in images], get_captioner().captioner_id)
    missing = {image.content_hash: image for image in images if image.content_hash not in captions}
    todo = list(missing.values())
    for start in range(0, len(todo), BATCH):
        captions |= _caption_batch(todo[start : start + BATCH], unreachable)
    return captions


def _find(content_hashes: Sequence[str], captioner_id: str) -> dict[str, Caption]:
    found = Caption.objects.filter(captioner_id=captioner_id, content_hash__in=set(content_hashes))
    return {caption.content_hash: caption for caption in found}


def _caption_batch(images: Sequence[ProductImage], unreachable: str = "") -> dict[str, Caption]:
    captioner = get_captioner()
    pictures = [open_picture(image) for image in images]
    drafts = (
        caption_instead(captioner, pictures, reason=unreachable)
        if unreachable
        else captioner.caption(pictures)
    )
    hashes = [image.content_hash for image in images]
    return _store(hashes, captioner.captioner_id, drafts)


def open_picture(image: ProductImage) -> Image.Image:
    """The pixels of a stored picture.

    Raises `CaptioningError`: retryable where the storage could not be asked, not so where it has
    no such file or the file is no picture.
    """
    content = _read_file(image)
    try:
        with Image.open(io.BytesIO(content)) as picture:
            return picture.convert("RGB")
    except OSError as error:
        raise _unreadable(image, error) from error


def _read_file(image: ProductImage) -> bytes:
    try:
        with image.image.open("rb") as file:
            return bytes(file.read())
    except FileNotFoundError as error:
        raise _unreadable(image, error) from error
    except Exception as error:  # every storage has errors of its own, S3's are no OSErrors
        raise CaptioningError(
            f"The storage of {image.image.name} could not be reached: {error}", retryable=True
        ) from error


def _unreadable(image: ProductImage, error: Exception) -> CaptioningError:
    return CaptioningError(
        f"The stored picture {image.image.name} cannot be read: {error}", retryable=False
    )


def _store(
    hashes: Sequence[str], captioner_id: str, drafts: Sequence[CaptionDraft]
) -> dict[str, Caption]:
    rows = [
        Caption(content_hash=content, captioner_id=captioner_id, **read_draft(draft))
        for content, draft in zip(hashes, drafts, strict=True)
    ]
    # Sends no signals, so that no history is kept of machines; a worker that was faster wins.
    Caption.objects.bulk_create(rows, ignore_conflicts=True)
    return _find(hashes, captioner_id)


def read_draft(draft: CaptionDraft) -> dict[str, Any]:
    """What is stored of a draft: cleaned words, and blanks where the captioner is unsure.

    A blank field's alternatives begin with the value that was not claimed.
    """
    said = {name: clean_text(name, getattr(draft, name)) for name in _TEXTS}
    unsure = [name for name in CAPTION_FIELDS if name in draft.unsure]
    alternatives = {
        name: _clean_values(name, [said[name] if name in unsure else "", *values])
        for name, values in (dict.fromkeys(unsure, ()) | dict(draft.alternatives)).items()
        if name in CAPTION_FIELDS
    }
    return {
        **said,
        **dict.fromkeys(unsure, ""),
        "unsure": unsure,
        "confidence": dict(draft.confidence),
        "alternatives": alternatives,
        "doubt": measure_doubt(draft),
        "made_by": draft.captioner_id[:200],
        "note": draft.note[:300],
    }


def measure_doubt(draft: CaptionDraft) -> float:
    """1 minus the confidence in the least sure field, 0 to 1."""
    given = [value for name, value in draft.confidence.items() if name in CAPTION_FIELDS]
    return min(1.0, max(0.0, 1 - min(given))) if given else UNKNOWN_DOUBT


def clean_text(name: str, value: object) -> str:
    """One line that fits the column ``name``: a captioner's words are not trusted to be."""
    return " ".join(str(value).replace("\0", "").split())[: _LIMITS[name]].rstrip()


def _clean_values(name: str, values: Sequence[object]) -> list[str]:
    cleaned = [clean_text(name, value) for value in values]
    return list(dict.fromkeys(value for value in cleaned if value))[:CHOICES]


def captions_recreate(*, images: Sequence[ProductImage]) -> None:
    """Forget what the current captioner said of ``images`` and queue them again.

    What people said stays, and so does what other captioners said, which serves meanwhile.
    """
    machines = Caption.objects.exclude(captioner_id=PERSON)
    said = machines.filter(
        content_hash__in={image.content_hash for image in images},
        captioner_id=get_captioner().captioner_id,
    )
    # Raw: a plain delete would write a history row for each.
    said._raw_delete(said.db)
    ids = [image.pk for image in images]
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        queue_task(tasks.caption_images, batch)
