"""Woven patterns and cloth textures as seamless SVG tiles."""

from collections.abc import Callable
from dataclasses import dataclass

from config.demo.drawing import prints
from config.demo.drawing.palette import lightness, mix
from config.demo.drawing.tiles import Tile

PatternMaker = Callable[[str, str], Tile]


def _striped(main: str, second: str) -> Tile:
    return Tile(900, 34, f'<rect y="10" width="900" height="13" fill="{second}"/>')


def _pinstripe(main: str, second: str) -> Tile:
    line = f'<rect x="9" width="1.8" height="900" fill="{second}" fill-opacity=".8"/>'
    return Tile(20, 900, line)


def _bengal(main: str, second: str) -> Tile:
    return Tile(20, 900, f'<rect x="5" width="9" height="900" fill="{second}"/>')


def _gingham(main: str, second: str) -> Tile:
    half = mix(main, second, 0.5)
    spots = range(8, 512, 32)
    weft = "".join(f"M0 {at}h512v16h-512z" for at in spots)
    warp = "".join(f"M{at} 0h16v512h-16z" for at in spots)
    cross = "".join(f"M{x} {y}h16v16h-16z" for x in spots for y in spots)
    return Tile(
        512,
        512,
        f'<path d="{weft}" fill="{half}"/><path d="{warp}" fill="{half}"/>'
        f'<path d="{cross}" fill="{second}"/>',
    )


def _tartan(main: str, second: str) -> Tile:
    bands = ((10, 44, 0.55), (66, 6, 0.75), (80, 6, 0.75), (102, 2.5, 0.9))
    markup = "".join(
        f'<path d="{_grid_band(at, wide, across)}" fill="{second}" fill-opacity="{tone}"/>'
        for at, wide, tone in bands
        for across in (False, True)
    )
    return Tile(480, 480, markup)


def _grid_band(at: float, wide: float, across: bool) -> str:
    starts = [at + step for step in range(0, 480, 120)]
    if across:
        return "".join(f"M0 {y}h480v{wide}h-480z" for y in starts)
    return "".join(f"M{x} 0h{wide}v480h-{wide}z" for x in starts)


def _windowpane(main: str, second: str) -> Tile:
    return Tile(
        64,
        76,
        f'<rect x="30" width="2.4" height="76" fill="{second}" fill-opacity=".85"/>'
        f'<rect y="36" width="64" height="2.4" fill="{second}" fill-opacity=".85"/>',
    )


def _houndstooth(main: str, second: str) -> Tile:
    """Weave the check as a mill does: a 2/2 twill of four dark and four light threads."""
    cells = "".join(
        f"M{x * 4} {y * 4}h4.2v4.2h-4.2z" for y in range(8) for x in range(8) if _is_dark(x, y)
    )
    return Tile(32, 32, f'<path d="{cells}" fill="{second}"/>')


def _is_dark(x: int, y: int) -> bool:
    warp_on_top = (x + y) % 4 < 2
    return (x if warp_on_top else y) % 8 < 4


def _dots(main: str, second: str) -> Tile:
    circles = "".join(f'<circle cx="{x}" cy="{x}" r="6.4"/>' for x in (11, 33))
    return Tile(44, 44, f'<g fill="{second}">{circles}</g>')


PATTERNS: dict[str, PatternMaker] = {
    "stripe": _striped,
    "pinstripe": _pinstripe,
    "bengal": _bengal,
    "gingham": _gingham,
    "tartan": _tartan,
    "windowpane": _windowpane,
    "houndstooth": _houndstooth,
    "dots": _dots,
    "floral": prints.floral,
    "ditsy": prints.ditsy,
    "leaves": prints.leaves,
    "foulard": prints.foulard,
    "leopard": prints.leopard,
    "brush": prints.brush,
}
LABELS: dict[str, str] = {
    "solid": "solid",
    "stripe": "striped",
    "pinstripe": "striped",
    "bengal": "striped",
    "gingham": "checked",
    "tartan": "checked",
    "windowpane": "checked",
    "houndstooth": "checked",
    "dots": "polka dots",
    "floral": "floral",
    "ditsy": "floral",
    "leaves": "printed",
    "foulard": "printed",
    "leopard": "printed",
    "brush": "printed",
}


@dataclass(frozen=True)
class Thread:
    """The two inks of a texture: shadow between threads and light upon them."""

    shade: str
    light: str

    @classmethod
    def on(cls, cloth: str) -> "Thread":
        """Choose inks that show on this cloth without changing its colour."""
        deep = lightness(cloth) < 0.3
        return cls("rgba(0,0,0,.34)" if deep else "rgba(30,18,40,.15)", "rgba(255,255,255,.16)")


def _twill(ink: Thread) -> Tile:
    lines = "M-2 2L2 -2M0 8L8 0M6 10L10 6"
    return Tile(8, 8, f'<path d="{lines}" stroke="{ink.shade}" stroke-width="1.1" fill="none"/>')


