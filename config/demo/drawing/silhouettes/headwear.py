"""Hats and caps."""

from config.demo.drawing.palette import darken, lighten, line_on
from config.demo.drawing.paths import both, circle, symmetric
from config.demo.drawing.sketch import Fold, Sketch


def straw_hat(sketch: Sketch) -> None:
    """Draw a wide-brimmed straw hat with a ribbon."""
    sketch.panel(
        circle(0, 452, 306, 112),
        depth=1.0,
        folds=(
            Fold("M-270 470 C-140 560 140 560 270 470", 26, -0.2),
            Fold("M-250 420 C-180 370 -120 352 -60 346", 20, 0.3),
        ),
    )
    for rx, ry in ((270, 97), (236, 83), (204, 70)):
        sketch.path(circle(0, 450, rx, ry), sketch.line, 1.5, opacity=0.35)
    sketch.glow(
        circle(8, 452, 178, 54), darken(sketch.main, 0.8), 12, 0.4, clip=circle(0, 452, 306, 112)
    )
    crown = "M0 202 C70 202 118 218 128 262 C140 330 150 390 156 436 C110 478 50 488 0 488"
    sketch.panel(
        symmetric(crown),
        depth=1.1,
        folds=(
            Fold("M-96 230 C-116 300 -122 380 -126 450", 24, 0.26),
            Fold("M110 240 C120 300 126 380 130 450", 28, -0.2),
        ),
    )
    _band(sketch, 156, 436, 52)


def _band(sketch: Sketch, half: float, y: float, rise: float) -> None:
    inner = half - rise * 0.14
    ribbon = (
        f"M{-half} {y} C{-half * 0.7} {y + 44} {-half * 0.3} {y + 53} 0 {y + 53} "
        f"C{half * 0.3} {y + 53} {half * 0.7} {y + 44} {half} {y} L{inner} {y - rise} "
        f"C{inner * 0.7} {y - rise + 42} {inner * 0.3} {y - rise + 51} 0 {y - rise + 51} "
        f"C{-inner * 0.3} {y - rise + 51} {-inner * 0.7} {y - rise + 42} {-inner} {y - rise} Z"
    )
    sketch.panel(ribbon, sketch.second, texture="satin", depth=0.6)


def fedora(sketch: Sketch) -> None:
    """Draw a felt fedora with a pinched crown."""
    brim = (
        "M-300 466 C-270 420 -190 410 -150 420 L150 420 C190 410 270 420 300 466 "
        "C250 520 120 546 0 546 C-120 546 -250 520 -300 466 Z"
    )
    sketch.panel(
        brim,
        depth=1.0,
        folds=(
            Fold("M-270 480 C-140 540 140 540 270 480", 20, -0.22),
            Fold("M-270 452 C-230 432 -200 430 -170 432", 14, 0.3),
        ),
    )
    sketch.glow(circle(6, 470, 170, 40), darken(sketch.main, 0.8), 12, 0.5, clip=brim)
    crown = (
        "M-158 462 C-154 390 -150 310 -128 250 C-110 206 -60 196 -30 214 C-10 226 10 226 30 214 "
        "C60 196 110 206 128 250 C150 310 154 390 158 462 C110 494 50 502 0 502 "
        "C-50 502 -110 494 -158 462 Z"
    )
    folds = (
        Fold("M-20 218 C-10 260 10 260 24 218", 18, -0.3),
        Fold("M-84 240 C-70 290 -66 330 -76 380", 22, -0.24),
        Fold("M84 240 C70 290 66 330 76 380", 22, -0.24),
        Fold("M-118 270 C-134 340 -134 400 -134 450", 18, 0.24),
    )
    sketch.panel(crown, depth=1.1, folds=folds)
    _band(sketch, 158, 462, 54)
    edge = "M-300 466 C-250 520 -120 546 0 546 C120 546 250 520 300 466"
    sketch.path(edge, line_on(sketch.main, 0.35), 4)


