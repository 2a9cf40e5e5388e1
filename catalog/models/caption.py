"""Captions: what was seen in pictures, by models and by people."""

from collections.abc import Collection
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.text import capfirst
from simple_history.models import HistoricalRecords

from catalog.changes import TellingQuerySet
from catalog.models.picture import ProductImage

#: The captioner_id of what a person corrected or confirmed.
PERSON = "person"


class CaptionQuerySet(TellingQuerySet["Caption"]):
    leads = "content_hash"

    def products_of(self, keys: Collection[Any]) -> Collection[int]:
        """The ids of the products that have pictures with these content hashes."""
        pictures = ProductImage.objects.using(self.db).filter(content_hash__in=keys)
        return set(pictures.values_list("product_id", flat=True))


class Caption(models.Model):
    """What one captioner saw in one picture, keyed by the picture's content and the captioner.

    A person is a captioner too: what somebody corrected or confirmed is stored beside the models'
    captions under `PERSON`, and wins over them.
    """

    content_hash = models.CharField(max_length=64, editable=False)
    captioner_id = models.CharField(max_length=200, editable=False)
    sentence = models.CharField(max_length=300)
    colour = models.CharField(max_length=40, blank=True)
    style = models.CharField(max_length=40, blank=True)
    material = models.CharField(max_length=40, blank=True)
    pattern = models.CharField("design", max_length=40, blank=True)
    article_type = models.CharField(max_length=60, blank=True)
    unsure = ArrayField(
        models.CharField(max_length=20),
        default=list,
        blank=True,
        editable=False,
        help_text="Fields left empty because the captioner was not sure enough of them.",
    )
    confidence = models.JSONField(default=dict, blank=True, editable=False)
    alternatives = models.JSONField(default=dict, blank=True, editable=False)
    doubt = models.FloatField(
        default=0.0,
        editable=False,
        help_text="1 minus the confidence in the least sure field: what people should look at.",
    )
    #: Who really answered, and why, where another captioner stood in for `captioner_id`.
    made_by = models.CharField(max_length=200, blank=True, editable=False)
    note = models.CharField(max_length=300, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CaptionQuerySet.as_manager()
    history = HistoricalRecords(app="ensemble_catalog")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["content_hash", "captioner_id"], name="caption_once_per_captioner"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["captioner_id", "-doubt"], name="caption_doubt")]

    def __str__(self) -> str:
        return capfirst(self.sentence)


class CaptionRun(models.Model):
    """Captioning the whole catalog anew with one captioner; until it is done, the old serve."""

    class Status(models.TextChoices):
        QUEUED = "queued", "Waiting for a worker"
        RUNNING = "running", "Running"
        PAUSED = "paused", "Paused"
        DONE = "done", "Done"
        CANCELLED = "cancelled", "Cancelled"
        FAILED = "failed", "Failed"

    captioner_id = models.CharField(max_length=200)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.QUEUED)
    total = models.PositiveIntegerField(default=0)
    processed = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    cursor = models.PositiveBigIntegerField(
        default=0, editable=False, help_text="The last picture looked at in this pass."
    )
    seconds_per_picture = models.FloatField(null=True, blank=True, help_text="Measured.")
    error = models.TextField(blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                models.Value(1),
                condition=models.Q(status__in=["queued", "running", "paused"]),
                name="caption_run_one_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.captioner_id} ({self.get_status_display()})"

    @property
    def percent(self) -> int:
        """How far it is, 0 to 100."""
        return 100 * self.processed // self.total if self.total else 0
