"""Looks that no model ranked as they stand: the nearest candidates that go together; pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from catalog.models import Product
from outfits.composing.beam import (
    REPEAT_LOGITS,
    Draft,
    Frame,
    Offer,
    cost_of,
    count_looks,
    filled,
    least_cost,
    no_count,
    reserves,
    widen,
)
from outfits.composing.clashes import Piece, read_piece
from outfits.composing.offering import OfferedSlot
from outfits.composing.wishes import Wish
from outfits.retrieval import LOGITS_PER_PLACE

#: A page waits for it: enough to get around a clash.
_WIDTH = 2
#: What the stylist chose already stands, whatever else is worn.
_READY_LOGITS = 1000.0


def count_offered(slots: Sequence[OfferedSlot]) -> int:
    """How many looks can be made of what is offered."""
    return count_looks([len(slot.products) for slot in slots if not slot.locked])


def arrange_slots(
    anchor: Product,
    slots: Sequence[OfferedSlot],
    wish: Wish,
    *,
    worn: Collection[int] = (),
    ready: Mapping[str, Sequence[int]] | None = None,
) -> list[OfferedSlot]:
    """The slots with a look made of their first products, which hold the budget and do not clash.

    ``worn`` are products of earlier looks, as far as they are known; ``ready`` the candidates of
    the slots that the stylist has ranked, the best first.
    """
    ready = ready or {}
    slots = [_reorder(slot, ready.get(slot.slot, ())) for slot in slots]
    pieces = {p.pk: read_piece(p, None) for p in (anchor, *(q for s in slots for q in s.products))}
    locked = [pieces[slot.products[0].pk] for slot in slots if slot.locked]
    choices = [[pieces[p.pk] for p in slot.products] for slot in slots if not slot.locked]
    budget = wish.budget
    if budget is not None:
        budget = max(budget - cost_of(locked), least_cost(choices))
    frame = Frame((pieces[anchor.pk], *locked), no_count, budget)
    chosen: list[Piece] = []
    used = set(worn)
    for _ in range(1 if worn else wish.number):
        chosen = _compose(frame, choices, used, ready.keys())
        used |= {piece.product_id for piece in chosen}
    first = {piece.slot: [piece.product_id] for piece in chosen}
    return [
        _reorder(slot, first.get(slot.slot, ()))
        for slot in slots
        if slot.locked or slot.slot in first
    ]


def heal_slots(
    anchor: Product,
    slots: Sequence[OfferedSlot],
    chosen: Mapping[str, int],
    wish: Wish,
    *,
    worn: Collection[int] = (),
) -> list[OfferedSlot]:
    """A look of which some chosen products are gone, with others in their place.

    ``chosen`` has the id of what was chosen for each slot. Where it is still first, it stays; what
    stands in for the others clashes with nothing, holds the budget and is in no earlier look
    (``worn``), as far as that can be. A slot that a look can do without is left out where
    everything clashes.
    """
    stand: dict[str, list[int]] = {
        slot.slot: [slot.products[0].pk]
        for slot in slots
        if slot.locked or slot.products[0].pk == chosen.get(slot.slot)
    }
    if len(stand) == len(slots):
        return list(slots)
    # What stays comes first: the rest is chosen to go with it.
    ordered = sorted(slots, key=lambda slot: slot.slot not in stand)
    healed = {
        slot.slot: slot
        for slot in arrange_slots(anchor, ordered, wish.numbered(1), worn=worn, ready=stand)
    }
    return [healed[slot.slot] for slot in slots if slot.slot in healed]


def _compose(
    frame: Frame, choices: Sequence[Sequence[Piece]], used: Collection[int], ready: Collection[str]
) -> list[Piece]:
    """The nearest pieces that go together, and are not used in other looks."""
    beam = [Draft()]
    for pieces, reserve in zip(choices, reserves(choices), strict=True):
        offers = [
            Offer(
                piece,
                -place * LOGITS_PER_PLACE
                - REPEAT_LOGITS * (piece.product_id in used)
                + _READY_LOGITS * (place == 0 and piece.slot in ready),
            )
            for place, piece in enumerate(pieces)
        ]
        beam = widen(frame, beam, offers, reserve, _WIDTH)
    return filled(beam[0].chosen)


def _reorder(slot: OfferedSlot, first: Sequence[int]) -> OfferedSlot:
    """The slot with the products of these ids in front, in their order."""
    if not first:
        return slot
    places = {pk: place for place, pk in enumerate(first)}
    ordered = sorted(slot.products, key=lambda product: places.get(product.pk, len(places)))
    return replace(slot, products=ordered)
