"""Which adapter serves: promote one, or roll back to what served before.

An adapter is loaded into every replica and asked a canary question before any row changes, so that
a failure at any point leaves serving what served. Looks are keyed by the adapter's name, and pages
show the new stylist's from the next request on.
"""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import structlog
from django.contrib.auth.models import User
from django.db import transaction

from outfits.llm import get_language_model
from outfits.llm.base import LanguageModelError
from outfits.models import Adapter, Promotion
from outfits.prompts import PromptItem, build_query, build_question

log = structlog.get_logger(__name__)

#: How far (nats) replicas may differ on the canary; more, and they do not serve the same thing.
CANARY_TOLERANCE = 0.5

#: How far back adapters are unloaded; older ones went when newer ones came.
_UNLOAD_DEPTH = 8

_CANARY_LOOK = (PromptItem("Navy Blue Wool Blazer", "Blazers"), PromptItem("White Shirt", "Shirts"))
_CANARY_CANDIDATES = (
    PromptItem("Grey Tailored Trousers", "Trousers"),
    PromptItem("Neon Green Running Shorts", "Shorts"),
    PromptItem("Printed Pyjama Bottoms", "Nightwear"),
)


class PromotionRefused(Exception):
    """What serves was not changed; the message says why and what to do."""


def adapter_promote(*, adapter: Adapter, actor: User | None = None) -> Promotion:
    """Let ``adapter`` serve, once every replica has loaded it and answered sensibly.

    Raises `PromotionRefused`; what served before then goes on serving.
    """
    _require_ready(adapter)
    answers = _try_out(adapter)
    promotion = _flip(target=adapter, actor=actor, canary=answers)
    _unload_idle(promotion)
    return promotion


def adapter_rollback(*, actor: User | None = None) -> Promotion:
    """Go back to what served before the serving adapter was promoted, maybe the base model.

    Raises `PromotionRefused` when the base model serves already, or the earlier adapter cannot be
    loaded any more.
    """
    serving = serving_adapter()
    last = Promotion.objects.filter(adapter=serving, is_rollback=False).first()
    if serving is None:
        raise PromotionRefused("The base model serves already: there is nothing to roll back.")
    target = last.previous if last else None
    answers = _try_out(target) if target else {}
    promotion = _flip(
        target=target, actor=actor, canary=answers, is_rollback=True, expected=serving
    )
    _unload_idle(promotion)
    return promotion


def serving_adapter() -> Adapter | None:
    """The adapter that serves now; None for the base model."""
    return Adapter.objects.filter(serving=True).first()


def check_canary(answers: Mapping[str, Sequence[float]]) -> str:
    """Say what is wrong with the replicas' answers to the canary, or nothing (an empty string)."""
    if not answers:
        return "no replica answered"
    for replica, logits in answers.items():
        if not all(map(math.isfinite, logits)):
            return f"{replica} gave scores that are no numbers"
    spread = max(max(each) - min(each) for each in zip(*answers.values(), strict=True))
    return f"replicas differ by {spread:.2f} nats" if spread > CANARY_TOLERANCE else ""


def canary_question() -> tuple[str, list[str]]:
    """What every adapter is asked before it serves: a query, and a question a candidate."""
    return build_query(_CANARY_LOOK), [build_question(item) for item in _CANARY_CANDIDATES]


def _require_ready(adapter: Adapter) -> None:
    if adapter.status != Adapter.Status.READY:
        raise PromotionRefused(
            f"{adapter.name} is not ready ({adapter.get_status_display().lower()}): only an "
            "adapter that passed the gate can serve."
        )
    if adapter.serving:
        raise PromotionRefused(f"{adapter.name} serves already.")


def _try_out(adapter: Adapter) -> dict[str, Any]:
    """Load into every replica, ask each the canary; the answers as JSON."""
    model = get_language_model()
    query, questions = canary_question()
    try:
        if not Path(adapter.path).is_dir():
            raise PromotionRefused(f"The folder of {adapter.name} is gone: {adapter.path}")
        model.load_adapter(adapter.name, Path(adapter.path))
        answers = model.canary(query, questions, adapter=adapter.name)
        problem = check_canary(answers)
    except LanguageModelError as error:
        problem = str(error)
        later = " Try again when the model server is well." if error.retryable else ""
        problem += later
        answers = {}
    if problem:
        _unload(adapter)
        raise PromotionRefused(f"{adapter.name} failed its canary: {problem}")
    return {replica: list(logits) for replica, logits in answers.items()}


@transaction.atomic
def _flip(
    *,
    target: Adapter | None,
    actor: User | None,
    canary: dict[str, Any],
    is_rollback: bool = False,
    expected: Adapter | None = None,
) -> Promotion:
    # All rows are locked in one order, so that two promotions wait for each other.
    rows = {row.pk: row for row in Adapter.objects.select_for_update().order_by("pk")}
    previous = next((row for row in rows.values() if row.serving), None)
    if is_rollback and previous != expected:
        raise PromotionRefused("Something else was promoted meanwhile; look again before you do.")
    if target is not None:
        target = rows[target.pk]
        _require_ready(target)
    Adapter.objects.filter(serving=True).update(serving=False)
    if target is not None:
        Adapter.objects.filter(pk=target.pk).update(serving=True)
    return Promotion.objects.create(
        adapter=target, previous=previous, is_rollback=is_rollback, actor=actor, canary=canary
    )


def _kept(promotion: Promotion | None) -> list[Adapter]:
    """What serves after ``promotion`` and what rolling it back would need."""
    if promotion is None:
        return []
    return [row for row in (promotion.adapter, promotion.previous) if row is not None]


def _unload_idle(promotion: Promotion) -> None:
    """Free the replicas' adapter slots of all but what serves and what served before."""
    kept = {adapter.pk for adapter in _kept(promotion)}
    for adapter in Adapter.objects.exclude(pk__in=kept).exclude(promotions=None)[:_UNLOAD_DEPTH]:
        _unload(adapter)


def _unload(adapter: Adapter) -> None:
    if Adapter.objects.filter(pk=adapter.pk, serving=True).exists():
        return
    try:
        get_language_model().unload_adapter(adapter.name)
    except LanguageModelError as error:
        # It only takes up a slot; what serves is not touched.
        log.warning("adapter_not_unloaded", adapter=adapter.name, error=str(error))
