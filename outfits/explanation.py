"""Why this item: factors with signed weights, and one sentence written from them alone."""

import math
from dataclasses import asdict, dataclass
from typing import Any

from catalog.models import Caption, Product
from outfits.colours import colour_harmony
from outfits.context import Context
from outfits.describing import colour_of

SENTENCE_MAX_CHARS = 300

_COLOUR_PHRASES = {
    "neutral": "{b} is easy to wear with {a}",
    "tone on tone": "{b} and {a} make a tone-on-tone look",
    "analogous": "{b} sits next to {a} on the colour wheel",
    "complementary": "{b} and {a} set each other off",
    "competing": "{b} and {a} compete a little",
}


@dataclass(frozen=True, slots=True)
class Factor:
    """One reason: a name for programs, a label for people, a weight (negative speaks against)."""

    name: str
    label: str
    weight: float

    def as_json(self) -> dict[str, Any]:
        """The factor as it is stored and served."""
        return {**asdict(self), "weight": round(self.weight, 3)}


def explain_item(
    *,
    anchor: tuple[Product, Caption | None],
    item: tuple[Product, Caption | None],
    context: Context,
    logprob: float,
    candidates: int,
) -> list[Factor]:
    """The factors for one chosen item, the weightiest first.

    ``logprob`` is the natural log-probability that the stylist gave it among ``candidates``.
    """
    found = [
        _colour(colour_of(*anchor), colour_of(*item)),
        _shared("occasion", anchor[0].occasions, item[0].occasions, context.occasion),
        _shared("season", anchor[0].seasons, item[0].seasons, context.season),
        _stylist(logprob, candidates),
    ]
    return sorted(filter(None, found), key=lambda factor: -abs(factor.weight))


def write_sentence(factors: list[Factor]) -> str:
    """One sentence from the two strongest factors that speak for the item."""
    labels = [factor.label for factor in factors if factor.weight > 0][:2]
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


def _shared(name: str, anchor: list[str], item: list[str], wanted: str) -> Factor | None:
    """Tags that anchor and item share, or the lack of the one that the context asks for."""
    if wanted and item and wanted not in item:
        return Factor(name, f"It is not meant for {_say(wanted)}", -0.3)
    shared = [wanted] if wanted and wanted in item else [tag for tag in anchor if tag in item]
    if not shared:
        return None
    return Factor(name, f"Both suit {_say(shared[0])}", 0.4 if wanted else 0.3)


def _say(tag: str) -> str:
    return "a wedding" if tag == "wedding-guest" else tag


def _stylist(logprob: float, candidates: int) -> Factor | None:
    """How far the stylist preferred it over picking any candidate with equal chance, in nats."""
    if candidates < 2:
        return None
    preferred = logprob + math.log(candidates)
    label = f"The stylist's first choice of {candidates}"
    return Factor("stylist", label, max(-1.0, min(1.0, preferred / math.log(candidates))))
