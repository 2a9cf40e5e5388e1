"""A run goes from pairs to a verdict once, whoever delivers it and however often."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from outfits.adapters import adapter_promote, serving_adapter
from outfits.cooccurrence import COOCCURRENCE
from outfits.models import Adapter
from outfits.scoring import Mix, Taste, read_taste
from tests.fakes import FakeLanguageModel
from tests.training.adapter import make_adapter_folder, make_taste
from tests.training.preferences import anchors, store_pairs
from training import services
from training.adapters_folder import AdapterInvalid, read_adapter_folder
from training.dataset import PairExample
from training.gate import Marks
from training.judging import Exam
from training.models import TrainingRun
from training.policy import PreferenceProgress, PreferenceResult, PreferenceSettings
from training.services import (
    STALE_AFTER,
    TrainingRefused,
    adapter_install,
    stale_runs,
    training_due,
    training_run_create,
    training_run_execute,
    training_run_prepare,
)

pytest.importorskip("torch")
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shop")]

GOOD, BAD = Marks((1.0,) * 5), Marks((-1.0,) * 5)


class Trainer:
    """Stands in for DPO: makes a random adapter, remembers what it was to learn from."""

    def __init__(self, tiny_model: Path) -> None:
        self.tiny_model = tiny_model
        self.asked: list[tuple[list[PairExample], Path | None]] = []
        self.error: Exception | None = None

    def __call__(
        self, pairs: Any, *, work: Path, start: Path | None, on_progress: Any, **rest: Any
    ) -> PreferenceResult:
        self.asked.append((list(pairs), start))
        if self.error:
            raise self.error
        for step in (1, 2):
            on_progress(PreferenceProgress(step, 2, {"loss": 1.0 / step}))
        folder = make_adapter_folder(self.tiny_model, work, "weights", seed=len(self.asked))
        return PreferenceResult(folder, "float32", "cpu", [{"step": 1.0, "loss": 1.0}])


@pytest.fixture
def trainer(tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> Trainer:
    """Replaces training; judging finds every new adapter good and what serves bad."""
    fake = Trainer(tiny_model)
    monkeypatch.setattr(services, "train_dpo", fake)
    _judge_as(monkeypatch, GOOD, BAD)
    return fake


def _judge_as(monkeypatch: pytest.MonkeyPatch, candidate: Marks, serving: Marks) -> None:
    def sit(exam: Exam, base_model: Path, adapter: Path | None) -> Marks:
        now = serving_adapter()
        return serving if adapter == (Path(now.path) if now else None) else candidate

    monkeypatch.setattr(services, "sit_exam", sit)


def _store(new: int = 6, held_out: int = 5) -> None:
    store_pairs(anchors(new, held_out=False) + anchors(held_out, held_out=True))


def _execute() -> TrainingRun:
    return training_run_execute(run_id=training_run_prepare().pk)


def test_a_better_adapter_is_trained_judged_and_promoted(
    trainer: Trainer, shop: FakeLanguageModel, tiny_model: Path
) -> None:
    _store()
    run = _execute()
    assert run.status == TrainingRun.Status.PROMOTED, run.error
    adapter = Adapter.objects.get()
    assert serving_adapter() == adapter == run.adapter
    assert adapter.name in shop.loaded
    assert (run.train_pairs, run.held_out_pairs, run.step, run.total_steps) == (6, 5, 2, 2)
    assert run.finished_at
    assert run.metrics["verdict"]["passed"]
    manifest = read_adapter_folder(Path(adapter.path), tiny_model).manifest
    assert manifest["parent"] is None
    assert manifest["counts"] == {"train_pairs": 6, "held_out_pairs": 5}
    assert manifest["recipe"]["method"] == "dpo"


def test_held_out_anchors_are_not_learned_from(trainer: Trainer) -> None:
    _store()
    _execute()
    learned = {pair.anchor for pair in trainer.asked[0][0]}
    assert learned == set(anchors(6, held_out=False))


def test_what_is_no_better_is_rejected_with_figures_and_does_not_serve(
    trainer: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    _judge_as(monkeypatch, BAD, BAD)
    _store()
    run = _execute()
    assert run.status == TrainingRun.Status.REJECTED
    assert serving_adapter() is None
    adapter = Adapter.objects.get()
    assert adapter.status == Adapter.Status.REJECTED
    assert adapter.verdict["reasons"][0].startswith("Not better on 5 held-out pairs")


def test_the_next_run_goes_on_from_what_serves_with_new_pairs_alone(trainer: Trainer) -> None:
    _store(new=4)
    _execute()
    store_pairs(anchors(8, held_out=False)[4:])
    run = _execute()
    pairs, start = trainer.asked[1]
    assert start is not None
    assert start.name == "stylist-0001"
    assert {pair.anchor for pair in pairs} == set(anchors(8, held_out=False)[4:])
    assert run.adapter is not None
    assert run.adapter.manifest["parent"] == "stylist-0001"


def _serve(tiny_model: Path, folder: Path, taste: Taste | None) -> Adapter:
    made = make_adapter_folder(tiny_model, folder, "stylist-0001", taste=taste)
    adapter = adapter_install(folder=made)
    adapter_promote(adapter=adapter)
    return adapter


def test_a_trained_adapter_keeps_its_parents_counts_and_mix(
    trainer: Trainer, tiny_model: Path, tmp_path: Path
) -> None:
    parent = _serve(tiny_model, tmp_path / "elsewhere", make_taste(0.75, 0.25))
    _store()
    run = _execute()
    assert run.status == TrainingRun.Status.PROMOTED, run.error
    trained = run.adapter
    assert trained is not None
    assert trained.name == "stylist-0002"
    manifest = read_adapter_folder(Path(trained.path), tiny_model).manifest
    taste = read_taste(Path(trained.path), manifest)
    assert taste.mix == Mix(0.75, 0.25)
    assert manifest["files"][COOCCURRENCE] == parent.manifest["files"][COOCCURRENCE]


def test_what_is_trained_from_a_model_alone_has_no_counts(
    trainer: Trainer, tiny_model: Path, tmp_path: Path
) -> None:
    _serve(tiny_model, tmp_path / "elsewhere", taste=None)
    _store()
    trained = _execute().adapter
    assert trained is not None
    assert COOCCURRENCE not in trained.manifest["files"]
    assert read_taste(Path(trained.path), trained.manifest) == Taste()


def test_too_few_new_pairs_are_skipped_saying_how_many(trainer: Trainer) -> None:
    _store(new=2, held_out=1)
    run = _execute()
    assert run.status == TrainingRun.Status.SKIPPED
    assert "3 new pairs; a run needs 4" in run.error
    assert not trainer.asked


def test_pairs_that_are_all_kept_back_are_skipped(trainer: Trainer) -> None:
    _store(new=0, held_out=5)
    assert _execute().status == TrainingRun.Status.SKIPPED
    assert not trainer.asked


def test_a_rejected_run_is_not_repeated_until_new_pairs_come(
    trainer: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    _judge_as(monkeypatch, BAD, BAD)
    _store()
    assert training_due()
    _execute()
    assert not training_due()


def test_a_run_delivered_twice_is_trained_once(trainer: Trainer) -> None:
    _store()
    run = training_run_prepare()
    training_run_execute(run_id=run.pk)
    training_run_execute(run_id=run.pk)
    assert len(trainer.asked) == 1
    assert Adapter.objects.count() == 1


def test_a_run_in_other_hands_is_left_alone(trainer: Trainer) -> None:
    _store()
    run = training_run_prepare()
    now = timezone.now()
    TrainingRun.objects.update(status="running", started_at=now, heartbeat_at=now)
    assert training_run_execute(run_id=run.pk).status == TrainingRun.Status.RUNNING
    assert not trainer.asked
    assert not stale_runs()


def test_a_run_whose_worker_was_killed_is_taken_up_again(trainer: Trainer) -> None:
    _store()
    run = training_run_prepare()
    long_ago = timezone.now() - STALE_AFTER - timedelta(seconds=1)
    TrainingRun.objects.update(status="running", started_at=long_ago, heartbeat_at=long_ago)
    assert [stale.pk for stale in stale_runs()] == [run.pk]
    assert training_run_execute(run_id=run.pk).status == TrainingRun.Status.PROMOTED


def test_a_worker_that_lost_its_run_stops_and_writes_nothing(
    trainer: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    _store()
    run = training_run_prepare()

    def steal(*args: Any, on_progress: Any, **kwargs: Any) -> PreferenceResult:
        TrainingRun.objects.update(started_at=timezone.now(), stage="another's")
        on_progress(PreferenceProgress(1, 2, {}))
        raise AssertionError("it should have stopped")

    monkeypatch.setattr(services, "train_dpo", steal)
    training_run_execute(run_id=run.pk)
    run.refresh_from_db()
    assert (run.status, run.stage) == (TrainingRun.Status.RUNNING, "another's")
    assert not Adapter.objects.exists()


def test_a_run_taken_up_after_training_is_not_trained_again(
    trainer: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    _store()
    run = training_run_prepare()

    def die(*args: Any) -> Marks:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(services, "sit_exam", die)
        with pytest.raises(KeyboardInterrupt):
            training_run_execute(run_id=run.pk)
    TrainingRun.objects.update(heartbeat_at=timezone.now() - STALE_AFTER * 2)
    assert training_run_execute(run_id=run.pk).status == TrainingRun.Status.PROMOTED
    assert len(trainer.asked) == 1


def test_a_failure_is_stored_in_words(trainer: Trainer) -> None:
    _store()
    trainer.error = RuntimeError("out of memory")
    run = _execute()
    assert run.status == TrainingRun.Status.FAILED
    assert run.error == "RuntimeError: out of memory"
    assert not Adapter.objects.exists()


def test_a_good_adapter_that_cannot_be_loaded_stays_ready(
    trainer: Trainer, shop: FakeLanguageModel
) -> None:
    _store()
    shop.broken_adapters.add("stylist-0001")
    run = _execute()
    assert run.status == TrainingRun.Status.FAILED
    assert run.error.startswith("Trained and passed the gate, but it does not serve")
    assert Adapter.objects.get().status == Adapter.Status.READY


def test_only_one_run_is_open_at_a_time() -> None:
    training_run_prepare()
    with pytest.raises(TrainingRefused, match="is not finished yet"):
        training_run_prepare()


def test_a_created_run_is_queued_once_it_is_stored(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from training.tasks import run_training

    sent: list[int] = []
    monkeypatch.setattr(run_training, "delay", sent.append)
    with django_capture_on_commit_callbacks(execute=True):
        run = training_run_create(max_steps=9)
        assert not sent
    assert sent == [run.pk]
    assert PreferenceSettings(**run.config["dpo"]).max_steps == 9


def test_an_adapter_from_elsewhere_is_installed_once(
    tiny_model: Path, tmp_path: Path, settings: Settings
) -> None:
    folder = make_adapter_folder(tiny_model, tmp_path / "elsewhere", "stylist-0009")
    adapter = adapter_install(folder=folder)
    assert adapter_install(folder=folder) == adapter
    assert adapter.status == Adapter.Status.READY
    assert Path(adapter.path).parent == Path(settings.ENSEMBLE["ADAPTERS_DIR"])


def test_what_is_no_adapter_is_not_installed(tmp_path: Path) -> None:
    with pytest.raises(AdapterInvalid):
        adapter_install(folder=tmp_path)
    assert not Adapter.objects.exists()


def test_the_whole_run_works_with_real_training_and_judging(
    shop: FakeLanguageModel, tmp_path: Path
) -> None:
    pytest.importorskip("trl")
    _store()
    run = _execute()
    assert run.status in (TrainingRun.Status.PROMOTED, TrainingRun.Status.REJECTED), run.error
    assert run.step == 2
    assert run.metrics["verdict"]["held_out"] == 5
    assert len(run.metrics["curve"]) == 2
    assert not list((tmp_path / "adapters" / ".runs").iterdir())
