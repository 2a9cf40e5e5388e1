"""Products: what the shop sells."""

from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.functional import cached_property

from catalog.changes import TellingQuerySet
from catalog.slots import Slot
from catalog.vocabulary import Gender, Occasion, Season

if TYPE_CHECKING:
    from catalog.models.picture import ProductImage


class ProductQuerySet(TellingQuerySet["Product"]):
    unseen = frozenset({"feed", "delisted_at", "updated_at"})

    def available(self) -> "ProductQuerySet":
        """Products that a shopper could buy now: published and in stock."""
        return self.filter(published=True, stock__gt=0)


class Product(models.Model):
    """One thing the shop sells, known by its ``sku``."""

    sku = models.CharField("SKU", max_length=64, unique=True)
    title = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    brand = models.CharField(max_length=120, blank=True)
    category = models.CharField(max_length=120, blank=True, help_text="As the shop calls it.")
    slot = models.CharField(
        max_length=16,
        choices=Slot.choices,
        blank=True,
        db_index=True,
        help_text="What part of a look it is. Empty: it is never part of one.",
    )
    gender = models.CharField(max_length=8, choices=Gender.choices, default=Gender.UNISEX)
    colour = models.CharField(max_length=40, blank=True)
    price = models.DecimalField(
        max_digits=10, decimal_places=2, validators=[MinValueValidator(Decimal(0))]
    )
    currency = models.CharField(max_length=3, default="EUR")
    stock = models.PositiveIntegerField(default=0)
    seasons = ArrayField(
        models.CharField(max_length=8, choices=Season.choices), default=list, blank=True
    )
    occasions = ArrayField(
        models.CharField(max_length=16, choices=Occasion.choices), default=list, blank=True
    )
    published = models.BooleanField(default=True, db_index=True)
    private = models.BooleanField(
        # In the database, too: workers that do not know the column go on storing products.
        default=False,
        db_default=False,
        editable=False,
        help_text="A shopper's own piece: looks are made for it, and it is never shown or sold.",
    )
    feed = models.ForeignKey(
        "FeedSource",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="products",
        help_text="The feed that listed it last.",
    )
    delisted_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="Since when its full feed no longer lists it; back in the feed, it is published.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["sku"]
        indexes: ClassVar = [
            models.Index(
                fields=["slot", "gender"],
                condition=models.Q(published=True, stock__gt=0),
                name="product_available",
            )
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(price__gte=0), name="product_price_positive"),
            models.CheckConstraint(
                condition=models.Q(private=False) | models.Q(published=False),
                name="private_product_unpublished",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.sku})"

    @cached_property
    def main_image(self) -> "ProductImage | None":
        """The first picture, if there is one; prefetch ``images`` to ask many products."""
        return next(iter(self.images.all()), None)

    @property
    def is_available(self) -> bool:
        return self.published and self.stock > 0
