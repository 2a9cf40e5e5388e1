"""Purchases and views as the profile page lists them."""

from datetime import datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from catalog.models import Product
from outfits.models import Shopper, ShopperEvent
from outfits.shoppers.deeds import Deed, DeedKind, name_product
from outfits.shoppers.events import shopper_event_restore, shopper_event_retract

Kind = ShopperEvent.Kind


def _read(shopper: Shopper, most: int, *, kind: str) -> list[Deed]:
    events = shopper.events.filter(kind=kind).select_related("product")
    return [_show(event) for event in events[:most]]


def _show(event: ShopperEvent) -> Deed:
    bought = event.kind == Kind.PURCHASE
    what = pgettext("deed", "Bought") if bought else pgettext("deed", "Looked at")
    return Deed(str(event.pk), what, event.happened_at, [name_product(event.product)])


def _delete(shopper: Shopper, key: str, *, kind: str) -> tuple[Deed, dict[str, Any]] | None:
    mine = shopper.events.filter(kind=kind).select_related("shopper", "product")
    event = mine.filter(pk=key).first() if key.isdecimal() else None
    if event is None:
        return None
    held = {
        "event_id": event.event_id,
        "product": event.product_id,
        "happened_at": event.happened_at.isoformat(),
    }
    deed = _show(event)
    shopper_event_retract(event=event)
    return deed, held


def _restore(shopper: Shopper, held: dict[str, Any], *, kind: str) -> None:
    product = Product.objects.filter(pk=held["product"]).first()
    if product is None:
        raise ValueError("The product is gone.")
    event = ShopperEvent(
        event_id=held["event_id"],
        kind=kind,
        product=product,
        happened_at=datetime.fromisoformat(held["happened_at"]),
    )
    shopper_event_restore(shopper=shopper, event=event)


PURCHASES, VIEWS = (
    DeedKind(
        name=kind.value,
        label=label,
        none=none,
        read=partial(_read, kind=kind),
        delete=partial(_delete, kind=kind),
        restore=partial(_restore, kind=kind),
    )
    for kind, label, none in (
        (
            Kind.PURCHASE,
            pgettext_lazy("deed", "What you bought"),
            gettext_lazy("The shop told of no purchase of yours."),
        ),
        (
            Kind.VIEW,
            pgettext_lazy("deed", "What you looked at"),
            gettext_lazy("The shop told of nothing that you looked at."),
        ),
    )
)
