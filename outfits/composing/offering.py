"""Which slots of a look are open, and what is offered for each; reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalog import conf
from catalog.models import Product
from catalog.pictured import read_main_images
from catalog.slots import Slot
from outfits.circumstances.context import Context
from outfits.composing.called_slots import CORE, called_slots
from outfits.composing.clashes import share_place
from outfits.composing.wishes import Wish
from outfits.retrieval import Purse, retrieve_slots

#: More than anything costs.
_ANY_PRICE = Decimal(10) ** 9


@dataclass(frozen=True, slots=True)
class OfferedSlot:
    """One slot and its candidates, the first choice first; a locked one has only what stays."""

    slot: Slot
    products: list[Product]
    locked: bool = False


def offer_slots(anchor: Product, context: Context, wish: Wish) -> list[OfferedSlot]:
    """Every slot that the context calls for and that has candidates, with their pictures.

    What is locked stays, in the place of its slot; what cannot be worn beside it is not called
    for. Nothing is offered to an anchor without a slot.
    """
    if not anchor.slot:
        return []
    locked = locked_products(anchor, wish)
    called = [
        slot
        for slot in called_slots(anchor.slot, context)
        if not any(share_place(slot, of) for of in locked)
    ]
    room = max(0, conf.current().SLOTS_PER_LOOK - len(locked))
    spent = sum((product.price for product in locked.values()), Decimal(0))
    purse = _purse(anchor, wish, spent, min(room, len(called)))
    filled = {slot: OfferedSlot(slot, [product], locked=True) for slot, product in locked.items()}
    while called and room > 0:
        batch, called = called[:room], called[room:]
        found = _retrieve(anchor, batch, context, purse)
        filled |= {slot: OfferedSlot(slot, found[slot]) for slot in batch if found[slot]}
        room -= sum(1 for slot in batch if found[slot])
    wanted = [*called_slots(anchor.slot, context), *filled]
    slots = [filled[slot] for slot in dict.fromkeys(wanted) if slot in filled]
    shown = [anchor, *(product for slot in slots for product in slot.products)]
    read_main_images(shown)
    return slots if wish.budget is None else _leave_out(slots, wish.budget)


def _leave_out(slots: list[OfferedSlot], budget: Decimal) -> list[OfferedSlot]:
    """Without the last slots that a look can do without, as far as the budget asks for it."""
    while sum(min(p.price for p in slot.products) for slot in slots) > budget:
        spare = [slot for slot in slots if not slot.locked and slot.slot not in CORE]
        if not spare:
            break
        slots = [slot for slot in slots if slot is not spare[-1]]
    return slots


def locked_products(anchor: Product, wish: Wish) -> dict[Slot, Product]:
    """What stays, by slot: of the products that are locked, those that can be worn beside it.

    Of two that cannot be worn together, the one whose SKU comes first stays.
    """
    if not wish.locks:
        return {}
    found: dict[Slot, Product] = {}
    products = Product.objects.available().filter(sku__in=wish.locks).exclude(slot="")
    for product in products.order_by("sku"):
        worn = [anchor.slot, *found]
        if product.pk != anchor.pk and not any(share_place(product.slot, of) for of in worn):
            found[Slot(product.slot)] = product
    return found


def _retrieve(
    anchor: Product, slots: Sequence[Slot], context: Context, purse: Purse | None
) -> dict[Slot, list[Product]]:
    limit = conf.current().CANDIDATES_PER_SLOT
    found = retrieve_slots(anchor, slots, context, limit=limit, purse=purse)
    if purse is None or all(found.values()):
        return found
    # What costs more than there is to spend is still better than a slot that stays empty.
    empty = [slot for slot in slots if not found[slot]]
    any_price = Purse(_ANY_PRICE, Decimal(0), purse.currency)
    return found | retrieve_slots(anchor, empty, context, limit=limit, purse=any_price)


def _purse(anchor: Product, wish: Wish, spent: Decimal, open_slots: int) -> Purse | None:
    """What one item may cost, once ``spent`` went to what is locked; None without a budget."""
    if wish.budget is None:
        return None
    left = max(Decimal(0), wish.budget - spent)
    return Purse(left, left / max(1, open_slots), anchor.currency)
