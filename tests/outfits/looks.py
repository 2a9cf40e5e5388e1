"""Whole looks for tests, built by the fake stylist."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from catalog.models import Product
from outfits.circumstances.context import Context
from outfits.composing.wishes import Wish
from outfits.models import LookItem
from outfits.services import look_build

CONTEXT = Context(season="winter")


def build(anchor: Product, **wish: Any) -> list[LookItem]:
    look = look_build(anchor=anchor, context=CONTEXT, wish=Wish(**wish))
    assert look is not None
    return list(look.items.select_related("product"))


def products(items: Sequence[LookItem]) -> list[Product]:
    return [item.product for item in items]


def cost(items: Sequence[LookItem]) -> Decimal:
    return sum((item.product.price for item in items), Decimal(0))
