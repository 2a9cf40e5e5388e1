"""Feeds: where products come from, one import at a time."""

from typing import ClassVar

from django.db import models
from django.db.models import F


class FeedSource(models.Model):
    """One feed that comes again and again: a nightly push, or an upload under the same name."""

    name = models.SlugField(max_length=64, unique=True)
    mapping = models.JSONField(default=dict, blank=True, help_text="Our field -> its column.")
    is_full = models.BooleanField(
        default=False, help_text="Lists everything: what is no longer in it is unpublished."
    )
    token_hash = models.CharField(max_length=64, blank=True, editable=False)
    checksum = models.CharField(
        max_length=64, blank=True, editable=False, help_text="SHA-256 of what was last imported."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class FeedImport(models.Model):
    """One run of a feed: its mapping, how far it is, what it did and what it refused."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Not started"
        CHECKING = "checking", "Being checked"
        CHECKED = "checked", "Checked, not started"
        QUEUED = "queued", "Waiting for a worker"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        CANCELLED = "cancelled", "Cancelled"
        FAILED = "failed", "Failed"

    name = models.CharField(max_length=255)
    file = models.FileField(upload_to="feeds/", blank=True)
    images = models.FileField(
        upload_to="feeds/", blank=True, help_text="A zip of pictures named as the feed says."
    )
    mapping = models.JSONField(default=dict, help_text="Our field -> the feed's column.")
    feed = models.ForeignKey(
        FeedSource, models.CASCADE, null=True, blank=True, related_name="imports"
    )
    format = models.CharField(max_length=20, blank=True, help_text="As found in the file.")
    checksum = models.CharField(max_length=64, blank=True, editable=False)
    is_full = models.BooleanField(
        default=False, help_text="Lists everything: what is no longer in it is unpublished."
    )
    unpublish_waiting = models.PositiveIntegerField(
        default=0, editable=False, help_text="Products that it may not unpublish unasked."
    )
    unpublish_confirmed = models.PositiveIntegerField(
        default=0, editable=False, help_text="How many a person said may be unpublished."
    )
    cancel_requested = models.BooleanField(default=False, editable=False)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.QUEUED)
    total = models.PositiveIntegerField(default=0)
    processed = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    unpublished = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    pictures = models.PositiveIntegerField(default=0)
    picture_problems = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list, help_text="Line, SKU and reason of what was refused.")
    defaults_used = models.JSONField(default=dict, help_text="Field -> rows a default filled in.")
    notes = models.JSONField(default=dict, help_text="What was assumed -> how often.")
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(processed__lte=F("total")), name="feed_import_within_total"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_status_display()})"

    @property
    def is_active(self) -> bool:
        """Whether it waits for a worker or is in one's hands."""
        return self.status in (self.Status.CHECKING, self.Status.QUEUED, self.Status.RUNNING)

    @property
    def percent(self) -> int:
        """How far it is, 0 to 100."""
        if self.status == self.Status.DONE:
            return 100
        return 100 * self.processed // self.total if self.total else 0


class PlannedChange(models.Model):
    """What an import would do with one row, found out by a dry run."""

    class Action(models.TextChoices):
        CREATE = "create", "Create"
        UPDATE = "update", "Change"
        UNCHANGED = "unchanged", "Leave"
        UNPUBLISH = "unpublish", "Unpublish"
        REFUSE = "refuse", "Refuse"

    feed_import = models.ForeignKey(FeedImport, models.CASCADE, related_name="plan")
    line = models.PositiveIntegerField(default=0)
    sku = models.CharField(max_length=64, blank=True)
    title = models.CharField(max_length=255, blank=True)
    action = models.CharField(max_length=9, choices=Action.choices)
    changes = models.JSONField(default=dict, help_text="Field -> [before, after].")
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [
            models.Index(fields=["feed_import", "action", "id"], name="planned_change_action")
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.sku}"
