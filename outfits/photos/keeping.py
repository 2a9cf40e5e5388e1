"""The photos that consenting shoppers keep, and their files.

A row is there before its file and goes after it, so that no crash leaves a file that nobody knows
of.
"""

import secrets

import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from outfits.models import OwnPhoto, Shopper
from outfits.shoppers.consent import ConsentMissing, lock_consenting

log = structlog.get_logger(__name__)

MAX_KEPT_PHOTOS = 100
#: Where photos lay before they had an owner: in the shop's own media.
_FORMERLY = "own/"


class TooManyPhotos(Exception):
    """A shopper keeps as many photos as there may be."""


def find_kept() -> "QuerySet[OwnPhoto]":
    """The photos that somebody keeps, the newest first."""
    kept = OwnPhoto.objects.exclude(image="").filter(owner__isnull=False)
    return kept.filter(expires_at__gt=timezone.now()).select_related("anchor", "owner")


@transaction.atomic
def photo_claim_file(*, photo: OwnPhoto, owner: Shopper) -> None:
    """Store the new ``photo`` as one that ``owner`` keeps; its file is yet to be written.

    Raises `ConsentMissing` and `TooManyPhotos`.
    """
    photo.owner = lock_consenting(owner)
    if photo.owner.kept_photos.count() >= MAX_KEPT_PHOTOS:
        raise TooManyPhotos
    photo.consented_at = timezone.now()
    photo.image = f"photos/{secrets.token_hex(16)}.jpg"
    photo.save(force_insert=True)


def photo_write_file(*, photo: OwnPhoto, data: bytes) -> None:
    """Write the file of a kept photo. Raises `ConsentMissing` if it was erased meanwhile."""
    photo.image = photo.image.storage.save(photo.image.name, ContentFile(data))
    mine = OwnPhoto.objects.filter(pk=photo.pk, owner=photo.owner_id)
    if not mine.update(image=photo.image.name):
        raise ConsentMissing("Nothing is stored: the shopper does not agree to it any more.")


def photo_remove_file(*, photo: OwnPhoto) -> bool:
    """Remove the file of a photo; whether none is there any more."""
    name = photo.image.name
    if not name:
        return True
    storage = default_storage if name.startswith(_FORMERLY) else photo.image.storage
    try:
        storage.delete(name)
    except Exception:
        # Each storage has exceptions of its own; the row stays, and the next clean-up tries again.
        log.exception("photo_file_not_removed")
        return False
    return True
