"""Adapters: what training made, which one serves, and who changed that when."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class Adapter(models.Model):
    """One immutable, versioned LoRA adapter; at most one serves, none means the base model."""

    class Status(models.TextChoices):
        TRAINED = "trained", "Trained, not judged"
        REJECTED = "rejected", "Rejected by the gate"
        READY = "ready", "Passed the gate"

    name = models.CharField(max_length=64, unique=True)
    path = models.CharField(max_length=500, help_text="The folder with weights and manifest.")
    base_model = models.CharField(max_length=200)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.TRAINED)
    serving = models.BooleanField(default=False, editable=False)
    manifest = models.JSONField(default=dict)
    verdict = models.JSONField(default=dict, help_text="The gate's figures and reasons.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["serving"], condition=models.Q(serving=True), name="one_serving_adapter"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Promotion(models.Model):
    """One change of what serves. ``adapter`` or ``previous`` is null where it is the base model."""

    adapter = models.ForeignKey(
        Adapter, models.PROTECT, null=True, blank=True, related_name="promotions"
    )
    previous = models.ForeignKey(Adapter, models.PROTECT, null=True, blank=True, related_name="+")
    is_rollback = models.BooleanField(default=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    canary = models.JSONField(default=dict, help_text="What each replica answered before the flip.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.previous or 'base model'} -> {self.adapter or 'base model'}"
