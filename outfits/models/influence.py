"""What leaving something out of the stylist's question changed: measured, and stored."""

from typing import ClassVar

from django.db import models

from outfits.models.look import LookItem


class MeasuredInfluence(models.Model):
    """The language model asked again about one item, each time with one thing left out.

    ``changes`` is a list of ``{"left_out", "label", "message", "values", "change",
    "logprob_change"}``, the strongest first: what it did to the item's log-odds, and to its
    log-probability among the candidates (natural; below 0: what was left out spoke for the item).
    ``drift`` is how far the unchanged question's log-odds lay from those that were stored when the
    look was made: changes that are not larger are noise.
    """

    class Status(models.TextChoices):
        PENDING = "pending", "Waiting"
        MEASURING = "measuring", "Being measured"
        READY = "ready", "Measured"
        UNAVAILABLE = "unavailable", "Not available"

    item = models.OneToOneField(LookItem, models.CASCADE, related_name="influence")
    status = models.CharField(max_length=11, choices=Status.choices, default=Status.PENDING)
    changes = models.JSONField(default=list)
    drift = models.FloatField(default=0.0)
    questions = models.PositiveSmallIntegerField(default=0, help_text="How many were asked.")
    seconds = models.FloatField(default=0.0)
    reason = models.CharField(max_length=300, blank=True)
    retryable = models.BooleanField(default=False, help_text="Whether asking later can help.")
    claimed_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.get_status_display()}"
