"""From a recommendation to what the API shows: healed, with alternatives, captions and a total.

A stored look stays as it was served; where a chosen product can no longer be bought, or has turned
out to be what the shopper never wants to see, the best candidate that can be shown is shown in its
place, and a slot with none left is left out.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Literal

from django.utils.translation import gettext, gettext_noop

from catalog.models import Caption, Product
from catalog.pictured import read_main_images
from catalog.selectors import captions_for
from catalog.slots import Slot
from outfits.circumstances.context import Context
from outfits.composing.beam import count_looks
from outfits.composing.offering import OfferedSlot
from outfits.composing.provisional import count_offered
from outfits.composing.wishes import PLAIN, Wish
from outfits.models import Look, LookItem
from outfits.services import Recommendation
from outfits.shoppers.personal import PROFILE, leave_out_never

RETRY_AFTER_SECONDS = 2

_MESSAGES = {
    "ranked": "",
    "provisional": gettext_noop("Our stylist is looking at this; it will be refined in a moment."),
    "unranked": gettext_noop(
        "Our stylist cannot be reached, so these are the closest matches, unranked."
    ),
}


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One slot as shown; ``id`` is None where nothing is stored that feedback could refer to."""

    id: int | None
    slot: Slot
    product: Product
    alternatives: list[Product]
    explanation: str
    factors: list[dict[str, Any]]
    locked: bool = False


@dataclass(frozen=True, slots=True)
class ShownLook:
    """A look as shown; ``captions`` by product id, for alternative texts.

    ``depends_on`` are the ids of all products that decide what of a stored look is shown: those
    that are sold out, too, which come back with their stock.
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


def present(recommendation: Recommendation) -> ShownLook:
    """What to show for a recommendation; a constant number of queries."""
    look, wish = recommendation.look, recommendation.wish
    if look is not None:
        items = _ranked_items(look, recommendation.anchor, wish)
        choices = [1 + len(item.alternatives) for item in items if not item.locked]
        count = max(count_looks(choices), wish.number)
    else:
        items = [_provisional_item(item) for item in recommendation.provisional]
        count = count_offered(recommendation.provisional)
    shown = [recommendation.anchor, *(p for i in items for p in (i.product, *i.alternatives))]
    return ShownLook(
        id=str(look.pk) if look else None,
        status=_status(recommendation),
        stylist=recommendation.stylist.name if look else None,
        anchor=recommendation.anchor,
        items=items,
        captions=captions_for(shown),
        context=recommendation.context,
        wish=wish,
        count=count,
        depends_on=_products_of(look) if look else frozenset(),
    )


def present_shared(look: Look) -> ShownLook:
    """A stored look as it was served, sold-out pieces included; `outfits.selectors.shared_look`.

    Whom it was made for, where they are and what they asked for is nobody else's business: neither
    context nor wish is shown.
    """
    items = [
        ShownItem(
            id=item.pk,
            slot=Slot(item.slot),
            product=item.product,
            alternatives=[],
            explanation=item.explanation,
            factors=[factor for factor in item.factors if factor["name"] != PROFILE],
        )
        for item in look.items.all()
    ]
    return ShownLook(
        id=str(look.pk),
        status="ranked",
        stylist=look.stylist,
        anchor=look.anchor,
        items=items,
        captions=captions_for([look.anchor, *(item.product for item in items)]),
    )


def hide_products(look: ShownLook, skus: Collection[str]) -> ShownLook:
    """A look without certain products; the next best ones stand in their place."""
    if not skus:
        return look
    items = (_hide(item, skus) for item in look.items)
    return replace(look, items=[item for item in items if item is not None])


def _hide(item: ShownItem, skus: Collection[str]) -> ShownItem | None:
    if item.locked:
        return item
    left = [p for p in (item.product, *item.alternatives) if p.sku not in skus]
    if not left:
        return None
    first, *others = left
    if first == item.product:
        return replace(item, alternatives=others)
    explanation = gettext_noop("The next best choice for you.") if item.explanation else ""
    return replace(item, product=first, alternatives=others, explanation=explanation, factors=[])


def _status(recommendation: Recommendation) -> Literal["ranked", "provisional", "unranked"]:
    if recommendation.look is not None or not recommendation.provisional:
        return "ranked"
    return "unranked" if recommendation.stylist_down else "provisional"


def _provisional_item(item: OfferedSlot) -> ShownItem:
    first, *others = item.products
    return ShownItem(None, item.slot, first, others, "", [], item.locked)


def _ranked_items(look: Look, anchor: Product, wish: Wish) -> list[ShownItem]:
    items = list(look.items.all())
    available = Product.objects.available().in_bulk(_products_of(look) - {look.anchor_id})
    read_main_images([anchor, *available.values()])
    wanted = leave_out_never(available.values(), Context(**look.context))
    # What somebody locked they do want to see.
    locked = [product for product in available.values() if product.sku in wish.locks]
    by_id = {product.pk: product for product in (*wanted, *locked)}
    shown = (_ranked_item(item, by_id, wish) for item in items)
    return [item for item in shown if item is not None]


def _products_of(look: Look) -> frozenset[int]:
    """The ids of the anchor and of all that the look may show."""
    items = list(look.items.all())
    ids = {candidate["product"] for item in items for candidate in item.candidates}
    ids |= {item.stylist_choice_id for item in items if item.stylist_choice_id}
    return frozenset({look.anchor_id, *ids})


def _ranked_item(item: LookItem, available: Mapping[int, Product], wish: Wish) -> ShownItem | None:
    ranked = [c["product"] for c in item.candidates]
    if item.stylist_choice_id:
        ranked = [item.stylist_choice_id, *(pk for pk in ranked if pk != item.stylist_choice_id)]
    left = [available[pk] for pk in ranked if pk in available]
    if not left:
        return None
    first, *others = left
    return ShownItem(
        id=item.pk,
        slot=Slot(item.slot),
        product=first,
        alternatives=others,
        explanation=_explanation(item, first),
        factors=item.factors if first.pk == item.product_id else [],
        locked=first.sku in wish.locks,
    )


def _explanation(item: LookItem, shown: Product) -> str:
    """What was said of the model's choice, or whose choice stands in its place."""
    if shown.pk == item.stylist_choice_id:
        return gettext_noop("Chosen by a stylist of the shop.")
    if shown.pk == item.product_id:
        return item.explanation
    return gettext_noop("The next best choice still in stock.")
