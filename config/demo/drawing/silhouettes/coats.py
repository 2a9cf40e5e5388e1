"""Blazers and coats: everything with a lapel."""

from dataclasses import dataclass, replace

from config.demo.drawing.palette import darken, mix
from config.demo.drawing.paths import both, flip, symmetric
from config.demo.drawing.silhouettes.shirts import armholes
from config.demo.drawing.silhouettes.torso import (
    Sleeve,
    Torso,
    drape,
    draw_sleeves,
    long_sleeve,
    torso_for,
)
from config.demo.drawing.sketch import Sketch


@dataclass(frozen=True)
class Front:
    """How a coat closes: where the lapel rolls, how far the fronts cross, how the hem ends."""

    roll: float = 400
    cross: float = 12
    cutaway: float = 0
    lapel: float = 54
    peak: bool = False


def _half(torso: Torso, front: Front) -> str:
    """Cut the right front."""
    (x, y), (wx, wy), (hx, hy) = torso.neck, torso.waist, torso.hem
    fall = front.roll - y
    edge = (
        f"C{hx * 0.6} {hy + 10} {front.cutaway + 30} {hy + 12} {front.cutaway} {hy + 8} "
        f"C{front.cutaway * 0.3} {hy + 2} {-front.cross} {hy - 60} {-front.cross} "
        f"{front.roll + 50}"
        if front.cutaway
        else f"C{hx * 0.6} {hy + 10} 30 {hy + 12} {-front.cross} {hy + 12}"
    )
    return (
        f"M{-front.cross} {front.roll} C{x * 0.2} {front.roll - fall * 0.35} {x * 0.8} "
        f"{y + fall * 0.35} {x} {y} {torso.upper_side()} "
        f"C{wx} {wy + (hy - wy) * 0.4} {hx - 2} {hy - (hy - wy) * 0.35} {hx} {hy} {edge} Z"
    )


def _fronts(sketch: Sketch, torso: Torso, front: Front, lining: str) -> None:
    sketch.panel(torso.inside(front.roll - 10), lining, texture="", depth=0.9)
    sketch.label(0, torso.neck[1] + 24, 44, 20)
    under, over = both(_half(torso, front))
    if not sketch.womens:
        under, over = over, under
    sketch.panel(under, folds=drape(torso))
    sketch.panel(over, folds=drape(torso))
    armholes(sketch, torso)


def _lapels(sketch: Sketch, torso: Torso, front: Front) -> None:
    """Lay lapels and collar over the roll line, with a notch or a peak."""
    (x, y), w, cross = torso.neck, front.lapel, front.cross
    fall = front.roll - y
    tip = (x + w + 8, y + 44) if front.peak else (x + w, y + 74)
    lapel = (
        f"M{-cross} {front.roll + 2} C{x * 0.1} {y + fall * 0.7} {x * 0.45} {y + fall * 0.4} "
        f"{x * 0.62} {y + 66} L{x + w * 0.3} {y + 72} L{tip[0]} {tip[1]} "
        f"C{x + w - 2} {y + fall * 0.5} {x * 0.8} {y + fall * 0.75} {-cross} {front.roll + 2} Z"
    )
    collar = (
        f"M{x - 5} {y - 22} C{x * 0.85} {y + 10} {x * 0.7} {y + 40} {x * 0.62} {y + 66} "
        f"L{x + w * 0.32} {y + 72} L{x + w * 0.52} {y + 44} C{x + 26} {y + 14} {x + 14} {y - 8} "
        f"{x - 5} {y - 22} Z"
    )
    back = symmetric(
        f"M0 {y - 32} C{x * 0.5} {y - 32} {x * 0.8} {y - 30} {x - 5} {y - 22} L{x + 8} {y + 2} "
        f"C{x * 0.6} {y + 10} {x * 0.3} {y + 12} 0 {y + 12}"
    )
    sketch.panel(back, depth=0.5)
    order = (lapel, flip(lapel)) if sketch.womens else (flip(lapel), lapel)
    for path in order:
        _soft_under(sketch, path)
        sketch.panel(path, depth=0.6, angle=-12 if path is lapel else 12)
    for path in both(collar):
        sketch.panel(path, depth=0.6, angle=24)


