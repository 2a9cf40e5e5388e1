"""What the shop curates: trends, events and rules; and what shoppers of a region like."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from catalog.slots import Slot
from catalog.vocabulary import Gender, Occasion
from outfits.circumstances.regions import find_region

#: Fewer shoppers than this say nothing about a region that could be told apart from chance, or
#: from one of them.
REGION_MIN_SHOPPERS = 50

_WEIGHT_HELP = "In logits: 1 makes a product 2.7 times as likely, 2 makes it 7 times as likely."


def validate_regions(values: list[str]) -> None:
    """Refuse what are no regions as `outfits.circumstances.regions` writes them."""
    for value in values:
        try:
            known = find_region(value)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        if known != value:
            raise ValidationError(f"{value!r} is not listed. Write {known}.")


def _words(help_text: str, max_length: int = 60) -> "ArrayField[list[str], list[str]]":
    return ArrayField(
        models.CharField(max_length=max_length), default=list, blank=True, help_text=help_text
    )


def _regions() -> "ArrayField[list[str], list[str]]":
    return ArrayField(
        models.CharField(max_length=6),
        default=list,
        blank=True,
        validators=[validate_regions],
        help_text="Countries or their parts, such as DE, AT-9. Empty: everywhere.",
    )


def _weight(highest: float = 5.0) -> "models.FloatField[float, float]":
    return models.FloatField(
        default=1.0,
        validators=[MinValueValidator(0.0), MaxValueValidator(highest)],
        help_text=_WEIGHT_HELP,
    )


class Dated(models.Model):
    """Something that is in force from a day until a day, both included."""

    starts = models.DateField("from", null=True, blank=True, help_text="Empty: since ever.")
    ends = models.DateField("until", null=True, blank=True, help_text="Included. Empty: no end.")

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(starts__isnull=True) | Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="%(class)s_ends_after_it_starts",
                violation_error_message="It ends before it starts.",
            )
        ]


class Trend(Dated):
    """A trend: products that everything named here is true of are wanted while it lasts."""

    name = models.CharField(max_length=60, unique=True, help_text="Shoppers read it.")
    words = _words("Any of these in title, category or caption, such as: wide leg, barrel.")
    colours = _words("Any of these colours.", 40)
    categories = _words("Any of these categories, as the shop calls them.", 120)
    slots = ArrayField(
        models.CharField(max_length=16, choices=Slot.choices), default=list, blank=True
    )
    genders = ArrayField(
        models.CharField(max_length=8, choices=Gender.choices), default=list, blank=True
    )
    regions = _regions()
    weight = _weight()

    class Meta(Dated.Meta):
        ordering: ClassVar = ["-starts", "name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a trend that is about nothing, or about everything."""
        if not any((self.words, self.colours, self.categories, self.slots, self.genders)):
            raise ValidationError("Say what it is about: words, colours, categories or slots.")


class Event(Dated):
    """Something that people dress for: a festival, a holiday, a fair."""

    name = models.CharField(max_length=60, unique=True, help_text="Shoppers read it.")
    occasion = models.CharField(
        max_length=16,
        choices=Occasion.choices,
        blank=True,
        help_text="Products for it suit the event, where a shopper chose no occasion.",
    )
    words = _words("Any of these in title, category or caption, such as: dirndl, fringe.")
    regions = _regions()
    weight = _weight()

    class Meta(Dated.Meta):
        ordering: ClassVar = ["-starts", "name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse an event that no product can suit."""
        if not self.occasion and not self.words:
            raise ValidationError("Say what suits it: an occasion, words or both.")


class Rule(Dated):
    """A merchandiser's rule: pin, boost, bury or exclude the products that all fields name."""

    class Action(models.TextChoices):
        PIN = "pin", "Pin: always first in its slot"
        BOOST = "boost", "Boost: show it more"
        BURY = "bury", "Bury: show it less"
        EXCLUDE = "exclude", "Exclude: never show it"

    action = models.CharField(max_length=8, choices=Action.choices)
    skus = _words("Any of these SKUs.", 64)
    brand = models.CharField(max_length=120, blank=True)
    category = models.CharField(max_length=120, blank=True)
    slot = models.CharField(max_length=16, choices=Slot.choices, blank=True)
    words = _words("Any of these in title or category.")
    anchor_skus = _words("Only beside these products (SKUs).", 64)
    anchor_brand = models.CharField(max_length=120, blank=True)
    anchor_category = models.CharField(max_length=120, blank=True)
    anchor_slot = models.CharField(max_length=16, choices=Slot.choices, blank=True)
    weight = _weight()
    note = models.CharField(max_length=200, blank=True, help_text="Why. Shoppers do not see it.")

    class Meta(Dated.Meta):
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        said = [*self.skus, self.brand, self.category, self.slot, *self.words]
        return f"{self.action} {', '.join(filter(None, said))}"

    def clean(self) -> None:
        """Refuse a rule about every product."""
        if not any((self.skus, self.brand, self.category, self.slot, self.words)):
            raise ValidationError("Say which products: SKUs, brand, category, slot or words.")


class RegionalTaste(models.Model):
    """How far shoppers of a region like a value (a colour, a category, a brand) more than others.

    Only feedback of at least `REGION_MIN_SHOPPERS` shoppers who are known and agreed makes one.
    """

    class Kind(models.TextChoices):
        COLOUR = "colour", "Colour"
        CATEGORY = "category", "Category"
        BRAND = "brand", "Brand"

    region = models.CharField(max_length=6)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    value = models.CharField(max_length=120)
    weight = models.FloatField(help_text=_WEIGHT_HELP + " Negative: liked less.")
    shoppers = models.PositiveIntegerField(
        help_text="Known shoppers of the region who said something."
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar = ["region", "kind", "-weight"]
        verbose_name_plural = "regional taste"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["region", "kind", "value"], name="regional_taste_once_per_value"
            ),
            models.CheckConstraint(
                condition=Q(shoppers__gte=REGION_MIN_SHOPPERS), name="regional_taste_of_many"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region}: {self.value} {self.weight:+.1f}"
