"""Button-through shirts and blouses."""

from dataclasses import replace

from config.demo.drawing.palette import darken
from config.demo.drawing.paths import both, flip, symmetric
from config.demo.drawing.silhouettes.torso import (
    Sleeve,
    Torso,
    drape,
    draw_cuffs,
    draw_sleeves,
    long_sleeve,
    shirt_collar,
    short_hem,
    short_sleeve,
    torso_for,
)
from config.demo.drawing.sketch import Fold, Sketch


def shirt(sketch: Sketch) -> None:
    """Draw a long-sleeved shirt with a pointed collar, curved tails and a chest pocket."""
    torso = torso_for(sketch, hem=636, ease=4)
    sleeve = long_sleeve(torso, reach=372, wrist=54)
    draw_sleeves(sketch, sleeve)
    _shirt_cuffs(sketch, sleeve)
    tailed_body(sketch, torso)
    placket(sketch, 198, torso.hem[1] + 18)
    if not sketch.womens:
        pocket(sketch, 48, 272)
    shirt_collar(sketch, torso.neck, 194, (56, 240))
    sketch.button(0, 205, 4.6)


def overshirt(sketch: Sketch) -> None:
    """Draw a heavy shirt with two flapped pockets."""
    torso = torso_for(sketch, hem=630, ease=10)
    sleeve = long_sleeve(torso, reach=372, wrist=60)
    draw_sleeves(sketch, sleeve)
    _shirt_cuffs(sketch, sleeve)
    tailed_body(sketch, torso)
    placket(sketch, 198, torso.hem[1] + 18, radius=6.5)
    for x in (-104, 44):
        pocket(sketch, x, 276, flap=True)
    shirt_collar(sketch, torso.neck, 194, (58, 246))
    sketch.button(0, 205, 5.4)


def camp_shirt(sketch: Sketch) -> None:
    """Draw a short-sleeved holiday shirt with an open camp collar."""
    torso = replace(torso_for(sketch, hem=618, ease=12), drop=4)
    short_sleeves(sketch, torso, length=158, wide=108)
    sketch.panel(torso.inside(262), darken(sketch.main, 0.3), texture="", depth=0.5)
    sketch.panel(torso.front(270, "v"), folds=drape(torso))
    armholes(sketch, torso)
    placket(sketch, 268, torso.hem[1] + torso.drop, radius=6)
    pocket(sketch, 46, 300)
    _camp_collar(sketch, torso)


def _camp_collar(sketch: Sketch, torso: Torso) -> None:
    x, y = torso.neck
    sketch.panel(
        symmetric(
            f"M0 {y - 18} C{x * 0.5} {y - 18} {x * 0.9} {y - 18} {x} {y - 6} "
            f"L{x + 2} {y + 12} C{x * 0.6} {y + 14} {x * 0.3} {y + 14} 0 {y + 14}"
        ),
        depth=0.4,
    )
    lapel = f"M{x - 6} {y + 4} C{x * 0.7} {y + 50} 24 232 2 272 L66 250 L78 212 Z"
    leaf = f"M{x - 5} {y - 13} L{x - 8} {y + 8} L66 222 L108 206 C98 180 78 152 {x - 5} {y - 13} Z"
    for number, path in enumerate(both(lapel)):
        sketch.panel(path, angle=-40 if number else 40, depth=0.5)
    for number, path in enumerate(both(leaf)):
        sketch.panel(path, angle=-40 if number else 40, depth=0.5)


def blouse(sketch: Sketch) -> None:
    """Draw a fluid blouse with full sleeves and a bow at the neck."""
    torso = replace(torso_for(sketch, hem=620, ease=8), neck=(56, 150))
    sleeve = long_sleeve(torso, reach=366, wrist=74, puff=30, spread=132)
    draw_sleeves(sketch, sleeve)
    gathers(sketch, sleeve)
    draw_cuffs(sketch, sleeve, 34)
    sketch.panel(torso.inside(186), darken(sketch.main, 0.3), texture="", depth=0.5)
    sketch.panel(torso.front(196, "v"), folds=(*drape(torso), *_shoulder_gathers(torso)))
    armholes(sketch, torso)
    sketch.seam(f"M0 232 L0 {torso.hem[1] + 8}")
    for y in range(300, 560, 62):
        sketch.button(8, y, 4.4)
    _pussy_bow(sketch, torso)


def _shoulder_gathers(torso: Torso) -> tuple[Fold, ...]:
    right = tuple(
        Fold(
            f"M{x} {176 + (x - 60) * 0.18} C{x - 6} 220 {x - 16} 250 {x - 14} {290 + x * 0.3}",
            7,
            -0.16,
        )
        for x in (72, 90, 108)
    )
    return (*right, *(Fold(flip(fold.path), fold.width, fold.tone) for fold in right))


