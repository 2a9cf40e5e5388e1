"""A look: a stored, explained recommendation, with exactly what was asked and answered."""

import uuid
from typing import ClassVar

from django.db import models

from catalog.models import Product
from catalog.slots import Slot


class Look(models.Model):
    """What completes ``anchor`` in one context, as chosen by one stylist (base model or adapter).

    ``context`` is the context as JSON and ``context_key`` its hash; ``adapter_name`` is empty for
    the base model and part of the key, so that promoting an adapter never serves another's looks.
    ``wish`` is what was asked besides the context (`outfits.composing.wishes`), and ``wish_key``
    its hash; both are empty for the plain look. ``session_only`` says that the taste in the context
    is that of somebody who did not agree to be remembered, ``shared`` that a look's address was
    given away or kept (`outfits.shoppers.personal_looks`). One that has sold out is retired
    when another is made in its place: it stays for those who keep it, share it or said something
    of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    anchor = models.ForeignKey(Product, models.CASCADE, related_name="looks")
    context = models.JSONField(default=dict)
    context_key = models.CharField(max_length=64)
    # The database has these defaults, too: for workers that run on while a release is rolled out.
    wish = models.JSONField(default=dict, db_default={}, blank=True)
    wish_key = models.CharField(max_length=64, blank=True, default="", db_default="")
    model_name = models.CharField(max_length=200)
    adapter_name = models.CharField(max_length=64, blank=True)
    session_only = models.BooleanField(default=False, db_default=False)
    shared = models.BooleanField(default=False, db_default=False)
    seconds = models.FloatField(default=0, help_text="What asking the model took.")
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    retired_at = models.DateTimeField(
        null=True, editable=False, help_text="When another look took its place."
    )

    class Meta:
        ordering: ClassVar = ["-created_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["anchor", "context_key", "wish_key", "model_name", "adapter_name"],
                condition=models.Q(retired_at__isnull=True),
                name="look_once_in_use",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["created_at"], condition=models.Q(session_only=True), name="look_of_session"
            )
        ]

    def __str__(self) -> str:
        return f"Look for {self.anchor_id} by {self.stylist}"

    @property
    def stylist(self) -> str:
        """The name of what chose: the adapter, or the base model when there was none."""
        return self.adapter_name or self.model_name


class LookItem(models.Model):
    """One filled slot of a look, with what was asked and answered about every candidate.

    ``query`` is what all questions began with. ``candidates`` is a list, the best first, of
    ``{"product", "sku", "question", "model", "cooccurrence", "score", "logprob",
    "retrieval_rank", "context"}``: the rest of the question, the model's log-odds, what counting
    said, both together with what was added (logits), and the natural log-probability of each among
    the candidates. ``context`` holds what was added, by name, and is absent where nothing was:
    factors of the context, and what the rest of the look says (``look``, ``clash``, ``budget``,
    ``repeat`` for what an earlier look of the same anchor wears). An item that the shopper locked
    has itself as its only candidate, without a question, and an empty ``query``.
    """

    look = models.ForeignKey(Look, models.CASCADE, related_name="items")
    slot = models.CharField(max_length=16, choices=Slot.choices)
    position = models.PositiveSmallIntegerField()
    product = models.ForeignKey(Product, models.CASCADE, related_name="chosen_in")
    stylist_choice = models.ForeignKey(
        Product,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="What a person put in its place in review; ``product`` stays what was served.",
    )
    query = models.TextField()
    candidates = models.JSONField()
    factors = models.JSONField(default=list)
    explanation = models.CharField(max_length=300)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["look", "slot"], name="look_item_once_per_slot")
        ]

    def __str__(self) -> str:
        return f"{self.get_slot_display()}: {self.product_id}"

    @property
    def chosen(self) -> Product:
        """What stands there: what a person of the shop put there, else what the model chose."""
        return self.stylist_choice or self.product

    def has_offered(self, product_id: int) -> bool:
        """Whether a product was among what the slot offered."""
        return any(c["product"] == product_id for c in self.candidates)

    def question_about(self, product_id: int) -> str | None:
        """What was asked about a product, or None if it was not offered, or locked."""
        return next((c["question"] for c in self.candidates if c["product"] == product_id), None)
