import json
import os
from pathlib import Path

import pytest
from rich.console import Console

from config.loop.__main__ import set_environment
from config.loop.shopper import is_neutral
from config.loop.table import Outcome, Row, render_table, run_stages, to_json

QUIET = Console(quiet=True)


def test_the_loop_stops_at_the_first_stage_that_falls_short() -> None:
    rows = run_stages(
        [
            ("one", lambda: Outcome("a", "b")),
            ("two", lambda: Outcome("b", "nothing", ["it made nothing"])),
            ("three", lambda: Outcome("c", "d")),
        ],
        QUIET,
    )
    assert [row.stage for row in rows] == ["one", "two"]


def test_what_fell_short_is_in_the_table_and_in_the_json() -> None:
    row = Row("two", "b", "nothing", 1.5, ["it made nothing"])
    console = Console(record=True, width=120, quiet=True)
    with console.capture() as shown:
        console.quiet = False
        console.print(render_table([row], total=3))
    assert "FELL SHORT: it made nothing" in shown.get()
    assert json.loads(to_json([row]))["stages"][0]["shortfalls"] == ["it made nothing"]


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL", "S3_BUCKET"])
def test_the_loop_never_sees_what_the_shop_has_configured(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "environ", {**os.environ, name: "something-real"})
    set_environment(tmp_path / "loop")
    assert os.environ[name] == ""


@pytest.mark.parametrize("name", ["MEDIA_ROOT", "ENSEMBLE_ADAPTERS_DIR"])
def test_the_loop_writes_only_into_its_own_folder(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "environ", {**os.environ, name: "/somewhere/real"})
    set_environment(tmp_path / "loop")
    assert Path(os.environ[name]).is_relative_to(tmp_path / "loop")


@pytest.mark.parametrize(
    ("colour", "neutral"), [("Navy Blue", True), ("black", True), ("Mustard", False), ("", False)]
)
def test_the_loops_shopper_knows_neutral_colours(colour: str, neutral: bool) -> None:
    assert is_neutral(colour) is neutral
