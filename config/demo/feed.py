"""Writes the demo shop's feed: a CSV file and a drawn picture for each garment.

``python -m config.demo.feed FOLDER`` writes it from the command line.
"""

import hashlib
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from config.demo.drawing import Drawing, draw_garment
from config.demo.drawing.render import draw_svg
from config.demo.wardrobe import GARMENTS_CSV, read_drawings

Progress = Callable[[int, int], None]
MANIFEST = "drawn.json"
_LOOK = 1  # raise when light, shadow or backdrop change: an SVG's hash does not tell


def write_demo_feed(folder: Path, *, on_progress: Progress | None = None) -> Path:
    """Write ``feed.csv`` and ``images/<sku>.png`` under a folder; gives the CSV's path.

    Pictures that are there and up to date stay as they are, so that writing twice costs little.
    ``on_progress`` is told (pictures ready, pictures in all) after each. Files appear whole or
    not at all. Raises OSError where the folder cannot be written.
    """
    images = folder / "images"
    images.mkdir(parents=True, exist_ok=True)
    drawings = read_drawings()
    drawn = _read_manifest(images)
    for number, (sku, drawing) in enumerate(drawings.items(), start=1):
        _write_picture(images, sku, drawing, drawn)
        if on_progress:
            on_progress(number, len(drawings))
    return _write_feed(folder)


def fingerprint(drawing: Drawing) -> str:
    """Hash what a picture is made from; another hash means that it must be drawn again."""
    key = f"{_LOOK}|{drawing!r}|{draw_svg(drawing)}"
    return hashlib.sha256(key.encode()).hexdigest()


def _write_picture(images: Path, sku: str, drawing: Drawing, drawn: dict[str, str]) -> None:
    picture, mark = images / f"{sku}.png", fingerprint(drawing)
    if drawn.get(sku) == mark and picture.exists():
        return
    _write_whole(picture, draw_garment(drawing))
    drawn[sku] = mark
    _write_whole(images / MANIFEST, json.dumps(drawn, indent=1).encode())


def _read_manifest(images: Path) -> dict[str, str]:
    """Read which pictures were drawn from what; a broken manifest means none."""
    try:
        marks = json.loads((images / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return {str(sku): str(mark) for sku, mark in marks.items()} if isinstance(marks, dict) else {}


def _write_feed(folder: Path) -> Path:
    feed = folder / "feed.csv"
    _write_whole(feed, GARMENTS_CSV.read_bytes())
    return feed


def _write_whole(path: Path, content: bytes) -> None:
    """Write beside the file, then rename: a reader sees the old one or the new one."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as beside:
        beside.write(content)
    made = Path(beside.name)
    made.chmod(0o644)
    made.replace(path)


def main(arguments: list[str]) -> int:
    """Write the feed into the folder named on the command line; gives the exit status."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m config.demo.feed FOLDER\n")
        return 2
    feed = write_demo_feed(Path(arguments[0]), on_progress=_tell)
    sys.stdout.write(f"\nwrote {feed}\n")
    return 0


def _tell(ready: int, total: int) -> None:
    sys.stdout.write(f"\rdrawing garments {ready}/{total}")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
