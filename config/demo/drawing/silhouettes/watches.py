"""Wrist watches, laid flat."""

import math

from config.demo.drawing.palette import darken, lighten, lightness
from config.demo.drawing.paths import box, circle, symmetric
from config.demo.drawing.sketch import Fold, Sketch


def strap_watch(sketch: Sketch) -> None:
    """Draw a round watch on a leather strap."""
    _leather_strap(sketch, 62)
    _case(sketch, 134)
    _dial(sketch, 112, sketch.second, subdial=False)


def chronograph(sketch: Sketch) -> None:
    """Draw a chronograph with subdials on a link bracelet."""
    _bracelet(sketch, 66)
    for angle in (-32, 32):
        with sketch.placed(0, 400, turn=angle):
            sketch.panel(box(132, -13, 30, 26, 5), sketch.main, texture="satin", depth=0.5)
    _case(sketch, 146)
    _dial(sketch, 122, sketch.second, subdial=True)


def square_watch(sketch: Sketch) -> None:
    """Draw a slim rectangular dress watch on a strap."""
    _leather_strap(sketch, 50)
    metal = sketch.trim
    sketch.panel(box(-92, 274, 184, 252, 26), metal, texture="satin", depth=1.0)
    sketch.panel(box(92, 388, 16, 26, 5), metal, texture="satin", depth=0.4)
    sketch.panel(box(-74, 292, 148, 216, 14), sketch.second, texture="", depth=0.5)
    ink = _ink_on(sketch.second)
    for number in range(12):
        angle = math.radians(number * 30)
        x, y = math.sin(angle), -math.cos(angle)
        reach = min(62 / max(abs(x), 0.01), 94 / max(abs(y), 0.01))
        sketch.path(
            f"M{x * reach:.1f} {400 + y * reach:.1f} "
            f"L{x * reach * 0.84:.1f} {400 + y * reach * 0.84:.1f}",
            ink,
            4,
            cap="butt",
        )
    _hands(sketch, 62, ink)


def _leather_strap(sketch: Sketch, half: float) -> None:
    upper = f"M0 64 L{half * 0.72} 64 Q{half * 0.8} 64 {half * 0.82} 76 L{half} 290 L0 296"
    lower = f"M0 500 L{half} 506 L{half * 0.8} 716 Q{half * 0.6} 744 0 750"
    light = Fold("M-20 80 L-26 290", 16, 0.2), Fold("M-20 510 L-16 730", 16, 0.2)
    sketch.panel(symmetric(upper), depth=0.9, folds=light)
    sketch.panel(symmetric(lower), depth=0.9, folds=light)
    for side in (-1, 1):
        sketch.stitch(
            f"M{side * half * 0.7} 80 L{side * half * 0.86} 290", lighten(sketch.main, 0.35), 1.6
        )
        sketch.stitch(
            f"M{side * half * 0.86} 510 L{side * half * 0.68} 712", lighten(sketch.main, 0.35), 1.6
        )
    for y in (600, 630, 660, 690):
        sketch.flat(circle(0, y, 4.6, 5.4), darken(sketch.main, 0.75))
    sketch.panel(
        box(-half * 0.88, 112, half * 1.76, 18, 5), darken(sketch.main, 0.15), texture="", depth=0.4
    )
    buckle = box(-half * 0.94, 40, half * 1.88, 46, 9)
    sketch.path(buckle, darken(sketch.trim, 0.5), 12)
    sketch.path(buckle, sketch.trim, 9)
    sketch.strap("M0 88 L0 38", sketch.trim, 7)


def _bracelet(sketch: Sketch, half: float) -> None:
    for number in range(10):
        for sign in (-1, 1):
            y = 400 + sign * (146 + number * 22) - (22 if sign < 0 else 0)
            wide = half * (1 - number * 0.018)
            sketch.panel(box(-wide, y, wide * 0.62, 21, 4), sketch.main, texture="satin", depth=0.4)
            sketch.panel(
                box(wide * 0.38, y, wide * 0.62, 21, 4), sketch.main, texture="satin", depth=0.4
            )
            sketch.panel(
                box(-wide * 0.36, y, wide * 0.72, 21, 4),
                lighten(sketch.main, 0.25),
                texture="satin",
                depth=0.4,
            )


def _case(sketch: Sketch, radius: float) -> None:
    metal = sketch.trim
    for side in (-1, 1):
        for sign in (-1, 1):
            lug = (
                f"M{side * 40} {400 + sign * (radius - 18)} L{side * 70} "
                f"{400 + sign * (radius + 22)} L{side * 84} {400 + sign * (radius + 16)} "
                f"L{side * 104} {400 + sign * (radius - 52)} Z"
            )
            sketch.panel(lug, metal, texture="satin", depth=0.5)
    sketch.panel(box(radius - 6, 386, 28, 30, 6), metal, texture="satin", depth=0.5)
    sketch.panel(circle(0, 400, radius), metal, texture="satin", depth=1.1)
    sketch.path(circle(0, 400, radius - 6), lighten(metal, 0.5), 3, opacity=0.7)


def _dial(sketch: Sketch, radius: float, face: str, *, subdial: bool) -> None:
    ink = _ink_on(face)
    sketch.panel(circle(0, 400, radius), face, texture="", depth=0.8)
    for number in range(60):
        angle = math.radians(number * 6)
        x, y = math.sin(angle), -math.cos(angle)
        long = number % 5 == 0
        start, end = radius * 0.93, radius * (0.78 if long else 0.89)
        sketch.path(
            f"M{x * start:.1f} {400 + y * start:.1f} L{x * end:.1f} {400 + y * end:.1f}",
            ink,
            5 if long else 1.6,
            cap="butt",
        )
    if subdial:
        for x, y in ((-46, 400), (46, 400), (0, 450)):
            sketch.path(circle(x, y, 25), ink, 2.4, opacity=0.8)
            sketch.path(f"M{x} {y} L{x + 9} {y - 15}", ink, 2.4)
    _hands(sketch, radius * 0.62, ink)
    sketch.glow(
        "M-90 330 C-50 290 20 284 60 300 C0 320 -60 370 -84 440 C-104 400 -104 360 -90 330 Z",
        "#ffffff",
        8,
        0.16,
        clip=circle(0, 400, radius),
    )


def _ink_on(face: str) -> str:
    """Choose what the markers are painted in."""
    return lighten(face, 0.85) if lightness(face) < 0.45 else darken(face, 0.8)


def _hands(sketch: Sketch, reach: float, ink: str) -> None:
    for length, turn, width in ((reach * 0.72, -56, 7.5), (reach, 60, 5.5)):
        angle = math.radians(turn)
        x, y = math.sin(angle) * length, -math.cos(angle) * length
        sketch.path(f"M{-x * 0.16:.1f} {400 - y * 0.16:.1f} L{x:.1f} {400 + y:.1f}", ink, width)
    sketch.stud(0, 400, 6, ink)
