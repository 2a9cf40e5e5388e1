"""How well a product suits a context: signed factors in logits, added to the stylist's score; pure.

The stylist learned what goes together, not what the weather is: these factors say the rest, each
with its reason. A logit of 1 makes a candidate 2.7 times as likely.
"""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext_noop

from catalog.models import Caption, Product
from outfits.circumstances.context import Context
from outfits.circumstances.curated import curated_factors
from outfits.circumstances.curation import NOTHING, Curation
from outfits.garments import Garment, read_garment
from outfits.shoppers.personal import personal_factors
from outfits.why.factors import Factor, make_factor

#: How hot it is, from -2 to 2: warmth times this is what speaks against a garment.
_HEAT = {"freezing": -2.0, "cold": -1.5, "mild": 0.0, "warm": 1.0, "hot": 2.0}
#: A season is a weak guess at the weather, made only where the weather is not known.
_HEAT_OF_SEASON = {"winter": -0.6, "summer": 0.6}
_WEATHER_SCALE = 0.75
#: Weaker than this is no reason that anybody should read about.
_LEAST = 0.15

_TAGGED_FOR_OCCASION, _TAGGED_FOR_OTHERS = 1.5, -1.0
_TAGGED_FOR_SEASON, _TAGGED_FOR_OTHER_SEASONS = 0.5, -0.8
_WATERPROOF, _SPOILT_BY_RAIN = 1.2, -1.5

#: occasion -> manner -> weight, where a product has no tags.
_MANNERS_FOR: Mapping[str, Mapping[str, float]] = {
    "casual": {"casual": 1.0, "beach": 0.2, "dressy": -1.0},
    "work": {"office": 1.0, "beach": -1.5, "sport": -1.0, "festive": -0.7, "casual": -0.4},
    "formal": {"dressy": 1.5, "office": 0.5, "beach": -2.0, "sport": -2.0, "casual": -1.2},
    "party": {"festive": 1.2, "dressy": 0.6, "sport": -1.2, "beach": -0.8, "office": -0.2},
    "vacation": {"beach": 1.2, "casual": 0.4, "dressy": -1.2, "office": -1.0},
    "sport": {"sport": 1.5, "dressy": -2.0, "office": -1.5, "festive": -1.5},
    "wedding-guest": {
        "dressy": 1.0,
        "festive": 0.8,
        "sport": -2.0,
        "beach": -1.2,
        "casual": -1.2,
    },
}


def suit(
    product: Product,
    caption: Caption | None,
    context: Context,
    curation: Curation = NOTHING,
    anchor: Product | None = None,
) -> list[Factor]:
    """What ``context`` says for or against a product, the weightiest first; weights in logits.

    ``curation`` is what is in force (`outfits.circumstances.current.recall_curation`); some of its
    rules hold only beside certain anchors.
    """
    garment = read_garment(product, caption)
    found = [
        *_weather(garment, context),
        *_rain(garment, context),
        *_occasion(product, garment, context),
        *_season(product, garment, context),
        *curated_factors(product, caption, curation, context, anchor),
        *personal_factors(product, caption, garment, context),
    ]
    return sorted(
        (factor for factor in found if abs(factor.weight) >= _LEAST),
        key=lambda factor: -abs(factor.weight),
    )


def _weather(garment: Garment, context: Context) -> Iterator[Factor]:
    heat = _HEAT.get(context.warmth, 0.0)
    weight = -heat * garment.warmth * _WEATHER_SCALE
    if not weight:
        return
    if heat > 0:
        good = gettext_noop("{what} is light enough for warm weather")
        bad = gettext_noop("{what} is too warm for this weather")
    else:
        good = gettext_noop("{what} keeps you warm in the cold")
        bad = gettext_noop("{what} is too light for the cold")
    yield make_factor("weather", weight, good if weight > 0 else bad, what=garment.telling)


def _rain(garment: Garment, context: Context) -> Iterator[Factor]:
    if not context.is_wet:
        return
    if garment.waterproof:
        yield make_factor("weather", _WATERPROOF, gettext_noop("It keeps the rain off"))
    elif garment.spoilt_by_rain:
        yield make_factor("weather", _SPOILT_BY_RAIN, gettext_noop("Rain would spoil it"))


def _occasion(product: Product, garment: Garment, context: Context) -> Iterator[Factor]:
    wanted = context.occasion
    if not wanted:
        return
    good, bad = gettext_noop("It is made for {what}"), gettext_noop("It is not meant for {what}")
    if product.occasions:
        weight = _TAGGED_FOR_OCCASION if wanted in product.occasions else _TAGGED_FOR_OTHERS
    else:
        weight = _say_by_manner(wanted, garment.manners)
        good = gettext_noop("Its kind is worn for {what}")
        bad = gettext_noop("Its kind is not worn for {what}")
    if weight:
        yield make_factor("occasion", weight, good if weight > 0 else bad, what=name_tag(wanted))


def _say_by_manner(occasion: str, manners: frozenset[str]) -> float:
    """The best that speaks for it and the worst that speaks against it, together."""
    weights = [_MANNERS_FOR.get(occasion, {}).get(manner, 0.0) for manner in sorted(manners)]
    return max([0.0, *weights]) + min([0.0, *weights])


def _season(product: Product, garment: Garment, context: Context) -> Iterator[Factor]:
    season = context.season
    if not season:
        return
    good = gettext_noop("It is made for {what}")
    bad = gettext_noop("It is not meant for {what}")
    if product.seasons:
        weight = _TAGGED_FOR_SEASON if season in product.seasons else _TAGGED_FOR_OTHER_SEASONS
        # A cold day in summer is cold all the same.
        yield make_factor(
            "season",
            weight / 2 if context.warmth else weight,
            good if weight > 0 else bad,
            what=season,
        )
    elif not context.warmth:
        weight = -_HEAT_OF_SEASON.get(season, 0.0) * garment.warmth * _WEATHER_SCALE
        good, bad = gettext_noop("{cloth} suits {what}"), gettext_noop("{cloth} is not for {what}")
        message = good if weight > 0 else bad
        yield make_factor("season", weight, message, cloth=garment.telling, what=season)


def name_tag(tag: str) -> str:
    """An occasion as it is said in a sentence."""
    return "a wedding" if tag == "wedding-guest" else tag
