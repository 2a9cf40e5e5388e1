"""Shoppers who agreed to be remembered, and what is known of their taste."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models

from catalog.models import Product
from outfits.models.look import Look
from outfits.shoppers.facts import FactKind, Source, Stance


class Shopper(models.Model):
    """Somebody the shop knows by ``shop_id``, an opaque id of its own, and what they agreed to.

    Everything about a shopper hangs on this row and exists only while consent is granted; when it
    is withdrawn, the row alone stays, as the record of that.
    """

    class Consent(models.TextChoices):
        GRANTED = "granted", "Granted"
        WITHDRAWN = "withdrawn", "Withdrawn"

    shop_id = models.CharField("shop's id", max_length=128, unique=True)
    consent = models.CharField(max_length=9, choices=Consent.choices)
    consent_at = models.DateTimeField(help_text="When it was granted or withdrawn.")
    region = models.CharField(
        max_length=6, blank=True, help_text="A country or its part, never finer."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        # What is exported leaves the house: seeing it in the admin is not enough for that.
        permissions: ClassVar = [("export_shopper", "Can export everything of a shopper")]

    def __str__(self) -> str:
        return self.shop_id


class ProfileFact(models.Model):
    """One thing known of a shopper's taste, from one source.

    ``times`` counts how often the source said so, ``event`` is the id of the purchase, view or
    feedback that did so last.
    """

    shopper = models.ForeignKey(Shopper, models.CASCADE, related_name="facts")
    kind = models.CharField(max_length=10, choices=FactKind.choices)
    value = models.CharField(max_length=64)
    stance = models.CharField(max_length=8, choices=Stance.choices, default=Stance.LIKE)
    source = models.CharField(max_length=8, choices=Source.choices)
    times = models.PositiveIntegerField(default=1, validators=[MinValueValidator(1)])
    event = models.CharField(max_length=128, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar = ["kind", "value", "source"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shopper", "kind", "value", "stance", "source"],
                name="fact_once_per_source",
            ),
            models.CheckConstraint(
                condition=models.Q(times__gte=1), name="fact_was_said_at_least_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_stance_display()}: {self.value}"


class ForgottenFact(models.Model):
    """Something that a shopper deleted and that is not to be learned of them again.

    It holds until they say the same thing themselves, or take it back, and whatever they do: other
    sources of the same fact that they left standing count no further. A budget is forgotten
    whatever its amount: its ``value`` is empty.
    """

    shopper = models.ForeignKey(Shopper, models.CASCADE, related_name="forgotten")
    kind = models.CharField(max_length=10, choices=FactKind.choices)
    value = models.CharField(max_length=64, blank=True)
    stance = models.CharField(max_length=8, choices=Stance.choices, default=Stance.LIKE)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["kind", "value", "stance"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shopper", "kind", "value", "stance"], name="fact_forgotten_once"
            )
        ]

    def __str__(self) -> str:
        return f"Not {self.get_stance_display()}: {self.value}"


class SavedLook(models.Model):
    """A look that a shopper keeps, as it was shown to them.

    ``pieces`` are the SKUs that were shown, each a candidate of one of the look's items; empty
    where nobody said so: then it is the look as it was stored.
    """

    shopper = models.ForeignKey(Shopper, models.CASCADE, related_name="saved_looks")
    look = models.ForeignKey(Look, models.CASCADE, related_name="saved_by")
    # The database has this default, too: for workers that run on while a release is rolled out.
    pieces = models.JSONField(default=list, db_default=[], blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-created_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shopper", "look"], name="look_saved_once")
        ]

    def __str__(self) -> str:
        return f"{self.look_id}"


class ShopperEvent(models.Model):
    """A purchase or view that the shop's server told of; ``event_id`` is the shop's, told once.

    ``taught`` are the ids of the shopper's facts that it counted for; null where that was not kept
    yet.
    """

    class Kind(models.TextChoices):
        PURCHASE = "purchase", "Bought"
        VIEW = "view", "Looked at"

    event_id = models.CharField(max_length=128, unique=True)
    shopper = models.ForeignKey(Shopper, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    product = models.ForeignKey(Product, models.CASCADE, related_name="+")
    happened_at = models.DateTimeField()
    taught = ArrayField(models.BigIntegerField(), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-happened_at"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.product_id}"
