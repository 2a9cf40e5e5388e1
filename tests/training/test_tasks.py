"""Training tasks call services and survive being delivered in any way."""

from datetime import timedelta

import pytest
from celery.exceptions import Retry
from django.utils import timezone

from tests.training.preferences import anchors, store_pairs
from training.models import TrainingRun
from training.services import STALE_AFTER, training_run_prepare
from training.tasks import run_training, train_when_enough_pairs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shop")]


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The runs that were sent to a worker."""
    queued: list[int] = []
    monkeypatch.setattr(run_training, "delay", queued.append)
    return queued


def test_a_task_for_a_run_that_is_gone_does_nothing() -> None:
    run_training(12345)


def test_a_run_in_other_hands_is_looked_at_again_later() -> None:
    run = training_run_prepare()
    TrainingRun.objects.update(
        status="running", started_at=timezone.now(), heartbeat_at=timezone.now()
    )
    with pytest.raises(Retry):
        run_training.apply(args=(run.pk,), throw=True)


def test_nothing_is_started_while_too_few_pairs_came_in() -> None:
    store_pairs(anchors(3, held_out=False))
    assert train_when_enough_pairs() is None
    assert not TrainingRun.objects.exists()


def test_a_run_is_started_once_enough_pairs_came_in() -> None:
    store_pairs(anchors(4, held_out=False))
    assert train_when_enough_pairs() == TrainingRun.objects.get().pk
    assert train_when_enough_pairs() is None
    assert TrainingRun.objects.count() == 1


@pytest.mark.parametrize("status", ["queued", "running"])
def test_a_run_that_nobody_works_on_is_sent_again(sent: list[int], status: str) -> None:
    run = training_run_prepare()
    long_ago = timezone.now() - STALE_AFTER - timedelta(minutes=1)
    TrainingRun.objects.update(status=status, created_at=long_ago, heartbeat_at=long_ago)
    train_when_enough_pairs()
    assert sent == [run.pk]
