"""Earrings and necklaces."""

import math

from config.demo.drawing.palette import darken, lighten
from config.demo.drawing.paths import Point, box, circle
from config.demo.drawing.sketch import Fold, Sketch

_CHAIN_HALF = 226


def _drop_points(count: int, deep: float) -> list[Point]:
    """Hang a chain: points of a catenary-like U, from clasp to clasp."""
    points: list[Point] = []
    for number in range(count):
        at = -1 + 2 * number / (count - 1)
        angle = at * math.pi
        taper = 1 + 0.14 * math.cos(angle)
        points.append((math.sin(angle) * _CHAIN_HALF * taper, 330 + math.cos(angle) * deep))
    return points


def hoops(sketch: Sketch) -> None:
    """Draw a pair of thick hoop earrings."""
    for side in (-1, 1):
        with sketch.placed(side * 150, 400, turn=side * 6):
            ring = circle(0, 0, 118, 128)
            for width, colour in ((40, darken(sketch.main, 0.5)), (36, sketch.main)):
                sketch.path(ring, colour, width)
            sketch.path(circle(-4, -4, 118, 128), lighten(sketch.main, 0.55), 8, opacity=0.8)
            sketch.path(circle(7, 8, 122, 132), darken(sketch.main, 0.45), 9, opacity=0.35)
            sketch.strap("M-30 -126 C-16 -164 16 -164 26 -128", sketch.main, 5)


def small_hoops(sketch: Sketch) -> None:
    """Draw a pair of slim hoops with a hinge."""
    for side in (-1, 1):
        with sketch.placed(side * 140, 400):
            ring = circle(0, 0, 98)
            for width, colour in ((19, darken(sketch.main, 0.5)), (16, sketch.main)):
                sketch.path(ring, colour, width)
            sketch.path(circle(-2, -3, 98), lighten(sketch.main, 0.6), 4, opacity=0.8)
            sketch.panel(box(-13, -112, 26, 28, 5), sketch.main, texture="satin", depth=0.4)
            sketch.stud(0, -98, 5, darken(sketch.main, 0.3))


def drop_earrings(sketch: Sketch) -> None:
    """Draw a pair of drop earrings: a hook, a bead and a faceted stone."""
    for side in (-1, 1):
        with sketch.placed(side * 130, 0):
            sketch.strap("M0 236 C-4 176 -44 170 -44 214 C-44 240 -36 260 -30 276", sketch.trim, 6)
            sketch.stud(0, 250, 17, sketch.trim)
            sketch.strap("M0 266 L0 306", sketch.trim, 5)
            _stone(sketch)


def _stone(sketch: Sketch) -> None:
    drop = "M0 300 C24 352 84 410 84 478 C84 532 46 566 0 566 C-46 566 -84 532 -84 478 "
    drop += "C-84 410 -24 352 0 300 Z"
    sketch.panel(drop, sketch.trim, texture="satin", depth=0.8)
    with sketch.placed(0, 64, scale=0.86):
        sketch.panel(drop, sketch.main, texture="satin", depth=1.2)
        facets = "M0 300 L0 400 M0 400 L-48 460 L-80 470 M0 400 L48 460 L80 470 M-48 460 L0 520 "
        facets += "L48 460 M0 520 L0 566 M-48 460 L-40 552 M48 460 L40 552"
        sketch.path(facets, lighten(sketch.main, 0.55), 2, opacity=0.6)
        sketch.flat("M-36 456 L0 408 L-8 470 L-30 482 Z", "#ffffff", 0.35)


def pearl_drops(sketch: Sketch) -> None:
    """Draw a pair of pearl drop earrings."""
    for side in (-1, 1):
        with sketch.placed(side * 130, 0):
            sketch.stud(0, 270, 26, sketch.trim)
            sketch.strap("M0 292 L0 372", sketch.trim, 6)
            sketch.strap(circle(0, 384, 13), sketch.trim, 6)
            _pearl(sketch, 0, 470, 80)


def _pearl(sketch: Sketch, x: float, y: float, radius: float) -> None:
    ball = circle(x, y, radius)
    sketch.panel(ball, sketch.main, texture="", depth=1.0 if radius > 40 else 0.4)
    sketch.glow(
        circle(x + radius * 0.26, y + radius * 0.34, radius * 0.62),
        darken(sketch.main, 0.4),
        radius * 0.22,
        0.28,
        clip=ball,
    )
    sketch.glow(
        circle(x - radius * 0.32, y - radius * 0.36, radius * 0.28),
        "#ffffff",
        radius * 0.12,
        0.95,
        clip=ball,
    )


def pendant(sketch: Sketch) -> None:
    """Draw a fine chain with a pendant disc."""
    points = _drop_points(61, 250)
    line = "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    sketch.path(line, darken(sketch.main, 0.5), 7)
    sketch.path(line, sketch.main, 5)
    sketch.path(line, lighten(sketch.main, 0.6), 3, dash="4 5", cap="butt")
    sketch.stud(0, 80, 9, sketch.main)
    sketch.strap(circle(0, 594, 14), sketch.main, 6)
    sketch.panel(circle(0, 660, 58), sketch.main, texture="satin", depth=1.0)
    sketch.path(circle(0, 660, 48), darken(sketch.main, 0.35), 2)
    for turn in range(0, 360, 30):
        with sketch.placed(0, 660, turn=turn):
            sketch.path("M0 -18 L0 -40", darken(sketch.main, 0.4), 3)
    sketch.stud(0, 660, 11, sketch.second)


def link_chain(sketch: Sketch) -> None:
    """Draw a chunky link chain necklace."""
    points = _drop_points(30, 250)
    for number, (x, y) in enumerate(points):
        before = points[max(number - 1, 0)]
        after = points[min(number + 1, len(points) - 1)]
        turn = math.degrees(math.atan2(after[1] - before[1], after[0] - before[0]))
        with sketch.placed(round(x, 1), round(y, 1), turn=round(turn, 1)):
            link = circle(0, 0, 27, 15 if number % 2 else 9)
            sketch.path(link, darken(sketch.main, 0.5), 11)
            sketch.path(link, sketch.main, 8)
            sketch.path(
                "M-20 -11 C-8 -17 8 -17 20 -11" if number % 2 else "M-20 -7 L20 -9",
                lighten(sketch.main, 0.6),
                3,
            )
    sketch.strap(circle(0, 76, 17), sketch.main, 7)


def pearls(sketch: Sketch) -> None:
    """Draw a string of pearls."""
    for x, y in _drop_points(37, 250):
        _pearl(sketch, round(x, 1), round(y, 1), 20)
    sketch.panel(
        circle(0, 80, 22, 15),
        sketch.trim,
        texture="satin",
        depth=0.4,
        folds=(Fold("M-10 75 L10 75", 5, 0.5),),
    )
