"""Why this item: factors with signed weights, and one sentence written from them alone."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext, gettext_noop

from catalog.models import Caption, Product
from outfits.circumstances.context import Context
from outfits.circumstances.current import recall_curation
from outfits.circumstances.suitability import name_tag, suit
from outfits.colours import colour_harmony
from outfits.describing import colour_of
from outfits.prompts import PromptItem
from outfits.scoring import Taste
from outfits.shoppers.personal import PROFILE
from outfits.why.counted import counted_factors
from outfits.why.factors import Factor, fill_in, make_factor, translate_label
from outfits.why.matching import match_factors
from outfits.why.pricing import price_factors
from outfits.why.togetherness import kept_together_factors
from outfits.why.whole_look import whole_look_factors

__all__ = [
    "Factor",
    "adjustments",
    "describe_candidate",
    "explain_item",
    "translate_sentence",
    "weigh_choice",
    "write_sentence",
]

SENTENCE_MAX_CHARS = 300

#: Markup and addresses, which words of a catalog may hold and a sentence may not.
_UNFIT = re.compile(r"[<>{}\[\]`|\\\n]|https?:|www\.", re.IGNORECASE)

_NOTHING = gettext_noop("It fills the slot; nothing else speaks for it yet.")
_BOTH = gettext_noop("{first}, and {other}.")

_COLOUR_MESSAGES = {
    "neutral": gettext_noop("{colour} is easy to wear with {other_colour}"),
    "tone on tone": gettext_noop("{colour} and {other_colour} make a tone-on-tone look"),
    "analogous": gettext_noop("{colour} sits next to {other_colour} on the colour wheel"),
    "complementary": gettext_noop("{colour} and {other_colour} set each other off"),
    "competing": gettext_noop("{colour} and {other_colour} compete a little"),
}


def adjustments(
    product: Product, caption: Caption | None, context: Context, *, anchor: Product | None = None
) -> list[Factor]:
    """What is added to a candidate's score: signed weights in logits, with their reasons.

    That is what the context says, and what others kept together. The latter, and rules that hold
    only beside certain anchors, count where ``anchor`` is given.
    """
    found = [
        *suit(product, caption, context, recall_curation(context), anchor),
        *kept_together_factors(product, anchor),
    ]
    return [replace(factor, scored=True) for factor in found]


def explain_item(
    *,
    anchor: tuple[Product, Caption | None],
    item: tuple[Product, Caption | None],
    context: Context,
    logprob: float,
    candidates: int,
    place: int = 1,
    more: Sequence[Factor] = (),
) -> list[Factor]:
    """The factors for one chosen item, the weightiest first.

    ``logprob`` is the natural log-probability that the stylist gave it among ``candidates``, before
    the context was added, and ``place`` its place (from 1) in the stylist's order. ``more`` are
    factors that only the choice among those candidates tells (`weigh_choice`).
    """
    suited = adjustments(*item, context, anchor=anchor[0])
    said = {factor.name for factor in suited}
    found = [
        _colour(colour_of(*anchor), colour_of(*item)),
        *suited,
        *_shared_tags(anchor[0], item[0], said),
        *match_factors(anchor, item),
        *more,
        _stylist(logprob, candidates, place),
    ]
    return sorted(filter(None, found), key=lambda factor: -abs(factor.weight))


def describe_candidate(
    product: Product,
    offered: Sequence[Product],
    anchor: Product,
    captions: Mapping[int, Caption],
    context: Context,
) -> list[Factor]:
    """What is true of a candidate that the model did not choose; what it said is not of it.

    ``captions`` are those of the anchor and the candidates, by product id.
    """
    return explain_item(
        anchor=(anchor, captions.get(anchor.pk)),
        item=(product, captions.get(product.pk)),
        context=context,
        logprob=0.0,
        candidates=1,
        more=price_factors(product, offered),
    )


def weigh_choice(
    *,
    taste: Taste,
    look: Sequence[PromptItem],
    candidates: Sequence[tuple[Product, PromptItem]],
    chosen: Product,
    added: Mapping[str, float],
) -> list[Factor]:
    """What only the choice among ``candidates`` tells of ``chosen``, which is one of them.

    What counting said of it beside ``look``, how its price compares, and what the rest of the look
    ``added`` (name -> logits) to its score.
    """
    products = [product for product, _ in candidates]
    items = [item for _, item in candidates]
    place = next(n for n, product in enumerate(products) if product.pk == chosen.pk)
    return [
        *counted_factors(taste, look, items, place),
        *price_factors(chosen, products),
        *whole_look_factors(added),
    ]


def write_sentence(factors: Sequence[Factor]) -> str:
    """One sentence from the two strongest factors that speak for the item, and nothing else.

    A shopper's profile stays out of it: looks are shared by equal tastes, and shown to friends.
    Labels hold words of the catalog, which is not trusted: one with markup or an address in it is
    passed over, and so is what would make the sentence too long.
    """
    return _join([factor.label for factor in _reasons(factors)], _BOTH) or _NOTHING


def translate_sentence(sentence: str, stored: Sequence[Mapping[str, Any]]) -> str:
    """A stored sentence in the active language, from the ``stored`` factors of its item.

    One that was not written from them is translated as it stands, where it is known.
    """
    if not sentence:
        return ""
    factors = [Factor(each["name"], each["label"], each["weight"]) for each in stored]
    reasons = _reasons(factors)
    if not reasons or sentence != write_sentence(factors):
        return gettext(sentence)
    by_label = {each["label"]: each for each in stored}
    labels = [translate_label(by_label[factor.label]) for factor in reasons]
    return _join(labels, gettext(_BOTH))


def _reasons(factors: Sequence[Factor]) -> list[Factor]:
    """What a sentence may say, at most two."""
    said = (factor for factor in factors if factor.weight > 0 and factor.name != PROFILE)
    return [factor for factor in said if _is_fit(factor.label)][:2]


def _join(labels: Sequence[str], both: str) -> str:
    if not labels:
        return ""
    first, *others = labels
    for other in others:
        # English goes on within the sentence; other languages may begin a new one.
        said = _lower_first(other) if both == _BOTH else other
        text = fill_in(both, {"first": first, "other": said})
        if len(text) <= SENTENCE_MAX_CHARS:
            return text
    return f"{first}."


def _is_fit(label: str) -> bool:
    return len(label) < SENTENCE_MAX_CHARS and not _UNFIT.search(label)


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _colour(anchor: str, item: str) -> Factor | None:
    harmony = colour_harmony(anchor, item)
    if harmony is None:
        return None
    message, names = _COLOUR_MESSAGES[harmony.scheme], (item.lower(), anchor.lower())
    return make_factor("colour", harmony.score, message, colour=names[0], other_colour=names[1])


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
