"""How an item matches its anchor in style, cloth and part of a look: factors that describe; pure.

None of them is added to a score. They say what a person sees, whatever the stylist made of it.
"""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext_noop

from catalog.models import Caption, Product
from catalog.slots import Slot, completing_slots
from outfits.garments import Garment, read_garment
from outfits.why.factors import Factor, make_factor

_SAME_STYLE, _OTHER_STYLE = 0.4, -0.4
_LIKE_CLOTH, _UNLIKE_CLOTH = 0.2, -0.3
#: Steps of warmth, of the five that garments span.
_LIKE, _UNLIKE = 0.75, 2.0
#: What completes a garment first speaks most for an item, and the last still speaks for it.
_FIRST_SLOT, _LAST_SLOT = 0.15, 0.05

#: Manners that look wrong beside each other, whatever else does not.
_CLASHES = (
    frozenset(("dressy", "sport")),
    frozenset(("dressy", "beach")),
    frozenset(("office", "sport")),
    frozenset(("office", "beach")),
)
#: Manners as a sentence says them.
_SAID: Mapping[str, str] = {
    "office": "for the office",
    "beach": "for the beach",
    "sport": "sporty",
    "dressy": "dressy",
    "festive": "festive",
    "casual": "easy-going",
}
#: A captioner's style -> the manner that it is.
_MANNER_OF_STYLE: Mapping[str, str] = {
    "casual": "casual",
    "smart casual": "office",
    "formal": "office",
    "party": "festive",
    "sports": "sport",
}


def match_factors(
    anchor: tuple[Product, Caption | None], item: tuple[Product, Caption | None]
) -> Iterator[Factor]:
    """What of slot, style and cloth goes together, and what does not."""
    ours, theirs = read_garment(*anchor), read_garment(*item)
    yield from _slot(anchor[0], item[0])
    yield from _style(_manners(ours, anchor[1]), _manners(theirs, item[1]))
    yield from _cloth(ours, theirs)


def _slot(anchor: Product, item: Product) -> Iterator[Factor]:
    if not anchor.slot or not item.slot:
        return
    wanted = list(completing_slots(anchor.slot))
    place = wanted.index(Slot(item.slot)) if item.slot in wanted else len(wanted)
    weight = _FIRST_SLOT + (_LAST_SLOT - _FIRST_SLOT) * place / max(1, len(wanted))
    message = gettext_noop("It completes the look: {other} + {what}")
    yield make_factor("slot", weight, message, what=item.slot, other=anchor.slot)


def _manners(garment: Garment, caption: Caption | None) -> frozenset[str]:
    """What the words say, and the style that was seen."""
    seen = _MANNER_OF_STYLE.get(caption.style.lower(), "") if caption else ""
    return garment.manners | ({seen} if seen else set())


def _style(ours: frozenset[str], theirs: frozenset[str]) -> Iterator[Factor]:
    shared = sorted(ours & theirs)
    if shared:
        message = gettext_noop("Both are {style}")
        yield make_factor("style", _SAME_STYLE, message, style=_SAID[shared[0]])
        return
    for one in sorted(ours):
        for other in sorted(theirs):
            if frozenset((one, other)) in _CLASHES:
                message = gettext_noop("One is {style}, the other {other}")
                yield make_factor(
                    "style", _OTHER_STYLE, message, style=_SAID[one], other=_SAID[other]
                )
                return


def _cloth(ours: Garment, theirs: Garment) -> Iterator[Factor]:
    """Cloth of like weight goes together; linen beside wool does not."""
    if not ours.telling or not theirs.telling:
        return
    apart = abs(ours.warmth - theirs.warmth)
    values = {"cloth": theirs.telling, "other": ours.telling}
    if apart <= _LIKE:
        message = gettext_noop("{cloth} and {other} are of like weight")
        yield make_factor("material", _LIKE_CLOTH, message, **values)
    elif apart >= _UNLIKE:
        message = gettext_noop("{cloth} and {other} are for different weather")
        yield make_factor("material", _UNLIKE_CLOTH, message, **values)
