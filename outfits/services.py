"""Looks: answered at once, built by the stylist in the background, stored as served."""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import structlog
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalog import conf
from catalog.models import Product
from catalog.queueing import queue_task
from outfits.circumstances.context import Context
from outfits.composing.assembling import Assembly
from outfits.composing.offering import OfferedSlot, offer_slots
from outfits.composing.provisional import arrange_slots, count_offered
from outfits.composing.wishes import PLAIN, Wish
from outfits.llm.base import LanguageModelError
from outfits.models import Look, LookItem
from outfits.selectors import Stylist, serving_stylist, stored_look, worn_in_earlier_looks
from outfits.stock import Left, is_spent, read_choices, read_left

log = structlog.get_logger(__name__)

#: Set while the model server does not answer, so that pages can say so instead of "thinking".
_DOWN_KEY = "ensemble:stylist-down"
_DOWN_SECONDS = 30
#: One queued build a look is enough, for as long as a build may take.
_QUEUED_SECONDS = 120
#: When the stylist is asked again what completes a product that it found nothing for.
_NOTHING_SECONDS = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What a page shows: a stored look, or provisional items while (or as) there is none.

    ``left`` is what can still be shown of the look, if it has been read; ``worn`` are the ids of
    products in the looks before it.
    """

    anchor: Product
    stylist: Stylist
    look: Look | None = None
    left: Left | None = None
    worn: Collection[int] = ()
    provisional: list[OfferedSlot] = field(default_factory=list)
    stylist_down: bool = False
    context: Context = field(default_factory=Context)
    wish: Wish = PLAIN


def look_recommend(
    *, anchor: Product, context: Context, wish: Wish = PLAIN, session_only: bool = False
) -> Recommendation:
    """The stored look for ``anchor``, or retrieval order at once and a build in the background.

    Never asks the model: the page does not wait for it. Where a build takes longer than
    ``LOOK_SECONDS``, the slots that are ready are shown as the stylist chose them. Where there are
    fewer looks than ``wish.number``, the last one is meant. A look of which a slot has sold out
    is asked for anew, and what the stylist chose for its other slots stands meanwhile.
    ``session_only`` says that the taste in ``context`` is that of somebody who did not agree to be
    remembered.
    """
    stylist = serving_stylist()
    look = stored_look(anchor, context, stylist, wish)
    left = read_left(look, wish) if look else {}
    if look is not None and not is_spent(left):
        _claim(look, session_only=session_only)
        worn = worn_in_earlier_looks(anchor, context, stylist, wish)
        return Recommendation(
            anchor, stylist, look=look, left=left, worn=worn, context=context, wish=wish
        )
    slots = offer_slots(anchor, context, wish)
    last = count_offered(slots)
    if wish.number > last:
        return look_recommend(
            anchor=anchor, context=context, wish=wish.numbered(last), session_only=session_only
        )
    if slots:
        look_request_build(
            anchor=anchor, context=context, stylist=stylist, wish=wish, session_only=session_only
        )
    state = cache.get_many([_DOWN_KEY, _progress_key(anchor, context, stylist, wish)])
    down = bool(state.pop(_DOWN_KEY, None))
    items = arrange_slots(
        anchor,
        slots,
        wish,
        worn=worn_in_earlier_looks(anchor, context, stylist, wish),
        ready=_ready_slots(next(iter(state.values()), None)) or _left_slots(look, left),
    )
    return Recommendation(
        anchor, stylist, provisional=items, stylist_down=down, context=context, wish=wish
    )


def _queued_key(anchor: Product, context: Context, stylist: Stylist, wish: Wish) -> str:
    return f"ensemble:look-queued:{anchor.pk}:{context.key}:{wish.key}:{stylist.name}"


def _progress_key(anchor: Product, context: Context, stylist: Stylist, wish: Wish) -> str:
    return f"ensemble:look-progress:{anchor.pk}:{context.key}:{wish.key}:{stylist.name}"


def _ready_slots(
    progress: tuple[float, dict[str, list[int]], bool] | None,
) -> dict[str, list[int]]:
    """What a build has ready (slot -> product ids, the best first), if it is to be shown.

    That is when all slots are, or when they take too long: a page that changes slot by slot every
    other second is worse than one that changes once.
    """
    if progress is None:
        return {}
    started, ready, are_all = progress
    return ready if are_all or time.time() - started >= conf.current().LOOK_SECONDS else {}


def _claim(look: Look, *, session_only: bool) -> None:
    """Let a session's look stay as long as others, once it is also that of a shopper who agreed."""
    if look.session_only and not session_only:
        Look.objects.filter(pk=look.pk).update(session_only=False)
        look.session_only = False