def _pussy_bow(sketch: Sketch, torso: Torso) -> None:
    x, y = torso.neck
    sketch.panel(
        symmetric(
            f"M0 {y - 22} C{x * 0.6} {y - 22} {x} {y - 18} {x + 2} {y - 4} "
            f"C{x * 0.9} 184 26 198 0 204"
        )
        + " "
        + symmetric(
            f"M0 {y + 8} C{x * 0.4} {y + 8} {x * 0.6} {y + 2} {x - 18} {y} C34 168 16 178 0 184"
        ),
        depth=0.5,
    )
    tail = "M-6 206 C6 250 20 320 34 400 C52 402 68 396 82 384 C66 320 36 250 14 200 Z"
    fold = Fold("M6 212 C24 270 40 330 54 396", 8, -0.25)
    sketch.panel(tail, angle=-14, depth=0.6, folds=(fold,))
    with sketch.placed(0, 4, flip=True):
        sketch.panel(tail, angle=14, depth=0.6, folds=(fold,))
    loop = "M4 204 C22 168 64 146 96 156 C116 164 116 206 100 222 C74 238 30 228 4 204 Z"
    crease = (
        Fold("M6 204 C34 196 60 190 90 190", 9, -0.3),
        Fold("M20 194 C44 174 70 166 96 168", 7, 0.25),
    )
    for path in both(loop):
        sketch.panel(path, angle=20, depth=0.7, folds=crease)
    sketch.panel(
        "M-15 192 Q0 184 15 192 Q20 206 14 220 Q0 228 -14 220 Q-20 206 -15 192 Z", depth=0.6
    )


def tailed_body(sketch: Sketch, torso: Torso) -> None:
    """Lay a shirt's body: curved tails and armholes."""
    hx, hy = torso.hem
    sketch.panel(torso.inside(196), darken(sketch.main, 0.28), texture="", depth=0.5)
    sketch.panel(torso.tailed(208), folds=drape(torso))
    armholes(sketch, torso)
    hem = (
        f"M{hx - 3} {hy - 58} C{hx - 34} {hy - 50} {hx - 40} {hy + 14} {hx - 94} {hy + 16} "
        f"L0 {hy + 16}"
    )
    for path in both(hem):
        sketch.stitch(path, width=1.3)


def placket(
    sketch: Sketch, top: float, bottom: float, *, radius: float = 5.2, x: float = 0.0
) -> None:
    """Lay the button band from ``top`` to ``bottom``, with its buttons."""
    sketch.panel(
        f"M{x - 13} {top + 4} L{x} {top - 2} L{x + 13} {top + 4} L{x + 13} {bottom} "
        f"L{x - 13} {bottom} Z",
        depth=0.3,
        edge=False,
    )
    sketch.seam(f"M{x + 13} {top + 4} L{x + 13} {bottom}")
    for side in (-8.5, 8.5):
        sketch.stitch(f"M{x + side} {top + 6} L{x + side} {bottom - 2}", width=1.1)
    count = max(3, round((bottom - top) / 68))
    for number in range(count):
        sketch.button(x, top + 44 + number * (bottom - top - 60) / count, radius)


def pocket(sketch: Sketch, x: float, y: float, *, flap: bool = False) -> None:
    """Patch a chest pocket on, 60 units wide."""
    path = f"M{x} {y} L{x + 60} {y} L{x + 60} {y + 58} L{x + 30} {y + 70} L{x} {y + 58} Z"
    sketch.panel(path, depth=0.3)
    inner = f"M{x + 4} {y + 12} L{x + 4} {y + 55} L{x + 30} {y + 66} L{x + 56} {y + 55} "
    sketch.stitch(inner + f"L{x + 56} {y + 12} Z", width=1.1)
    if flap:
        lid = f"M{x - 2} {y - 6} L{x + 62} {y - 6} L{x + 62} {y + 14} L{x + 30} {y + 28} "
        sketch.panel(lid + f"L{x - 2} {y + 14} Z", depth=0.4)
        sketch.button(x + 30, y + 15, 4.6)


def armholes(sketch: Sketch, torso: Torso) -> None:
    """Sew both armhole seams."""
    for path in both(torso.armhole()):
        sketch.seam(path)


def short_sleeves(sketch: Sketch, torso: Torso, *, length: float, wide: float) -> None:
    """Lay both short sleeves with their hems stitched."""
    sx, sy = torso.shoulder
    for number, path in enumerate(both(short_sleeve(torso, length=length, wide=wide))):
        side = -1 if number else 1
        crease = Fold(f"M{side * (sx - 4)} {sy + 100} L{side * (sx + 46)} {sy + 134}", 10, -0.18)
        sketch.panel(path, angle=-30 * side, folds=(crease,))
    for path in both(short_hem(torso, length=length, wide=wide, rise=18)):
        sketch.stitch(path, width=1.3)


def gathers(sketch: Sketch, sleeve: Sleeve) -> None:
    """Gather full sleeves into their cuffs."""
    (ox, oy), (ix, iy) = sleeve.outer, sleeve.inner
    for share in (0.2, 0.38, 0.56, 0.74):
        x, y = ix + (ox - ix) * share, iy + (oy - iy) * share
        lift = 46 if share in (0.38, 0.74) else 34
        for path in both(f"M{x} {y} C{x + 2} {y - 16} {x + 3} {y - 30} {x + 1} {y - lift}"):
            sketch.path(path, sketch.line, 1.8, opacity=0.5)


def _shirt_cuffs(sketch: Sketch, sleeve: Sleeve) -> None:
    draw_cuffs(sketch, sleeve, 40)
    (ox, oy), (ix, iy) = sleeve.outer, sleeve.inner
    for side in (-1, 1):
        sketch.button(side * (ix + (ox - ix) * 0.3), iy + 17, 4.2)
    for path in both(f"M{ix + 5} {iy + 33} L{ox - 4} {oy + 34}"):
        sketch.stitch(path, width=1.1)
