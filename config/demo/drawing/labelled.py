"""A folder of drawn garments with their labels: examples for the captioner."""

import csv
import random
from collections.abc import Callable
from pathlib import Path
from typing import Final

from config.demo.drawing.drawing import Drawing
from config.demo.drawing.render import draw_garment
from config.demo.drawing.samples import random_drawing
from config.demo.drawing.vocabulary import SHAPES

COLUMNS: Final = ("id", "articleType", "baseColour", "pattern", "gender", "title")
_SIDE: Final = 400


def draw_labelled(
    folder: Path,
    *,
    per_shape: int,
    seed: int,
    tell: Callable[[int, int], None] = lambda done, of: None,
) -> int:
    """Draw ``per_shape`` garments of every shape; returns how many.

    Pictures go to ``folder``/<id>.png, labels to ``folder``.csv beside it. The same seed draws
    the same pictures.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(seed)  # noqa: S311 - pictures, no secrets
    drawings = [
        (f"{shape}-{number}", random_drawing(rng, shape))
        for shape in SHAPES
        for number in range(per_shape)
    ]
    with folder.with_suffix(".csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for done, (name, drawing) in enumerate(drawings, 1):
            (folder / f"{name}.png").write_bytes(draw_garment(drawing, size=_SIDE))
            writer.writerow(_labels(name, drawing))
            tell(done, len(drawings))
    return len(drawings)


def _labels(name: str, drawing: Drawing) -> dict[str, str]:
    whose = "Unisex" if len(SHAPES[drawing.shape].cuts) > 1 else drawing.cut.capitalize()
    return {
        "id": name,
        "articleType": drawing.article_type,
        "baseColour": drawing.base_colour,
        "pattern": drawing.pattern_name,
        "gender": whose,
        "title": drawing.shape.replace("_", " "),
    }
