"""Casual jackets: denim, bomber, biker, puffer and parka."""

from dataclasses import replace

from config.demo.drawing.palette import darken
from config.demo.drawing.paths import both, flip, symmetric
from config.demo.drawing.silhouettes.shirts import armholes
from config.demo.drawing.silhouettes.torso import (
    Torso,
    drape,
    draw_body,
    draw_cuffs,
    draw_sleeves,
    draw_wrist_seam,
    long_sleeve,
    shirt_collar,
    torso_for,
)
from config.demo.drawing.sketch import Fold, Sketch

METAL = "#b9b6ae"


def zip_line(sketch: Sketch, path: str, *, metal: str = METAL) -> None:
    """Draw a closed zip along a path."""
    sketch.path(path, darken(sketch.main, 0.55), 9, cap="butt")
    sketch.path(path, metal, 5.5, dash="2.4 2.2", cap="butt")


def _puller(sketch: Sketch, x: float, y: float, metal: str = METAL) -> None:
    sketch.strap(f"M{x} {y} L{x} {y + 20}", metal, 5)
    sketch.stud(x, y, 6, metal)


def _band(torso: Torso, depth: float, inset: float = 8) -> str:
    hx, hy = torso.hem
    return symmetric(
        f"M0 {hy + 10} C{hx * 0.4} {hy + 10} {hx * 0.7} {hy + 8} {hx} {hy} "
        f"L{hx - inset} {hy + depth - 8} C{hx * 0.6} {hy + depth + 2} {hx * 0.3} {hy + depth + 2} "
        f"0 {hy + depth + 2}"
    )


def denim_jacket(sketch: Sketch) -> None:
    """Draw a denim jacket with flapped pockets, V seams and metal buttons."""
    thread = sketch.trim
    torso = torso_for(sketch, hem=548, ease=12)
    sleeve = long_sleeve(torso, reach=378, wrist=60)
    draw_sleeves(sketch, sleeve)
    draw_cuffs(sketch, sleeve, 34)
    draw_body(sketch, torso, 200, "v")
    armholes(sketch, torso)
    ax, hy = torso.armpit[0], torso.hem[1]
    yoke = f"M0 258 L{ax - 10} 252"
    for path in both(yoke):
        sketch.seam(path, width=2.2)
        sketch.stitch(path, thread, 1.4)
    for line in (f"M54 296 L34 {hy + 6}", f"M108 296 L88 {hy + 6}"):
        for path in both(line):
            sketch.seam(path, width=2)
        with sketch.placed(4, 0):
            for path in both(line):
                sketch.stitch(path, thread, 1.3)
    _denim_flaps(sketch, thread)
    sketch.panel(_band(torso, 42, 4), depth=0.4)
    sketch.panel(f"M-15 212 L0 198 L15 212 L15 {hy + 52} L-15 {hy + 52} Z", depth=0.3)
    for x in (-10, 10):
        sketch.stitch(f"M{x} 216 L{x} {hy + 50}", thread, 1.3)
    for number in range(6):
        sketch.stud(0, 240 + number * (hy - 210) / 5, 6.8, "#c3915d")
    shirt_collar(sketch, torso.neck, 196, (66, 250))


def _denim_flaps(sketch: Sketch, thread: str) -> None:
    for side in (-1, 1):
        flap = f"M{side * 46} 262 L{side * 116} 258 L{side * 116} 280 L{side * 81} 300 "
        sketch.panel(flap + f"L{side * 46} 284 Z", depth=0.4)
        sketch.stitch(f"M{side * 50} 281 L{side * 81} 295 L{side * 112} 277", thread, 1.3)
        sketch.stud(side * 81, 284, 5.4, "#c3915d")


