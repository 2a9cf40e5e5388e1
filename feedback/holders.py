"""What this app holds of shoppers, for export and erasure."""

from typing import Any

from django.db.models import Q

from feedback.models import FeedbackEvent, PreferencePair
from feedback.services import feedback_retract
from feedback.strangers import said_in_tabs_of
from outfits.models import Shopper
from outfits.shoppers.consent import Holder


def _export(shopper: Shopper) -> list[dict[str, Any]]:
    events = FeedbackEvent.objects.filter(shopper=shopper)
    pairs = PreferencePair.objects.filter(Q(event__in=events) | Q(other_event__in=events))
    paired = {pk for ids in pairs.values_list("event_id", "other_event_id") for pk in ids}
    return [
        {
            "id": str(event.pk),
            "kind": event.kind,
            "reasons": event.reasons,
            "look": str(event.look_id),
            "anchor": event.look.anchor.sku,
            "slot": event.item.slot if event.item else None,
            "product": event.product.sku if event.product else None,
            "replacement": event.replacement.sku if event.replacement else None,
            "region": event.region,
            "visitor": event.visitor,
            "at": event.created_at.isoformat(),
            "learned_from": event.pk in paired or hasattr(event, "unpaired"),
        }
        for event in events.select_related(
            "look__anchor", "item", "product", "replacement", "unpaired"
        )
    ]


def _erase(shopper: Shopper) -> None:
    """Take back all that a shopper said, so that others' thumbs in pairs with it stand alone.

    What their tabs said without a name goes, too.
    """
    theirs = FeedbackEvent.objects.filter(shopper=shopper).select_related("shopper")
    for event in [*theirs, *said_in_tabs_of(shopper)]:
        feedback_retract(event=event)


HOLDER = Holder("feedback", _export, _erase)
