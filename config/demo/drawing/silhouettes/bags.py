"""Bags."""

from config.demo.drawing.palette import darken, lighten
from config.demo.drawing.paths import both, box, circle, symmetric
from config.demo.drawing.sketch import Fold, Sketch

BRASS = "#c9a557"


def tote(sketch: Sketch) -> None:
    """Draw an open leather tote with two handles."""
    _handle(
        sketch, "M-96 330 C-100 170 -70 84 0 84 C70 84 100 170 96 330", darken(sketch.main, 0.3)
    )
    sketch.panel(
        symmetric("M0 288 L176 288 L186 330 L0 340"),
        darken(sketch.main, 0.5),
        texture="",
        depth=0.5,
    )
    body = "M0 318 C80 318 140 312 190 300 C204 420 216 540 220 648 Q220 672 196 674 L0 682"
    folds = (
        Fold("M-120 340 C-110 440 -150 560 -140 664", 26, 0.16),
        Fold("M96 340 C100 440 126 560 124 670", 28, -0.14),
        Fold("M-190 600 C-120 640 120 640 200 600", 20, -0.12),
    )
    sketch.panel(symmetric(body), folds=folds)
    for path in both("M0 336 C80 336 140 330 186 318"):
        sketch.stitch(path, lighten(sketch.main, 0.3))
    _handle(sketch, "M-96 400 C-104 220 -76 130 0 130 C76 130 104 220 96 400", sketch.main)
    for side in (-1, 1):
        sketch.panel(box(side * 96 - 20, 376, 40, 60, 8), depth=0.4)
        sketch.stud(side * 96, 420, 5, BRASS)
    sketch.panel(box(-34, 520, 68, 30, 4), darken(sketch.main, 0.12), texture="", depth=0.3)
    sketch.path("M-20 535 L20 535", lighten(sketch.main, 0.35), 3)


def _handle(sketch: Sketch, path: str, colour: str) -> None:
    sketch.strap(path, colour, 19)
    sketch.stitch(path, lighten(colour, 0.3), 1.4)


def canvas_tote(sketch: Sketch) -> None:
    """Draw a canvas shopper with leather handles."""
    _handle(
        sketch, "M-92 330 C-96 180 -60 110 0 110 C60 110 96 180 92 330", darken(sketch.trim, 0.3)
    )
    sketch.panel(
        symmetric("M0 292 L192 292 L196 330 L0 336"),
        darken(sketch.main, 0.4),
        texture="",
        depth=0.4,
    )
    body = "M0 308 L200 300 C206 430 208 560 204 676 C140 690 60 692 0 692"
    folds = (
        Fold("M-150 320 C-120 440 -170 560 -150 684", 24, -0.14),
        Fold("M120 320 C100 440 150 560 130 684", 24, -0.14),
        Fold("M-40 330 C-60 440 -20 560 -40 684", 20, 0.2),
    )
    sketch.panel(symmetric(body), folds=folds)
    sketch.panel(
        symmetric("M0 636 L207 628 L204 676 C140 690 60 692 0 692"),
        sketch.trim,
        texture="",
        depth=0.5,
    )
    for path in both("M0 324 L200 316"):
        sketch.stitch(path)
    front = "M-92 430 C-98 240 -64 160 0 160 C64 160 98 240 92 430"
    _handle(sketch, front, sketch.trim)
    for side in (-1, 1):
        for y in (352, 416):
            sketch.stud(side * 92, y, 4.5, BRASS)


def crossbody(sketch: Sketch) -> None:
    """Draw a small flap bag on a long strap."""
    sketch.strap(
        "M-176 420 C-250 150 -110 60 0 60 C110 60 250 150 176 420", darken(sketch.main, 0.1), 11
    )
    sketch.panel(
        box(-196, 384, 392, 286, 46),
        depth=1.0,
        folds=(Fold("M-160 640 C-60 660 60 660 160 640", 16, -0.2),),
    )
    flap = "M0 376 L160 376 Q198 376 200 412 C202 480 150 560 60 566 Q36 568 0 568"
    sketch.panel(symmetric(flap), folds=(Fold("M-150 400 C-60 390 60 390 140 400", 18, 0.3),))
    inner = "M190 416 C190 474 144 548 60 554 Q36 556 0 556"
    for path in both(inner):
        sketch.stitch(path, lighten(sketch.main, 0.3))
    sketch.panel(box(-24, 538, 48, 50, 10), BRASS, texture="", depth=0.6)
    sketch.path("M-10 563 L10 563", darken(BRASS, 0.5), 5)
    for side in (-1, 1):
        ring = circle(side * 178, 408, 17)
        sketch.path(ring, darken(BRASS, 0.4), 8)
        sketch.path(ring, BRASS, 5.5)


