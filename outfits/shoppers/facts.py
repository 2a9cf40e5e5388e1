"""What can be known of a shopper's taste: kinds of facts, and the words that each may hold; pure.

Words come from lists, or from the shop's own catalog: nothing that a person typed freely is kept,
and equal tastes are written alike.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.db import models
from django.utils.translation import gettext, pgettext_lazy

from catalog.slots import Slot
from catalog.vocabulary import Occasion
from outfits.colours import find_colour
from outfits.garments import FABRICS, MANNERS


class FactKind(models.TextChoices):
    COLOUR = "colour", pgettext_lazy("fact", "Colour")
    STYLE = "style", pgettext_lazy("fact", "Style")
    MATERIAL = "material", pgettext_lazy("fact", "Material")
    SLOT = "slot", pgettext_lazy("fact", "Piece")
    OCCASION = "occasion", pgettext_lazy("fact", "Occasion")
    BUDGET = "budget", pgettext_lazy("fact", "Budget for one piece")
    SIZE = "size", pgettext_lazy("fact", "Size")
    BRAND = "brand", pgettext_lazy("fact", "Brand")
    CATEGORY = "category", pgettext_lazy("fact", "Category")
    PRODUCT = "product", pgettext_lazy("fact", "Product")


class Stance(models.TextChoices):
    LIKE = "like", pgettext_lazy("fact", "More of it")
    DISLIKE = "dislike", pgettext_lazy("fact", "Less of it")
    NEVER = "never", pgettext_lazy("fact", "Never show it")


class Source(models.TextChoices):
    QUIZ = "quiz", pgettext_lazy("fact", "Style quiz")
    SAID = "said", pgettext_lazy("fact", "You said so")
    PURCHASE = "purchase", pgettext_lazy("fact", "Your purchases")
    VIEW = "view", pgettext_lazy("fact", "What you looked at")
    FEEDBACK = "feedback", pgettext_lazy("fact", "Your feedback on looks")


#: What a shopper said outright outweighs what follows from what they did.
STATED = (Source.QUIZ, Source.SAID)
#: Kinds whose words come from a list; only these can be said without being stored.
#: Kinds that are learned from what a shopper does, too.
LEARNED_KINDS = (
    FactKind.COLOUR,
    FactKind.STYLE,
    FactKind.MATERIAL,
    FactKind.BUDGET,
    FactKind.BRAND,
    FactKind.CATEGORY,
    FactKind.PRODUCT,
)
_LISTED: dict[str, tuple[str, ...]] = {
    FactKind.STYLE: tuple(MANNERS),
    FactKind.MATERIAL: tuple(FABRICS),
    FactKind.SLOT: tuple(Slot.values),
    FactKind.OCCASION: tuple(Occasion.values),
}
SESSION_KINDS = (*_LISTED, FactKind.COLOUR, FactKind.BUDGET)
#: Kinds of which one is either the shopper's or not: there is nothing to like or dislike.
_PLAIN = (FactKind.BUDGET, FactKind.SIZE)
_MAX_CHARS = 64
#: Facts that a profile holds.
MAX_FACTS = 500
_MAX_BUDGET = Decimal(100_000)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing about a shopper's taste, in the words of this module."""

    kind: str
    value: str
    stance: str = Stance.LIKE

    @property
    def subject(self) -> tuple[str, str]:
        """What it is about: one budget counts, whatever its amount."""
        return self.kind, "" if self.kind == FactKind.BUDGET else self.value


def read_fact(kind: str, value: str, stance: str = Stance.LIKE) -> Fact:
    """A fact as it is written here. Raises `ValueError` with what to write instead."""
    if kind not in FactKind.values:
        raise ValueError(f"{kind!r} is no kind of fact. Write one of: {', '.join(FactKind)}.")
    if stance not in Stance.values:
        raise ValueError(f"{stance!r} is no stance. Write one of: {', '.join(Stance)}.")
    if kind in _PLAIN and stance != Stance.LIKE:
        raise ValueError(f"A {kind} is neither disliked nor shown: write 'like'.")
    if kind == FactKind.PRODUCT and stance != Stance.NEVER:
        raise ValueError("A product is never to be shown, or nothing is said of it: write 'never'.")
    return Fact(kind, _read_value(kind, " ".join(value.split())), stance)


def _read_value(kind: str, value: str) -> str:
    if kind == FactKind.COLOUR:
        return _read_colour(value)
    if kind == FactKind.BUDGET:
        return _read_budget(value)
    if kind in _LISTED:
        if value.lower() not in _LISTED[kind]:
            refusal = gettext("%(value)r is not known here. Write one of: %(known)s.")
            raise ValueError(refusal % {"value": value, "known": ", ".join(_LISTED[kind])})
        return value.lower()
    if not value or len(value) > _MAX_CHARS or not value.isprintable():
        raise ValueError(gettext("Write 1 to %(most)d characters.") % {"most": _MAX_CHARS})
    return value


def _read_colour(value: str) -> str:
    colour = find_colour(value)
    if colour is None:
        refusal = gettext(
            "%(value)r is no colour that is known here. Write one such as: navy, red."
        )
        raise ValueError(refusal % {"value": value})
    return colour


def _read_budget(value: str) -> str:
    try:
        amount = Decimal(value)
    except InvalidOperation as error:
        refusal = gettext("%(value)r is no amount. Write a number, such as 80.")
        raise ValueError(refusal % {"value": value}) from error
    if not (amount.is_finite() and 1 <= amount <= _MAX_BUDGET):
        raise ValueError(
            gettext("A budget is a number from 1 to %(most)s.") % {"most": _MAX_BUDGET}
        )
    return str(int(amount))
