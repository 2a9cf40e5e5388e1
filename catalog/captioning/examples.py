"""Labelled photos for training and judging the embedded captioner, and how they are split."""

import csv
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from catalog.captioning.labels import kinds_of_flatlay, kinds_of_product, pattern_of

Part = Literal["train", "calibrate", "test"]

#: Shares in per cent. What is left is trained on.
_TEST: Final = {"catalogue": 12, "flatlay": 40}
_CALIBRATE: Final = {"catalogue": 10, "flatlay": 10}


@dataclass(frozen=True, slots=True)
class Example:
    """One photo and what is known of it; an attribute that is not known is left out.

    ``kinds`` are the indexes of `KINDS` that the label leaves open; ``group`` keeps what must not
    be split apart together (photos under one title are often one product in five sizes).
    """

    path: Path
    source: str
    group: str
    kinds: tuple[int, ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    title: str = ""

    @property
    def part(self) -> Part:
        """Where the example belongs; decided by its group alone, so it never moves."""
        bucket = int(hashlib.sha256(self.group.encode()).hexdigest()[:8], 16) % 100
        kept_back = _TEST.get(self.source, 0)
        if bucket < kept_back:
            return "test"
        return "calibrate" if bucket < kept_back + _CALIBRATE.get(self.source, 0) else "train"


def read_catalogue(labels: Path, images: Path) -> Iterator[Example]:
    """Studio photos: ``images/<id>.jpg`` and a row each in the CSV file ``labels``."""
    with labels.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            title = row["productDisplayName"]
            named = {
                "gender": row["gender"],
                "style": row["usage"],
                "colour": row["baseColour"],
                "season": row.get("season", ""),
                "pattern": pattern_of(title),
            }
            yield Example(
                path=images / f"{row['id']}.jpg",
                source="catalogue",
                group=title.strip().lower(),
                kinds=tuple(kinds_of_product(row["articleType"], title)),
                labels={name: label for name, label in named.items() if label},
                title=title,
            )


def read_flatlay(labels: Path, images: Path) -> Iterator[Example]:
    """Amateur photos, which only say roughly what they show.

    Nobody's clothes on a floor say for whom or what for: without being taught so, the captioner
    would guess. So they count as for anybody and casual, a blazer as formal.
    """
    with labels.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield Example(
                path=images / f"{row['id']}.jpg",
                source="flatlay",
                group=row["id"],
                kinds=tuple(kinds_of_flatlay(row["label"])),
                labels={
                    "gender": "Unisex",
                    "style": "Formal" if row["label"] == "Blazer" else "Casual",
                },
            )


#: Drawings come without a style; where the article does not settle it, casual is assumed.
_DRAWN_STYLES: Final = {
    "Blazers": "Formal",
    "Formal Shoes": "Formal",
    "Ties": "Formal",
    "Sports Shoes": "Sports",
    "Track Pants": "Sports",
}


def read_drawings(labels: Path, images: Path) -> Iterator[Example]:
    """Drawn garments: ``id, articleType, baseColour, pattern, gender, title`` a row."""
    with labels.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            named = {
                "gender": row["gender"],
                "colour": row["baseColour"],
                "pattern": row["pattern"].capitalize(),
                "style": _DRAWN_STYLES.get(row["articleType"], "Casual"),
            }
            yield Example(
                path=images / f"{row['id']}.png",
                source="drawing",
                group=row["id"],
                kinds=tuple(kinds_of_product(row["articleType"], row["title"])),
                labels={name: label for name, label in named.items() if label},
            )


def read_corrections(labels: Path, images: Path) -> Iterator[Example]:
    """What people corrected, as ``manage.py export_corrections`` writes it: all of it trains.

    Columns: ``id, articleType, baseColour, pattern, gender, usage, title``; an empty cell is not
    known. A row whose article type the captioner has no word for still teaches the rest.
    """
    with labels.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            named = {
                "gender": row["gender"],
                "style": row["usage"],
                "colour": row["baseColour"],
                "pattern": row["pattern"],
            }
            yield Example(
                path=images / f"{row['id']}.jpg",
                source="correction",
                group=row["id"],
                kinds=tuple(kinds_of_product(row["articleType"], row["title"])),
                labels={name: label for name, label in named.items() if label},
                title=row["title"],
            )
