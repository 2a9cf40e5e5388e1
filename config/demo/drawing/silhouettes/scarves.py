"""Scarves."""

from config.demo.drawing.palette import darken, lighten
from config.demo.drawing.paths import flip
from config.demo.drawing.sketch import Fold, Sketch


def wool_scarf(sketch: Sketch) -> None:
    """Draw a fringed wool scarf, looped once."""
    ring = (
        "M-150 238 C-160 150 -90 104 0 104 C90 104 160 150 150 238 C140 300 84 336 0 336 "
        "C-84 336 -140 300 -150 238 Z"
    )
    _tail(
        sketch,
        "M-20 290 C-60 400 -110 520 -120 640 L4 660 C14 540 40 420 70 306 Z",
        (-120, 640),
        (4, 660),
        8,
    )
    _tail(
        sketch,
        "M-40 300 C0 420 40 540 58 690 L182 664 C160 530 120 400 62 280 Z",
        (58, 690),
        (182, 664),
        -12,
    )
    folds = (
        Fold("M-130 230 C-110 300 110 300 134 226", 16, -0.3),
        Fold("M-128 196 C-100 262 100 262 128 196", 13, 0.26),
        Fold("M-140 262 C-90 322 90 322 140 262", 12, 0.2),
        Fold("M-100 140 C-60 180 60 180 100 140", 14, -0.26),
    )
    sketch.panel(ring, folds=folds, angle=6)
    hollow = (
        "M-84 176 C-80 140 -46 128 0 128 C46 128 80 140 84 176 C70 214 40 226 0 226 "
        "C-40 226 -70 214 -84 176 Z"
    )
    sketch.panel(hollow, darken(sketch.main, 0.55), texture="", depth=1.0)
    for line in ("M-146 214 C-110 282 110 290 148 216", "M-132 288 C-60 330 70 330 132 290"):
        sketch.seam(line, width=1.8)


def _tail(
    sketch: Sketch, path: str, left: tuple[float, float], right: tuple[float, float], angle: float
) -> None:
    (lx, ly), (rx, ry) = left, right
    for number in range(17):
        at = number / 16
        x, y = lx + (rx - lx) * at, ly + (ry - ly) * at
        lean = -angle * 0.35 + (number % 3 - 1) * 2
        sketch.strap(
            f"M{x:.1f} {y - 2:.1f} L{x + lean:.1f} {y + 40 + number % 4 * 3:.1f}",
            darken(sketch.main, 0.1) if number % 2 else sketch.main,
            4,
        )
    mid_x, mid_y = (lx + rx) / 2, (ly + ry) / 2
    folds = (
        Fold(f"M10 300 C{mid_x - 40} 420 {mid_x - 30} 540 {mid_x - 26} {mid_y}", 14, -0.22),
        Fold(f"M30 300 C{mid_x} 420 {mid_x + 4} 540 {mid_x + 6} {mid_y}", 13, 0.22),
        Fold("M-30 320 C10 350 40 350 70 320", 24, -0.34),
    )
    sketch.panel(path, folds=folds, angle=angle)


def silk_scarf(sketch: Sketch) -> None:
    """Draw a silk square with a contrasting border, one corner turned over."""
    with sketch.placed(0, 0, turn=7):
        sketch.panel(
            "M-120 212 L120 212 L296 388 L0 684 L-296 388 Z",
            sketch.trim,
            texture="satin",
            depth=0.8,
        )
        folds = (
            Fold("M-150 250 C-40 330 -60 440 120 560", 34, -0.14),
            Fold("M-90 230 C40 310 20 420 190 470", 30, 0.3),
            Fold("M-210 330 C-120 400 -140 480 -20 620", 30, 0.22),
            Fold("M20 220 C90 260 120 330 230 400", 26, -0.12),
        )
        sketch.panel("M-76 212 L76 212 L252 388 L0 640 L-252 388 Z", folds=folds, depth=0.5)
        sketch.path("M-60 212 L-236 388 L0 624 L236 388 L60 212", sketch.second, 3)
        with sketch.placed(4, 10):
            sketch.glow("M-120 212 L120 212 L0 332 Z", "#241a2c", 8, 0.45)
        sketch.panel(
            "M-120 212 L120 212 L0 332 Z", lighten(sketch.trim, 0.22), texture="satin", depth=0.6
        )
        sketch.panel(
            "M-76 212 L76 212 L0 288 Z",
            lighten(sketch.main, 0.35),
            texture="satin",
            depth=0.6,
            folds=(Fold("M-60 220 L60 220", 10, 0.4),),
        )


def neckerchief(sketch: Sketch) -> None:
    """Draw a knotted cotton bandana."""
    wings = "M-20 330 C-110 300 -220 300 -286 344 C-240 392 -120 416 -18 384 Z"
    folds = (
        Fold("M-24 352 C-110 330 -190 336 -260 350", 14, -0.28),
        Fold("M-24 340 C-110 312 -180 314 -240 326", 10, 0.26),
    )
    sketch.panel(
        "M-150 236 C-130 300 -60 326 0 328 C60 326 130 300 150 236 C120 176 -120 176 -150 236 Z",
        darken(sketch.main, 0.5),
        texture="",
        depth=0.4,
    )
    band = (
        "M-206 226 C-226 300 -110 380 0 384 C110 380 226 300 206 226 C190 190 170 200 156 226 "
        "C130 290 60 312 0 314 C-60 312 -130 290 -156 226 C-170 200 -190 190 -206 226 Z"
    )
    sketch.panel(
        "M-180 214 C-120 140 120 140 180 214 L160 240 C110 180 -110 180 -160 240 Z", angle=10
    )
    sketch.panel(
        band,
        folds=(
            Fold("M-190 250 C-160 330 -60 352 0 354", 14, -0.26),
            Fold("M190 250 C160 330 60 352 0 354", 14, -0.26),
            Fold("M-180 236 C-140 310 -60 330 0 332", 9, 0.24),
        ),
    )
    for path, angle in ((wings, 20), (flip(wings), -20)):
        tilt = (
            tuple(folds)
            if angle > 0
            else tuple(Fold(flip(fold.path), fold.width, fold.tone) for fold in folds)
        )
        with sketch.placed(0, 20):
            sketch.panel(path, angle=angle, folds=tilt)
    sketch.panel(
        "M-44 344 C-20 326 20 326 44 344 C54 372 48 404 36 420 C10 430 -12 430 -36 420 "
        "C-48 404 -54 372 -44 344 Z",
        angle=40,
        folds=(Fold("M-20 340 C-28 370 -26 400 -16 420", 9, -0.26),),
    )
