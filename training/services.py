"""Training runs, from pairs to verdict: create one, execute it, promote what passes the gate."""

import shutil
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from catalog import conf
from catalog.queueing import queue_task
from outfits.adapters import PromotionRefused, adapter_promote, serving_adapter
from outfits.cooccurrence import COOCCURRENCE
from outfits.models import Adapter, Promotion
from outfits.selectors import Stylist, shipped_stylist
from training.adapters_folder import (
    AdapterInvalid,
    copy_adapter_folder,
    describe_base,
    hash_base_model,
    next_adapter_name,
    read_adapter_folder,
    write_adapter_folder,
)
from training.dataset import (
    PairSplit,
    count_pairs,
    find_problem,
    hash_pairs,
    select_pairs,
    split_pairs,
)
from training.dpo import describe_recipe, train_dpo
from training.gate import Verdict, judge
from training.judging import build_exam, sit_exam
from training.models import TrainingRun
from training.policy import PreferenceProgress, PreferenceSettings

log = structlog.get_logger(__name__)

#: A stylist that serves wants smaller steps than one that begins: with 5e-4, seventeen pairs of the
#: loop cost it a tenth of its FITB accuracy, and the gate refused it.
_FEEDBACK_RATE = 2e-4

#: A running run whose worker gave no sign of life for this long is dead, and may be claimed again.
STALE_AFTER = timedelta(minutes=15)

#: The curve is written to the row about this many times a run.
_CURVE_WRITES = 50

Status = TrainingRun.Status
OnProgress = Callable[[TrainingRun], None]


class TrainingRefused(Exception):
    """No run was created; the message says why."""


class RunLost(Exception):
    """Another worker has claimed the run that this one was executing."""


class NothingToLearn(Exception):
    """There is too little to learn from; the message says what there is."""


def training_run_create(
    *, actor: User | None = None, min_pairs: int | None = None, max_steps: int | None = None
) -> TrainingRun:
    """Create a run and queue it. Raises `TrainingRefused` while another waits or runs."""
    run = training_run_prepare(actor=actor, min_pairs=min_pairs, max_steps=max_steps)
    from training.tasks import run_training

    queue_task(run_training, run.pk)
    return run


@transaction.atomic
def training_run_prepare(
    *, actor: User | None = None, min_pairs: int | None = None, max_steps: int | None = None
) -> TrainingRun:
    """Create a run without queueing it, for whoever executes it themselves."""
    config = conf.current()
    # Locking what there is keeps two runs from being created side by side (but for the very first).
    open_runs = [run for run in TrainingRun.objects.select_for_update() if run.is_open]
    if open_runs:
        raise TrainingRefused(
            f"Run {open_runs[0].pk} is not finished yet ({open_runs[0].get_status_display()})."
        )
    settings = PreferenceSettings(
        max_steps=max_steps or config.TRAIN_MAX_STEPS, learning_rate=_FEEDBACK_RATE
    )
    wanted = min_pairs if min_pairs is not None else config.TRAIN_MIN_PAIRS
    return TrainingRun.objects.create(
        actor=actor, config={"min_pairs": wanted, "dpo": asdict(settings)}
    )


def training_run_execute(*, run_id: int, on_progress: OnProgress = lambda run: None) -> TrainingRun:
    """Execute a run, unless somebody does or did; whatever comes of it is in the row.

    A run whose worker died is taken up where it stopped. Never raises for what may go wrong in a
    run: the error is stored, in words.
    """
    claimed = _claim(run_id)
    run = TrainingRun.objects.get(pk=run_id)
    if not claimed:
        return run
    try:
        _execute(run, on_progress)
    except NothingToLearn as reason:
        _finish(run, Status.SKIPPED, error=str(reason))
    except RunLost:
        log.warning("training_run_lost", run=run.pk)
    except Exception as error:  # whatever it was, the row must say so
        log.exception("training_run_failed", run=run.pk)
        _finish(run, Status.FAILED, error=_explain(error))
    on_progress(run)
    return run


def training_due() -> bool:
    """Whether enough pairs came in since the last judged run."""
    return count_pairs(_judged_until()) >= conf.current().TRAIN_MIN_PAIRS


def stale_runs() -> list[TrainingRun]:
    """Runs whose worker died, or whose task got lost on the way to one."""
    now = timezone.now()
    lost = Q(status=Status.QUEUED, created_at__lt=now - STALE_AFTER)
    return list(TrainingRun.objects.filter(_is_stale(now) | lost))


