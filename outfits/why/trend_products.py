"""What is in a trend: the products that a click on its name shows."""

import re
from dataclasses import dataclass

from django.db.models import Q

from catalog.models import Caption, Product
from catalog.selectors import captions_for
from outfits.circumstances.curation import TrendInForce

#: As many as one page shows.
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class TrendPage:
    """A trend in force, some of its products, and their captions by product id."""

    trend: TrendInForce
    products: list[Product]
    captions: dict[int, Caption]


def read_trend(trend: TrendInForce) -> TrendPage:
    """A trend with products that can be bought; which words a picture's caption adds is left out.

    Captions are no part of the query: reading those of a whole catalog would hold up the page.
    """
    available = Product.objects.available().filter(_narrow(trend))
    products = list(available.prefetch_related("images").order_by("-updated_at", "pk")[:_SHOWN])
    return TrendPage(trend, products, captions_for(products))


def _narrow(trend: TrendInForce) -> Q:
    """Everything that a trend names must hold, as in `outfits.circumstances.curated`."""
    wanted = Q()
    if trend.words:
        pattern = _any_word(trend.words)
        wanted &= Q(title__iregex=pattern) | Q(category__iregex=pattern)
    if trend.colours:
        wanted &= Q(colour__iregex=_any_word(trend.colours))
    if trend.categories:
        wanted &= Q(category__iregex=rf"^({_any(trend.categories)})$")
    if trend.slots:
        wanted &= Q(slot__in=trend.slots)
    if trend.genders:
        wanted &= Q(gender__in=(*trend.genders, "unisex"))
    return wanted


def _any_word(words: tuple[str, ...]) -> str:
    return rf"\y({_any(words)})(s|es)?\y"


def _any(words: tuple[str, ...]) -> str:
    return "|".join(re.escape(word.strip()) for word in words if word.strip())