def baguette(sketch: Sketch) -> None:
    """Draw a crescent shoulder bag on a short strap."""
    sketch.strap("M-210 400 C-200 210 -90 150 0 150 C90 150 200 210 210 400", sketch.main, 24)
    sketch.stitch(
        "M-210 400 C-200 210 -90 150 0 150 C90 150 200 210 210 400", lighten(sketch.main, 0.3), 1.4
    )
    body = "M0 394 C90 394 170 388 226 368 C252 420 240 520 176 566 C130 596 60 604 0 604"
    folds = (
        Fold("M-190 420 C-160 500 -100 560 -40 580", 22, 0.24),
        Fold("M180 430 C170 500 120 560 60 586", 26, -0.2),
        Fold("M-60 410 C-40 440 40 440 60 410", 14, -0.18),
    )
    sketch.panel(symmetric(body), folds=folds)
    line = "M-222 384 C-120 412 120 412 222 384"
    sketch.path(line, darken(sketch.main, 0.6), 9)
    sketch.path(line, BRASS, 4.5, dash="2.6 2.4", cap="butt")
    sketch.strap("M196 390 L204 430", BRASS, 6)
    for side in (-1, 1):
        ring = circle(side * 212, 386, 20)
        sketch.path(ring, darken(BRASS, 0.4), 9)
        sketch.path(ring, BRASS, 6.5)


def clutch(sketch: Sketch) -> None:
    """Draw an envelope clutch on a fine chain."""
    for number in range(23):
        at = number / 22
        x = -226 + 452 * at
        y = 386 - 190 * (1 - (2 * at - 1) ** 2)
        sketch.path(circle(x, y, 12, 7), BRASS, 3.4)
    sketch.panel(box(-258, 366, 516, 292, 16), depth=1.0)
    flap = "M0 362 L252 362 Q262 362 258 378 L20 540 Q10 548 0 548"
    sketch.panel(
        symmetric(flap),
        folds=(
            Fold("M-220 380 C-80 376 80 376 200 380", 18, 0.3),
            Fold("M20 530 L220 396", 14, -0.16),
        ),
    )
    sketch.stud(0, 524, 19, BRASS)
    for path in both("M248 378 L16 532"):
        sketch.stitch(path, lighten(sketch.main, 0.3), 1.4)


def backpack(sketch: Sketch) -> None:
    """Draw a day pack with a front pocket."""
    sketch.strap("M-46 158 C-46 96 46 96 46 158", darken(sketch.main, 0.25), 18)
    for path in both("M150 240 C236 280 236 520 186 610 L160 600 C190 500 190 330 140 280 Z"):
        sketch.panel(path, darken(sketch.main, 0.3), depth=0.6)
    body = "M0 142 C110 142 176 184 184 300 C194 420 194 540 186 634 Q182 676 140 680 L0 684"
    folds = (
        Fold("M-110 180 C-140 300 -130 420 -140 640", 28, 0.16),
        Fold("M120 190 C150 300 140 420 146 640", 28, -0.16),
    )
    sketch.panel(symmetric(body), folds=folds)
    arch = "M-160 430 C-166 240 -110 186 0 186 C110 186 166 240 160 430"
    sketch.path(arch, darken(sketch.main, 0.55), 8)
    sketch.path(arch, "#cfcac0", 3.4, dash="2.4 2.2", cap="butt")
    sketch.strap("M-160 424 L-168 456", sketch.trim, 7)
    pocket = "M0 444 L128 444 Q150 444 150 470 L148 616 Q146 642 120 644 L0 648"
    sketch.panel(symmetric(pocket), depth=0.9)
    zip_path = "M-138 484 C-80 474 80 474 138 484"
    sketch.path(zip_path, darken(sketch.main, 0.55), 8)
    sketch.path(zip_path, "#cfcac0", 3.4, dash="2.4 2.2", cap="butt")
    sketch.strap("M130 484 L138 516", sketch.trim, 7)
    sketch.panel(box(-40, 336, 80, 46, 5), sketch.trim, texture="", depth=0.3)
    for y in (352, 366):
        sketch.path(f"M-22 {y} L22 {y}", darken(sketch.trim, 0.5), 2.6)
    for side in (-1, 1):
        sketch.panel(box(side * 176 - 18, 520, 36, 30, 4), sketch.trim, texture="", depth=0.3)


def roll_top(sketch: Sketch) -> None:
    """Draw a roll-top rucksack with leather straps."""
    for path in both("M160 330 C226 350 226 540 190 620 L164 610 C186 520 180 400 146 360 Z"):
        sketch.panel(path, darken(sketch.main, 0.3), depth=0.6)
    body = "M0 240 L162 236 C180 360 192 520 186 640 Q182 680 140 684 L0 688"
    folds = (
        Fold("M-100 260 C-130 380 -120 500 -130 670", 28, 0.16),
        Fold("M110 260 C140 380 130 500 140 670", 28, -0.18),
    )
    sketch.panel(symmetric(body), folds=folds)
    sketch.panel(
        symmetric("M0 150 L168 158 Q184 200 172 262 L0 270"),
        depth=0.9,
        folds=(
            Fold("M-160 186 C-60 176 60 176 160 186", 14, 0.26),
            Fold("M-168 244 C-60 258 60 258 168 244", 16, -0.26),
        ),
    )
    sketch.strap("M-44 152 C-40 108 40 108 44 152", sketch.trim, 16)
    sketch.panel(symmetric("M0 470 L124 470 L126 630 Q124 650 104 650 L0 652"), depth=0.8)
    sketch.panel(symmetric("M0 458 L132 458 L132 506 L0 530"), depth=0.5)
    for x in (-82, 54):
        sketch.panel(box(x, 150, 28, 300, 4), sketch.trim, texture="", depth=0.4)
        sketch.path(box(x - 5, 376, 38, 34, 4), BRASS, 5)
        for y in (424, 438):
            sketch.flat(circle(x + 14, y, 3), darken(sketch.trim, 0.7))


