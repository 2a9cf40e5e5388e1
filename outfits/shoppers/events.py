"""Purchases and views that the shop's server tells of, and what follows from them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from catalog.models import Caption, Product
from catalog.selectors import captions_for
from outfits.models import Shopper, ShopperEvent
from outfits.shoppers.consent import ConsentMissing, lock_consenting
from outfits.shoppers.profile import facts_from_product, facts_learn


@dataclass(frozen=True, slots=True)
class PushedEvent:
    """What a shop's server tells; ``event_id`` and ``shopper`` are ids of the shop's."""

    event_id: str
    shopper: str
    kind: str
    sku: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a push: how many were stored, known already, of nobody who agreed to it."""

    stored: int
    repeated: int
    without_consent: int
    unknown_products: list[str]


def shopper_events_record(*, events: Sequence[PushedEvent]) -> Recorded:
    """Store each event once, and only of shoppers who agreed to it; learn facts from new ones."""
    once = {event.event_id: event for event in events}
    products = {p.sku: p for p in Product.objects.filter(sku__in={e.sku for e in once.values()})}
    unknown = sorted({e.sku for e in once.values()} - products.keys())
    known = [event for event in once.values() if event.sku in products]
    captions = captions_for(products.values())
    consenting = _find_consenting({event.shopper for event in known})
    by_shopper: dict[str, list[PushedEvent]] = defaultdict(list)
    for event in known:
        by_shopper[event.shopper].append(event)
    stored = without = 0
    # Always in the same order: two pushes that lock the same shoppers must not wait for each other.
    for shop_id in sorted(by_shopper):
        theirs = by_shopper[shop_id]
        try:
            stored += _record(consenting.get(shop_id), theirs, products, captions)
        except ConsentMissing:
            without += len(theirs)
    repeated = len(events) - len(once) + len(known) - stored - without
    return Recorded(stored, repeated, without, unknown)


def _find_consenting(shop_ids: set[str]) -> dict[str, Shopper]:
    found = Shopper.objects.filter(shop_id__in=shop_ids, consent=Shopper.Consent.GRANTED)
    return {shopper.shop_id: shopper for shopper in found}


@transaction.atomic
def _record(
    shopper: Shopper | None,
    events: Sequence[PushedEvent],
    products: dict[str, Product],
    captions: dict[int, Caption],
) -> int:
    """Store one shopper's events. Raises `ConsentMissing`."""
    locked = lock_consenting(shopper)
    stored = 0
    for event in events:
        product = products[event.sku]
        # An id is told once, even if two shoppers' events bear it.
        _, created = ShopperEvent.objects.get_or_create(
            event_id=event.event_id,
            defaults={
                "shopper": locked,
                "kind": event.kind,
                "product": product,
                "happened_at": event.happened_at,
            },
        )
        if created:
            bought = event.kind == ShopperEvent.Kind.PURCHASE
            facts = facts_from_product(product, captions.get(product.pk), bought=bought)
            facts_learn(shopper=locked, facts=facts, source=event.kind, event=event.event_id)
        stored += created
    return stored