def _left_slots(spent: Look | None, left: Left) -> dict[str, list[int]]:
    """What the stylist once chose and can still be bought: slot -> product ids, the best first."""
    items = spent.items.all() if spent else ()
    return {item.slot: [product.pk for product in left[item.pk]] for item in items if left[item.pk]}


def look_request_build(
    *,
    anchor: Product,
    context: Context,
    stylist: Stylist,
    wish: Wish = PLAIN,
    session_only: bool = False,
) -> bool:
    """Queue the build of a look, unless it is queued already; whether it was queued now.

    Looks of a wish, a taste or an own piece have a task of their own: however many there are, those
    that all shoppers see do not wait behind them.
    """
    from outfits.tasks import build_look, build_wished_look

    if not cache.add(_queued_key(anchor, context, stylist, wish), 1, _QUEUED_SECONDS):
        return False
    for_everybody = wish == PLAIN and not context.is_personal and not anchor.private
    build = build_look if for_everybody else build_wished_look
    queue_task(build, anchor.pk, context.as_json(), wish.as_json(), session_only)
    return True


def look_build(
    *, anchor: Product, context: Context, wish: Wish = PLAIN, session_only: bool = False
) -> Look | None:
    """Ask the serving stylist for a look and store it; None when nothing completes ``anchor``.

    A look that is stored already is returned as it is, unless a slot of it has sold out: then
    another takes its place, in which what a person of the shop chose stands as long as it can. One
    without any slot stays, too, where the stylist finds nothing again. The looks before
    ``wish.number`` are built first; None where there are not so many. ``session_only`` as in
    `look_recommend`. Raises `LanguageModelError`.
    """
    stylist = serving_stylist()
    stored = stored_look(anchor, context, stylist, wish)
    if stored and not is_spent(read_left(stored, wish)):
        return stored
    slots = offer_slots(anchor, context, wish)
    if not slots or count_offered(slots) < wish.number:
        return stored
    if wish.number > 1:
        before = wish.numbered(wish.number - 1)
        look_build(anchor=anchor, context=context, wish=before, session_only=session_only)
    started = time.monotonic()
    try:
        items = _ask_stylist(anchor, context, stylist, wish, slots)
    except LanguageModelError as error:
        cache.set(_DOWN_KEY, 1, _DOWN_SECONDS)
        log.warning("stylist_unreachable", anchor=anchor.sku, error=str(error))
        raise
    cache.delete_many([_DOWN_KEY, _progress_key(anchor, context, stylist, wish)])
    if not items:
        cache.set(_queued_key(anchor, context, stylist, wish), 1, _NOTHING_SECONDS)
        if stored and not stored.items.all():
            return stored
    look = Look(
        anchor=anchor,
        context=context.as_json(),
        context_key=context.key,
        wish=wish.as_json(),
        wish_key=wish.key,
        model_name=stylist.model_name,
        adapter_name=stylist.adapter_name,
        session_only=session_only,
        seconds=round(time.monotonic() - started, 3),
    )
    return _look_store(look, items, spent=stored)


def _ask_stylist(
    anchor: Product, context: Context, stylist: Stylist, wish: Wish, slots: Sequence[OfferedSlot]
) -> list[LookItem]:
    """The items of a look; while they are chosen, pages can see which slots are ready."""
    key, started = _progress_key(anchor, context, stylist, wish), time.time()
    assembly = Assembly(
        anchor,
        context,
        stylist,
        slots,
        budget=wish.budget,
        worn_before=worn_in_earlier_looks(anchor, context, stylist, wish),
        until=time.monotonic() + conf.current().LOOK_SECONDS,
        tell=lambda ready, are_all: cache.set(key, (started, ready, are_all), _QUEUED_SECONDS),
    )
    return assembly.make()


def _look_store(look: Look, items: Sequence[LookItem], *, spent: Look | None) -> Look:
    """Store a look with its items, in the place of one that is spent, if there is any.

    What a person of the shop chose in that one, they chose in this one, too. When another worker
    was faster, that worker's look stands.
    """
    try:
        with transaction.atomic():
            if spent:
                in_use = Look.objects.filter(pk=spent.pk, retired_at__isnull=True)
                in_use.update(retired_at=timezone.now())
            chosen = read_choices(spent, Wish.from_json(look.wish)) if spent else {}
            look.save(force_insert=True)
            for item in items:
                item.look, item.stylist_choice_id = look, chosen.get(item.slot)
            LookItem.objects.bulk_create(items)
    except IntegrityError:
        log.info("look_built_twice", anchor=look.anchor.sku)
        return Look.objects.get(
            anchor=look.anchor,
            context_key=look.context_key,
            wish_key=look.wish_key,
            model_name=look.model_name,
            adapter_name=look.adapter_name,
            retired_at__isnull=True,
        )
    return look