def bomber(sketch: Sketch) -> None:
    """Draw a bomber jacket with ribbed trims and a zip."""
    torso = torso_for(sketch, hem=556, ease=18)
    sleeve = long_sleeve(torso, reach=352, wrist=62, puff=18)
    draw_sleeves(sketch, sleeve)
    draw_cuffs(sketch, sleeve, 48, fill=sketch.second, texture="rib")
    draw_body(sketch, torso, 190)
    armholes(sketch, torso)
    hy = torso.hem[1]
    sketch.panel(_band(torso, 58, 14), sketch.second, texture="rib", depth=0.6)
    x, y = torso.neck
    line = torso.neckline(190)
    for width, colour in ((42, darken(sketch.second, 0.45)), (38, sketch.second)):
        sketch.path(line, colour, width, cap="butt")
    sketch.path(line, darken(sketch.second, 0.4), 36, dash="2.2 4.8", opacity=0.4, cap="butt")
    back = f"M{-x + 6} {y - 2} C{-x * 0.5} {y + 12} {x * 0.5} {y + 12} {x - 6} {y - 2}"
    sketch.path(back, darken(sketch.second, 0.3), 22, cap="butt")
    zip_line(sketch, f"M0 196 L0 {hy + 58}")
    _puller(sketch, 0, 206)
    for path in both("M72 470 L112 392"):
        sketch.seam(path, width=7)
        sketch.seam(path, width=2.4)


def biker(sketch: Sketch) -> None:
    """Draw a leather biker jacket: crossing zip, snapped lapels, belted hem."""
    torso = torso_for(sketch, hem=560, ease=8)
    sleeve = long_sleeve(torso, reach=384, wrist=58)
    draw_sleeves(sketch, sleeve)
    draw_wrist_seam(sketch, sleeve, 40)
    sketch.panel(torso.inside(250), darken(sketch.main, 0.45), texture="", depth=0.6)
    shine = (
        Fold("M96 250 C84 330 90 400 100 470", 16, 0.26),
        Fold("M-100 250 C-88 330 -94 400 -104 470", 16, 0.22),
    )
    sketch.panel(torso.front(262, "v"), folds=(*drape(torso), *shine))
    armholes(sketch, torso)
    hy = torso.hem[1]
    zip_line(sketch, f"M-56 250 C-40 330 26 430 30 {hy + 8}")
    for path in ("M70 420 L112 366", "M-70 470 L-112 416", "M66 318 L116 296"):
        zip_line(sketch, path)
    sketch.panel(_band(torso, 38, 2), depth=0.5)
    _biker_belt(sketch, hy)
    _biker_lapels(sketch, torso)


def _biker_belt(sketch: Sketch, y: float) -> None:
    buckle = f"M-58 {y + 6} L-22 {y + 6} L-22 {y + 42} L-58 {y + 42} Z"
    sketch.path(buckle, darken(METAL, 0.4), 7.5)
    sketch.path(buckle, METAL, 5)
    for x in (10, 30, 50):
        sketch.stud(x, y + 25, 3, METAL)


def _biker_lapels(sketch: Sketch, torso: Torso) -> None:
    x, y = torso.neck
    wide = (
        f"M-8 266 C{x * 0.3} 230 {x * 0.8} {y + 50} {x - 2} {y} L{x + 54} {y + 66} "
        f"C{x + 58} {y + 120} {x - 4} 290 -8 266 Z"
    )
    for path in (wide, flip(wide)):
        sketch.panel(path, depth=0.8)
    shirt_collar(sketch, torso.neck, y + 62, (x + 30, y + 76))
    for side in (-1, 1):
        sketch.stud(side * (x + 44), y + 78, 5, METAL)
        sketch.stud(side * (x + 28), y + 58, 4, METAL)


def puffer(sketch: Sketch) -> None:
    """Draw a quilted puffer jacket with a stand collar."""
    torso = replace(torso_for(sketch, hem=590, ease=26), drop=6)
    sleeve = long_sleeve(torso, reach=372, wrist=72, puff=22, spread=124)
    seams = _sleeve_baffles(torso)
    sleeve = replace(sleeve, folds=(*sleeve.folds, *seams))
    draw_sleeves(sketch, sleeve)
    draw_body(sketch, torso, 176)
    hx, hy = torso.hem
    rows = range(232, round(hy), 58)
    front = torso.front(176)
    with sketch.clipped(front):
        for y in rows:
            _baffle(sketch, y, hx + 20)
    armholes(sketch, torso)
    sketch.panel(_band(torso, 26, 6), depth=0.5)
    _stand_collar(sketch, torso)
    zip_line(sketch, f"M0 112 L0 {hy + 26}")
    _puller(sketch, 0, 120)
    for path in both("M92 500 L124 428"):
        sketch.seam(path, width=3)


