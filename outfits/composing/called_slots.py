"""Which slots a context calls for; pure."""

from collections.abc import Sequence

from catalog.slots import Slot, completing_slots
from outfits.circumstances.context import Context

#: What nobody goes without; a look can do without the rest.
CORE = (Slot.TOP, Slot.BOTTOM, Slot.DRESS, Slot.SHOES)
#: occasion -> slots that are wanted right after the core, and slots that are left out.
_FOR_OCCASION: dict[str, tuple[tuple[Slot, ...], tuple[Slot, ...]]] = {
    "work": ((Slot.OUTERWEAR, Slot.BAG, Slot.WATCH, Slot.BELT), (Slot.EYEWEAR, Slot.HEADWEAR)),
    "formal": ((Slot.OUTERWEAR, Slot.JEWELLERY, Slot.BAG), (Slot.EYEWEAR, Slot.HEADWEAR)),
    "party": ((Slot.BAG, Slot.JEWELLERY), (Slot.EYEWEAR, Slot.HEADWEAR)),
    "vacation": ((Slot.EYEWEAR, Slot.HEADWEAR, Slot.BAG), (Slot.WATCH, Slot.BELT)),
    "sport": (
        (Slot.HEADWEAR, Slot.WATCH, Slot.BAG),
        (Slot.JEWELLERY, Slot.BELT, Slot.EYEWEAR, Slot.OUTERWEAR),
    ),
    "wedding-guest": ((Slot.BAG, Slot.JEWELLERY), (Slot.EYEWEAR, Slot.HEADWEAR)),
}


def called_slots(anchor_slot: str, context: Context) -> tuple[Slot, ...]:
    """The slots that complete ``anchor_slot`` in ``context``, the most wanted first.

    Tops, bottoms, dresses and shoes stay in front; a context decides about the rest. Heat leaves
    outerwear and scarves out unless it is wet, cold and rain ask for them. A context that says
    nothing of it changes nothing.
    """
    base = completing_slots(anchor_slot)
    wanted, unwanted = _FOR_OCCASION.get(context.occasion, ((), ()))
    layers, too_warm = _layers(context)
    rest = [slot for slot in base if slot not in CORE]
    called = [*layers, *(s for s in wanted if s not in too_warm), *rest]
    left_out = {*too_warm, *(slot for slot in unwanted if slot not in layers), Slot(anchor_slot)}
    core = [slot for slot in base if slot in CORE]
    return _without_repeats([*core, *(slot for slot in called if slot not in left_out)])


def _layers(context: Context) -> tuple[tuple[Slot, ...], tuple[Slot, ...]]:
    """The layers that the weather asks for, and those that it forbids."""
    if context.warmth == "freezing":
        return (Slot.OUTERWEAR, Slot.SCARF, Slot.HEADWEAR), ()
    if context.warmth == "cold":
        return (Slot.OUTERWEAR, Slot.SCARF), ()
    hot = context.warmth in ("warm", "hot")
    if context.is_wet:
        return (Slot.OUTERWEAR,), (Slot.SCARF,) if hot else ()
    return (), (Slot.OUTERWEAR, Slot.SCARF) if hot else ()


def _without_repeats(slots: Sequence[Slot]) -> tuple[Slot, ...]:
    return tuple(dict.fromkeys(slots))
