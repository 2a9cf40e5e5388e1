"""Feedback: stored with the look it was given on, and taken back when people change their mind."""

import uuid
from collections.abc import Iterable, Sequence

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q

from catalog.models import Product
from feedback.errors import FeedbackRefused
from feedback.learning import facts_from_feedback
from feedback.models import FeedbackEvent
from feedback.pairing import preference_forget, preference_update
from outfits.models import Look, LookItem, Shopper
from outfits.shoppers.consent import ConsentMissing, lock_consenting
from outfits.shoppers.facts import Source
from outfits.shoppers.learning import facts_learn, facts_unlearn

Kind = FeedbackEvent.Kind
_REPLACING = (Kind.SWAP, Kind.EDIT)
_THUMBS = (Kind.LIKE, Kind.DISLIKE)


@transaction.atomic
def feedback_record(
    *,
    id: uuid.UUID,
    look: Look,
    kind: str,
    item: LookItem | None = None,
    product: Product | None = None,
    replacement: Product | None = None,
    reasons: Sequence[str] = (),
    visitor: str = "",
    shopper: Shopper | None = None,
    actor: User | None = None,
) -> tuple[FeedbackEvent, bool]:
    """Store what was said of ``look`` and the preference that follows; (event, stored now).

    ``product`` is what the slot showed when it was said (by default the chosen one). An ``id`` that
    is stored already is returned unchanged. A thumb replaces the same visitor's earlier thumb on
    the same thing. ``shopper`` and the look's region are kept, and learned from, only if they
    agreed to be remembered. Raises `FeedbackRefused`.
    """
    stored = FeedbackEvent.objects.filter(pk=id).first()
    if stored is not None:
        return stored, False
    shown = product or (item.product if item else None)
    _check(look, kind, item, shown, replacement)
    agreed = _who_agreed(shopper)
    event = FeedbackEvent(
        id=id,
        look=look,
        kind=kind,
        item=item,
        product=shown,
        replacement=replacement,
        reasons=list(dict.fromkeys(reasons)),
        visitor=visitor,
        shopper=agreed,
        region=look.context.get("region", "") if agreed else "",
        actor=actor,
    )
    _supersede_thumb(event)
    try:
        with transaction.atomic():
            event.save(force_insert=True)
    except IntegrityError:
        # The same request, sent twice at the same time: the other one stored it.
        return FeedbackEvent.objects.get(pk=id), False
    preference_update(event)
    if agreed:
        facts = facts_from_feedback(event)
        event.taught = facts_learn(
            shopper=agreed, facts=facts, source=Source.FEEDBACK, event=str(event.pk)
        )
        event.save(update_fields=["taught"])
    return event, True


@transaction.atomic
def feedback_retract(*, event: FeedbackEvent) -> None:
    """Take an event back, and with it every preference and fact that followed from it."""
    preference_forget(event)
    if event.shopper:
        facts_unlearn(shopper=event.shopper, learned=_taught(event, event.shopper))
    event.delete()


def _taught(event: FeedbackEvent, shopper: Shopper) -> Iterable[int]:
    """The ids of the facts that an event counted for; of old ones, what it would count for now."""
    if event.taught is not None:
        return event.taught
    facts = {(fact.kind, fact.value, fact.stance) for fact in facts_from_feedback(event)}
    rows = shopper.facts.filter(source=Source.FEEDBACK)
    return [row.pk for row in rows if (row.kind, row.value, row.stance) in facts]


def _who_agreed(shopper: Shopper | None) -> Shopper | None:
    """The shopper, locked, if what they say may be stored as theirs."""
    try:
        return lock_consenting(shopper)
    except ConsentMissing:
        return None


def _check(
    look: Look,
    kind: str,
    item: LookItem | None,
    product: Product | None,
    replacement: Product | None,
) -> None:
    """Refuse what cannot have been said of this look. Raises `FeedbackRefused`."""
    if item is not None and item.look_id != look.pk:
        raise FeedbackRefused(f"Item {item.pk} is not part of this look. Reload the look.")
    if kind in _REPLACING and (item is None or replacement is None):
        raise FeedbackRefused("A swap names the item and its replacement.")
    if kind not in _REPLACING and replacement is not None:
        raise FeedbackRefused("Only a swap has a replacement.")
    if replacement is not None and replacement == product:
        raise FeedbackRefused("The replacement is the product that is already there.")
    if item is not None and product is not None:
        _check_offered(item, product)
    if item is not None and replacement is not None and kind != Kind.EDIT:
        _check_offered(item, replacement)


def _check_offered(item: LookItem, product: Product) -> None:
    if not item.has_offered(product.pk):
        raise FeedbackRefused(
            f"{product.sku} was not offered as {item.slot!r} in this look. Reload the look."
        )


def _supersede_thumb(event: FeedbackEvent) -> None:
    """Take back the same visitor's or shopper's earlier thumb on the same thing."""
    who = Q(visitor=event.visitor) if event.visitor else Q()
    if event.shopper:
        who |= Q(shopper=event.shopper)
    if event.kind not in _THUMBS or not who:
        return
    earlier = FeedbackEvent.objects.filter(
        who,
        look=event.look,
        item=event.item,
        product=event.product,
        kind__in=_THUMBS,
    )
    for thumb in earlier.select_related("shopper"):
        feedback_retract(event=thumb)
