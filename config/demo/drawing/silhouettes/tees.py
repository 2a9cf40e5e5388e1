"""T-shirts, polos, camisoles and long-sleeved jersey."""

from dataclasses import replace

from config.demo.drawing.palette import darken, line_on
from config.demo.drawing.paths import both, symmetric
from config.demo.drawing.silhouettes.torso import (
    Torso,
    draw_body,
    draw_cuffs,
    draw_sleeves,
    draw_wrist_seam,
    long_sleeve,
    shirt_collar,
    short_hem,
    short_sleeve,
    torso_for,
)
from config.demo.drawing.sketch import Fold, Sketch


def tshirt(sketch: Sketch) -> None:
    """Draw a crew-neck T-shirt."""
    _tee(sketch, "crew", 192)


def vneck(sketch: Sketch) -> None:
    """Draw a V-neck T-shirt."""
    _tee(sketch, "v", 238)


def _tee(sketch: Sketch, style: str, depth: float) -> None:
    torso = torso_for(sketch)
    _short_sleeves(sketch, torso)
    draw_body(sketch, torso, depth, style)
    _armholes(sketch, torso)
    _neck_rib(sketch, torso, depth, style)
    _hem(sketch, torso)


def _short_sleeves(sketch: Sketch, torso: Torso) -> None:
    sx, sy = torso.shoulder
    for number, path in enumerate(both(short_sleeve(torso))):
        side = -1 if number else 1
        fold = Fold(f"M{side * (sx - 4)} {sy + 100} L{side * (sx + 46)} {sy + 130}", 10, -0.18)
        sketch.panel(path, angle=-30 * side, folds=(fold,))
    for path in both(short_hem(torso)):
        sketch.stitch(path)


def _armholes(sketch: Sketch, torso: Torso) -> None:
    for path in both(torso.armhole()):
        sketch.seam(path)


def _neck_rib(sketch: Sketch, torso: Torso, depth: float, style: str) -> None:
    x, y = torso.neck
    back = f"M{-x + 5} {y + 1} C{-x * 0.5} {y + 16} {x * 0.5} {y + 16} {x - 5} {y + 1}"
    inner = darken(sketch.main, 0.2)
    sketch.path(back, line_on(inner, 0.3), 13, cap="butt")
    sketch.path(back, inner, 11, cap="butt")
    sketch.label(0, y + 21)
    line = torso.neckline(depth, style)
    with sketch.clipped(torso.front(depth, style)):
        sketch.path(line, sketch.line, 27, opacity=0.8, cap="butt")
        sketch.path(line, sketch.main, 23.5, cap="butt")
        sketch.path(line, "#ffffff", 5, opacity=0.16, cap="butt")


def _hem(sketch: Sketch, torso: Torso) -> None:
    hx, hy = torso.hem
    for rise in (16, 21):
        low = hy - rise + torso.drop
        line = f"M0 {low} C{hx * 0.25} {low} {hx * 0.6} {low} {hx - 1} {hy - rise}"
        for path in both(line):
            sketch.stitch(path, width=1.3)


def breton(sketch: Sketch) -> None:
    """Draw a long-sleeved jersey top with a boat neck."""
    torso = replace(torso_for(sketch, hem=610), neck=(82, 150))
    sleeve = long_sleeve(torso, reach=372, wrist=56)
    draw_sleeves(sketch, sleeve)
    draw_body(sketch, torso, 178, "crew")
    _armholes(sketch, torso)
    line = torso.neckline(178)
    sketch.path(line, sketch.line, 11, opacity=0.7)
    sketch.path(line, sketch.main, 9)
    _hem(sketch, torso)
    draw_wrist_seam(sketch, sleeve, 14)


def polo(sketch: Sketch) -> None:
    """Draw a polo shirt with a ribbed collar and a two-button placket."""
    torso = torso_for(sketch)
    _short_sleeves(sketch, torso)
    draw_body(sketch, torso, 196, "v")
    _armholes(sketch, torso)
    _hem(sketch, torso)
    sketch.panel("M-15 186 L15 186 L15 306 Q0 312 -15 306 Z", depth=0.35)
    for y in (232, 274):
        sketch.button(0, y, 5.5)
    shirt_collar(sketch, torso.neck, 196, (62, 234))
    for path in both("M12 202 L60 228"):
        sketch.path(path, sketch.trim, 3.2)


