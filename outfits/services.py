"""Looks: answered at once, built by the stylist in the background, stored as served."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import structlog
from django.core.cache import cache
from django.db import IntegrityError, transaction

from catalog import conf
from catalog.models import Caption, Product
from catalog.queueing import queue_task
from catalog.selectors import captions_for
from catalog.slots import Slot
from outfits.called_slots import called_slots
from outfits.context import Context
from outfits.describing import prompt_item
from outfits.explanation import adjustments, explain_item, weigh_choice, write_sentence
from outfits.llm import get_language_model
from outfits.llm.base import LanguageModelError
from outfits.models import Look, LookItem
from outfits.prompts import build_query, build_question
from outfits.ranking import Ranked, rank_candidates
from outfits.retrieval import retrieve_candidates
from outfits.scoring import adjust_scores, score_candidates, sum_by_name
from outfits.selectors import Stylist, serving_stylist, stored_look

log = structlog.get_logger(__name__)

#: Set while the model server does not answer, so that pages can say so instead of "thinking".
_DOWN_KEY = "ensemble:stylist-down"
_DOWN_SECONDS = 30
#: One queued build a look is enough, for as long as a build may take.
_QUEUED_SECONDS = 120


@dataclass(frozen=True, slots=True)
class ProvisionalItem:
    """One slot of a look that no model ranked: the nearest candidate, and the others."""

    slot: Slot
    products: list[Product]


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What a page shows: a stored look, or provisional items while (or as) there is none."""

    anchor: Product
    stylist: Stylist
    look: Look | None = None
    provisional: list[ProvisionalItem] = field(default_factory=list)
    stylist_down: bool = False
    context: Context = field(default_factory=Context)


def look_recommend(*, anchor: Product, context: Context) -> Recommendation:
    """The stored look for ``anchor``, or retrieval order at once and a build in the background.

    Never asks the model: the page does not wait for it.
    """
    stylist = serving_stylist()
    look = stored_look(anchor, context, stylist)
    if look is not None:
        return Recommendation(anchor, stylist, look=look, context=context)
    items = retrieve_look(anchor, context)
    if items:
        look_request_build(anchor=anchor, context=context, stylist=stylist)
    down = bool(cache.get(_DOWN_KEY))
    return Recommendation(anchor, stylist, provisional=items, stylist_down=down, context=context)


def retrieve_look(anchor: Product, context: Context) -> list[ProvisionalItem]:
    """Every slot that the context calls for and that has candidates, in retrieval order."""
    config = conf.current()
    if not anchor.slot:
        return []
    filled = (
        ProvisionalItem(
            slot, retrieve_candidates(anchor, slot, context, limit=config.CANDIDATES_PER_SLOT)
        )
        for slot in called_slots(anchor.slot, context)
    )
    return [item for item in filled if item.products][: config.SLOTS_PER_LOOK]


def look_request_build(*, anchor: Product, context: Context, stylist: Stylist) -> bool:
    """Queue the build of a look, unless it is queued already; whether it was queued now."""
    from outfits.tasks import build_look

    key = f"ensemble:look-queued:{anchor.pk}:{context.key}:{stylist.name}"
    if not cache.add(key, 1, _QUEUED_SECONDS):
        return False
    queue_task(build_look, anchor.pk, context.as_json())
    return True


def look_build(*, anchor: Product, context: Context) -> Look | None:
    """Ask the serving stylist for a look and store it; None when nothing completes ``anchor``.

    A look that is stored already is returned as it is. Raises `LanguageModelError`.
    """
    stylist = serving_stylist()
    stored = stored_look(anchor, context, stylist)
    slots = [] if stored else retrieve_look(anchor, context)
    if stored or not slots:
        return stored
    started = time.monotonic()
    try:
        items = _fill_slots(anchor, context, stylist, slots)
    except LanguageModelError as error:
        cache.set(_DOWN_KEY, 1, _DOWN_SECONDS)
        log.warning("stylist_unreachable", anchor=anchor.sku, error=str(error))
        raise
    cache.delete(_DOWN_KEY)
    look = Look(
        anchor=anchor,
        context=context.as_json(),
        context_key=context.key,
        model_name=stylist.model_name,
        adapter_name=stylist.adapter_name,
        seconds=round(time.monotonic() - started, 3),
    )
    return _look_store(look, items)


