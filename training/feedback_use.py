"""How feedback is used: real figures of what was said, and of what each stylist learned from it."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, Value, When

from catalog import conf
from feedback.models import FeedbackEvent, PreferencePair, UnpairedExample
from outfits.adapters import serving_adapter
from outfits.models import Adapter
from training.models import TrainingRun

_MOST_VERSIONS = 50
Status = TrainingRun.Status


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of the gate before and after, both as shares from 0 to 1."""

    name: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Version:
    """A stylist that learned from feedback, and what the gate said of it.

    ``sources`` counts the pairs, by where they are from, that came in since the version before and
    are still stored; ``train_pairs`` and ``held_out_pairs`` are what the run itself used.
    """

    name: str
    finished_at: datetime | None
    passed: bool
    serves: bool
    train_pairs: int
    held_out_pairs: int
    sources: dict[str, int]
    measures: Sequence[Measure]


@dataclass(frozen=True, slots=True)
class FeedbackUse:
    """All that the page says; ``waiting`` counts pairs that no stylist learned from yet."""

    likes: int
    dislikes: int
    swaps: int
    edits: int
    pairs: int
    lone_thumbs: int
    waiting: int
    needed: int
    serving: str
    versions: Sequence[Version]


def read_feedback_use() -> FeedbackUse:
    """The figures as they are now; six queries, however much was said."""
    kinds = Counter(
        dict(FeedbackEvent.objects.order_by().values_list("kind").annotate(number=Count("pk")))
    )
    kind, serving = FeedbackEvent.Kind, serving_adapter()
    judged = _judged_runs()
    learned = max((run.last_pair_id for run in judged), default=0)
    return FeedbackUse(
        likes=kinds[kind.LIKE],
        dislikes=kinds[kind.DISLIKE],
        swaps=kinds[kind.SWAP],
        edits=kinds[kind.EDIT],
        pairs=PreferencePair.objects.count(),
        lone_thumbs=UnpairedExample.objects.count(),
        waiting=PreferencePair.objects.filter(pk__gt=learned).count(),
        needed=conf.current().TRAIN_MIN_PAIRS,
        serving=serving.name if serving else conf.current().LLM_MODEL,
        versions=_versions(judged, serving),
    )


def _judged_runs() -> list[TrainingRun]:
    """The newest runs that came to a verdict, the newest first."""
    judged = TrainingRun.objects.filter(
        status__in=[Status.PROMOTED, Status.REJECTED], adapter__isnull=False
    )
    return list(judged.select_related("adapter").order_by("-pk")[:_MOST_VERSIONS])


def _versions(runs: Sequence[TrainingRun], serving: Adapter | None) -> list[Version]:
    sources = _count_sources(runs)
    return [_version(run, serving, sources[run.pk]) for run in runs]


def _count_sources(runs: Sequence[TrainingRun]) -> "defaultdict[int, Counter[str]]":
    """By run, the stored pairs that it was the first to learn from; counted by the database."""
    firsts, until = [], 0
    for run in reversed(runs):
        if run.last_pair_id > until:
            until = run.last_pair_id
            firsts.append(When(pk__lte=until, then=Value(run.pk)))
    sources: defaultdict[int, Counter[str]] = defaultdict(Counter)
    if firsts:
        learned = PreferencePair.objects.filter(pk__lte=until).order_by()
        by_run = learned.annotate(run=Case(*firsts)).values_list("run", "source")
        for run_id, source, number in by_run.annotate(number=Count("pk")):
            sources[run_id][source] = number
    return sources


def _version(run: TrainingRun, serving: Adapter | None, sources: "Counter[str]") -> Version:
    adapter = run.adapter
    assert adapter is not None  # noqa: S101 - runs without one are left out
    labels = dict(PreferencePair.Source.choices)
    return Version(
        name=adapter.name,
        finished_at=run.finished_at,
        passed=run.status == Status.PROMOTED,
        serves=serving is not None and serving.pk == adapter.pk,
        train_pairs=run.train_pairs,
        held_out_pairs=run.held_out_pairs,
        sources={labels[source]: number for source, number in sorted(sources.items())},
        measures=_measures(adapter.verdict),
    )


def _measures(verdict: dict[str, Any]) -> list[Measure]:
    """What the gate measured of both; what it could not measure is left out."""
    named = {"accuracy": "preferences", "fitb": "fitb", "auc": "auc"}
    candidate, serving = verdict.get("candidate", {}), verdict.get("serving", {})
    return [
        Measure(name, serving[key], candidate[key])
        for key, name in named.items()
        if candidate.get(key) is not None and serving.get(key) is not None
    ]
