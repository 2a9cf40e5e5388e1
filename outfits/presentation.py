"""From a recommendation to what the API shows: healed, with alternatives, captions and a total.

A stored look stays as it was served; where a chosen product can no longer be bought, or has turned
out to be what the shopper never wants to see, the best candidate that goes with the rest is shown
in its place, and a slot with none left is left out.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Literal

from django.utils.translation import gettext, gettext_noop

from catalog.models import Caption, Product
from catalog.pictured import read_main_images
from catalog.selectors import captions_for
from catalog.slots import Slot
from outfits.circumstances.context import Context
from outfits.composing.offering import OfferedSlot
from outfits.composing.provisional import count_offered, heal_slots
from outfits.composing.wishes import PLAIN, Wish
from outfits.models import Look, LookItem
from outfits.services import Recommendation
from outfits.stock import Left, ranked, read_left
from outfits.why.explanation import describe_candidate, write_sentence

RETRY_AFTER_SECONDS = 2

#: What candidates are described beside: the anchor, captions by product id, the context.
_Around = tuple[Product, Mapping[int, Caption], Context]

_MESSAGES = {
    "ranked": "",
    "provisional": gettext_noop("Our stylist is looking at this; it will be refined in a moment."),
    "unranked": gettext_noop(
        "Our stylist cannot be reached, so these are the closest matches, unranked."
    ),
}


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One slot as shown; ``id`` is None where nothing is stored that feedback could refer to.

    ``stand_in`` tells what took the place of a piece that was chosen and cannot be bought now.
    """

    id: int | None
    slot: Slot
    product: Product
    alternatives: list[Product]
    explanation: str
    factors: list[dict[str, Any]]
    locked: bool = False
    stand_in: bool = False


@dataclass(frozen=True, slots=True)
class ShownLook:
    """A look as shown; ``captions`` by product id, for alternative texts.

    ``pieces`` are the SKUs by which the look can be shown again as it is shown now; ``left_out``
    counts those that were asked for and are not sold any more. ``depends_on`` are the ids of all
    products that decide what of a stored look is shown: those that are sold out, too, which come
    back with their stock.
    """

    id: str | None
    status: Literal["ranked", "provisional", "unranked"]
    stylist: str | None
    anchor: Product
    items: list[ShownItem]
    captions: Mapping[int, Caption]
    context: Context = field(default_factory=Context)
    wish: Wish = PLAIN
    count: int = 1
    pieces: tuple[str, ...] = ()
    left_out: int = 0
    depends_on: frozenset[int] = frozenset()

    @property
    def message(self) -> str | None:
        """What to say of the look as a whole, in the active language."""
        said = _MESSAGES[self.status]
        return gettext(said) if said else None

    @property
    def retry_after_seconds(self) -> int | None:
        return RETRY_AFTER_SECONDS if self.status == "provisional" else None

    @property
    def over_budget(self) -> bool:
        """Whether the items together cost more than was wished: nothing cheaper completes it."""
        budget = self.wish.budget
        if budget is None:
            return False
        same = {item.product.currency for item in self.items} <= {self.anchor.currency}
        return not same or sum(item.product.price for item in self.items) > budget

    @property
    def total(self) -> tuple[Decimal, str] | None:
        """Anchor and items together, or None when their currencies differ."""
        products = [self.anchor, *(item.product for item in self.items)]
        if not self.items or len({product.currency for product in products}) > 1:
            return None
        return sum((product.price for product in products), Decimal(0)), self.anchor.currency


def present(recommendation: Recommendation, hidden: Collection[str] = ()) -> ShownLook:
    """What to show for a recommendation, without the SKUs that are ``hidden``.

    A constant number of queries.
    """
    look, anchor, wish = recommendation.look, recommendation.anchor, recommendation.wish
    chosen, offered = _read_slots(recommendation)
    slots = heal_slots(anchor, _without(offered, hidden), chosen, wish, worn=recommendation.worn)
    captions = captions_for([anchor, *(product for slot in slots for product in slot.products)])
    status = _status(recommendation)
    if look is not None:
        stored = {item.slot: item for item in look.items.all()}
        around = (anchor, captions, Context(**look.context))
        items = [_ranked_item(stored[slot.slot], slot, around, hidden) for slot in slots]
    elif status == "unranked":
        around = (anchor, captions, recommendation.context)
        items = [_unranked_item(slot, around) for slot in slots]
    else:
        items = [_provisional_item(slot) for slot in slots]
    return ShownLook(
        id=str(look.pk) if look else None,
        status=status,
        stylist=recommendation.stylist.name if look else None,
        anchor=anchor,
        items=items,
        captions=captions,
        context=recommendation.context,
        wish=wish,
        count=max(count_offered(slots), wish.number if look else 1),
        pieces=tuple(item.product.sku for item in items),
        depends_on=_products_of(look) if look else frozenset(),
    )


