"""Belts, lying in a ring with the buckle to the front."""

from config.demo.drawing.palette import darken, lighten
from config.demo.drawing.paths import box, circle
from config.demo.drawing.sketch import Fold, Sketch

BRASS = "#c9a557"
STEEL = "#b4b7bb"


def belt(sketch: Sketch) -> None:
    """Draw a leather belt with a square buckle."""
    _ring(sketch, 62)
    _loop(sketch, -92, 62)
    _square_buckle(sketch, 62, STEEL)


def waist_belt(sketch: Sketch) -> None:
    """Draw a narrow belt with a round buckle."""
    _ring(sketch, 44)
    _loop(sketch, -84, 44)
    y = 494.0
    for width, colour in ((17, darken(BRASS, 0.45)), (13, BRASS), (4, lighten(BRASS, 0.5))):
        sketch.path(circle(-26, y, 46, 44), colour, width)
    sketch.strap(f"M18 {y - 2} L-70 {y}", BRASS, 8)


def woven_belt(sketch: Sketch) -> None:
    """Draw a braided belt with a leather tab."""
    _ring(sketch, 58, woven=True)
    sketch.panel(_front(58, 4, 250), sketch.trim, texture="", depth=0.5)
    _loop(sketch, -92, 58, sketch.trim)
    _square_buckle(sketch, 58, BRASS)


def _front(depth: float, start: float = -300, end: float = 300) -> str:
    """Cut the front half of the ring between two x positions."""
    steps = 24
    xs = [start + (end - start) * n / steps for n in range(steps + 1)]
    top = [(x, 380 + 92 * max(0.0, 1 - (x / 300) ** 2) ** 0.5) for x in xs]
    upper = " L".join(f"{x:.1f} {y:.1f}" for x, y in top)
    lower = " L".join(f"{x:.1f} {y + depth:.1f}" for x, y in reversed(top))
    return f"M{upper} L{lower} Z"


def _ring(sketch: Sketch, depth: float, *, woven: bool = False) -> None:
    steps = 24
    xs = [-300 + 600 * n / steps for n in range(steps + 1)]
    top = [(x, 380 - 92 * max(0.0, 1 - (x / 300) ** 2) ** 0.5) for x in xs]
    upper = " L".join(f"{x:.1f} {y:.1f}" for x, y in top)
    lower = " L".join(f"{x:.1f} {y + depth:.1f}" for x, y in reversed(top))
    sketch.panel(f"M{upper} L{lower} Z", darken(sketch.main, 0.42), texture="grain", depth=0.8)
    shine = Fold(_arc(depth * 0.3), 12, 0.3)
    sketch.panel(_front(depth), depth=0.9, folds=(shine,))
    if woven:
        _braid(sketch, depth)
        return
    for inset in (7, depth - 7):
        sketch.stitch(_arc(inset, 292), lighten(sketch.main, 0.3), 1.6)
    for x in (96, 128, 160, 192, 222):
        y = 380 + 92 * (1 - (x / 300) ** 2) ** 0.5 + depth / 2
        sketch.flat(circle(x, y, 4.6, 4), darken(sketch.main, 0.75))


def _arc(inset: float, half: float = 300) -> str:
    points = [(-half + 2 * half * n / 24) for n in range(25)]
    return "M" + " L".join(
        f"{x:.1f} {380 + inset + 92 * max(0.0, 1 - (x / 300) ** 2) ** 0.5:.1f}" for x in points
    )


def _braid(sketch: Sketch, depth: float) -> None:
    with sketch.clipped(_front(depth)):
        for number in range(34):
            x = -312 + number * 19
            y = 380 + 92 * max(0.0, 1 - (min(abs(x), 299) / 300) ** 2) ** 0.5
            for lean in (-22, 22):
                line = f"M{x - lean} {y - 4} L{x + lean} {y + depth + 4}"
                sketch.path(line, darken(sketch.main, 0.5), 10, opacity=0.6)
                sketch.path(line, lighten(sketch.main, 0.08 if lean > 0 else 0.0), 6.5)


def _loop(sketch: Sketch, x: float, depth: float, fill: str | None = None) -> None:
    y = 380 + 92 * (1 - (x / 300) ** 2) ** 0.5
    tone = fill or darken(sketch.main, 0.12)
    sketch.panel(box(x - 30, y - 5, 22, depth + 10, 5), tone, texture="", depth=0.4)


def _square_buckle(sketch: Sketch, depth: float, metal: str) -> None:
    y = 472 + depth / 2
    frame = box(-72, y - depth * 0.72, 96, depth * 1.44, 14)
    for width, colour in ((17, darken(metal, 0.5)), (13, metal), (4, lighten(metal, 0.6))):
        sketch.path(frame, colour, width)
    sketch.strap(f"M24 {y - 2} L-74 {y + 2}", metal, 9)
