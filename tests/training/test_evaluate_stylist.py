"""manage.py evaluate_stylist judges whoever it is told to, or says what is missing."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError
from django.db.models import QuerySet
from pytest_django import Settings

from outfits import selectors
from outfits.adapters import adapter_promote, adapter_rollback
from outfits.llm.base import LanguageModelError
from outfits.scoring import Mix, Taste
from tests.fakes import FakeLanguageModel
from tests.training.adapter import make_adapter_folder
from tests.training.world import make_world, write_world
from training.counting import fit_cooccurrence
from training.services import adapter_install

pytest.importorskip("torch")
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shop")]

Files = dict[str, Path]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return write_world(tmp_path)


@pytest.fixture(autouse=True)
def nothing_shipped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The package brings no stylist; a test that wants one makes it there."""
    monkeypatch.setattr(selectors, "SHIPPED", tmp_path / "shipped" / "ensemble-1")


@pytest.fixture
def counting(tiny_model: Path, tmp_path: Path) -> Path:
    """An adapter whose weights are random and whose counts know the answers."""
    taste = Taste(Mix(0.0, 1.0), fit_cooccurrence(make_world()[0]))
    return make_adapter_folder(tiny_model, tmp_path / "elsewhere", "stylist-0009", taste=taste)


def evaluate(**options: Any) -> dict[str, Any]:
    out = StringIO()
    call_command("evaluate_stylist", json=True, stdout=out, **options)
    (line,) = out.getvalue().splitlines()
    report: dict[str, Any] = json.loads(line)
    return report


def test_it_prints_one_line_of_json(files: Files) -> None:
    report = evaluate(scorer="counting", **files)
    assert set(report) >= {
        *("fitb_accuracy", "fitb_ci", "compatibility_auc", "auc_ci", "cir"),
        *("questions_per_second", "scorer"),
    }
    assert report["fitb_ci"][0] <= report["fitb_accuracy"] <= report["fitb_ci"][1]
    assert report["scorer"] == "counting"


def test_it_prints_a_table_for_people(files: Files) -> None:
    out = StringIO()
    call_command("evaluate_stylist", scorer="random", fitb=files["fitb"], stdout=out)
    assert "FITB accuracy" in out.getvalue()
    assert "CIR recall@10" in out.getvalue()
    assert "AUC" not in out.getvalue()


@pytest.mark.parametrize("scorer", ["category", "popularity", "counting"])
def test_baselines_count_in_outfits_of_the_package_unless_told_where(
    files: Files, scorer: str
) -> None:
    report = evaluate(scorer=scorer, fitb=files["fitb"], retrievals=0)
    assert report["scorer"] == scorer
    if scorer == "category":
        assert report["fitb_accuracy"] == 0.25


def test_without_questions_it_says_what_to_give() -> None:
    with pytest.raises(CommandError, match="--fitb"):
        call_command("evaluate_stylist", scorer="random")


def test_questions_that_cannot_be_read_are_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "fitb.json").write_text("{}", encoding="utf-8")
    with pytest.raises(CommandError, match="a list of questions"):
        call_command("evaluate_stylist", scorer="random", fitb=tmp_path / "fitb.json")
    with pytest.raises(CommandError, match=r"nowhere\.json"):
        call_command("evaluate_stylist", scorer="random", fitb=tmp_path / "nowhere.json")


def test_a_folder_that_is_no_adapter_is_refused_in_words(files: Files, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"There is no adapter .*never finished"):
        evaluate(adapter=str(tmp_path / "nothing"), fitb=files["fitb"])


def test_the_base_model_answers_alone_and_retrieves_nothing(files: Files) -> None:
    report = evaluate(adapter="base", fitb=files["fitb"], limit=10)
    assert report["scorer"] == "tiny"
    assert 0 <= report["fitb_accuracy"] <= 1
    assert report["cir"] == {}


def test_a_base_model_that_is_missing_is_said_with_what_makes_it(
    files: Files, settings: Settings, tmp_path: Path
) -> None:
    settings.ENSEMBLE = {**settings.ENSEMBLE, "BASE_MODEL_PATH": str(tmp_path / "nothing")}
    with pytest.raises(CommandError, match=r"nothing: run manage\.py prepare_models"):
        evaluate(adapter="base", fitb=files["fitb"])


def test_an_adapter_in_a_folder_answers_with_its_counts_and_retrieves(
    files: Files, counting: Path
) -> None:
    report = evaluate(adapter=str(counting), fitb=files["fitb"], limit=20, retrievals=5)
    assert report["scorer"] == "stylist-0009"
    assert report["fitb_accuracy"] > 0.9
    assert report["cir"].keys() == {"recall@1", "recall@10", "recall@30", "recall@50"}


