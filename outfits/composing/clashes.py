"""Which two pieces cannot be worn together, and why; pure.

Colours clash where `outfits.colours` says that they compete, manners where something dressy meets
something made for sport or the beach. Two pieces for one part of the body clash as well.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from catalog.models import Caption, Product
from catalog.slots import Slot
from outfits.colours import colour_harmony
from outfits.describing import colour_of, prompt_item
from outfits.garments import read_garment
from outfits.prompts import PromptItem

#: What is worn with everything, and is seen too little to fight with a colour.
_SMALL = frozenset({Slot.JEWELLERY, Slot.WATCH, Slot.EYEWEAR})
#: Where it shows what kind of day somebody is dressed for: sunglasses go with a suit.
_TELLING = frozenset({Slot.TOP, Slot.BOTTOM, Slot.DRESS, Slot.OUTERWEAR, Slot.SHOES})
_DRESS_COVERS = frozenset({Slot.TOP, Slot.BOTTOM, Slot.DRESS})
#: Blue jeans are worn with every colour, as if they had none.
_DENIM = re.compile(r"\b(jeans?|denim|jeggings?)\b", re.IGNORECASE)
#: Called beachwear for their cloth alone, which is worn to town as well.
_SUMMER_CLOTH = frozenset({"linen", "straw"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A product as far as putting looks together needs it; ``relaxed`` is for sport or beach."""

    product_id: int
    slot: str
    item: PromptItem
    colour: str
    dressy: bool
    relaxed: bool
    price: Decimal
    currency: str


def read_piece(product: Product, caption: Caption | None) -> Piece:
    """What there is to know of a product for putting it into a look."""
    garment = read_garment(product, caption)
    denim = _DENIM.search(f"{product.title} {product.category}")
    manners = garment.manners
    beach = "beach" in manners and garment.telling not in _SUMMER_CLOTH
    return Piece(
        product_id=product.pk,
        slot=product.slot,
        item=prompt_item(product, caption),
        colour="denim" if denim else colour_of(product, caption),
        dressy="dressy" in manners and "casual" not in manners,
        relaxed=("sport" in manners or beach) and not manners & {"dressy", "office", "festive"},
        price=product.price,
        currency=product.currency,
    )


def find_clash(first: Piece, second: Piece) -> str:
    """Why two pieces do not go together: ``slot``, ``colour``, ``manner``, or nothing (empty)."""
    if share_place(first.slot, second.slot):
        return "slot"
    if {first.slot, second.slot} <= _TELLING and (
        (first.dressy and second.relaxed) or (first.relaxed and second.dressy)
    ):
        return "manner"
    small = first.slot in _SMALL or second.slot in _SMALL
    return "" if small or not _compete(first.colour, second.colour) else "colour"


def share_place(first: str, second: str) -> bool:
    """Whether nobody wears both slots at once: a dress takes the place of top and bottom."""
    if first == second:
        return True
    return Slot.DRESS in (first, second) and {first, second} <= _DRESS_COVERS


@lru_cache(maxsize=4096)
def _compete(first: str, second: str) -> bool:
    harmony = colour_harmony(first, second)
    return harmony is not None and harmony.scheme == "competing"
