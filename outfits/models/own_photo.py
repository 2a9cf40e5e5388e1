"""Photos that shoppers send of what they wear or own: what was seen, rarely the photo itself."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from catalog.models import Product
from outfits.models.profile import Shopper
from outfits.photos.storage import PrivateStorage


class OwnPhoto(models.Model):
    """One photo as an anchor for looks, for a while.

    Without an ``owner``, whoever knows the ``id`` may see and delete it: it is random and cannot be
    guessed. ``anchor`` is a private product made of the words that were seen, so that looks are
    made for it like for any other; it is never published.

    ``image`` is stored only where a consenting shopper asked for that, which ``consented_at``
    dates; they are the ``owner``, and nobody else sees any of it. An image whose row has no owner
    (any more) is to be deleted: the row stays until the file is certainly gone.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting to be looked at"
        READING = "reading", "Being looked at"
        READY = "ready", "Ready"
        REFUSED = "refused", "Not understood"
        FAILED = "failed", "Failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    detail = models.CharField(
        max_length=300,
        blank=True,
        help_text="What to do, for the shopper: an English msgid, {title} is what was seen.",
    )
    said = models.CharField(max_length=60, blank=True, help_text="What the shopper calls it.")
    said_gender = models.CharField(max_length=8, blank=True)
    sentence = models.CharField(max_length=300, blank=True, help_text="What was seen.")
    anchor = models.OneToOneField(
        Product, models.SET_NULL, null=True, blank=True, related_name="own_photo"
    )
    # Not CASCADE: with the row, nobody would know any more that there is a file.
    owner = models.ForeignKey(
        Shopper, models.SET_NULL, null=True, blank=True, related_name="kept_photos"
    )
    image = models.FileField(
        upload_to="photos/", storage=PrivateStorage(), max_length=255, blank=True
    )
    consented_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering: ClassVar = ["-created_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(image="") | Q(consented_at__isnull=False),
                name="photo_kept_with_consent",
            )
        ]

    def __str__(self) -> str:
        # Not the id: whoever reads a log could open the photo with it.
        return f"Photo of {self.created_at:%Y-%m-%d} ({self.get_status_display()})"