def adapter_install(*, folder: Path) -> Adapter:
    """Validate an adapter made elsewhere, copy it to where adapters are kept, make it ready.

    Installing the same one again changes nothing. Raises `AdapterInvalid`.
    """
    config = conf.current()
    found = read_adapter_folder(folder, config.base_model_path)
    path = copy_adapter_folder(found, Path(config.ADAPTERS_DIR))
    adapter, _ = Adapter.objects.get_or_create(
        name=found.name,
        defaults={
            "path": str(path.resolve()),
            "base_model": config.LLM_MODEL,
            "status": Adapter.Status.READY,
            "manifest": found.manifest,
        },
    )
    return adapter


def find_shipped() -> Stylist | None:
    """The stylist that comes with the package; None where it is for another base model."""
    stylist = shipped_stylist()
    if stylist.folder is None:
        return None
    trained_on = stylist.manifest["base_model"]["sha256"]
    return stylist if trained_on == hash_base_model(conf.current().base_model_path) else None


def shipped_adapter_install() -> Adapter | None:
    """Install the stylist that comes with the package; None where it is for another base model.

    Raises `AdapterInvalid` when its files were tampered with.
    """
    stylist = find_shipped()
    return adapter_install(folder=stylist.folder) if stylist and stylist.folder else None


def shipped_adapter_serve() -> Promotion | None:
    """Install and promote it, for a shop that never promoted anything; None where it did.

    Raises `AdapterInvalid` or `PromotionRefused`.
    """
    if Promotion.objects.exists():
        return None
    adapter = shipped_adapter_install()
    return adapter_promote(adapter=adapter) if adapter else None


def _execute(run: TrainingRun, on_progress: OnProgress) -> None:
    start = _choose_start(run)
    split = _choose_pairs(run, start)
    if run.adapter is None:  # else it was trained before its worker died
        _update(run, adapter=_train(run, split, start, on_progress))
    adapter = run.adapter
    assert adapter is not None  # noqa: S101 - set above
    verdict = _judge(run, adapter, split, on_progress)
    adapter.status = Adapter.Status.READY if verdict.passed else Adapter.Status.REJECTED
    adapter.verdict = verdict.as_json()
    adapter.save(update_fields=["status", "verdict"])
    run.metrics["verdict"] = verdict.as_json()
    if not verdict.passed:
        _finish(run, Status.REJECTED)
        return
    _enter(run, "promoting", on_progress)
    adapter_promote(adapter=adapter, actor=run.actor)
    _finish(run, Status.PROMOTED)


def _choose_start(run: TrainingRun) -> Adapter | None:
    """What training goes on from: what served when the run first began; None is the base model."""
    if "parent" not in run.config:
        serving = serving_adapter()
        _update(run, config={**run.config, "parent": serving.name if serving else None})
    name = run.config["parent"]
    return Adapter.objects.get(name=name) if name else None


def _choose_pairs(run: TrainingRun, start: Adapter | None) -> PairSplit:
    """What to learn from: pairs that ``start`` did not learn from; and all held-out pairs."""
    new, wanted = count_pairs(_judged_until()), int(run.config["min_pairs"])
    if new < wanted and not run.last_pair_id:
        raise NothingToLearn(f"{new} new pairs; a run needs {wanted} (ENSEMBLE TRAIN_MIN_PAIRS).")
    pairs = [pair for pair in select_pairs() if not find_problem(pair)]
    if run.last_pair_id:  # taken up again: the same pairs as before, for its checkpoints' sake
        pairs = [pair for pair in pairs if pair.pair_id <= run.last_pair_id]
    split = split_pairs(pairs, conf.current().HELD_OUT_SHARE)
    known = _learned_until(start)
    train = tuple(pair for pair in split.train if pair.pair_id > known)
    if not train:
        raise NothingToLearn("All new pairs are of products whose pairs are kept back for judging.")
    _update(
        run,
        train_pairs=len(train),
        held_out_pairs=len(split.held_out),
        last_pair_id=max(pair.pair_id for pair in pairs),
    )
    return PairSplit(train, split.held_out)


def _train(
    run: TrainingRun, split: PairSplit, parent: Adapter | None, on_progress: OnProgress
) -> Adapter:
    config = conf.current()
    settings = PreferenceSettings(**run.config["dpo"])
    steps = settings.count_steps(len(split.train))
    _enter(run, "loading the model", on_progress, total_steps=steps)
    start = read_adapter_folder(Path(parent.path), config.base_model_path) if parent else None
    result = train_dpo(
        split.train,
        base_model=config.base_model_path,
        work=_work_folder(run),
        start=start.path if start else None,
        settings=settings,
        on_progress=partial(_report_step, run, on_progress),
    )
    run.metrics["curve"] = result.curve
    _enter(run, "writing the adapter", on_progress)
    manifest = {
        "stage": "dpo",
        "base_model": describe_base(config.base_model_path),
        "parent": parent.name if parent else None,
        "data": {"pairs": hash_pairs(split.train)},
        "counts": {"train_pairs": len(split.train), "held_out_pairs": len(split.held_out)},
        "seed": settings.seed,
        "recipe": describe_recipe(settings, result),
        "curve": result.curve,
        "metrics": result.curve[-1] if result.curve else {},
        "training_run": run.pk,
    }
    if start and COOCCURRENCE in start.manifest["files"]:
        # Feedback teaches the model; what counting knows goes on as it is.
        shutil.copyfile(start.path / COOCCURRENCE, result.folder / COOCCURRENCE)
        manifest["mix"] = start.manifest["mix"]
    adapter = _store_adapter(result.folder, manifest)
    shutil.rmtree(_work_folder(run), ignore_errors=True)
    return adapter


