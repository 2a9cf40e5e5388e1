"""Printed patterns: flowers, leaves, leopard spots, foulard and brush strokes."""

from config.demo.drawing.palette import darken, lighten, lightness, mix
from config.demo.drawing.tiles import Tile, wrapped


def _blossom(radius: float, petal: str, heart: str, turn: float) -> str:
    shape = (
        f"M0 0C{radius * -0.62:.1f} {radius * -0.45:.1f} {radius * -0.5:.1f} {-radius:.1f} "
        f"0 {radius * -0.92:.1f}C{radius * 0.5:.1f} {-radius:.1f} {radius * 0.62:.1f} "
        f"{radius * -0.45:.1f} 0 0Z"
    )
    petals = "".join(
        f'<path d="{shape}" fill="{petal if turn_by % 144 else lighten(petal, 0.14)}" '
        f'transform="rotate({turn + turn_by})"/>'
        for turn_by in range(0, 360, 72)
    )
    return petals + f'<circle r="{radius * 0.22:.1f}" fill="{heart}"/>'


def _leaf(length: float, colour: str, turn: float) -> str:
    shape = (
        f"M0 0C{length * 0.3:.1f} {length * -0.25:.1f} {length * 0.3:.1f} {length * -0.7:.1f} "
        f"0 {-length:.1f}C{length * -0.3:.1f} {length * -0.7:.1f} {length * -0.3:.1f} "
        f"{length * -0.25:.1f} 0 0Z"
    )
    vein = f'<path d="M0 0V{length * -0.8:.1f}" stroke="{darken(colour, 0.3)}" stroke-width="1"/>'
    return f'<g transform="rotate({turn})"><path d="{shape}" fill="{colour}"/>{vein}</g>'


def _foliage(main: str) -> str:
    return "#5f7d5a" if lightness(main) > 0.35 else "#7fa07c"


def floral(main: str, second: str) -> Tile:
    """A generous garden print: three sizes of blossom among leaves."""
    green = mix(_foliage(main), second, 0.12)
    heart = "#e9b949" if lightness(second) < 0.8 else "#c98a2b"
    pale = mix(second, main, 0.38)
    spray = _leaf(26, green, 70) + _leaf(22, darken(green, 0.2), 118)
    stamps = [
        (30.0, 34.0, spray + _leaf(24, green, -80) + _blossom(25, second, heart, 10)),
        (92.0, 70.0, _leaf(26, green, 200) + _leaf(24, green, 20) + _blossom(19, pale, heart, 40)),
        (32.0, 98.0, _leaf(22, darken(green, 0.2), 150) + _blossom(16, second, heart, 60)),
        (90.0, 12.0, _leaf(20, green, 235) + _blossom(11, pale, heart, 0)),
        (66.0, 104.0, _leaf(19, green, 35) + _leaf(17, darken(green, 0.2), 80)),
        (62.0, 50.0, f'<circle r="4" fill="{second}"/>'),
        (4.0, 70.0, f'<circle r="3.4" fill="{pale}"/>'),
    ]
    return Tile(118, 118, wrapped(118, stamps))


def ditsy(main: str, second: str) -> Tile:
    """A scatter of tiny flowers on a plain ground."""
    heart = "#e5b23f"
    green = _foliage(main)
    places = ((14, 16, 0), (50, 34, 30), (26, 58, 50), (66, 68, 15), (70, 8, 40))
    stamps = [
        (float(x), float(y), _leaf(11, green, turn * 4 + 60) + _blossom(9, second, heart, turn))
        for x, y, turn in places
    ]
    return Tile(84, 84, wrapped(84, stamps))


def leaves(main: str, second: str) -> Tile:
    """Palm fronds, the holiday shirt's print."""
    tone = mix(second, main, 0.42)
    stamps = [
        (30.0, 34.0, f'<g transform="rotate(18)">{_frond(second, 62)}</g>'),
        (94.0, 98.0, f'<g transform="rotate(152)">{_frond(second, 60)}</g>'),
        (92.0, 32.0, f'<g transform="rotate(-58)">{_frond(tone, 46)}</g>'),
        (28.0, 96.0, f'<g transform="rotate(96)">{_frond(tone, 46)}</g>'),
    ]
    return Tile(126, 126, wrapped(126, stamps))


def _frond(colour: str, length: float) -> str:
    """Blades in pairs along a curved rib, shorter towards the tip."""
    blades = "".join(
        f'<g transform="translate(0 {(0.5 - along) * length:.1f})">'
        f"{_leaf(26 - 17 * along, colour, side * (74 - 34 * along))}</g>"
        for along in (0.12, 0.3, 0.48, 0.66, 0.84)
        for side in (-1, 1)
    )
    stem = f"M0 {length * 0.6:.0f}V{length * -0.5:.0f}"
    rib = f'<path d="{stem}" stroke="{darken(colour, 0.2)}" stroke-width="1.6"/>'
    return blades + rib


def foulard(main: str, second: str) -> Tile:
    """Small diamonds in a half drop, as on silk ties and scarves."""
    pale = mix(second, main, 0.45)
    diamond = (
        f'<path d="M0 -8L6 0L0 8L-6 0Z" fill="{second}"/><circle r="2.2" fill="{main}"/>'
        f'<path d="M0 -13V-10M0 10V13M-11 0H-8.5M8.5 0H11" stroke="{pale}" stroke-width="1.6"/>'
    )
    return Tile(40, 40, wrapped(40, [(10.0, 10.0, diamond), (30.0, 30.0, diamond)]))


def leopard(main: str, second: str) -> Tile:
    """Rosettes: a dark broken ring round a warmer heart."""
    heart = mix(main, second, 0.4)
    ring = (
        f'<ellipse rx="9" ry="7" fill="{heart}"/>'
        f'<path d="M-10 -2C-9 -9 -2 -10 2 -8M7 -6C12 -2 11 5 7 8M2 9C-4 11 -9 8 -10 4" '
        f'stroke="{second}" stroke-width="5" stroke-linecap="round" fill="none"/>'
    )
    places = ((16, 18, 0), (52, 12, 70), (84, 34, 140), (34, 50, 200), (68, 62, 30), (14, 80, 100))
    more = ((96, 84, 250), (50, 92, 320))
    stamps = [
        (
            float(x),
            float(y),
            f'<g transform="rotate({turn}) scale({0.75 + turn % 3 * 0.12:.2f})">{ring}</g>',
        )
        for x, y, turn in (*places, *more)
    ]
    return Tile(108, 108, wrapped(108, stamps))


def brush(main: str, second: str) -> Tile:
    """Loose painterly strokes in two tones."""
    tone = mix(second, main, 0.45)
    stroke = '<path d="M-24 8C-12 -12 6 -14 24 -6" stroke="{0}" stroke-width="{1}" {2}/>'
    style = 'stroke-linecap="round" fill="none"'
    places = ((34, 34, 0, 13), (104, 24, 70, 8), (78, 78, 130, 12), (22, 104, 50, 8))
    more = ((118, 116, 10, 13), (70, 128, 100, 6))
    stamps = [
        (
            float(x),
            float(y),
            f'<g transform="rotate({turn})">'
            + stroke.format(second if wide > 10 else tone, wide, style)
            + "</g>",
        )
        for x, y, turn, wide in (*places, *more)
    ]
    return Tile(140, 140, wrapped(140, stamps))