def _read_slots(recommendation: Recommendation) -> tuple[dict[str, int], list[OfferedSlot]]:
    """What was chosen for each slot (product ids), and all that can be shown there."""
    look, wish = recommendation.look, recommendation.wish
    if look is None:
        slots = recommendation.provisional
        return {slot.slot: slot.products[0].pk for slot in slots}, slots
    left: Left = read_left(look, wish) if recommendation.left is None else recommendation.left
    products = [product for each in left.values() for product in each]
    read_main_images([recommendation.anchor, *products])
    items = list(look.items.all())
    chosen = {item.slot: item.stylist_choice_id or item.product_id for item in items}
    return chosen, [
        OfferedSlot(Slot(item.slot), left[item.pk], left[item.pk][0].sku in wish.locks)
        for item in items
        if left[item.pk]
    ]


def _products_of(look: Look) -> frozenset[int]:
    """The ids of the anchor and of all that the look may show."""
    offered = (pk for item in look.items.all() for pk in ranked(item))
    return frozenset({look.anchor_id, *offered})


def _without(slots: Sequence[OfferedSlot], hidden: Collection[str]) -> list[OfferedSlot]:
    """The slots without what is not to be shown; what is locked stays."""
    kept = (
        slot
        if slot.locked
        else replace(slot, products=[p for p in slot.products if p.sku not in hidden])
        for slot in slots
    )
    return [slot for slot in kept if slot.products]


def _status(recommendation: Recommendation) -> Literal["ranked", "provisional", "unranked"]:
    if recommendation.look is not None or not recommendation.provisional:
        return "ranked"
    return "unranked" if recommendation.stylist_down else "provisional"


def _provisional_item(slot: OfferedSlot) -> ShownItem:
    first, *others = slot.products
    return ShownItem(None, slot.slot, first, others, "", [], slot.locked)


def _unranked_item(slot: OfferedSlot, around: _Around) -> ShownItem:
    """What stands while the stylist cannot be reached, with what is true of it all the same."""
    first, *others = slot.products
    factors = describe_candidate(first, slot.products, *around)
    said = [factor.as_json() for factor in factors]
    return ShownItem(None, slot.slot, first, others, write_sentence(factors), said, slot.locked)


def _ranked_item(
    item: LookItem, slot: OfferedSlot, around: _Around, hidden: Collection[str]
) -> ShownItem:
    """The item; what the model said is told of its own choice alone."""
    first, *others = slot.products
    if first.pk == item.product_id != item.stylist_choice_id:
        factors = item.factors
    else:
        described = describe_candidate(first, slot.products, *around)
        factors = [factor.as_json() for factor in described]
    return ShownItem(
        id=item.pk,
        slot=slot.slot,
        product=first,
        alternatives=others,
        explanation=explain_shown(item, first, hidden),
        factors=factors,
        locked=slot.locked,
        stand_in=first.pk not in (item.product_id, item.stylist_choice_id),
    )


def explain_shown(item: LookItem, shown: Product, hidden: Collection[str] = ()) -> str:
    """What was said of the model's choice, or whose choice stands in its place (a msgid)."""
    if shown.pk == item.stylist_choice_id:
        return gettext_noop("Chosen by a stylist of the shop.")
    if shown.pk == item.product_id:
        return item.explanation
    skus = {candidate["product"]: candidate["sku"] for candidate in item.candidates}
    if skus.get(item.product_id) in hidden:
        return gettext_noop("The next best choice for you.")
    return gettext_noop("The next best choice still in stock.")
