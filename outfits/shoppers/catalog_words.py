"""The words that a shopper may choose from: lists, and the brands and categories of the catalog."""

from collections.abc import Iterable

from django.db.models import Count
from django.utils.translation import pgettext

from catalog.models import Product
from catalog.slots import Slot
from catalog.vocabulary import Occasion
from outfits.colours import COLOURS
from outfits.garments import FABRICS, MANNERS
from outfits.shoppers.facts import FactKind

_MOST_NAMES = 40

#: A group of choices: its label, and (``kind=value``, label) each.
Choices = tuple[str, list[tuple[str, str]]]


def fact_choices() -> list[Choices]:
    """What a shopper may pick, a group a kind; two queries."""
    return [
        _group(FactKind.COLOUR, ((word, word_label(word)) for word in COLOURS)),
        _group(FactKind.STYLE, ((word, word_label(word)) for word in MANNERS)),
        _group(FactKind.MATERIAL, ((word, word_label(word)) for word in FABRICS)),
        _group(FactKind.SLOT, ((slot.value, str(slot.label)) for slot in Slot)),
        _group(FactKind.OCCASION, ((each.value, str(each.label)) for each in Occasion)),
        _group(FactKind.BRAND, ((name, name) for name in _names("brand"))),
        _group(FactKind.CATEGORY, ((name, name) for name in _names("category"))),
    ]


def say_value(kind: str, value: str) -> str:
    """A fact's value as a label, in the active language; names are not translated."""
    if kind == FactKind.SLOT:
        return str(Slot(value).label)
    if kind == FactKind.OCCASION:
        return str(Occasion(value).label)
    listed = kind in (FactKind.COLOUR, FactKind.STYLE, FactKind.MATERIAL)
    return word_label(value) if listed else value


def word_label(word: str) -> str:
    """A listed word as a label, in the active language."""
    label = pgettext("factor", word)
    return label[:1].upper() + label[1:]


def _group(kind: FactKind, words: Iterable[tuple[str, str]]) -> Choices:
    pairs = sorted(((f"{kind}={word}", label) for word, label in words), key=lambda pair: pair[1])
    return str(kind.label), pairs


def _names(field: str) -> list[str]:
    """The names that most available products bear."""
    named = Product.objects.available().exclude(**{field: ""}).order_by()
    counted = named.values(field).annotate(number=Count("pk")).order_by("-number", field)
    return [row[field] for row in counted[:_MOST_NAMES]]
