"""What this app holds of shoppers, for export and erasure."""

from typing import Any

from outfits.models import Shopper
from outfits.shoppers.consent import Holder


def _export_facts(shopper: Shopper) -> list[dict[str, Any]]:
    return [
        {
            "kind": fact.kind,
            "value": fact.value,
            "stance": fact.stance,
            "source": fact.source,
            "times": fact.times,
            "event": fact.event or None,
            "since": fact.created_at.isoformat(),
            "last": fact.updated_at.isoformat(),
        }
        for fact in shopper.facts.all()
    ]


def _export_forgotten(shopper: Shopper) -> list[dict[str, Any]]:
    return [
        {
            "kind": fact.kind,
            "value": fact.value or None,
            "stance": fact.stance,
            "since": fact.created_at.isoformat(),
        }
        for fact in shopper.forgotten.all()
    ]


def _export_events(shopper: Shopper) -> list[dict[str, Any]]:
    return [
        {
            "id": event.event_id,
            "kind": event.kind,
            "product": event.product.sku,
            "at": event.happened_at.isoformat(),
            "received_at": event.created_at.isoformat(),
        }
        for event in shopper.events.select_related("product")
    ]


def _export_saved(shopper: Shopper) -> list[dict[str, Any]]:
    return [
        {
            "look": str(saved.look_id),
            "product": saved.look.anchor.sku,
            "pieces": saved.pieces,
            "saved_at": saved.created_at.isoformat(),
        }
        for saved in shopper.saved_looks.select_related("look__anchor")
    ]


HOLDERS = (
    Holder("facts", _export_facts, lambda shopper: shopper.facts.all().delete()),
    Holder("forgotten", _export_forgotten, lambda shopper: shopper.forgotten.all().delete()),
    Holder("events", _export_events, lambda shopper: shopper.events.all().delete()),
    Holder("saved_looks", _export_saved, lambda shopper: shopper.saved_looks.all().delete()),
)
