"""Looks that are kept or shared: shown as they were shown to whoever did so.

What was shown is a piece for each slot: the stylist's choice, what stood in for it, or what the
shopper put in its place; all are candidates of the look. Where a piece can no longer be bought, the
best candidate that goes with the rest stands in for it, until it is back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from catalog.models import Product
from catalog.selectors import captions_for
from catalog.slots import Slot
from outfits.circumstances.context import Context
from outfits.composing.offering import OfferedSlot
from outfits.composing.provisional import heal_slots
from outfits.composing.wishes import Wish
from outfits.models import Look, LookItem
from outfits.presentation import ShownItem, ShownLook, explain_shown
from outfits.shoppers.personal import PROFILE, leave_out_never
from outfits.stock import ranked

#: What each item of a look shows, by product id.
_Wanted = list[tuple[LookItem, int]]


@dataclass(frozen=True, slots=True)
class Shared:
    """A look and the SKUs of what was shown of it; without any, it is shown as it was stored."""

    look: Look
    pieces: tuple[str, ...] = ()


def check_pieces(look: Look, pieces: Sequence[str], *, since_deleted: bool = False) -> None:
    """Raise `ValueError`, with what to write, for what is not on offer in ``look``.

    Each slot shows one piece at most. With ``since_deleted``, pieces that the shop has deleted
    meanwhile are let pass, as long as any is left: an address stays what it was when it was shared.
    """
    items = {sku: item.pk for sku in pieces if (item := _find_item(look, sku))}
    unknown = [sku for sku in pieces if sku not in items]
    if unknown and since_deleted and items:
        unknown = list(Product.objects.filter(sku__in=unknown).values_list("sku", flat=True))
    if unknown:
        raise ValueError(
            f"{', '.join(map(repr, unknown))}: no piece of this look. Name what the look shows, or "
            "alternatives of it."
        )
    if len(set(items.values())) < len(items):
        raise ValueError("Two of these pieces are for the same slot. Name one for each slot.")


def present_shared(look: Look, pieces: Sequence[str] = ()) -> ShownLook:
    """A look as it was shared; `outfits.selectors.shared_look`.

    Whom it was made for, where they are and what they asked for is nobody else's business: neither
    context nor wish is shown.
    """
    return present_each([Shared(look, tuple(pieces))])[0]


def present_each(shares: Sequence[Shared]) -> list[ShownLook]:
    """Looks as they were shared or kept; a number of queries that does not grow with them."""
    wanted = [_choose(share) for share in shares]
    sold = _read(Product.objects.filter(published=True), (pk for each in wanted for _, pk in each))
    gone = [
        item for each in wanted for item, pk in each if pk not in sold or not sold[pk].is_available
    ]
    others = _read(Product.objects.available(), (pk for item in gone for pk in ranked(item)))
    captions = captions_for(
        [*(share.look.anchor for share in shares), *sold.values(), *others.values()]
    )
    shown = []
    for share, each in zip(shares, wanted, strict=True):
        items = _heal(share.look, each, sold, others)
        shown.append(
            ShownLook(
                id=str(share.look.pk),
                status="ranked",
                stylist=share.look.stylist,
                anchor=share.look.anchor,
                items=items,
                captions=captions,
                pieces=share.pieces,
                left_out=max(len(each), len(share.pieces)) - len(items),
            )
        )
    return shown


def _find_item(look: Look, sku: str) -> LookItem | None:
    """The item that offers ``sku``."""
    return next((item for item in look.items.all() if sku in _offered(item)), None)


def _offered(item: LookItem) -> dict[str, int]:
    """SKU -> product id of all that an item may show."""
    offered = {candidate["sku"]: candidate["product"] for candidate in item.candidates}
    if item.stylist_choice:
        offered[item.stylist_choice.sku] = item.stylist_choice.pk
    return offered


def _choose(share: Shared) -> _Wanted:
    """What each item shows; only those that a piece was named of, if any was."""
    items = list(share.look.items.all())
    if not share.pieces:
        return [(item, item.stylist_choice_id or item.product_id) for item in items]
    named = [
        (item, next((pk for sku, pk in _offered(item).items() if sku in share.pieces), None))
        for item in items
    ]
    return [(item, pk) for item, pk in named if pk is not None]


def _read(products: "QuerySet[Product]", ids: Iterable[int]) -> dict[int, Product]:
    return products.prefetch_related("images").in_bulk(set(ids))


def _heal(
    look: Look, wanted: _Wanted, sold: Mapping[int, Product], others: Mapping[int, Product]
) -> list[ShownItem]:
    """The pieces that are shown, with stand-ins for what cannot be bought.

    What nothing can stand in for is shown as sold out, as long as the shop shows it at all.
    """
    chosen = {item.slot: pk for item, pk in wanted}
    slots = []
    for item, pk in wanted:
        if pk in sold and sold[pk].is_available:
            products = [sold[pk]]
        else:
            left = [others[other] for other in ranked(item) if other in others]
            products = leave_out_never(left, Context(**look.context)) if left else []
        if products:
            slots.append(OfferedSlot(Slot(item.slot), products))
    healed = {
        slot.slot: slot.products[0]
        for slot in heal_slots(look.anchor, slots, chosen, Wish.from_json(look.wish))
    }
    shown = ((item, healed.get(Slot(item.slot)) or sold.get(pk), pk) for item, pk in wanted)
    return [_show(item, product, pk) for item, product, pk in shown if product]


def _show(item: LookItem, product: Product, wanted: int) -> ShownItem:
    chosen, stand_in = product.pk == item.product_id, product.pk != wanted
    # Of what a shopper chose, nobody said why.
    explained = chosen or stand_in or product.pk == item.stylist_choice_id
    return ShownItem(
        id=item.pk,
        slot=Slot(item.slot),
        product=product,
        alternatives=[],
        explanation=explain_shown(item, product) if explained else "",
        factors=[f for f in item.factors if f["name"] != PROFILE] if chosen else [],
        stand_in=stand_in,
    )
