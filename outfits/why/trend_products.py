"""What is in a trend: the products that a click on its name shows."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from catalog.models import Caption, Product
from catalog.selectors import captions_for
from outfits.circumstances.curated import rule_applies
from outfits.circumstances.curation import Match, RuleInForce, TrendInForce

#: As many as one page shows.
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class TrendPage:
    """A trend in force, some of its products, and their captions by product id."""

    trend: TrendInForce
    products: list[Product]
    captions: dict[int, Caption]


def read_trend(trend: TrendInForce, rules: Iterable[RuleInForce]) -> TrendPage:
    """A trend with products that can be bought; which words a picture's caption adds is left out.

    What one of ``rules`` excludes everywhere is left out, too: a trend is shown beside no anchor.
    Captions are no part of the query: reading those of a whole catalog would hold up the page.
    """
    available = Product.objects.available().filter(_narrow(trend))
    for rule in rules:
        if rule.action == "exclude" and rule_applies(rule, None):
            available = available.exclude(_means(rule.match))
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


def _means(match: Match) -> Q:
    """`outfits.circumstances.curated.matches` as a condition of a query."""
    meant = Q()
    if match.skus:
        meant &= Q(sku__in=match.skus)
    if match.brand:
        meant &= Q(brand__iexact=match.brand)
    if match.category:
        meant &= Q(category__iexact=match.category)
    if match.slot:
        meant &= Q(slot=match.slot)
    if _any(match.words):
        pattern = _any_word(match.words)
        meant &= Q(title__iregex=pattern) | Q(category__iregex=pattern)
    # A rule about nothing excludes nothing; `Rule.clean` refuses it.
    return meant or Q(pk__in=())


def _any_word(words: tuple[str, ...]) -> str:
    return rf"\y({_any(words)})(s|es)?\y"


def _any(words: tuple[str, ...]) -> str:
    return "|".join(re.escape(word.strip()) for word in words if word.strip())
