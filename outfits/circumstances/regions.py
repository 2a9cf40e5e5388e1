"""Regions: a country or one of its parts (ISO 3166-2), and the point that stands for each.

Nothing finer is ever known of a shopper. ``weather/points.csv`` holds a country's capital, or the
largest city of a part.
"""

import csv
from functools import cache
from pathlib import Path

_POINTS_CSV = Path(__file__).parents[1] / "weather" / "points.csv"


@cache
def read_points() -> dict[str, tuple[float, float]]:
    """Region -> (latitude, longitude) in degrees, a tenth of a degree being precise enough."""
    with _POINTS_CSV.open(encoding="utf-8", newline="") as file:
        return {
            row["region"]: (float(row["latitude"]), float(row["longitude"]))
            for row in csv.DictReader(file)
        }


def find_region(asked: str) -> str:
    """The region as it is known here; a part that is not listed counts as its country.

    Raises `ValueError` for a country that does not exist.

    >>> find_region("de-be"), find_region("FR-75")
    ('DE-BE', 'FR')
    """
    code = asked.strip().upper()
    for known in (code, code.partition("-")[0]):
        if known in read_points():
            return known
    raise ValueError(f"{asked!r} is no region. Write a country, such as DE, or its part: DE-BE.")


def is_southern(region: str) -> bool:
    """Whether it is winter there in July; no region counts as northern."""
    return read_points().get(region, (0.0, 0.0))[0] < 0


def enclosing_regions(region: str) -> list[str]:
    """The region and the country it is part of, the widest first.

    >>> enclosing_regions("DE-BE"), enclosing_regions("DE"), enclosing_regions("")
    (['DE', 'DE-BE'], ['DE'], [])
    """
    return sorted({region.partition("-")[0], region} - {""}, key=len)