def _denim(ink: Thread) -> Tile:
    shade = "M-1 1L1 -1M0 6L6 0M5 7L7 5"
    light = "M-1 4L4 -1M2 7L7 2"
    return Tile(
        6,
        6,
        f'<path d="{shade}" stroke="{ink.shade}" stroke-width="1.2" fill="none"/>'
        f'<path d="{light}" stroke="{ink.light}" stroke-width="1" fill="none"/>',
    )


def _rib(ink: Thread) -> Tile:
    return Tile(
        9,
        9,
        f'<rect width="2.4" height="9" fill="{ink.shade}"/>'
        f'<rect x="4.5" width="2.4" height="9" fill="{ink.light}"/>',
    )


def _knit(ink: Thread) -> Tile:
    stitch = "M0.6 0.5L5 5.5M9.4 0.5L5 5.5"
    shine = "M1.8 4.5L5 8.2M8.2 4.5L5 8.2"
    return Tile(
        10,
        8,
        f'<path d="{stitch}" stroke="{ink.shade}" stroke-width="1.7" fill="none"/>'
        f'<path d="{shine}" stroke="{ink.light}" stroke-width="1.6" fill="none"/>',
    )


def _cable(ink: Thread) -> Tile:
    ropes = "M10 0C10 14 34 14 34 28M34 0C34 14 10 14 10 28M22 5C18 9 18 19 22 23C26 19 26 9 22 5"
    return Tile(
        66,
        28,
        f'<path d="{ropes}" stroke="{ink.shade}" stroke-width="3.4" fill="none"/>'
        f'<path d="M13 0C13 13 37 13 37 28M31 0C31 13 7 13 7 28" stroke="{ink.light}" '
        'stroke-width="2" fill="none"/>'
        f'<path d="M3 0V28M41 0V28M50 0V28M57 0V28" stroke="{ink.shade}" stroke-width="1.8"/>',
    )


def _herringbone(ink: Thread) -> Tile:
    lines = "M0 8L10 0M0 16L10 8M10 0L20 8M10 8L20 16M0 0L2 -2M18 -2L20 0"
    return Tile(20, 8, f'<path d="{lines}" stroke="{ink.shade}" stroke-width="1.7" fill="none"/>')


def _corduroy(ink: Thread) -> Tile:
    return Tile(
        8,
        8,
        f'<rect width="2.6" height="8" fill="{ink.shade}"/>'
        f'<rect x="4" width="1.8" height="8" fill="{ink.light}"/>',
    )


def _straw(ink: Thread) -> Tile:
    over = "M0 3H9M9 9H18"
    under = "M13 0V6M4 6V12"
    return Tile(
        18,
        12,
        f'<path d="{over}" stroke="{ink.light}" stroke-width="3.6" fill="none"/>'
        f'<path d="{under}" stroke="{ink.shade}" stroke-width="4.4" fill="none"/>'
        f'<path d="M0 6H18M0 12H18" stroke="{ink.shade}" stroke-width="1.2"/>',
    )


def _grain(ink: Thread) -> Tile:
    pores = "M3 4l3 1M14 2l2 2M22 9l3-1M8 13l2 2M18 17l3 0M2 21l2-2M12 23l3 1M25 22l2 2"
    return Tile(28, 26, f'<path d="{pores}" stroke="{ink.shade}" stroke-width="1" fill="none"/>')


def _linen(ink: Thread) -> Tile:
    slubs = (
        "M0 3H17M22 8H44M6 15H31M38 20H50M10 26H24M44 33H64M2 39H30M36 44H52M18 49H34M56 12H70"
        "M3 0V12M19 9V28M33 2V17M46 14V30M9 30V46M27 34V52M58 20V38M64 44V52M40 36V50M14 12V24"
    )
    return Tile(71, 53, f'<path d="{slubs}" stroke="{ink.shade}" stroke-width=".7" fill="none"/>')


def _fleece(ink: Thread) -> Tile:
    curls = "M4 5q4-4 7 0M18 3q4 4 7 0M30 8q3-5 7-1M9 16q4 4 8 0M26 18q4-5 7 0M2 26q4-4 7 0"
    more = "M16 27q4 4 8 0M33 28q3-4 6 0"
    return Tile(40, 32, f'<path d="{curls}{more}" stroke="{ink.shade}" fill="none"/>')


TEXTURES: dict[str, Callable[[Thread], Tile]] = {
    "twill": _twill,
    "denim": _denim,
    "rib": _rib,
    "knit": _knit,
    "cable": _cable,
    "herringbone": _herringbone,
    "corduroy": _corduroy,
    "straw": _straw,
    "grain": _grain,
    "linen": _linen,
    "fleece": _fleece,
}
GLOSSY = ("satin", "leather", "patent")