def camisole(sketch: Sketch) -> None:
    """Draw a bias-cut camisole with fine straps and a lace-edged neckline."""
    back = "M-94 262 C-40 286 40 286 94 262 L90 330 L-90 330 Z"
    sketch.panel(back, darken(sketch.main, 0.3), texture="", depth=0.5)
    for path in both("M86 224 C80 190 70 160 58 130 C56 150 66 200 84 258"):
        sketch.strap(path, sketch.main, 4.5)
    half = (
        "M0 282 C22 270 62 234 88 216 C92 250 104 282 118 306 C114 360 110 400 112 440 "
        "C114 500 124 560 132 616 C80 634 30 636 0 636"
    )
    folds = (
        Fold("M60 300 C66 380 40 480 60 630", 22, -0.16),
        Fold("M30 320 C34 420 10 520 24 634", 16, 0.32),
        Fold("M-50 300 C-70 400 -40 500 -60 630", 20, -0.14),
        Fold("M-84 290 C-96 400 -84 500 -92 620", 16, 0.3),
        Fold("M-10 296 C-30 300 -50 312 -74 330", 10, -0.16),
    )
    sketch.panel(symmetric(half), folds=folds)
    for path in both("M0 282 C22 270 62 234 88 216"):
        sketch.path(path, sketch.trim, 5)
        sketch.stitch(path, line_on(sketch.trim, 0.3), 1.4)


def sweatshirt(sketch: Sketch) -> None:
    """Draw a loopback sweatshirt with ribbed cuffs and a V notch at the neck."""
    torso = torso_for(sketch, hem=600, ease=14)
    sleeve = long_sleeve(torso, reach=356, wrist=62, puff=12)
    draw_sleeves(sketch, sleeve)
    draw_cuffs(sketch, sleeve, 44, texture="rib")
    draw_body(sketch, torso, 188)
    _armholes(sketch, torso)
    hx, hy = torso.hem
    sketch.panel(
        symmetric(
            f"M0 {hy + 10} C{hx * 0.4} {hy + 10} {hx * 0.7} {hy + 8} {hx} {hy} "
            f"L{hx - 8} {hy + 42} C{hx * 0.6} {hy + 52} {hx * 0.3} {hy + 52} 0 {hy + 52}"
        ),
        depth=0.5,
        texture="rib",
    )
    _neck_rib(sketch, torso, 188, "crew")
    sketch.seam("M-15 196 L0 226 L15 196", width=2.4)


def hoodie(sketch: Sketch) -> None:
    """Draw a hooded sweatshirt with a kangaroo pocket and drawcords."""
    torso = torso_for(sketch, hem=606, ease=14)
    sleeve = long_sleeve(torso, reach=360, wrist=62, puff=12)
    draw_sleeves(sketch, sleeve)
    draw_cuffs(sketch, sleeve, 44, texture="rib")
    draw_body(sketch, torso, 188)
    _armholes(sketch, torso)
    hx, hy = torso.hem
    sketch.panel(
        symmetric(
            f"M0 {hy + 10} C{hx * 0.4} {hy + 10} {hx * 0.7} {hy + 8} {hx} {hy} "
            f"L{hx - 8} {hy + 42} C{hx * 0.6} {hy + 52} {hx * 0.3} {hy + 52} 0 {hy + 52}"
        ),
        depth=0.5,
        texture="rib",
    )
    pocket = "M0 452 L60 452 L104 536 L104 596 C60 604 30 604 0 604"
    sketch.panel(symmetric(pocket), depth=0.5)
    for path in both("M62 456 L103 537"):
        sketch.stitch(path)
    _hood(sketch)


def _hood(sketch: Sketch) -> None:
    outer = "M0 84 C52 84 92 104 98 150 C100 180 84 206 58 222 C36 232 14 240 0 244"
    sketch.panel(symmetric(outer), depth=0.8)
    opening = "M0 116 C40 116 62 134 62 160 C60 190 30 214 0 228"
    sketch.panel(symmetric(opening), darken(sketch.main, 0.42), texture="", depth=1.0)
    sketch.seam("M0 84 L0 116")
    for path in both("M62 160 C60 190 30 214 2 228"):
        sketch.stitch(path)
    for side in (-1, 1):
        sketch.stud(side * 26, 222, 4, "#c9c5bd")
        cord = f"M{side * 26} 223 C{side * 30} 270 {side * 22} 310 {side * 27} 352"
        sketch.strap(cord, sketch.trim, 5)
        sketch.strap(f"M{side * 27} 350 L{side * 27} 366", darken(sketch.trim, 0.4), 6)
