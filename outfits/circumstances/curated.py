"""What trends, events, rules and regional taste say of a product: factors; pure."""

import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_noop

from catalog.models import Caption, Product
from outfits.circumstances.context import Context
from outfits.circumstances.curation import (
    Curation,
    EventInForce,
    Match,
    RuleInForce,
    TasteInForce,
    TrendInForce,
)
from outfits.describing import colour_of
from outfits.why.factors import Factor, make_factor

#: A pinned product is chosen whatever the stylist says, a buried one only if nothing else is left.
PIN_LOGITS = 50.0


def curated_factors(
    product: Product,
    caption: Caption | None,
    curation: Curation,
    context: Context,
    anchor: Product | None = None,
) -> Iterator[Factor]:
    """The factors of all in ``curation`` that is about ``product``.

    Rules for certain anchors count only where ``anchor`` is one of them.
    """
    for trend in curation.trends:
        yield from _trend(product, caption, trend)
    for event in curation.events:
        yield from _event(product, caption, event, context)
    for rule in curation.rules:
        if rule_applies(rule, anchor) and matches(product, rule.match):
            yield from _rule(rule)
    for taste in curation.tastes:
        yield from _taste(product, caption, taste)


def rule_applies(rule: RuleInForce, anchor: Product | None) -> bool:
    """Whether a rule holds beside ``anchor`` (None: not known which)."""
    return not rule.anchor or (anchor is not None and matches(anchor, rule.anchor))


def is_excluded(product: Product, curation: Curation, anchor: Product | None = None) -> bool:
    """Whether a rule forbids a product."""
    return any(
        rule.action == "exclude" and rule_applies(rule, anchor) and matches(product, rule.match)
        for rule in curation.rules
    )


def matches(product: Product, match: Match) -> bool:
    """Whether a product is meant by a match that says something."""
    wanted = (
        (match.skus, product.sku in match.skus),
        (match.brand, product.brand.casefold() == match.brand.casefold()),
        (match.category, product.category.casefold() == match.category.casefold()),
        (match.slot, product.slot == match.slot),
        (match.words, has_word(f"{product.title} {product.category}", match.words)),
    )
    return bool(match) and all(holds for asked, holds in wanted if asked)


def has_word(text: str, words: Iterable[str]) -> bool:
    """Whether one of ``words`` (or phrases) stands in ``text`` as whole words, plural or not."""
    return any(
        re.search(rf"(?<!\w){re.escape(word.strip())}(s|es)?(?!\w)", text, re.IGNORECASE)
        for word in words
        if word.strip()
    )


def _describe(product: Product, caption: Caption | None) -> str:
    said = [product.title, product.category]
    if caption:
        said += [caption.article_type, caption.material, caption.style, caption.pattern]
    return " ".join(said)


def _trend(product: Product, caption: Caption | None, trend: TrendInForce) -> Iterator[Factor]:
    """A trend holds where everything that it names holds."""
    colour = colour_of(product, caption)
    wanted = (
        (trend.words, has_word(_describe(product, caption), trend.words)),
        (trend.colours, has_word(colour, trend.colours)),
        (trend.categories, product.category.casefold() in map(str.casefold, trend.categories)),
        (trend.slots, product.slot in trend.slots),
        (trend.genders, product.gender in (*trend.genders, "unisex")),
    )
    told = [holds for asked, holds in wanted if asked]
    if told and all(told):
        message = gettext_noop("It is part of a trend: {title}")
        yield make_factor("trend", trend.weight, message, trend=trend.name, title=trend.name)


def _event(
    product: Product, caption: Caption | None, event: EventInForce, context: Context
) -> Iterator[Factor]:
    # An occasion that was asked for is a factor of its own already.
    for_occasion = event.occasion and not context.occasion and event.occasion in product.occasions
    if for_occasion or has_word(_describe(product, caption), event.words):
        message = gettext_noop("It suits an event: {title}")
        yield make_factor("event", event.weight, message, title=event.name)


def _rule(rule: RuleInForce) -> Iterator[Factor]:
    if rule.action == "pin":
        yield make_factor("rule", PIN_LOGITS, gettext_noop("Picked by the shop"))
    elif rule.action == "boost":
        yield make_factor("rule", rule.weight, gettext_noop("Picked by the shop"))
    elif rule.action == "bury":
        yield make_factor("rule", -rule.weight, gettext_noop("Put back by the shop"))


def _taste(product: Product, caption: Caption | None, taste: TasteInForce) -> Iterator[Factor]:
    said = colour_of(product, caption) if taste.kind == "colour" else getattr(product, taste.kind)
    if said.casefold() != taste.value.casefold():
        return
    liked = gettext_noop("Liked by shoppers in your region")
    less = gettext_noop("Liked less by shoppers in your region")
    yield make_factor("region", taste.weight, liked if taste.weight > 0 else less)
