"""The language model's own influence, measured: leave one thing out, ask again, compare.

In the manner of leave-one-out attribution (Li, Monroe and Jurafsky, "Understanding Neural Networks
through Representation Erasure", 2016, https://arxiv.org/abs/1612.08220). Whoever chose is asked;
where that stylist no longer answers as it did, nothing is claimed.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from catalog.queueing import queue_task
from outfits.llm import get_language_model
from outfits.llm.base import LanguageModelError
from outfits.models import LookItem, MeasuredInfluence
from outfits.ranking import log_softmax
from outfits.selectors import stylist_of
from outfits.why.factors import fill_in
from outfits.why.leave_out import LeftOut, leave_out_each

log = structlog.get_logger(__name__)

Status = MeasuredInfluence.Status

#: Candidates that the chosen one is measured against: the best others. All, unless a shop offers
#: more than eight.
MAX_RIVALS = 7
#: How far (logits) the unchanged question's answer may lie from the stored one: a batch of its own
#: adds up otherwise in bf16, another stylist answers something else.
MAX_DRIFT = 0.5

#: A claim older than this was lost with its worker.
_CLAIM = timedelta(minutes=10)
#: What failed may be asked for again after this long.
_AGAIN = timedelta(minutes=1)
_QUEUED_SECONDS = 120


#: Why nothing is known: sentences for whoever asks (English msgids, ``{stylist}`` for who chose).
_SILENT = gettext_noop("The stylist that chose ({stylist}) does not answer any more.")
_GONE = gettext_noop("The stylist that chose ({stylist}) is not here any more.")
_CHANGED = gettext_noop("{stylist} does not answer any more as it did when it chose.")
_ASKED_OTHERWISE = gettext_noop("The stylist was not asked about this item as it is asked now.")
_AWAY = gettext_noop("The stylist cannot be reached just now. Ask again in a minute.")


class InfluenceUnknown(Exception):
    """It cannot be measured; the message (an English msgid) says why, for the person who asked."""


def influence_request(*, item: LookItem) -> MeasuredInfluence:
    """What was measured of ``item``; where nothing was yet, it is queued, once."""
    influence, _ = MeasuredInfluence.objects.get_or_create(item=item)
    if _may_ask_again(influence):
        MeasuredInfluence.objects.filter(pk=influence.pk, status=Status.UNAVAILABLE).update(
            status=Status.PENDING, reason=""
        )
        influence.refresh_from_db()
    if influence.status in (Status.PENDING, Status.MEASURING):
        _queue(influence)
    return influence


def _may_ask_again(influence: MeasuredInfluence) -> bool:
    if influence.status != Status.UNAVAILABLE or not influence.retryable:
        return False
    return influence.finished_at is None or influence.finished_at < timezone.now() - _AGAIN


def _queue(influence: MeasuredInfluence) -> None:
    from outfits.tasks import measure_influence

    if cache.add(_queued(influence.pk), 1, _QUEUED_SECONDS):
        queue_task(measure_influence, influence.pk)


def _queued(influence_id: int) -> str:
    return f"ensemble:influence-queued:{influence_id}"


def influence_measure(*, influence_id: int) -> None:
    """Measure what was requested, unless it is done or in other hands.

    Raises `LanguageModelError`, only where trying again can help; it may then be claimed again.
    """
    claimed_at = timezone.now()
    if not _claim(influence_id, claimed_at):
        return
    claim = MeasuredInfluence.objects.filter(pk=influence_id, claimed_at=claimed_at)
    item = LookItem.objects.select_related("look").get(influence=influence_id)
    try:
        measured = measure(item)
    except InfluenceUnknown as error:
        _finish(claim, status=Status.UNAVAILABLE, reason=str(error)[:300], retryable=False)
    except LanguageModelError as error:
        log.warning("influence_not_measured", item=item.pk, error=str(error))
        if error.retryable:
            claim.update(status=Status.PENDING, claimed_at=None)
            raise
        _finish(claim, status=Status.UNAVAILABLE, reason=_SILENT, retryable=False)
    else:
        _finish(claim, status=Status.READY, **measured)


def influence_give_up(*, influence_id: int) -> None:
    """After the last try: say that it is not available now, and let it be asked for later."""
    waiting = MeasuredInfluence.objects.filter(pk=influence_id, status=Status.PENDING)
    _finish(waiting, status=Status.UNAVAILABLE, reason=_AWAY, retryable=True)
    cache.delete(_queued(influence_id))


def _claim(influence_id: int, now: Any) -> bool:
    free = Q(status=Status.PENDING) | Q(status=Status.MEASURING, claimed_at__lt=now - _CLAIM)
    rows = MeasuredInfluence.objects.filter(free, pk=influence_id)
    return rows.update(status=Status.MEASURING, claimed_at=now) == 1


def _finish(rows: Any, **values: Any) -> None:
    rows.update(finished_at=timezone.now(), **values)


def measure(item: LookItem) -> dict[str, Any]:
    """Ask whoever chose ``item`` again, with one thing left out each time; what to store of it.

    Raises `InfluenceUnknown` and `LanguageModelError`.
    """
    started = time.monotonic()
    ask, weight = _find_stylist(item)
    rated = _contenders(item)
    questions = [str(candidate["question"]) for candidate in rated]
    versions = leave_out_each(item.query, questions[0])
    own = [version for version in versions if version.query == item.query]
    answers = ask(item.query, [*questions, *(version.question for version in own)])
    base = answers[: len(questions)]
    drift = max(abs(now - c["model"]) for now, c in zip(base, rated, strict=True))
    if drift > MAX_DRIFT:
        raise InfluenceUnknown(_CHANGED)
    afterwards = [
        (version, [answer, *base[1:]])
        for version, answer in zip(own, answers[len(questions) :], strict=True)
    ]
    shared = [version for version in versions if version.query != item.query]
    afterwards += [(version, ask(version.query, questions)) for version in shared]
    changes = [_compare(version, rated, base, after, weight) for version, after in afterwards]
    return {
        "changes": sorted(changes, key=lambda change: -abs(change["logprob_change"])),
        "drift": round(drift, 3),
        "questions": len(answers) + len(questions) * len(shared),
        "seconds": round(time.monotonic() - started, 3),
    }


def _find_stylist(item: LookItem) -> tuple[Callable[[str, Sequence[str]], list[float]], float]:
    """How to ask whoever chose, and what the language model's logits are multiplied by."""
    look, model = item.look, get_language_model()
    stylist = stylist_of(look)
    if stylist is None or look.model_name != model.model_name:
        raise InfluenceUnknown(_GONE)
    return partial(model.match, adapter=look.adapter_name), stylist.taste.mix.model