def basket(sketch: Sketch) -> None:
    """Draw a straw basket with leather handles."""
    _handle(
        sketch,
        "M-110 330 C-110 190 -70 130 0 130 C70 130 110 190 110 330",
        darken(sketch.trim, 0.3),
    )
    sketch.panel(
        symmetric("M0 286 C100 286 190 296 226 320 C190 346 100 352 0 352"),
        darken(sketch.main, 0.55),
        texture="straw",
        depth=0.7,
    )
    body = "M0 350 C100 350 190 344 228 318 C226 440 206 560 170 640 C120 668 60 672 0 672"
    sketch.panel(symmetric(body), depth=1.0)
    for y, half in ((400, 224), (610, 184)):
        sketch.path(
            f"M{-half} {y - 16} C{-half * 0.5} {y + 16} {half * 0.5} {y + 16} {half} {y - 16}",
            sketch.second,
            9,
            dash="14 8",
            cap="butt",
        )
    rim = "M-228 318 C-190 346 -100 354 0 354 C100 354 190 346 228 318"
    sketch.strap(rim, darken(sketch.main, 0.12), 14, texture="straw")
    _handle(sketch, "M-110 430 C-116 250 -76 186 0 186 C76 186 116 250 110 430", sketch.trim)
    for side in (-1, 1):
        sketch.panel(box(side * 110 - 15, 410, 30, 56, 6), sketch.trim, texture="", depth=0.4)


def messenger(sketch: Sketch) -> None:
    """Draw a briefcase-like messenger bag with two buckled straps."""
    sketch.strap(
        "M-210 380 C-270 170 -110 110 0 110 C110 110 270 170 210 380", darken(sketch.main, 0.2), 17
    )
    sketch.strap("M-70 352 C-66 286 66 286 70 352", sketch.main, 20)
    sketch.panel(box(-242, 352, 484, 308, 22), depth=1.0)
    sketch.panel(box(-196, 540, 392, 104, 10), depth=0.6)
    flap = "M0 340 L226 340 Q250 340 250 364 L246 500 Q244 532 214 534 L0 538"
    sketch.panel(symmetric(flap), folds=(Fold("M-200 360 C-80 352 80 352 190 360", 20, 0.28),))
    for path in both("M238 360 L234 498 Q232 520 212 522 L0 526"):
        sketch.stitch(path, lighten(sketch.main, 0.3), 1.6)
    for x in (-140, 104):
        sketch.panel(box(x, 430, 36, 150, 6), darken(sketch.main, 0.14), texture="", depth=0.5)
        sketch.path(box(x - 6, 500, 48, 38, 5), darken(BRASS, 0.4), 8)
        sketch.path(box(x - 6, 500, 48, 38, 5), BRASS, 5.5)
        sketch.path(f"M{x + 18} 502 L{x + 18} 536", BRASS, 4)


def weekender(sketch: Sketch) -> None:
    """Draw a weekend holdall."""
    _handle(
        sketch,
        "M-100 400 C-110 250 -66 190 0 190 C66 190 110 250 100 400",
        darken(sketch.trim, 0.3),
    )
    body = "M0 332 C120 332 206 340 240 372 C272 420 276 560 256 628 Q248 656 216 658 L0 664"
    folds = (
        Fold("M-190 380 C-220 460 -210 560 -200 640", 26, 0.18),
        Fold("M180 380 C210 460 200 560 190 640", 28, -0.18),
        Fold("M-40 350 C-60 450 -40 560 -50 650", 22, -0.1),
    )
    sketch.panel(symmetric(body), folds=folds)
    zip_path = "M-226 364 C-120 344 120 344 226 364"
    sketch.path(zip_path, darken(sketch.main, 0.6), 9)
    sketch.path(zip_path, BRASS, 4, dash="2.6 2.4", cap="butt")
    for path in both(
        "M248 380 C270 430 274 560 256 628 Q248 656 216 658 L196 659 C226 560 226 460 204 356 Z"
    ):
        sketch.panel(path, sketch.trim, texture="", depth=0.6)
    for side in (-1, 1):
        sketch.panel(box(side * 100 - 17, 392, 34, 272, 3), sketch.trim, texture="", depth=0.4)
        sketch.stud(side * 100, 420, 5, BRASS)
    _handle(sketch, "M-100 420 C-112 290 -70 236 0 236 C70 236 112 290 100 420", sketch.trim)
    sketch.strap("M-28 237 L28 237", darken(sketch.trim, 0.2), 30)