def _look_store(look: Look, items: Sequence[LookItem]) -> Look:
    """Store a look with its items; when another worker was faster, that worker's look stands."""
    try:
        with transaction.atomic():
            look.save(force_insert=True)
            for item in items:
                item.look = look
            LookItem.objects.bulk_create(items)
    except IntegrityError:
        log.info("look_built_twice", anchor=look.anchor.sku)
        return Look.objects.get(
            anchor=look.anchor,
            context_key=look.context_key,
            model_name=look.model_name,
            adapter_name=look.adapter_name,
        )
    return look


def _fill_slots(
    anchor: Product,
    context: Context,
    stylist: Stylist,
    slots: Sequence[ProvisionalItem],
) -> list[LookItem]:
    """Fill slot after slot; each is chosen to go with the anchor and what was chosen before."""
    products = [anchor, *(product for slot in slots for product in slot.products)]
    captions = captions_for(products)
    partial_outfit, items = [anchor], []
    for position, slot in enumerate(slots):
        item = _fill_slot(partial_outfit, slot, captions, context, stylist)
        item.position = position
        items.append(item)
        partial_outfit.append(item.product)
    return items


def _fill_slot(
    partial_outfit: Sequence[Product],
    slot: ProvisionalItem,
    captions: dict[int, Caption],
    context: Context,
    stylist: Stylist,
) -> LookItem:
    """Ask the stylist for one slot; an unsaved item with all that was asked and answered."""
    by_id = {product.pk: product for product in slot.products}
    look = [prompt_item(product, captions.get(product.pk)) for product in partial_outfit]
    offered = {pk: prompt_item(product, captions.get(pk)) for pk, product in by_id.items()}
    ask = partial(get_language_model().match, adapter=stylist.adapter_name)
    scores = score_candidates(ask, stylist.taste, look, [*offered.values()], context.lines())
    by_stylist = rank_candidates(list(by_id), scores)
    anchor = partial_outfit[0]
    suited = {
        pk: sum_by_name(adjustments(product, captions.get(pk), context, anchor=anchor))
        for pk, product in by_id.items()
    }
    ranked = rank_candidates(list(by_id), adjust_scores(scores, list(suited.values())))
    chosen = by_id[ranked[0].product_id]
    place, said = next(
        (place, each)
        for place, each in enumerate(by_stylist, start=1)
        if each.product_id == chosen.pk
    )
    factors = explain_item(
        anchor=(anchor, captions.get(anchor.pk)),
        item=(chosen, captions.get(chosen.pk)),
        context=context,
        logprob=said.logprob,
        candidates=len(ranked),
        place=place,
        more=weigh_choice(
            taste=stylist.taste,
            look=look,
            candidates=[(by_id[pk], item) for pk, item in offered.items()],
            chosen=chosen,
            added=suited[chosen.pk],
        ),
    )
    return LookItem(
        slot=slot.slot,
        product=chosen,
        query=build_query(look, context.lines()),
        candidates=[
            _as_json(each, by_id[each.product_id], build_question(offered[each.product_id]))
            | ({"context": suited[each.product_id]} if suited[each.product_id] else {})
            for each in ranked
        ],
        factors=[factor.as_json() for factor in factors],
        explanation=write_sentence(factors),
    )


def _as_json(ranked: Ranked, product: Product, question: str) -> dict[str, object]:
    return {
        "product": product.pk,
        "sku": product.sku,
        "question": question,
        "model": ranked.score.model,
        "cooccurrence": ranked.score.cooccurrence,
        "score": ranked.score.total,
        "logprob": ranked.logprob,
        "retrieval_rank": ranked.retrieval_rank,
    }