def _soft_under(sketch: Sketch, path: str) -> None:
    with sketch.placed(3, 6):
        sketch.glow(path, darken(sketch.main, 0.8), 5, 0.35)


def _sleeves(sketch: Sketch, torso: Torso, *, reach: float, wrist: float, buttons: int) -> Sleeve:
    sleeve = long_sleeve(torso, reach=reach, wrist=wrist, spread=104)
    draw_sleeves(sketch, sleeve, angle=12)
    ox, oy = sleeve.outer
    for number in range(buttons):
        for side in (-1, 1):
            sketch.button(side * (ox - 10 - number * 2), oy - 14 - number * 15, 4.6)
    return sleeve


def _flaps(sketch: Sketch, y: float, inner: float, wide: float, *, slant: float = 4) -> None:
    for path in both(
        f"M{inner} {y + slant} L{inner + wide} {y} L{inner + wide} {y + 26} "
        f"Q{inner + wide} {y + 32} {inner + wide - 6} {y + 32} L{inner + 6} {y + 36} "
        f"Q{inner} {y + 36} {inner} {y + 30} Z"
    ):
        sketch.panel(path, depth=0.4)


def _welt(sketch: Sketch, x: float, y: float) -> None:
    sketch.panel(f"M{x} {y + 6} L{x + 52} {y - 2} L{x + 52} {y + 13} L{x} {y + 21} Z", depth=0.3)


def blazer(sketch: Sketch) -> None:
    """Draw a single-breasted blazer with notch lapels and two buttons."""
    torso = torso_for(sketch, hem=612, ease=14)
    front = Front(roll=396, cutaway=44)
    _sleeves(sketch, torso, reach=396, wrist=66, buttons=3)
    _fronts(sketch, torso, front, mix(sketch.second, sketch.main, 0.2))
    _darts(sketch, torso)
    _flaps(sketch, 476, 52, 74)
    _welt(sketch, 68, 300)
    _lapels(sketch, torso, front)
    for y in (412, 474):
        sketch.button(0, y, 8)


def double_blazer(sketch: Sketch) -> None:
    """Draw a double-breasted blazer with peak lapels and six buttons."""
    torso = torso_for(sketch, hem=618, ease=16)
    front = Front(roll=404, cross=44, lapel=62, peak=True)
    _sleeves(sketch, torso, reach=396, wrist=68, buttons=3)
    _fronts(sketch, torso, front, mix(sketch.second, sketch.main, 0.2))
    _darts(sketch, torso)
    _flaps(sketch, 492, 58, 72)
    _welt(sketch, 70, 296)
    _lapels(sketch, torso, front)
    for number, y in enumerate((356, 420, 484)):
        spread = 56 if number == 0 else 36
        for side in (-1, 1):
            sketch.button(side * spread, y, 8.5)


def _darts(sketch: Sketch, torso: Torso) -> None:
    (ax, ay), (wx, wy) = torso.armpit, torso.waist
    for path in both(
        f"M{ax - 44} {ay + 40} C{wx - 50} {wy - 50} {wx - 50} {wy} {wx - 42} {wy + 50}"
    ):
        sketch.seam(path, width=1.5)


def overcoat(sketch: Sketch) -> None:
    """Draw a long single-breasted wool coat."""
    torso = replace(torso_for(sketch, hem=800, ease=18))
    front = Front(roll=366, cross=14, lapel=60)
    torso = replace(torso, hem=(torso.hem[0] + 22, 800))
    _sleeves(sketch, torso, reach=416, wrist=72, buttons=2)
    _fronts(sketch, torso, front, mix(sketch.second, sketch.main, 0.2))
    _flaps(sketch, 530, 54, 84)
    _welt(sketch, 74, 314)
    _lapels(sketch, torso, front)
    for y in (386, 462, 538):
        sketch.button(0, y, 10)