def _store_adapter(weights: Path, manifest: dict[str, Any]) -> Adapter:
    config = conf.current()
    root = Path(config.ADAPTERS_DIR)
    path = write_adapter_folder(root, next_adapter_name(root), weights, manifest)
    # Written by us a moment ago; looked at all the same, because a run can diverge to NaN.
    found = read_adapter_folder(path, config.base_model_path)
    return Adapter.objects.create(
        name=found.name,
        path=str(path.resolve()),
        base_model=config.LLM_MODEL,
        manifest=found.manifest,
    )


def _judge(
    run: TrainingRun, adapter: Adapter, split: PairSplit, on_progress: OnProgress
) -> Verdict:
    config, serving = conf.current(), serving_adapter()
    outfits = Path(config.GATE_OUTFITS) if config.GATE_OUTFITS else None
    exam = build_exam(split.held_out, outfits)
    _enter(run, "judging the new adapter", on_progress)
    candidate = sit_exam(exam, config.base_model_path, Path(adapter.path))
    _enter(run, "judging what serves", on_progress)
    now = sit_exam(exam, config.base_model_path, Path(serving.path) if serving else None)
    return judge(candidate, now, config.GATE_TOLERANCE)


def _report_step(run: TrainingRun, on_progress: OnProgress, progress: PreferenceProgress) -> None:
    curve = run.metrics.setdefault("curve", [])
    curve.append({"step": float(progress.step), **progress.figures})
    fields: dict[str, Any] = {"step": progress.step, "total_steps": progress.steps}
    if progress.step % max(1, progress.steps // _CURVE_WRITES) == 0:
        fields["metrics"] = run.metrics
    _update(run, stage="training", **fields)
    on_progress(run)


def _claim(run_id: int) -> bool:
    """Take the run, if it waits or its worker is dead; the database lets only one have it."""
    now = timezone.now()
    free = Q(status=Status.QUEUED) | _is_stale(now)
    claimed = TrainingRun.objects.filter(free, pk=run_id).update(
        status=Status.RUNNING, started_at=now, heartbeat_at=now, error=""
    )
    return bool(claimed)


def _is_stale(now: datetime) -> Q:
    return Q(status=Status.RUNNING, heartbeat_at__lt=now - STALE_AFTER)


def _update(run: TrainingRun, **fields: Any) -> None:
    """Write fields and a sign of life; raises `RunLost` when the run is no longer ours."""
    fields["heartbeat_at"] = timezone.now()
    ours = TrainingRun.objects.filter(
        pk=run.pk, status=Status.RUNNING, started_at=run.started_at
    ).update(**fields)
    if not ours:
        raise RunLost(f"run {run.pk} was claimed by another worker")
    for name, value in fields.items():
        setattr(run, name, value)


def _enter(run: TrainingRun, stage: str, on_progress: OnProgress, **fields: Any) -> None:
    _update(run, stage=stage, metrics=run.metrics, **fields)
    on_progress(run)


def _finish(run: TrainingRun, status: Status, error: str = "") -> None:
    try:
        _update(
            run,
            status=status,
            stage="",
            error=error,
            metrics=run.metrics,
            finished_at=timezone.now(),
        )
    except RunLost:
        log.warning("training_run_lost", run=run.pk)


def _explain(error: Exception) -> str:
    if isinstance(error, PromotionRefused):
        return f"Trained and passed the gate, but it does not serve: {error}"
    if isinstance(error, AdapterInvalid):
        return str(error)
    return f"{type(error).__name__}: {error}"


def _judged_until() -> int:
    """The newest pair that a judged run took account of."""
    judged = TrainingRun.objects.filter(status__in=[Status.PROMOTED, Status.REJECTED])
    return judged.values_list("last_pair_id", flat=True).first() or 0


def _learned_until(adapter: Adapter | None) -> int:
    """The newest pair that ``adapter`` learned from; 0 for the base model and installed ones."""
    if adapter is None:
        return 0
    return adapter.runs.values_list("last_pair_id", flat=True).first() or 0


def _work_folder(run: TrainingRun) -> Path:
    return Path(conf.current().ADAPTERS_DIR) / ".runs" / str(run.pk)
