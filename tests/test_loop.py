"""The whole flow with real parts: PostgreSQL, Redis, Celery workers, vLLM, a training run.

One pass of `config.loop` on the drawn shop; the tests look at what each stage reported.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.services
ROOT = Path(__file__).parent.parent
STAGES = [
    "0 start",
    "1 catalog",
    "2 captions",
    "3 embeddings",
    "4 looks",
    "5 widget and API",
    "6 feedback",
    "7 training, gate, promotion",
    "8 a better stylist",
    "9 rollback",
]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder PostgreSQL may enter: it runs as another user, and pytest keeps its own shut."""
    path = Path(tempfile.mkdtemp(prefix="ensemble-loop-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="module")
def report(folder: Path) -> dict[str, Any]:
    """What ``python -m config.loop --json`` printed, stages by name."""
    environment = {
        **os.environ,
        "ENSEMBLE_VAR": str(folder),
        "ENSEMBLE_MODELS_DIR": str(ROOT / "var" / "models"),
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "config.loop", "--json"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return {row["stage"]: row for row in json.loads(done.stdout.splitlines()[-1])["stages"]}


def test_every_stage_does_what_it_should(report: dict[str, Any]) -> None:
    assert {name: row["shortfalls"] for name, row in report.items()} == {n: [] for n in STAGES}


def test_every_picture_of_the_feed_becomes_a_captioned_product(report: dict[str, Any]) -> None:
    pictures = report["2 captions"]["went_in"].split()[0]
    assert report["2 captions"]["came_out"].startswith(f"{pictures} captions")


def test_feedback_becomes_an_adapter_that_serves(report: dict[str, Any]) -> None:
    assert "stylist-0001: Promoted" in report["7 training, gate, promotion"]["came_out"]
    assert "by stylist-0001" in report["8 a better stylist"]["went_in"]


def test_the_page_serves_the_earlier_stylist_after_a_rollback(report: dict[str, Any]) -> None:
    assert report["9 rollback"]["came_out"].startswith("ensemble-2 serves again")
