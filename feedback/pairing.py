"""What becomes a preference: pairs for DPO, lone thumbs for KTO.

A swap or a stylist's edit prefers what was kept over what was replaced. A like and a dislike of two
products for the same anchor, slot and context make a pair where both were asked about together.
Nothing is asked anew: every row copies what was asked when it was served.
"""

from collections.abc import Iterator
from dataclasses import replace

from catalog.models import Product
from feedback.models import FeedbackEvent, PreferencePair, UnpairedExample
from outfits.circumstances.context import Context
from outfits.models import Look, LookItem

Kind = FeedbackEvent.Kind


def preference_update(event: FeedbackEvent) -> None:
    """Store the preference that follows from a new event, if one does."""
    if event.item is None or event.product is None:
        return
    if event.kind in (Kind.SWAP, Kind.EDIT):
        _pair_from_replacement(event)
    elif not _pair_from_thumbs(event):
        _unpaired_from_thumb(event)


def preference_forget(event: FeedbackEvent) -> None:
    """Delete what followed from an event; the other thumb of a pair is a lone one again."""
    pairs = PreferencePair.objects.filter(event=event) | PreferencePair.objects.filter(
        other_event=event
    )
    for pair in pairs.select_related("event", "other_event"):
        other = pair.other_event if pair.event_id == event.pk else pair.event
        pair.delete()
        if other is not None:
            _unpaired_from_thumb(other)
    UnpairedExample.objects.filter(event=event).delete()


def _pair_from_replacement(event: FeedbackEvent) -> None:
    """Kept over replaced, unless a stylist brought in something that was never offered."""
    if event.item is not None and event.product is not None and event.replacement is not None:
        _store_pair(event.item, event.replacement, event.product, event.kind, event)


def _pair_from_thumbs(event: FeedbackEvent) -> bool:
    """Pair a thumb with the newest lone opposite one asked about together; whether it could."""
    for other in _opposite_thumbs(event):
        liked, disliked = (event, other) if event.kind == Kind.LIKE else (other, event)
        if liked.product is None or disliked.product is None:
            continue
        for item in filter(None, (liked.item, disliked.item)):
            if _store_pair(item, liked.product, disliked.product, "thumbs", event, other):
                UnpairedExample.objects.filter(event=other).delete()
                return True
    return False


def _opposite_thumbs(event: FeedbackEvent) -> Iterator[FeedbackEvent]:
    opposite = Kind.DISLIKE if event.kind == Kind.LIKE else Kind.LIKE
    if event.item is None:
        return iter(())
    return (
        FeedbackEvent.objects.filter(
            kind=opposite,
            unpaired__isnull=False,
            look__anchor=event.look.anchor_id,
            look__context_key=event.look.context_key,
            item__slot=event.item.slot,
        )
        .exclude(product=event.product)
        .select_related("item", "item__look", "product")
        .order_by("-created_at")
        .iterator()
    )


def _store_pair(
    item: LookItem,
    chosen: Product,
    rejected: Product,
    source: str,
    event: FeedbackEvent,
    other: FeedbackEvent | None = None,
) -> bool:
    """Store a pair on what was asked for ``item`` if it offered both; whether it did.

    Two products that are described alike make no pair: the stylist cannot tell them apart.
    """
    preferred, other_question = item.question_about(chosen.pk), item.question_about(rejected.pk)
    if preferred is None or other_question is None or preferred == other_question:
        return False
    PreferencePair.objects.create(
        **_asked(item),
        source=source,
        chosen=preferred,
        rejected=other_question,
        chosen_sku=chosen.sku,
        rejected_sku=rejected.sku,
        event=event,
        other_event=other,
    )
    return True


def _unpaired_from_thumb(event: FeedbackEvent) -> None:
    if event.item is None or event.product is None:
        return
    question = event.item.question_about(event.product.pk)
    if question is not None:
        UnpairedExample.objects.get_or_create(
            event=event,
            defaults={
                **_asked(event.item),
                "question": question,
                "sku": event.product.sku,
                "desirable": event.kind == Kind.LIKE,
            },
        )


def _asked(item: LookItem) -> dict[str, object]:
    """What the questions began with, and where they were asked."""
    return {
        "query": item.query,
        "anchor_sku": item.look.anchor.sku,
        "slot": item.slot,
        "context_key": _key_without_session(item.look),
        "adapter_name": item.look.adapter_name,
    }


def _key_without_session(look: Look) -> str:
    """The key of a look's context; of a taste that has to be forgotten not even that stays."""
    if not look.session_only:
        return look.context_key
    return replace(Context(**look.context), preferences=()).key
