"""What people said of looks, and the preferences that follow from it."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from catalog.models import Product
from outfits.models import Look, LookItem, Shopper


class FeedbackEvent(models.Model):
    """One thing someone said of a look, or of an item in it, on the look it was given on.

    The id is made by whoever sends it, so that a request sent twice is stored once. ``visitor`` is
    a random id that lives as long as the browser tab; it names nobody. ``shopper`` is known only of
    those who agreed to be remembered. Of everybody else ``region`` stays empty, and ``visitor``
    becomes it when the session is over. ``taught`` are the ids of the shopper's facts that it
    counted for; null where that was not kept yet.
    """

    class Kind(models.TextChoices):
        LIKE = "like", "Thumb up"
        DISLIKE = "dislike", "Thumb down"
        SWAP = "swap", "Swapped"
        EDIT = "edit", "Edited by a stylist"

    class Reason(models.TextChoices):
        COLOUR = "colour", "Colour"
        STYLE = "style", "Style"
        OCCASION = "occasion", "Occasion"
        FIT = "fit", "Fit"
        PRICE = "price", "Price"
        OWNED = "owned", "Already have it"
        SIMILAR = "similar", "Too similar"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    # The database has the default, too: for workers that run on while a release is rolled out.
    reasons = ArrayField(
        models.CharField(max_length=8, choices=Reason.choices),
        default=list,
        db_default=[],
        blank=True,
    )
    look = models.ForeignKey(Look, models.CASCADE, related_name="events")
    item = models.ForeignKey(LookItem, models.CASCADE, null=True, blank=True, related_name="events")
    product = models.ForeignKey(
        Product,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text="The product that was shown in the slot when this was said.",
    )
    replacement = models.ForeignKey(
        Product, models.CASCADE, null=True, blank=True, related_name="+"
    )
    visitor = models.CharField(max_length=64, blank=True)
    shopper = models.ForeignKey(
        Shopper, models.CASCADE, null=True, blank=True, related_name="feedback"
    )
    region = models.CharField(
        max_length=6, blank=True, help_text="Of the look: a country or its part, never finer."
    )
    taught = ArrayField(models.BigIntegerField(), null=True, blank=True, editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        ordering: ClassVar = ["-created_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(replacement__isnull=True) | Q(kind__in=["swap", "edit"]),
                name="only_swaps_and_edits_replace",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["swap", "edit"])
                | Q(replacement__isnull=False, item__isnull=False),
                name="swaps_and_edits_replace_something",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["created_at"],
                condition=Q(shopper__isnull=True) & (~Q(visitor="") | ~Q(region="")),
                name="feedback_of_stranger",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.look_id}"


class LookReview(Look):
    """A look as stylists of the shop review it; the same rows, with a page of its own."""

    class Meta:
        proxy = True
        verbose_name = "look to review"
        verbose_name_plural = "looks to review"


class PreferenceBase(models.Model):
    """What every training example keeps: a copy of what was asked when it was served."""

    query = models.TextField(help_text="What the questions began with, exactly as it was served.")
    anchor_sku = models.CharField(max_length=64)
    slot = models.CharField(max_length=16)
    context_key = models.CharField(max_length=64)
    adapter_name = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        abstract = True


class PreferencePair(PreferenceBase):
    """Two candidates for one slot of one look, of which people preferred one."""

    class Source(models.TextChoices):
        SWAP = "swap", "A shopper's swap"
        EDIT = "edit", "A stylist's edit"
        THUMBS = "thumbs", "A like and a dislike"

    source = models.CharField(max_length=8, choices=Source.choices)
    chosen = models.TextField(help_text="What was asked about the preferred item, word for word.")
    rejected = models.TextField()
    chosen_sku = models.CharField(max_length=64)
    rejected_sku = models.CharField(max_length=64)
    event = models.ForeignKey(FeedbackEvent, models.CASCADE, related_name="pairs")
    other_event = models.ForeignKey(
        FeedbackEvent, models.CASCADE, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["event", "other_event"],
                nulls_distinct=False,
                name="pair_once_per_events",
            ),
            models.CheckConstraint(
                condition=~Q(chosen=models.F("rejected")), name="pair_has_two_sides"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.chosen_sku} over {self.rejected_sku} for {self.anchor_sku}"


class UnpairedExample(PreferenceBase):
    """One candidate that someone liked or disliked, with nothing to compare it to (for KTO)."""

    question = models.TextField(help_text="What was asked about it, exactly as it was served.")
    sku = models.CharField(max_length=64)
    desirable = models.BooleanField()
    event = models.OneToOneField(FeedbackEvent, models.CASCADE, related_name="unpaired")

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{'+' if self.desirable else '-'} {self.sku} for {self.anchor_sku}"