def test_an_installed_adapter_is_known_by_its_name(files: Files, counting: Path) -> None:
    adapter_install(folder=counting)
    report = evaluate(adapter="stylist-0009", fitb=files["fitb"], limit=20, retrievals=0)
    assert report["fitb_accuracy"] > 0.9


def test_what_serves_is_judged_unless_told_otherwise(files: Files, counting: Path) -> None:
    adapter_promote(adapter=adapter_install(folder=counting))
    assert evaluate(fitb=files["fitb"], limit=4, retrievals=0)["scorer"] == "stylist-0009"


def test_what_the_package_brings_is_judged_where_nothing_serves(
    files: Files, tiny_model: Path, tmp_path: Path
) -> None:
    make_adapter_folder(tiny_model, tmp_path / "shipped", "ensemble-1")
    assert evaluate(fitb=files["fitb"], limit=4)["scorer"] == "ensemble-1"


def test_a_database_without_tables_has_promoted_nothing(
    files: Files, tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_adapter_folder(tiny_model, tmp_path / "shipped", "ensemble-1")

    def fail(*args: Any, **options: Any) -> None:
        raise ProgrammingError("relation does not exist")

    monkeypatch.setattr(QuerySet, "exists", fail)
    monkeypatch.setattr(QuerySet, "first", fail)
    assert evaluate(fitb=files["fitb"], limit=4)["scorer"] == "ensemble-1"
    asked = evaluate(adapter=str(folder), fitb=files["fitb"], limit=4)
    assert asked["scorer"] == "ensemble-1"


def test_after_a_rollback_to_the_base_model_that_is_judged(
    files: Files, counting: Path, tiny_model: Path, tmp_path: Path
) -> None:
    make_adapter_folder(tiny_model, tmp_path / "shipped", "ensemble-1")
    adapter_promote(adapter=adapter_install(folder=counting))
    adapter_rollback()
    assert evaluate(fitb=files["fitb"], limit=4)["scorer"] == "tiny"


def test_what_the_package_brings_for_another_base_model_is_not_judged(
    files: Files, tiny_model: Path, tmp_path: Path
) -> None:
    folder = make_adapter_folder(tiny_model, tmp_path / "shipped", "ensemble-1")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["base_model"]["sha256"] = "0" * 64
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert evaluate(fitb=files["fitb"], limit=4)["scorer"] == "tiny"


def test_each_half_is_judged_alone(files: Files, counting: Path) -> None:
    asked = {"adapter": str(counting), "fitb": files["fitb"], "retrievals": 5}
    model, known = (evaluate(half=half, **asked) for half in ("model", "counting"))
    base = evaluate(adapter="base", fitb=files["fitb"])
    assert (model["scorer"], known["scorer"]) == ("stylist-0009 model", "stylist-0009 counting")
    assert known["fitb_accuracy"] > 0.9
    assert model["fitb_accuracy"] < 0.7
    assert model["cir"] == base["cir"] == {}


def test_the_model_server_is_asked_when_told_to(
    files: Files, counting: Path, shop: FakeLanguageModel
) -> None:
    adapter_promote(adapter=adapter_install(folder=counting))
    shop.asked.clear()
    report = evaluate(served=True, fitb=files["fitb"], limit=6, retrievals=0)
    assert report["fitb_accuracy"] > 0.9
    assert len(shop.asked) == 6
    assert {adapter for _, _, adapter in shop.asked} == {"stylist-0009"}


def test_a_model_server_that_is_down_says_how_to_start_it(
    files: Files, shop: FakeLanguageModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.scorers.time.sleep", lambda seconds: None)
    shop.error = LanguageModelError("The model server does not answer.", retryable=True)
    with pytest.raises(CommandError, match=r"does not answer\. Start it with: .*serve_model"):
        evaluate(served=True, fitb=files["fitb"], limit=2)


def test_a_model_server_that_refuses_is_not_told_to_be_started(
    files: Files, shop: FakeLanguageModel
) -> None:
    shop.error = LanguageModelError("HTTP 404.", retryable=False)
    with pytest.raises(CommandError, match=r"HTTP 404\.$"):
        evaluate(served=True, fitb=files["fitb"], limit=2)


def test_the_same_seed_retrieves_for_the_same_questions(files: Files, counting: Path) -> None:
    asked = {"adapter": str(counting), "fitb": files["fitb"], "retrievals": 4, "seed": 3}
    assert evaluate(**asked)["cir"] == evaluate(**asked)["cir"]
