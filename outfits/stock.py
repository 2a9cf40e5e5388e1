"""What of a stored look can still be shown: what is in stock, and what its shopper wants to see."""

from collections.abc import Collection, Mapping
from typing import ClassVar

from django.db.models import BooleanField, Exists, Func, OuterRef, Q

from catalog.models import Product
from outfits.circumstances.context import Context
from outfits.composing.wishes import Wish
from outfits.models import Look, LookItem
from outfits.shoppers.personal import leave_out_never

#: The id of an item -> the products that can stand in its slot, the best first.
Left = Mapping[int, list[Product]]


def read_left(look: Look, wish: Wish) -> Left:
    """What is left of each item's candidates, what a person of the shop chose before all others.

    Empty where a slot has nothing left. What somebody locked they do want to see.
    """
    items = list(look.items.all())
    by_id = _read_wanted({pk for item in items for pk in ranked(item)}, look, wish)
    return {item.pk: [by_id[pk] for pk in ranked(item) if pk in by_id] for item in items}


def read_choices(look: Look, wish: Wish) -> dict[str, int]:
    """Slot -> the id of what a person of the shop chose for it, where that can still be shown.

    As it is stored now, whatever was read of the look before.
    """
    chosen = look.items.filter(stylist_choice__isnull=False)
    by_slot = dict(chosen.values_list("slot", "stylist_choice_id"))
    by_id = _read_wanted(set(by_slot.values()), look, wish)
    return {slot: pk for slot, pk in by_slot.items() if pk in by_id and by_id[pk].slot == slot}


def _read_wanted(ids: Collection[int], look: Look, wish: Wish) -> dict[int, Product]:
    """Of the products with these ids, those that can be bought and may be shown in ``look``."""
    available = Product.objects.available().in_bulk(ids)
    wanted = leave_out_never(available.values(), Context(**look.context))
    locked = [product for product in available.values() if product.sku in wish.locks]
    return {product.pk: product for product in (*wanted, *locked)}


def is_spent(left: Left) -> bool:
    """Whether a slot has nothing left, or there is none: such a look is to be made anew.

    A look loses the slots whose chosen products are deleted.
    """
    return not left or not all(left.values())


def ranked(item: LookItem) -> list[int]:
    """The ids of what an item may be, the best first."""
    by_stylist = [candidate["product"] for candidate in item.candidates]
    if not item.stylist_choice_id:
        return by_stylist
    return list(dict.fromkeys([item.stylist_choice_id, *by_stylist]))


class _AnyInStock(Func):
    """Whether any of an item's candidates can be bought."""

    template = (
        "EXISTS (SELECT 1 FROM jsonb_array_elements(%(expressions)s) offered"
        " JOIN %(products)s sold ON sold.id = (offered ->> 'product')::bigint"
        " WHERE sold.published AND sold.stock > 0)"
    )
    output_field: ClassVar = BooleanField()


def has_spent_slot(look: OuterRef) -> Q:
    """A condition: of a slot of the look with this id nothing can be bought, or it has no slot.

    A tenth of a millisecond a look, with eight candidates in each of four slots.
    """
    offered = _AnyInStock("candidates", products=Product._meta.db_table)
    by_person = Product.objects.available().filter(pk=OuterRef("stylist_choice"))
    items = LookItem.objects.filter(look=look)
    return Exists(items.exclude(offered).exclude(Exists(by_person))) | ~Exists(items)
