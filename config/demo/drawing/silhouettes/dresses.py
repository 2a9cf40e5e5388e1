"""Dresses."""

from dataclasses import replace

from config.demo.drawing.palette import darken
from config.demo.drawing.paths import both, flip, symmetric
from config.demo.drawing.silhouettes.shirts import armholes, pocket
from config.demo.drawing.silhouettes.torso import (
    Torso,
    draw_cuffs,
    draw_sleeves,
    long_sleeve,
    shirt_collar,
    short_hem,
    short_sleeve,
)
from config.demo.drawing.sketch import Fold, Sketch

_BLOCK = Torso(
    neck=(58, 116), shoulder=(126, 142), armpit=(118, 240), waist=(92, 356), hem=(120, 470)
)


def _skirt_folds(top: float, bottom: float, flare: float) -> tuple[Fold, ...]:
    """Fall from the waist: alternating shade and light that widen towards the hem."""
    right = (
        Fold(
            f"M22 {top} C34 {top + 120} {flare * 0.24} {bottom - 140} {flare * 0.3} {bottom}",
            18,
            -0.2,
        ),
        Fold(
            f"M34 {top} C50 {top + 120} {flare * 0.36} {bottom - 140} {flare * 0.42} {bottom}",
            14,
            0.2,
        ),
        Fold(
            f"M54 {top} C76 {top + 120} {flare * 0.56} {bottom - 140} {flare * 0.64} {bottom}",
            18,
            -0.18,
        ),
        Fold(
            f"M66 {top} C92 {top + 120} {flare * 0.7} {bottom - 140} {flare * 0.8} {bottom - 8}",
            14,
            0.16,
        ),
    )
    left = tuple(Fold(flip(fold.path), fold.width, fold.tone * 0.85) for fold in right)
    return (*right, *left)


def slip_dress(sketch: Sketch) -> None:
    """Draw a bias-cut slip dress with fine straps and a cowl neckline."""
    sketch.panel(
        "M-72 214 C-30 232 30 232 72 214 L80 280 L-80 280 Z",
        darken(sketch.main, 0.35),
        texture="",
        depth=0.5,
    )
    for path in both("M66 190 C62 150 54 116 46 84 C44 110 52 160 66 214"):
        sketch.strap(path, sketch.main, 4)
    half = (
        "M0 236 C26 232 50 214 70 178 C74 206 88 232 102 250 C96 300 86 330 88 372 "
        "C96 450 130 560 150 760 C100 774 40 776 0 776"
    )
    folds = (
        Fold("M-56 206 C-34 256 34 256 56 206", 9, -0.22),
        Fold("M-64 214 C-40 280 40 280 64 214", 8, 0.34),
        Fold("M-74 232 C-44 306 44 306 74 232", 9, -0.16),
        Fold("M50 330 C70 460 30 600 66 770", 24, -0.2),
        Fold("M14 360 C34 480 0 620 20 774", 17, 0.36),
        Fold("M-36 340 C-66 470 -30 620 -64 770", 22, -0.17),
        Fold("M-70 370 C-96 500 -84 640 -104 764", 17, 0.3),
        Fold("M84 420 C108 540 94 660 112 766", 14, 0.24),
    )
    sketch.panel(symmetric(half), folds=folds)


def wrap_dress(sketch: Sketch) -> None:
    """Draw a wrap dress with a tie at the waist and fluttering short sleeves."""
    torso = _BLOCK
    for number, path in enumerate(both(short_sleeve(torso, length=140, wide=112))):
        sketch.panel(path, angle=30 if number else -30)
    for path in both(short_hem(torso, length=140, wide=112, rise=12)):
        sketch.stitch(path, width=1.2)
    sketch.panel(torso.inside(220), darken(sketch.main, 0.35), texture="", depth=0.5)
    wave = "C170 716 140 700 112 712 C84 722 56 706 30 714 C20 717 10 716 0 716"
    skirt = f"M0 350 L92 352 C112 430 178 560 206 694 {wave}"
    sketch.panel(symmetric(skirt), folds=_skirt_folds(372, 712, 206))
    under = (
        "M58 116 C50 180 -10 268 -92 322 L-92 362 L92 362 C90 320 112 280 118 240 "
        "C102 200 116 170 126 142 C100 132 74 128 58 116 Z"
    )
    crease = (
        Fold("M110 236 C70 270 20 300 -50 346", 10, -0.2),
        Fold("M98 300 C60 318 20 336 -20 354", 9, -0.18),
        Fold("M104 266 C66 292 20 318 -30 342", 9, 0.2),
    )
    mirrored = tuple(Fold(flip(fold.path), fold.width, fold.tone) for fold in crease)
    sketch.panel(flip(under), folds=mirrored, angle=20)
    sketch.panel(under, folds=crease, angle=-20)
    armholes(sketch, torso)
    edge = "M10 362 C-8 480 -40 600 -74 708"
    sketch.seam(edge, width=2.4)
    sketch.glow(
        "M10 362 C-8 480 -40 600 -74 708 L-92 704 C-54 590 -20 470 4 362 Z",
        darken(sketch.main, 0.7),
        5,
        0.3,
    )
    _tie(sketch, 350)


