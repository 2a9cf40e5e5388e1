"""Why this item: factors with signed weights, and one sentence written from them alone."""

import math

from django.utils.translation import gettext_noop

from catalog.models import Caption, Product
from outfits.circumstances import recall_curation
from outfits.colours import colour_harmony
from outfits.context import Context
from outfits.describing import colour_of
from outfits.factors import Factor, make_factor
from outfits.personal import PROFILE
from outfits.suitability import name_tag, suit

__all__ = ["Factor", "adjustments", "explain_item", "write_sentence"]

SENTENCE_MAX_CHARS = 300

_COLOUR_PHRASES = {
    "neutral": "{b} is easy to wear with {a}",
    "tone on tone": "{b} and {a} make a tone-on-tone look",
    "analogous": "{b} sits next to {a} on the colour wheel",
    "complementary": "{b} and {a} set each other off",
    "competing": "{b} and {a} compete a little",
}


def adjustments(
    product: Product, caption: Caption | None, context: Context, *, anchor: Product | None = None
) -> list[Factor]:
    """What the context adds to a candidate's score: signed weights in logits, with their reasons.

    Rules that hold only beside certain anchors count where ``anchor`` is given.
    """
    return suit(product, caption, context, recall_curation(context), anchor)


def explain_item(
    *,
    anchor: tuple[Product, Caption | None],
    item: tuple[Product, Caption | None],
    context: Context,
    logprob: float,
    candidates: int,
    place: int = 1,
) -> list[Factor]:
    """The factors for one chosen item, the weightiest first.

    ``logprob`` is the natural log-probability that the stylist gave it among ``candidates``, before
    the context was added, and ``place`` its place (from 1) in the stylist's order.
    """
    suited = adjustments(*item, context, anchor=anchor[0])
    said = {factor.name for factor in suited}
    found = [
        _colour(colour_of(*anchor), colour_of(*item)),
        *suited,
        *_shared_tags(anchor[0], item[0], said),
        _stylist(logprob, candidates, place),
    ]
    return sorted(filter(None, found), key=lambda factor: -abs(factor.weight))


def write_sentence(factors: list[Factor]) -> str:
    """One sentence from the two strongest factors that speak for the item.

    A shopper's profile stays out of it: looks are shared by equal tastes, and shown to friends.
    """
    said = (factor for factor in factors if factor.weight > 0 and factor.name != PROFILE)
    labels = [factor.label for factor in said][:2]
    if not labels:
        return "It fills the slot; nothing else speaks for it yet."
    sentence = ", and ".join([labels[0], *(_lower_first(label) for label in labels[1:])])
    return f"{sentence}."[:SENTENCE_MAX_CHARS]


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _colour(anchor: str, item: str) -> Factor | None:
    harmony = colour_harmony(anchor, item)
    if harmony is None:
        return None
    phrase = _COLOUR_PHRASES[harmony.scheme].format(a=anchor.lower(), b=item.lower())
    return Factor("colour", phrase[:1].upper() + phrase[1:], harmony.score)


def _shared_tags(anchor: Product, item: Product, said: set[str]) -> list[Factor]:
    """Occasion and season that anchor and item share, where the context says nothing of them."""
    tags = (
        ("occasion", anchor.occasions, item.occasions),
        ("season", anchor.seasons, item.seasons),
    )
    found = []
    for name, ours, theirs in tags:
        shared = [tag for tag in ours if tag in theirs]
        if shared and name not in said:
            message = gettext_noop("Both suit {what}")
            found.append(make_factor(name, 0.3, message, what=name_tag(shared[0])))
    return found


def _stylist(logprob: float, candidates: int, place: int) -> Factor | None:
    """How far the stylist preferred it over picking any candidate with equal chance, in nats."""
    if candidates < 2:
        return None
    weight = max(-1.0, min(1.0, 1 + logprob / math.log(candidates)))
    first = gettext_noop("The stylist's first choice of {count}")
    other = gettext_noop("The stylist's choice number {place} of {count}")
    message, count = first if place == 1 else other, str(candidates)
    return make_factor("stylist", weight, message, count=count, place=str(place))
