"""Skirts."""

from config.demo.drawing.palette import darken
from config.demo.drawing.paths import both, flip, symmetric
from config.demo.drawing.sketch import Fold, Sketch


def _waist(sketch: Sketch, half: float, top: float, depth: float = 30) -> None:
    sketch.panel(
        symmetric(
            f"M0 {top - 7} C{half * 0.5} {top - 7} {half * 0.85} {top - 4} {half} {top} "
            f"L{half} {top + 12} L0 {top + 16}"
        ),
        darken(sketch.main, 0.35),
        texture="",
        depth=0.4,
    )
    sketch.panel(
        symmetric(
            f"M0 {top + 8} C{half * 0.5} {top + 8} {half * 0.8} {top + 4} {half} {top} "
            f"L{half + 3} {top + depth} C{half * 0.8} {top + depth + 5} {half * 0.5} "
            f"{top + depth + 8} 0 {top + depth + 8}"
        ),
        depth=0.45,
    )


def slip_skirt(sketch: Sketch) -> None:
    """Draw a bias-cut slip skirt that shines."""
    half = "M0 118 L98 112 C116 180 142 240 148 320 C156 440 168 560 176 676 C120 690 50 692 0 692"
    folds = (
        Fold("M40 150 C70 300 30 460 70 690", 26, -0.2),
        Fold("M10 200 C34 340 -6 500 24 690", 18, 0.4),
        Fold("M-40 150 C-80 320 -40 480 -80 690", 24, -0.17),
        Fold("M-96 220 C-120 380 -100 540 -124 680", 18, 0.34),
        Fold("M104 240 C128 380 104 540 126 680", 16, 0.26),
        Fold("M-10 160 C-40 300 -20 460 -44 690", 12, 0.22),
    )
    sketch.panel(symmetric(half), folds=folds)
    _waist(sketch, 98, 96, 18)
    sketch.seam("M60 680 L60 520")


def pleated_skirt(sketch: Sketch) -> None:
    """Draw a knife-pleated midi skirt."""
    top, bottom, count = 122, 660, 16
    points = [
        (218 - 436 * n / count, bottom - 14 + 20 * (1 - (1 - 2 * n / count) ** 2))
        for n in range(count + 1)
    ]
    zigzag = "".join(f"L{x:.0f} {y + (9 if n % 2 else 0):.0f} " for n, (x, y) in enumerate(points))
    outline = (
        f"M-96 {top} L96 {top} C128 {top + 180} 200 {bottom - 160} 218 {bottom - 14} {zigzag}"
        f"C-200 {bottom - 160} -128 {top + 180} -96 {top} Z"
    )
    folds = tuple(_pleat(n, count, top, bottom) for n in range(1, count))
    lights = tuple(Fold(_pleat_line(n + 0.42, count, top, bottom), 9, 0.26) for n in range(count))
    sketch.panel(outline, folds=(*folds, *lights))
    for n in range(1, count):
        sketch.path(_pleat_line(n, count, top, bottom), sketch.line, 1.7, opacity=0.6)
    _waist(sketch, 97, 96, 26)


def _pleat_line(n: float, count: int, top: float, bottom: float) -> str:
    high, low = 96 - 192 * n / count, 218 - 436 * n / count
    end = bottom - 14 + 20 * (1 - (1 - 2 * n / count) ** 2)
    return (
        f"M{high:.0f} {top + 6} C{high * 1.32:.0f} {top + 180} {low * 0.92:.0f} {bottom - 160} "
        f"{low:.0f} {end:.0f}"
    )


def _pleat(n: int, count: int, top: float, bottom: float) -> Fold:
    return Fold(_pleat_line(n + 0.16, count, top, bottom), 9, -0.3)


def mini_skirt(sketch: Sketch) -> None:
    """Draw an A-line mini skirt with a buttoned front."""
    half = "M0 122 L108 114 C136 200 168 330 182 452 C120 472 50 476 0 476"
    folds = (
        Fold("M80 200 C94 300 104 380 110 466", 20, -0.15),
        Fold("M50 180 C58 290 64 380 68 470", 14, 0.16),
        Fold("M-80 200 C-94 300 -104 380 -110 466", 20, -0.12),
    )
    sketch.panel(symmetric(half), folds=folds)
    _waist(sketch, 109, 94, 30)
    for x in (-13, 13):
        sketch.stitch(f"M{x} 132 L{x} 474", width=1.3)
    for number in range(6):
        sketch.button(0, 118 + number * 62, 7)
    for path in both("M179 434 C120 454 50 458 0 458"):
        sketch.stitch(path, width=1.3)
    for path in both("M44 200 L104 190 L112 222 L78 236 L46 226 Z"):
        sketch.panel(path, depth=0.4)


def a_line_skirt(sketch: Sketch) -> None:
    """Draw a full A-line midi skirt in soft folds."""
    wave = "C210 676 176 660 150 672 C124 686 96 672 74 678 C50 686 24 678 0 682"
    half = f"M0 120 L94 114 C116 240 196 480 236 650 {wave}"
    right = (
        Fold("M52 150 C70 320 130 520 150 676", 20, -0.22),
        Fold("M34 150 C48 320 92 520 110 676", 16, 0.2),
        Fold("M20 150 C26 320 58 520 70 680", 16, -0.2),
        Fold("M78 150 C110 320 180 520 206 664", 14, 0.18),
    )
    left = tuple(Fold(flip(fold.path), fold.width, fold.tone) for fold in right)
    sketch.panel(symmetric(half), folds=(*right, *left, Fold("M0 150 L6 680", 14, 0.14)))
    _waist(sketch, 95, 92, 24)
