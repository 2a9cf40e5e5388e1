"""Background training: thin, each task calls one service."""

from typing import Any

from celery import Task, shared_task

from training.models import TrainingRun
from training.services import (
    STALE_AFTER,
    TrainingRefused,
    stale_runs,
    training_due,
    training_run_create,
    training_run_execute,
)


@shared_task(bind=True, max_retries=None)
def run_training(self: "Task[Any, Any]", run_id: int) -> None:
    """Execute one run; a second delivery of the same does nothing.

    When the run is in another worker's hands, that worker may be dead (its task was delivered again
    because it was killed), so the run is looked at again once it would count as stale.
    """
    if not TrainingRun.objects.filter(pk=run_id).exists():
        return
    run = training_run_execute(run_id=run_id)
    if run.status == TrainingRun.Status.RUNNING:
        raise self.retry(countdown=int(STALE_AFTER.total_seconds()) + 5)


@shared_task
def train_when_enough_pairs() -> int | None:
    """Take up runs whose worker died; start one when enough pairs came in. The new run's id."""
    for run in stale_runs():
        run_training.delay(run.pk)
    if not training_due():
        return None
    try:
        return training_run_create().pk
    except TrainingRefused:
        return None