def _tie(sketch: Sketch, y: float) -> None:
    sketch.panel(symmetric(f"M0 {y - 2} L93 {y - 8} L94 {y + 16} L0 {y + 24}"), depth=0.5)
    for tail in (
        f"M62 {y + 10} C70 {y + 60} 60 {y + 110} 72 {y + 168} L92 {y + 164} "
        f"C80 {y + 110} 88 {y + 60} 78 {y + 8} Z",
        f"M66 {y + 8} C90 {y + 40} 100 {y + 90} 120 {y + 130} L136 {y + 118} "
        f"C114 {y + 80} 104 {y + 34} 80 {y + 2} Z",
    ):
        sketch.panel(tail, depth=0.5)
    sketch.panel(
        f"M52 {y - 6} Q70 {y - 14} 86 {y - 6} Q92 {y + 10} 84 {y + 24} "
        f"Q68 {y + 30} 54 {y + 22} Q46 {y + 8} 52 {y - 6} Z",
        depth=0.6,
    )


def shirt_dress(sketch: Sketch) -> None:
    """Draw a belted shirt dress."""
    torso = replace(_BLOCK, neck=(56, 116), waist=(98, 356))
    sleeve = long_sleeve(torso, reach=262, wrist=62, spread=104)
    draw_sleeves(sketch, sleeve)
    draw_cuffs(sketch, sleeve, 30)
    sketch.panel(torso.inside(170), darken(sketch.main, 0.3), texture="", depth=0.5)
    half = (
        "M0 186 C17 156 48 146 56 116 C84 130 106 134 126 142 C116 176 102 200 118 240 "
        "C114 280 98 320 98 356 C120 450 158 560 176 690 C120 706 50 708 0 708"
    )
    sketch.panel(symmetric(half), folds=_skirt_folds(380, 704, 176))
    armholes(sketch, torso)
    sketch.panel("M-12 176 L12 176 L12 708 L-12 708 Z", depth=0.3, edge=False)
    sketch.seam("M12 180 L12 708")
    for y in (220, 268, 316, 424, 484, 544, 604):
        sketch.button(0, y, 5.2)
    pocket(sketch, 34, 214)
    shirt_collar(sketch, torso.neck, 166, (52, 212))
    sketch.panel(symmetric("M0 350 L98 344 L99 372 L0 380"), depth=0.6)
    sketch.path("M-20 346 L20 346 L20 384 L-20 384 Z", "#b58a4a", 5)
    sketch.path("M0 350 L0 380", "#b58a4a", 3)


def sun_dress(sketch: Sketch) -> None:
    """Draw a tiered sun dress with wide straps."""
    sketch.panel(
        "M-84 190 L84 190 L88 260 L-88 260 Z", darken(sketch.main, 0.35), texture="", depth=0.5
    )
    for number, path in enumerate(both("M52 196 L56 96 L82 96 L90 200 Z")):
        sketch.panel(path, depth=0.5, angle=4 if number else -4)
    tiers = (
        (540, 712, 186, 214),
        (430, 556, 138, 178),
        (334, 446, 90, 132),
    )
    for top, bottom, narrow, wide in tiers:
        half = (
            f"M0 {top} L{narrow} {top} C{narrow + 14} {top + 20} {wide} {bottom - 60} {wide} "
            f"{bottom - 6} C{wide * 0.8} {bottom + 8} {wide * 0.6} {bottom - 4} {wide * 0.4} "
            f"{bottom + 4} C{wide * 0.25} {bottom + 9} {wide * 0.1} {bottom} 0 {bottom + 5}"
        )
        sketch.panel(symmetric(half), folds=_gathers(top, bottom, narrow, wide))
    bodice = (
        "M0 200 C30 186 60 184 92 196 C96 214 100 226 104 234 C98 270 90 300 91 340 "
        "C50 348 20 348 0 348"
    )
    sketch.panel(
        symmetric(bodice),
        folds=(
            Fold("M46 210 C40 260 44 300 50 340", 10, -0.2),
            Fold("M-46 210 C-40 260 -44 300 -50 340", 10, -0.2),
        ),
    )
    for y in (262, 280, 298, 316, 334):
        x = 98 - (y - 234) * 0.06
        sketch.stitch(f"M{-x + 3} {y} L{x - 3} {y}", width=1.2)


