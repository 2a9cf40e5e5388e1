"""Sunglasses, from the front, temples folded out behind."""

from config.demo.drawing.palette import darken, lighten
from config.demo.drawing.paths import both, circle, flip
from config.demo.drawing.sketch import Fold, Sketch


def _temples(sketch: Sketch, colour: str, x: float, y: float, width: float) -> None:
    for path in both(
        f"M{x} {y} C{x + 26} {y - 40} {x + 6} {y - 110} {x - 46} {y - 150} "
        f"C{x - 70} {y - 166} {x - 84} {y - 150} {x - 80} {y - 132}"
    ):
        sketch.strap(path, darken(colour, 0.25), width)


def _lens(sketch: Sketch, path: str, glass: str) -> None:
    """Tint a lens from dark at the brow to clear at the cheek, with one reflection."""
    sketch.panel(path, glass, texture="", depth=0.5)
    sketch.glow("M-300 300 L300 300 L300 372 L-300 372 Z", darken(glass, 0.55), 22, 0.7, clip=path)
    for dx in (-150, 136):
        sketch.glow(
            f"M{dx - 40} 300 L{dx} 300 L{dx - 60} 520 L{dx - 100} 520 Z",
            "#ffffff",
            4,
            0.22,
            clip=path,
        )
        sketch.glow(
            f"M{dx + 14} 300 L{dx + 26} 300 L{dx - 34} 520 L{dx - 46} 520 Z",
            "#ffffff",
            3,
            0.2,
            clip=path,
        )


def square_shades(sketch: Sketch) -> None:
    """Draw square acetate sunglasses."""
    _temples(sketch, sketch.main, 288, 344, 17)
    rim = (
        "M-14 352 C-20 334 20 334 14 352 C40 320 120 310 200 312 C250 314 292 322 300 334 "
        "C306 346 298 364 286 372 C284 430 262 498 190 504 C110 510 56 480 40 420 "
        "C34 392 24 372 0 372 C-24 372 -34 392 -40 420 C-56 480 -110 510 -190 504 "
        "C-262 498 -284 430 -286 372 C-298 364 -306 346 -300 334 C-292 322 -250 314 -200 312 "
        "C-120 310 -40 320 -14 352 Z"
    )
    sketch.panel(
        rim,
        depth=0.8,
        folds=(
            Fold("M-280 338 C-200 322 -120 322 -40 346", 8, 0.4),
            Fold("M60 338 C120 322 200 322 280 338", 8, 0.4),
        ),
    )
    glass = (
        "M62 360 C90 344 150 338 206 340 C240 342 258 350 258 372 C256 424 238 472 186 478 "
        "C124 484 82 460 68 412 C62 392 58 370 62 360 Z"
    )
    for path in both(glass):
        _lens(sketch, path, sketch.second)
    for side in (-1, 1):
        sketch.stud(side * 276, 342, 5, "#cfcac0")


def round_shades(sketch: Sketch) -> None:
    """Draw round wire sunglasses."""
    _temples(sketch, sketch.main, 262, 380, 8)
    for side in (-1, 1):
        lens = circle(side * 150, 410, 112)
        _lens(sketch, lens, sketch.second)
        sketch.strap(lens, sketch.main, 9)
        sketch.strap(f"M{side * 258} 384 L{side * 272} 380", sketch.main, 12)
        sketch.strap(
            f"M{side * 44} 424 C{side * 32} 436 {side * 30} 448 {side * 36} 458",
            lighten(sketch.main, 0.3),
            4,
        )
    sketch.strap("M-44 384 C-30 362 30 362 44 384", sketch.main, 9)


def aviators(sketch: Sketch) -> None:
    """Draw metal aviator sunglasses with a double bridge."""
    _temples(sketch, sketch.main, 282, 360, 8)
    lens = (
        "M34 352 C70 328 200 322 262 338 C286 348 284 400 262 448 C240 500 180 526 130 514 "
        "C70 500 30 420 34 352 Z"
    )
    for path in (lens, flip(lens)):
        _lens(sketch, path, sketch.second)
        sketch.strap(path, sketch.main, 8)
    sketch.strap("M-38 346 C-16 338 16 338 38 346", sketch.main, 8)
    sketch.strap("M-36 390 C-20 374 20 374 36 390", sketch.main, 7)
    for side in (-1, 1):
        sketch.strap(f"M{side * 268} 350 L{side * 286} 356", sketch.main, 11)


def cat_eyes(sketch: Sketch) -> None:
    """Draw cat-eye sunglasses."""
    _temples(sketch, sketch.main, 290, 330, 14)
    rim = (
        "M18 378 C40 346 130 336 210 318 C250 306 290 284 312 280 C316 310 304 340 288 362 "
        "C280 430 240 494 168 496 C100 496 54 450 40 404 C34 388 20 380 0 380 C-20 380 -34 388 "
        "-40 404 C-54 450 -100 496 -168 496 C-240 494 -280 430 -288 362 C-304 340 -316 310 -312 "
        "280 C-290 284 -250 306 -210 318 C-130 336 -40 346 -18 378 C-10 366 10 366 18 378 Z"
    )
    sketch.panel(
        rim,
        depth=0.8,
        folds=(
            Fold("M60 360 C130 346 230 330 296 300", 8, 0.4),
            Fold("M-60 360 C-130 346 -230 330 -296 300", 8, 0.4),
        ),
    )
    glass = "M66 386 C100 364 190 360 258 346 C262 400 232 466 168 470 C112 470 74 430 66 386 Z"
    for path in both(glass):
        _lens(sketch, path, sketch.second)
