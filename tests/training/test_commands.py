"""Commands say what they did, or what to do instead."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from outfits.adapters import serving_adapter
from tests.training.adapter import make_adapter_folder
from tests.training.preferences import anchors, store_pairs
from tests.training.world import write_world
from training import hard_negatives, services, sft
from training.adapters_folder import read_adapter_folder
from training.counting import fit_cooccurrence
from training.models import TrainingRun
from training.stylist_model import load_stylist

pytest.importorskip("torch")
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shop")]


def _run(*args: Any, **options: Any) -> str:
    out = StringIO()
    call_command(*args, stdout=out, **options)
    return out.getvalue()


def test_an_adapter_is_installed_promoted_and_rolled_back(tiny_model: Path, tmp_path: Path) -> None:
    folder = make_adapter_folder(tiny_model, tmp_path / "elsewhere")
    assert "stylist-0001 is installed" in _run("install_adapter", str(folder))
    assert _run("promote_adapter", "stylist-0001") == "stylist-0001 serves now.\n"
    assert _run("promote_adapter", "--rollback") == "The base model serves now.\n"
    assert serving_adapter() is None


def test_a_folder_that_is_no_adapter_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="never finished"):
        _run("install_adapter", str(tmp_path))


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(CommandError, match=r"no adapter 'nobody'\. Known: none"):
        _run("promote_adapter", "nobody")


def test_nothing_to_roll_back_is_said() -> None:
    with pytest.raises(CommandError, match="base model serves already"):
        _run("promote_adapter", "--rollback")


def test_training_with_too_few_pairs_says_how_many_are_needed() -> None:
    assert "0 new pairs; a run needs 7" in _run("train_adapter", min_pairs=7)


def test_a_failed_run_is_a_failed_command(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("out of memory")

    monkeypatch.setattr(services, "train_dpo", fail)
    store_pairs(anchors(4, held_out=False))
    with pytest.raises(CommandError, match="out of memory"):
        _run("train_adapter")
    assert TrainingRun.objects.get().status == TrainingRun.Status.FAILED


def test_outfits_that_cannot_be_read_are_refused_in_words(tmp_path: Path) -> None:
    outfits = tmp_path / "outfits.jsonl"
    outfits.write_text("{}\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"outfits\.jsonl"):
        _run("train_stylist", outfits=[outfits])


def test_training_without_a_base_model_says_what_makes_one(
    tmp_path: Path, settings: Settings
) -> None:
    settings.ENSEMBLE = {**settings.ENSEMBLE, "BASE_MODEL_PATH": str(tmp_path / "nothing")}
    with pytest.raises(CommandError, match=r"nothing: run manage\.py prepare_models"):
        _run("train_stylist", outfits=[write_world(tmp_path, 8)["outfits"]])


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What training was asked for, instead of training."""
    seen: dict[str, Any] = {}

    def train(config: sft.StylistConfig, outfits: Any, **options: Any) -> Path:
        seen.update(options, config=config, outfits=outfits)
        return Path(options["adapter"])

    monkeypatch.setattr(sft, "train_sft", train)
    return seen


def test_a_stylist_is_trained_on_the_outfits_that_were_given(asked: dict[str, Any]) -> None:
    outfits = Path(__file__).parents[2] / "training" / "data" / "house_outfits.jsonl"
    assert "stylist-0001" in _run("train_stylist", outfits=[outfits], steps=3, seed=5)
    assert (len(asked["outfits"]), asked["config"].steps, asked["config"].seed) == (60, 3, 5)
    assert asked["sources"] == {"house_outfits.jsonl": outfits}
    assert asked["evaluate"] is None


def test_a_stylist_is_trained_on_all_files_of_outfits(
    asked: dict[str, Any], tmp_path: Path
) -> None:
    files = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        files.append(write_world(tmp_path / name, 8)["outfits"].rename(tmp_path / f"{name}.jsonl"))
    _run("train_stylist", outfits=files)
    assert len(asked["outfits"]) == 16
    assert asked["sources"].keys() == {"one.jsonl", "other.jsonl"}


def test_training_is_judged_by_both_halves_and_their_sum(
    asked: dict[str, Any], tmp_path: Path, tiny_model: Path
) -> None:
    files = write_world(tmp_path)
    _run("train_stylist", outfits=[files["outfits"]], fitb=files["fitb"], limit=12)
    counted = fit_cooccurrence(asked["outfits"])
    model, tokenizer = load_stylist(tiny_model)
    figures = asked["evaluate"](sft.Halves(model, tokenizer, counted))
    assert figures.keys() == {"fitb_model", "fitb_counting", "fitb_sum"}
    assert figures["fitb_counting"] > 0.5
    assert figures["fitb_model"] < 0.9


TINY = ["outfits=2", "rank=2", "alpha=4", "first_layer=0", "precision=float32", "kept_back_every=4"]


@pytest.fixture
def tiny_run(tmp_path: Path, tiny_model: Path) -> dict[str, Any]:
    """A run of two stages that takes seconds."""
    pytest.importorskip("trl")
    outfits = write_world(tmp_path, 12)["outfits"]
    return {"outfits": [outfits], "recipe": TINY, "steps": 1, "dpo_steps": 1, "negatives": 1}


def test_a_run_that_is_given_again_goes_on_with_the_stage_that_is_missing(
    tiny_run: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(hard_negatives, "train_dpo", _be_interrupted)
        with pytest.raises(KeyboardInterrupt):
            _run("train_stylist", **tiny_run)
    monkeypatch.setattr(sft, "train_sft", _be_interrupted)
    assert "stylist-0001-dpo" in _run("train_stylist", **tiny_run)
    assert "stylist-0001-dpo" in _run("train_stylist", **tiny_run)


def test_another_tuning_is_never_taken_for_one_that_was_made(tiny_run: dict[str, Any]) -> None:
    _run("train_stylist", **tiny_run)
    with pytest.raises(CommandError, match=r"stylist-0001-dpo exists, tuned otherwise"):
        _run("train_stylist", **tiny_run, dpo_beta=0.5)


def test_another_recipe_gets_another_name(tiny_run: dict[str, Any], tmp_path: Path) -> None:
    tiny_run["dpo_steps"] = 0
    assert "stylist-0001" in _run("train_stylist", **tiny_run)
    tiny_run |= {"seed": 8, "work": tmp_path / "other"}
    assert "stylist-0002" in _run("train_stylist", **tiny_run)


def test_what_was_trained_is_said_in_one_line_of_json(tiny_run: dict[str, Any]) -> None:
    (line,) = _run("train_stylist", **tiny_run, json=True).splitlines()
    said = json.loads(line)
    assert (said["name"], said["stage"]) == ("stylist-0001-dpo", "dpo")
    assert read_adapter_folder(Path(said["adapter"])).name == said["name"]


def test_several_processes_do_not_tune_on_preferences(
    tiny_run: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(CommandError, match="leave --dpo-steps out"):
        _run("train_stylist", **tiny_run)


def _be_interrupted(*args: Any, **options: Any) -> None:
    raise KeyboardInterrupt
