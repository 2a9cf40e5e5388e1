"""The seamless tile that patterns and prints are made of."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tile:
    """SVG markup that repeats every ``width`` by ``height`` units."""

    width: float
    height: float
    markup: str


def wrapped(size: float, stamps: list[tuple[float, float, str]]) -> str:
    """Place stamps on a square tile, and again across its edges where they stick out."""
    shifts = [(dx, dy) for dx in (-size, 0, size) for dy in (-size, 0, size)]
    return "".join(
        f'<g transform="translate({x + dx:.1f} {y + dy:.1f})">{markup}</g>'
        for x, y, markup in stamps
        for dx, dy in shifts
        if -60 < x + dx < size + 60 and -60 < y + dy < size + 60
    )