def _gathers(top: float, bottom: float, narrow: float, wide: float) -> tuple[Fold, ...]:
    count = 11
    return tuple(
        Fold(
            f"M{narrow * at:.0f} {top} C{narrow * at * 1.05:.0f} {top + 30} {wide * at:.0f} "
            f"{bottom - 50} {wide * at:.0f} {bottom}",
            8,
            -0.2 if number % 2 else 0.18,
        )
        for number in range(count)
        for at in (-0.9 + 1.8 * number / (count - 1),)
    )


def sheath(sketch: Sketch) -> None:
    """Draw a sleeveless sheath dress, knee length."""
    torso = replace(_BLOCK, neck=(74, 120), shoulder=(108, 130), armpit=(106, 228))
    sketch.panel(torso.inside(150), darken(sketch.main, 0.35), texture="", depth=0.5)
    half = (
        "M0 160 C44 160 70 146 74 120 C84 126 96 128 108 130 C94 168 92 204 106 228 "
        "C104 276 88 310 88 350 C90 400 126 430 128 490 C128 560 116 640 112 700 "
        "C70 708 30 708 0 708"
    )
    folds = (
        Fold("M60 240 C46 290 46 330 54 360 C62 400 64 420 62 450", 8, -0.2),
        Fold("M-60 240 C-46 290 -46 330 -54 360 C-62 400 -64 420 -62 450", 8, -0.2),
        Fold("M84 470 C86 560 80 640 78 700", 18, -0.14),
        Fold("M40 460 C44 560 40 640 38 706", 18, 0.14),
        Fold("M-70 470 C-74 560 -70 640 -70 700", 16, -0.12),
    )
    sketch.panel(symmetric(half), folds=folds)
    for path in both("M58 262 C48 300 48 330 54 356 C60 390 62 410 62 436"):
        sketch.seam(path, width=1.6)
    sketch.seam("M-88 352 C-40 360 40 360 88 352", width=1.8)
    neck = "M0 160 C44 160 70 146 74 120"
    for path in both(neck):
        sketch.seam(path, width=2.4)


def gown(sketch: Sketch) -> None:
    """Draw a one-shoulder evening gown with a side slit."""
    body = (
        "M-84 218 C-30 214 40 176 84 104 C98 108 112 116 120 122 C108 160 104 196 108 226 "
        "C104 270 86 300 86 340 C96 400 112 440 120 500 C140 600 158 690 176 786 "
        "C110 800 60 800 44 798 C40 700 60 620 66 560 C30 640 14 720 8 800 "
        "C-60 806 -120 800 -150 788 C-132 690 -122 600 -114 500 C-108 440 -92 400 -86 340 "
        "C-84 300 -98 270 -84 218 Z"
    )
    folds = (
        Fold("M100 130 C70 220 10 300 -70 336", 10, -0.22),
        Fold("M84 150 C50 230 -10 290 -80 312", 9, 0.28),
        Fold("M98 190 C70 260 20 316 -60 352", 9, -0.18),
        Fold("M60 344 C30 420 60 480 64 540", 12, -0.2),
        Fold("M10 356 C-30 480 -20 620 -60 800", 22, -0.2),
        Fold("M-30 370 C-70 500 -60 640 -104 796", 17, 0.28),
        Fold("M74 360 C100 480 96 620 120 796", 18, -0.2),
        Fold("M88 400 C116 520 116 650 146 790", 13, 0.24),
        Fold("M66 560 C34 640 18 720 12 800", 12, -0.35),
    )
    sketch.panel(
        "M66 552 C30 640 14 720 8 800 L44 798 C40 700 60 620 66 552 Z",
        darken(sketch.main, 0.5),
        texture="",
        depth=0.6,
    )
    sketch.panel(body, folds=folds)
    sketch.panel(
        "M-88 332 C-40 346 40 346 88 332 L87 362 C40 376 -40 376 -87 362 Z",
        depth=0.6,
        folds=(Fold("M-80 350 C-40 360 40 360 80 350", 5, -0.25),),
    )