def _baffle(sketch: Sketch, y: float, half: float) -> None:
    for side in (-1, 1):
        ends = f"C{side * half * 0.3} {y + 8} {side * half * 0.7} {y + 8} {side * half} {y - 4}"
        sketch.glow(
            f"M0 {y + 4} {ends} L{side * half} {y - 26} L0 {y - 18} Z",
            darken(sketch.main, 0.7),
            8,
            0.34,
        )
        sketch.glow(f"M0 {y + 12} {ends} L{side * half} {y + 22} L0 {y + 30} Z", "#ffffff", 7, 0.2)
        sketch.seam(f"M0 {y + 4} {ends}", width=2.2)


def _sleeve_baffles(torso: Torso) -> tuple[Fold, ...]:
    (sx, sy), ax = torso.shoulder, torso.armpit[0]
    folds: list[Fold] = []
    for number in range(5):
        y = sy + 96 + number * 58
        left, right = ax - 10 + number * 12, sx + 70 + number * 20
        folds.append(Fold(f"M{left} {y + 22} L{right} {y - 12}", 7, -0.5))
        folds.append(Fold(f"M{left} {y + 40} L{right} {y + 8}", 10, 0.2))
    return tuple(folds)


def _stand_collar(sketch: Sketch, torso: Torso) -> None:
    x, y = torso.neck
    collar = symmetric(
        f"M0 {y - 34} C{x * 0.6} {y - 36} {x * 0.9} {y - 40} {x + 2} {y - 34} "
        f"C{x + 8} {y - 16} {x + 10} {y} {x + 12} {y + 14} C{x * 0.8} {y + 36} {x * 0.4} {y + 46} "
        f"0 {y + 48}"
    )
    sketch.panel(
        symmetric(
            f"M0 {y - 46} C{x * 0.6} {y - 46} {x * 0.9} {y - 46} {x + 2} {y - 34} L{x} {y} L0 {y}"
        ),
        darken(sketch.main, 0.4),
        texture="",
        depth=0.4,
    )
    sketch.panel(collar, depth=0.9)
    for path in both(f"M0 {y + 4} C{x * 0.4} {y + 4} {x * 0.8} {y - 2} {x + 8} {y - 10}"):
        sketch.seam(path, width=1.8)


def parka(sketch: Sketch) -> None:
    """Draw a hooded rain parka with patch pockets."""
    torso = replace(torso_for(sketch, hem=690, ease=20), drop=8)
    torso = replace(torso, hem=(torso.hem[0] + 14, torso.hem[1]))
    sleeve = long_sleeve(torso, reach=390, wrist=70)
    draw_sleeves(sketch, sleeve)
    draw_wrist_seam(sketch, sleeve, 30)
    draw_body(sketch, torso, 180)
    armholes(sketch, torso)
    hx, hy = torso.hem
    for path in both("M54 516 L128 516 L130 606 Q130 612 124 612 L60 612 Q54 612 54 606 Z"):
        sketch.panel(path, depth=0.5)
    for path in both("M50 506 L132 506 L132 530 L92 542 L50 530 Z"):
        sketch.panel(path, depth=0.4)
    sketch.panel(f"M-20 184 L20 184 L20 {hy + 8} L-20 {hy + 8} Z", depth=0.4)
    for number in range(6):
        sketch.stud(0, 240 + number * 80, 6.6, METAL)
    for side in (-1, 1):
        sketch.stud(side * 92, 530, 5, METAL)
        sketch.strap(
            f"M{side * 34} 226 C{side * 40} 262 {side * 30} 286 {side * 36} 316", sketch.trim, 5
        )
    for path in both(f"M20 430 C{hx * 0.5} 434 {hx * 0.8} 432 {hx - 4} 424"):
        sketch.stitch(path, width=1.4)
    _parka_hood(sketch)


def _parka_hood(sketch: Sketch) -> None:
    outer = "M0 56 C64 56 104 84 108 140 C110 178 90 206 60 222 C36 232 16 238 0 240"
    sketch.panel(symmetric(outer), depth=1.0)
    opening = "M0 96 C44 96 68 118 68 152 C66 184 34 208 0 224"
    sketch.panel(symmetric(opening), sketch.second, texture="", depth=1.0)
    sketch.seam("M0 56 L0 96")
    for path in both("M0 86 C52 86 80 112 78 154 C76 190 42 216 0 232"):
        sketch.stitch(path, width=1.4)
