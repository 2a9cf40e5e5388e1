"""Jumpers, roll necks and cardigans."""

from dataclasses import replace

from config.demo.drawing.palette import darken
from config.demo.drawing.paths import both, symmetric
from config.demo.drawing.silhouettes.shirts import armholes
from config.demo.drawing.silhouettes.torso import (
    Torso,
    draw_body,
    draw_cuffs,
    draw_sleeves,
    long_sleeve,
    torso_for,
)
from config.demo.drawing.sketch import Sketch


def crew_jumper(sketch: Sketch) -> None:
    """Draw a crew-neck jumper with ribbed trims."""
    torso = _knit_block(sketch, 186)
    line = torso.neckline(186)
    x, y = torso.neck
    back = f"M{-x + 5} {y} C{-x * 0.5} {y + 15} {x * 0.5} {y + 15} {x - 5} {y}"
    sketch.path(back, darken(sketch.main, 0.3), 15, cap="butt")
    sketch.label(0, y + 24)
    with sketch.clipped(torso.front(186)):
        _rib_band(sketch, line, 42)


def roll_neck(sketch: Sketch) -> None:
    """Draw a roll-neck jumper."""
    torso = _knit_block(sketch, 182)
    x, y = torso.neck
    tube = symmetric(
        f"M0 {y - 66} C{x * 0.6} {y - 66} {x - 4} {y - 62} {x - 2} {y - 54} "
        f"C{x - 4} {y - 20} {x - 2} {y + 6} {x + 8} {y + 16} C{x * 0.7} {y + 44} {x * 0.3} "
        f"{y + 48} 0 {y + 48}"
    )
    sketch.panel(tube, texture="rib", depth=0.9)
    roll = symmetric(
        f"M0 {y - 70} C{x * 0.6} {y - 70} {x} {y - 66} {x + 2} {y - 54} "
        f"C{x + 6} {y - 26} {x + 6} {y - 12} {x + 2} {y - 4} C{x * 0.6} {y + 12} {x * 0.3} "
        f"{y + 13} 0 {y + 13}"
    )
    sketch.panel(roll, texture="rib", depth=0.9)
    sketch.flat(
        symmetric(
            f"M0 {y - 70} C{x * 0.6} {y - 70} {x - 6} {y - 67} {x - 4} {y - 60} "
            f"C{x * 0.6} {y - 52} {x * 0.3} {y - 51} 0 {y - 51}"
        ),
        darken(sketch.main, 0.45),
    )


def v_jumper(sketch: Sketch) -> None:
    """Draw a V-neck jumper."""
    torso = _knit_block(sketch, 258, "v")
    sketch.label(0, torso.neck[1] + 16)
    with sketch.clipped(torso.front(258, "v")):
        _rib_band(sketch, torso.neckline(258, "v"), 34)


def cardigan(sketch: Sketch) -> None:
    """Draw a V-neck cardigan with a ribbed button band."""
    torso = _knit_block(sketch, 318, "v")
    sketch.label(0, torso.neck[1] + 16)
    bottom = torso.hem[1] + 50
    sketch.panel(f"M-17 332 L0 318 L17 332 L17 {bottom} L-17 {bottom} Z", texture="rib", depth=0.5)
    with sketch.clipped(torso.front(318, "v")):
        _rib_band(sketch, torso.neckline(318, "v"), 44)
    for number in range(5):
        sketch.button(0, 344 + number * (bottom - 372) / 4, 8)
    for x in (-106, 42):
        sketch.panel(f"M{x} 488 L{x + 64} 488 L{x + 64} 500 L{x} 500 Z", texture="rib", depth=0.3)
        sketch.seam(
            f"M{x} 500 L{x} 570 Q{x} 576 {x + 6} 576 L{x + 58} 576 Q{x + 64} 576 "
            f"{x + 64} 570 L{x + 64} 500",
            width=1.5,
        )


def knit_vest(sketch: Sketch) -> None:
    """Draw a sleeveless knitted vest with a V neck."""
    torso = replace(torso_for(sketch, hem=570, ease=4), shoulder=(118, 172))
    draw_body(sketch, torso, 258, "v")
    _welt(sketch, torso)
    with sketch.clipped(torso.front(258, "v")):
        for path in both(torso.armhole()):
            _rib_band(sketch, path, 30)
        _rib_band(sketch, torso.neckline(258, "v"), 34)


def _knit_block(sketch: Sketch, depth: float, style: str = "crew") -> Torso:
    torso = torso_for(sketch, hem=594, ease=12)
    sleeve = long_sleeve(torso, reach=352, wrist=60, puff=10)
    draw_sleeves(sketch, sleeve)
    draw_cuffs(sketch, sleeve, 50, texture="rib")
    draw_body(sketch, torso, depth, style)
    armholes(sketch, torso)
    _welt(sketch, torso)
    return torso


def _welt(sketch: Sketch, torso: Torso) -> None:
    hx, hy = torso.hem
    sketch.panel(
        symmetric(
            f"M0 {hy + 10} C{hx * 0.4} {hy + 10} {hx * 0.7} {hy + 8} {hx} {hy} "
            f"L{hx - 7} {hy + 48} C{hx * 0.6} {hy + 58} {hx * 0.3} {hy + 58} 0 {hy + 58}"
        ),
        texture="rib",
        depth=0.5,
    )


def _rib_band(sketch: Sketch, line: str, width: float) -> None:
    """Bind an edge with rib: short strokes across the band are the ribs."""
    sketch.path(line, sketch.line, width + 2.5, opacity=0.8, cap="butt")
    sketch.path(line, sketch.main, width, cap="butt")
    sketch.path(line, sketch.line, width - 2, opacity=0.3, dash="2.2 4.6", cap="butt")
    sketch.path(line, "#ffffff", width * 0.3, opacity=0.12, cap="butt")