def _contenders(item: LookItem) -> list[Mapping[str, Any]]:
    """The chosen candidate, and the best of the others."""
    chosen = [c for c in item.candidates if c["product"] == item.product_id]
    others = [c for c in item.candidates if c["product"] != item.product_id]
    rated: list[Mapping[str, Any]] = [*chosen[:1], *others[:MAX_RIVALS]]
    if not chosen or not item.query or not all(map(_was_asked, rated)):
        raise InfluenceUnknown(_ASKED_OTHERWISE)
    return rated


def _was_asked(candidate: Mapping[str, Any]) -> bool:
    """What a shopper locked was never asked about, and what is old was asked otherwise."""
    asked = isinstance(candidate.get("question"), str)
    return asked and isinstance(candidate.get("model"), int | float)


def _compare(
    version: LeftOut,
    rated: Sequence[Mapping[str, Any]],
    base: Sequence[float],
    after: Sequence[float],
    weight: float,
) -> dict[str, Any]:
    """What leaving it out changed: ``base`` and ``after`` hold log-odds, the chosen one's first."""
    before, then = (_logprob(rated, answers, weight) for answers in (base, after))
    values = {"title": version.what}
    return {
        "left_out": version.kind,
        "label": fill_in(version.message, values),
        "message": version.message,
        "values": values,
        "change": round(after[0] - base[0], 3),
        "logprob_change": round(then - before, 3),
    }


def _logprob(rated: Sequence[Mapping[str, Any]], answers: Sequence[float], weight: float) -> float:
    """The chosen one's log-probability, were these the model's answers and all else the same."""
    totals = [
        c["score"] + weight * (now - c["model"]) for c, now in zip(rated, answers, strict=True)
    ]
    return log_softmax(totals)[0]
