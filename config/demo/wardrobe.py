"""The demo shop's garments as data: what the shop says of each, and how each is drawn."""

import csv
import json
from functools import cache
from pathlib import Path

from config.demo.drawing import Drawing

_HERE = Path(__file__).parent
GARMENTS_CSV = _HERE / "garments.csv"
DRAWINGS_JSON = _HERE / "drawings.json"


@cache
def read_garments() -> tuple[dict[str, str], ...]:
    """Read the garments as rows of Ensemble's own feed, in shop order."""
    with GARMENTS_CSV.open(newline="", encoding="utf-8") as file:
        return tuple(csv.DictReader(file))


@cache
def read_drawings() -> dict[str, Drawing]:
    """Read how to draw each garment, by sku; raises TypeError on a field no Drawing has."""
    specs = json.loads(DRAWINGS_JSON.read_text(encoding="utf-8"))
    return {sku: Drawing(**spec) for sku, spec in specs.items()}