def beanie(sketch: Sketch) -> None:
    """Draw a ribbed beanie with a turned-up cuff."""
    dome = "M0 168 C120 168 206 250 214 420 L216 500 L0 510"
    folds = (
        Fold("M0 172 L0 480", 12, -0.16),
        Fold("M-20 176 C-80 240 -104 340 -106 480", 12, -0.18),
        Fold("M20 176 C80 240 104 340 106 480", 12, -0.18),
        Fold("M-60 200 C-150 280 -164 380 -166 480", 18, 0.2),
    )
    sketch.panel(symmetric(dome), folds=folds)
    for x in (-164, -110, -55, 0, 55, 110, 164):
        sketch.path(
            f"M{x * 0.1} 172 C{x * 0.7} 236 {x} 330 {x * 1.06} 470", sketch.line, 1.8, opacity=0.5
        )
    cuff = "M0 446 C90 446 170 440 224 428 Q238 480 232 566 C170 590 80 596 0 596"
    sketch.panel(symmetric(cuff), texture="rib", depth=1.1)
    sketch.panel("M-34 506 L34 506 L34 546 L-34 546 Z", sketch.trim, texture="", depth=0.3)
    sketch.path("M-20 526 L20 526", darken(sketch.trim, 0.5), 3)


def cap(sketch: Sketch) -> None:
    """Draw a six-panel baseball cap."""
    dome = "M-150 470 C-170 330 -110 226 30 222 C170 224 232 330 232 470 C160 494 40 500 -150 470 Z"
    sketch.panel(
        dome,
        depth=1.2,
        folds=(
            Fold("M-100 320 C-70 260 -10 240 40 240", 24, 0.24),
            Fold("M210 360 C216 400 216 440 214 470", 30, -0.22),
        ),
    )
    for path in (
        "M30 222 C-24 280 -50 380 -54 484",
        "M30 222 C90 280 116 380 116 490",
        "M30 222 C150 250 196 340 206 476",
    ):
        sketch.seam(path, width=2)
        with sketch.placed(5, 0):
            sketch.stitch(path, width=1.3)
    sketch.stud(30, 222, 12, sketch.main)
    for x, y in ((-74, 330), (76, 318), (168, 350)):
        sketch.path(circle(x, y, 5.4), sketch.line, 3)
    visor = (
        "M-156 462 C-90 484 -10 494 60 494 C40 520 -40 548 -130 556 C-220 564 -300 548 -310 532 "
        "C-300 500 -220 470 -156 462 Z"
    )
    sketch.panel(
        visor,
        sketch.second,
        depth=0.9,
        texture="",
        folds=(Fold("M-280 530 C-200 500 -120 490 -40 500", 16, 0.26),),
    )
    for inset in (0, 12, 24):
        sketch.stitch(
            f"M{-292 + inset} {530 - inset * 0.7} C-200 {548 - inset} -60 {536 - inset} "
            f"{36 - inset} {500 - inset * 0.2}",
            line_on(sketch.second, 0.35),
            1.3,
        )
    sketch.path(
        "M-154 468 C-90 490 -10 499 62 497 C120 496 190 488 230 472", darken(sketch.main, 0.35), 3
    )


def bucket_hat(sketch: Sketch) -> None:
    """Draw a cotton bucket hat."""
    brim = "M0 420 L160 408 C196 440 232 490 250 536 C200 584 100 602 0 602"
    sketch.panel(
        symmetric(brim),
        depth=1.1,
        folds=(
            Fold("M-110 450 C-140 490 -150 530 -160 590", 16, -0.18),
            Fold("M120 450 C150 490 164 530 170 586", 16, -0.2),
            Fold("M-60 450 C-70 500 -80 560 -84 616", 16, 0.2),
        ),
    )
    for inset in (14, 34, 54, 74):
        half, y = 246 - inset * 0.94, 536 - inset
        sketch.stitch(
            f"M{-half} {y} C{-half * 0.7} {y + 44} {-half * 0.3} {y + 54} 0 {y + 54} "
            f"C{half * 0.3} {y + 54} {half * 0.7} {y + 44} {half} {y}",
            width=1.4,
        )
    crown = "M0 236 C90 236 130 242 140 260 L164 416 C110 446 50 454 0 454"
    sketch.panel(
        symmetric(crown),
        depth=1.0,
        folds=(Fold("M-108 270 L-124 420", 20, 0.22), Fold("M110 270 L128 420", 22, -0.2)),
    )
    top = "M-140 260 C-100 282 100 282 140 260"
    sketch.seam(top)
    sketch.stitch("M-142 272 C-100 292 100 292 142 272", width=1.3)
    for path in both("M56 278 C58 320 62 380 66 446"):
        sketch.seam(path, width=1.6)
    for x in (-104, -84):
        sketch.stud(x, 350, 5, lighten("#8b8d90", 0.2))
