"""Training runs: what was trained on what, how far it is, and what came of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from outfits.models import Adapter


class TrainingRun(models.Model):
    """One run from pairs to verdict. Claimed by conditional UPDATE, so a task sent twice is one."""

    class Status(models.TextChoices):
        QUEUED = "queued", "Waiting for a worker"
        RUNNING = "running", "Running"
        PROMOTED = "promoted", "Promoted"
        REJECTED = "rejected", "Rejected by the gate"
        SKIPPED = "skipped", "Not enough new pairs"
        FAILED = "failed", "Failed"

    status = models.CharField(max_length=8, choices=Status.choices, default=Status.QUEUED)
    stage = models.CharField(max_length=40, blank=True, help_text="What it is doing now.")
    step = models.PositiveIntegerField(default=0)
    total_steps = models.PositiveIntegerField(default=0)
    config = models.JSONField(default=dict)
    train_pairs = models.PositiveIntegerField(default=0)
    held_out_pairs = models.PositiveIntegerField(default=0)
    last_pair_id = models.BigIntegerField(default=0, help_text="The newest pair it learned from.")
    metrics = models.JSONField(default=dict, help_text="Loss and reward curves, evaluation, gate.")
    adapter = models.ForeignKey(
        Adapter, models.SET_NULL, null=True, blank=True, related_name="runs"
    )
    error = models.TextField(blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(
        null=True, blank=True, help_text="The last sign of life of the worker that runs it."
    )
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"Run {self.pk} ({self.get_status_display()})"

    @property
    def is_open(self) -> bool:
        """Whether it still waits or runs."""
        return self.status in (self.Status.QUEUED, self.Status.RUNNING)
