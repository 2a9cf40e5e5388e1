import csv
from pathlib import Path

import pytest
from PIL import Image

from config.demo import feed
from config.demo.drawing import Drawing, draw_garment
from config.demo.wardrobe import GARMENTS_CSV

HATS = {
    "HAT-1": Drawing(shape="cap", base_colour="Navy Blue", main="#27334f"),
    "HAT-2": Drawing(shape="beanie", base_colour="Mustard", main="#d09a2f", texture="rib"),
}


@pytest.fixture(autouse=True)
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Drawing]:
    """A shop of two hats; every drawing that is really made is noted."""
    made: list[Drawing] = []

    def note(drawing: Drawing) -> bytes:
        made.append(drawing)
        return draw_garment(drawing, size=64)

    monkeypatch.setattr(feed, "read_drawings", lambda: dict(HATS))
    monkeypatch.setattr(feed, "draw_garment", note)
    return made


def test_the_feed_lies_beside_a_folder_of_pictures(tmp_path: Path) -> None:
    path = feed.write_demo_feed(tmp_path / "demo")
    assert path == tmp_path / "demo" / "feed.csv"
    assert {p.name for p in (path.parent / "images").glob("*.png")} == {"HAT-1.png", "HAT-2.png"}


def test_the_feed_is_the_wardrobe(tmp_path: Path) -> None:
    path = feed.write_demo_feed(tmp_path)
    with (
        path.open(newline="", encoding="utf-8") as written,
        GARMENTS_CSV.open(newline="", encoding="utf-8") as ours,
    ):
        assert list(csv.DictReader(written)) == list(csv.DictReader(ours))


def test_pictures_are_800_pixels_square(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "draw_garment", draw_garment)
    monkeypatch.setattr(feed, "read_drawings", lambda: {"HAT-1": HATS["HAT-1"]})
    feed.write_demo_feed(tmp_path)
    with Image.open(tmp_path / "images" / "HAT-1.png") as picture:
        assert picture.size == (800, 800)


def test_a_second_writing_redraws_nothing(tmp_path: Path, drawn: list[Drawing]) -> None:
    feed.write_demo_feed(tmp_path)
    drawn.clear()
    feed.write_demo_feed(tmp_path)
    assert drawn == []


def test_only_a_garment_whose_drawing_changed_is_drawn_again(
    tmp_path: Path, drawn: list[Drawing], monkeypatch: pytest.MonkeyPatch
) -> None:
    feed.write_demo_feed(tmp_path)
    drawn.clear()
    red = Drawing(shape="cap", base_colour="Red", main="#b7312f")
    monkeypatch.setattr(feed, "read_drawings", lambda: {**HATS, "HAT-1": red})
    feed.write_demo_feed(tmp_path)
    assert drawn == [red]


def test_a_picture_that_was_deleted_is_drawn_again(tmp_path: Path, drawn: list[Drawing]) -> None:
    feed.write_demo_feed(tmp_path)
    drawn.clear()
    (tmp_path / "images" / "HAT-2.png").unlink()
    feed.write_demo_feed(tmp_path)
    assert drawn == [HATS["HAT-2"]]


def test_a_broken_manifest_costs_a_redraw_and_no_more(tmp_path: Path, drawn: list[Drawing]) -> None:
    feed.write_demo_feed(tmp_path)
    drawn.clear()
    (tmp_path / "images" / feed.MANIFEST).write_text("{", encoding="utf-8")
    feed.write_demo_feed(tmp_path)
    assert len(drawn) == 2


def test_progress_is_told_after_every_picture(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    feed.write_demo_feed(tmp_path, on_progress=lambda ready, total: told.append((ready, total)))
    assert told == [(1, 2), (2, 2)]


def test_nothing_half_written_is_left_behind(tmp_path: Path) -> None:
    feed.write_demo_feed(tmp_path)
    assert [p.name for p in tmp_path.rglob(".*")] == []


def test_the_command_line_wants_a_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert feed.main([]) == 2
    assert "FOLDER" in capsys.readouterr().err


def test_the_command_line_writes_the_feed(tmp_path: Path) -> None:
    assert feed.main([str(tmp_path)]) == 0
    assert (tmp_path / "feed.csv").exists()