def trench(sketch: Sketch) -> None:
    """Draw a double-breasted trench coat, belted, with a storm flap and epaulettes."""
    torso = torso_for(sketch, hem=780, ease=16)
    torso = replace(torso, hem=(torso.hem[0] + 44, 780), waist=(torso.waist[0] - 6, 452))
    front = Front(roll=330, cross=50, lapel=66)
    sleeve = _sleeves(sketch, torso, reach=410, wrist=72, buttons=0)
    _sleeve_straps(sketch, sleeve)
    _fronts(sketch, torso, front, mix(sketch.second, sketch.main, 0.15))
    _storm_flap(sketch, torso)
    _lapels(sketch, torso, front)
    for y in (352, 410, 540, 606):
        for side in (-1, 1):
            sketch.button(side * 46, y, 9)
    for path in both("M76 540 L104 524 L112 612 L84 626 Z"):
        sketch.panel(path, depth=0.3)
    _epaulettes(sketch, torso)
    _trench_belt(sketch, torso)


def _storm_flap(sketch: Sketch, torso: Torso) -> None:
    (x, y), (sx, sy), (ax, ay) = torso.neck, torso.shoulder, torso.armpit
    flap = (
        f"M{x + 8} {y + 8} L{sx - 4} {sy} C{sx - 12} {sy + 34} {ax - 14} {ay - 40} {ax - 4} {ay} "
        f"C{ax - 40} {ay + 22} {x + 30} {ay + 20} {x - 16} {ay + 2} Z"
    )
    sketch.panel(flap, depth=0.5)


def _epaulettes(sketch: Sketch, torso: Torso) -> None:
    (x, y), (sx, sy) = torso.neck, torso.shoulder
    strap = f"M{sx + 12} {sy - 2} L{x + 40} {y + 8} Q{x + 28} {y + 16} {x + 38} {y + 26} "
    for path in both(strap + f"L{sx + 6} {sy + 22} Z"):
        sketch.panel(path, depth=0.3)
    for side in (-1, 1):
        sketch.button(side * (x + 46), y + 19, 5)


def _sleeve_straps(sketch: Sketch, sleeve: Sleeve) -> None:
    (ox, oy), (ix, iy) = sleeve.outer, sleeve.inner
    for path in both(
        f"M{ix - 4} {iy - 50} L{ox + 1} {oy - 50} L{ox + 2} {oy - 28} L{ix - 2} {iy - 28} Z"
    ):
        sketch.panel(path, depth=0.3)


def _trench_belt(sketch: Sketch, torso: Torso) -> None:
    wx, wy = torso.waist
    sketch.panel(
        symmetric(f"M0 {wy + 4} L{wx + 2} {wy - 6} L{wx + 4} {wy + 26} L0 {wy + 38}"), depth=0.6
    )
    tail = f"M18 {wy + 8} L30 {wy + 4} C40 {wy + 60} 36 {wy + 110} 50 {wy + 160} L22 {wy + 168} "
    sketch.panel(tail + f"C14 {wy + 110} 16 {wy + 60} 6 {wy + 20} Z", depth=0.6)
    buckle = f"M-26 {wy - 4} L22 {wy - 4} L22 {wy + 46} L-26 {wy + 46} Z"
    tone = darken(sketch.trim, 0.15)
    sketch.path(buckle, darken(tone, 0.4), 10)
    sketch.path(buckle, tone, 7.5)
    for path in both(
        f"M{wx - 26} {wy - 10} L{wx - 14} {wy - 12} L{wx - 13} {wy + 34} L{wx - 25} {wy + 36} Z"
    ):
        sketch.panel(path, depth=0.2)
