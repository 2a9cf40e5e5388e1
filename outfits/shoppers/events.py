"""Purchases and views that the shop's server tells of, and what follows from them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Case, Value, When

from catalog.models import Caption, Product
from catalog.selectors import captions_for
from outfits.models import Shopper, ShopperEvent
from outfits.shoppers.consent import lock_consenting
from outfits.shoppers.learning import (
    Lesson,
    facts_from_product,
    facts_learn,
    facts_unlearn,
    lessons_learn,
)

Kind = ShopperEvent.Kind


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


@transaction.atomic
def shopper_events_record(*, events: Sequence[PushedEvent]) -> Recorded:
    """Store each event once, and only of shoppers who agreed to it; learn facts from new ones.

    The number of queries does not grow with the number of events.
    """
    once = {event.event_id: event for event in events}
    products = {p.sku: p for p in Product.objects.filter(sku__in={e.sku for e in once.values()})}
    unknown = sorted({e.sku for e in once.values()} - products.keys())
    known = [event for event in once.values() if event.sku in products]
    consenting = _lock_consenting({event.shopper for event in known})
    theirs = [event for event in known if event.shopper in consenting]
    new = _store(theirs, consenting, products)
    captions = captions_for({products[event.sku] for event in new})
    taught = lessons_learn(
        lessons=[
            lesson for event in new for lesson in _lessons(event, consenting, products, captions)
        ]
    )
    _note_taught(new, taught)
    repeated = len(events) - len(once) + len(theirs) - len(new)
    return Recorded(len(new), repeated, len(known) - len(theirs), unknown)


@transaction.atomic
def shopper_event_retract(*, event: ShopperEvent) -> None:
    """Take an event back, and with it what it taught. Raises `ConsentMissing`."""
    locked = lock_consenting(event.shopper)
    if not locked.events.filter(pk=event.pk).exists():
        return  # Whoever pressed the button twice takes back once.
    facts_unlearn(shopper=locked, learned=_read_taught(event))
    event.delete()


@transaction.atomic
def shopper_event_restore(*, shopper: Shopper, event: ShopperEvent) -> None:
    """Bring back what was taken back, and learn from it again; told anew meanwhile, it stays so."""
    locked = lock_consenting(shopper)
    if ShopperEvent.objects.filter(event_id=event.event_id).exists():
        return
    product = event.product
    caption = captions_for([product]).get(product.pk)
    facts = facts_from_product(product, caption, bought=event.kind == Kind.PURCHASE)
    event.shopper = locked
    event.taught = facts_learn(shopper=locked, facts=facts, source=event.kind, event=event.event_id)
    event.save(force_insert=True)


def _read_taught(event: ShopperEvent) -> Iterable[int]:
    """The ids of the facts that an event counted for; of old ones, what it would count for now."""
    if event.taught is not None:
        return event.taught
    caption = captions_for([event.product]).get(event.product_id)
    bought = event.kind == Kind.PURCHASE
    facts = {
        (fact.kind, fact.value, fact.stance)
        for fact in facts_from_product(event.product, caption, bought=bought)
    }
    rows = event.shopper.facts.filter(source=event.kind)
    return [row.pk for row in rows if (row.kind, row.value, row.stance) in facts]


def _lock_consenting(shop_ids: set[str]) -> dict[str, int]:
    """The ids of shoppers who agreed, by the shop's, locked until the transaction ends.

    Always in the same order: two pushes that lock the same shoppers must not wait for each other.
    """
    found = Shopper.objects.filter(shop_id__in=shop_ids, consent=Shopper.Consent.GRANTED)
    locked = found.select_for_update().order_by("shop_id")
    return dict(locked.values_list("shop_id", "pk"))


def _store(
    events: Sequence[PushedEvent], shoppers: Mapping[str, int], products: Mapping[str, Product]
) -> list[PushedEvent]:
    """Store what is not stored yet; the new ones, in the order in which they were told."""
    rows = ShopperEvent.objects.filter(event_id__in=[event.event_id for event in events])
    stored = set(rows.values_list("event_id", flat=True))
    # In order, as the shoppers: an id is told once, even if two shoppers' events bear it.
    new = sorted((e for e in events if e.event_id not in stored), key=lambda e: e.event_id)
    ShopperEvent.objects.bulk_create(
        [
            ShopperEvent(
                event_id=event.event_id,
                shopper_id=shoppers[event.shopper],
                kind=event.kind,
                product=products[event.sku],
                happened_at=event.happened_at,
            )
            for event in new
        ],
        ignore_conflicts=True,
    )
    # Nobody else stores events of shoppers that are locked here: what is theirs now is from here.
    now = set(rows.all().values_list("event_id", "shopper_id"))
    mine = {event.event_id for event in new if (event.event_id, shoppers[event.shopper]) in now}
    return [event for event in events if event.event_id in mine]


def _note_taught(events: Sequence[PushedEvent], taught: Mapping[str, list[int]]) -> None:
    """Keep which facts each event counted for, in one query."""
    if not events:
        return
    ids = ArrayField(models.BigIntegerField())
    cases = [
        When(event_id=each.event_id, then=Value(taught.get(each.event_id, []), output_field=ids))
        for each in events
    ]
    rows = ShopperEvent.objects.filter(event_id__in=[each.event_id for each in events])
    rows.update(taught=Case(*cases, output_field=ids))


def _lessons(
    event: PushedEvent,
    shoppers: Mapping[str, int],
    products: Mapping[str, Product],
    captions: Mapping[int, Caption],
) -> Iterator[Lesson]:
    product = products[event.sku]
    bought = event.kind == Kind.PURCHASE
    for fact in facts_from_product(product, captions.get(product.pk), bought=bought):
        yield Lesson(shoppers[event.shopper], fact, event.kind, event.event_id)
