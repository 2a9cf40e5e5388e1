"""What shoppers said of looks, as their profile page lists it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from catalog.models import Product
from feedback.errors import FeedbackRefused
from feedback.models import FeedbackEvent
from feedback.services import feedback_record, feedback_retract
from outfits.models import Look, LookItem, Shopper
from outfits.shoppers.deeds import Deed, DeedKind, Named, name_product

Kind, Reason = FeedbackEvent.Kind, FeedbackEvent.Reason

_WHAT = {
    Kind.LIKE: pgettext_lazy("deed", "Thumb up"),
    Kind.DISLIKE: pgettext_lazy("deed", "Thumb down"),
    Kind.SWAP: pgettext_lazy("deed", "Swapped in"),
    Kind.EDIT: pgettext_lazy("deed", "Edited"),
}
_REASONS = {
    Reason.COLOUR: pgettext_lazy("reason", "Colour"),
    Reason.STYLE: pgettext_lazy("reason", "Style"),
    Reason.OCCASION: pgettext_lazy("reason", "Occasion"),
    Reason.FIT: pgettext_lazy("reason", "Fit"),
    Reason.PRICE: pgettext_lazy("reason", "Price"),
    Reason.OWNED: pgettext_lazy("reason", "Already have it"),
    Reason.SIMILAR: pgettext_lazy("reason", "Too similar"),
}


def _read(shopper: Shopper, most: int) -> list[Deed]:
    events = FeedbackEvent.objects.filter(shopper=shopper)
    named = events.select_related("look__anchor", "product", "replacement")
    return [_show(event) for event in named[:most]]


def _show(event: FeedbackEvent) -> Deed:
    return Deed(
        key=str(event.pk),
        what=str(_WHAT[Kind(event.kind)]),
        at=event.created_at,
        products=list(_name(event)),
        note=", ".join(str(_REASONS[Reason(reason)]) for reason in event.reasons),
    )


def _name(event: FeedbackEvent) -> Iterator[Named]:
    if event.replacement:
        yield name_product(event.replacement)
    if event.product:
        word = pgettext("deed", "instead of") if event.replacement else ""
        yield name_product(event.product, word)
        yield name_product(event.look.anchor, pgettext("deed", "in a look around"))
    else:
        yield name_product(event.look.anchor, pgettext("deed", "the look around"))


def _delete(shopper: Shopper, key: str) -> tuple[Deed, dict[str, Any]] | None:
    mine = FeedbackEvent.objects.filter(shopper=shopper).select_related("shopper")
    known = _read_id(key)
    event = mine.filter(pk=known).first() if known else None
    if event is None:
        return None
    held = {
        "id": str(event.pk),
        "kind": event.kind,
        "reasons": event.reasons,
        "look": str(event.look_id),
        "item": event.item_id,
        "product": event.product_id,
        "replacement": event.replacement_id,
        "visitor": event.visitor,
        "created_at": event.created_at.isoformat(),
    }
    deed = _show(event)
    feedback_retract(event=event)
    return deed, held


@transaction.atomic
def _restore(shopper: Shopper, held: dict[str, Any]) -> None:
    look = Look.objects.filter(pk=held["look"]).first()
    if look is None:
        raise ValueError("The look is gone.")
    products = Product.objects.in_bulk([held[name] for name in ("product", "replacement")])
    try:
        event, _ = feedback_record(
            id=UUID(held["id"]),
            look=look,
            kind=held["kind"],
            item=LookItem.objects.filter(pk=held["item"]).first(),
            product=products.get(held["product"]),
            replacement=products.get(held["replacement"]),
            reasons=held["reasons"],
            visitor=held["visitor"],
            shopper=shopper,
        )
    except FeedbackRefused as error:
        raise ValueError(str(error)) from error
    # It was said when it was said first.
    since = datetime.fromisoformat(held["created_at"])
    FeedbackEvent.objects.filter(pk=event.pk).update(created_at=since)


def _read_id(key: str) -> UUID | None:
    try:
        return UUID(key)
    except ValueError:
        return None


FEEDBACK = DeedKind(
    name="feedback",
    label=pgettext_lazy("deed", "What you said of looks"),
    none=gettext_lazy("You said nothing of a look yet."),
    read=_read,
    delete=_delete,
    restore=_restore,
)
