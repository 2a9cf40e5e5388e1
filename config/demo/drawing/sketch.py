"""The drawing board: garments are laid on it panel by panel and come off as one SVG."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from config.demo.drawing.drawing import Drawing
from config.demo.drawing.palette import INK, darken, lighten, lightness, line_on
from config.demo.drawing.paths import Point, path_box, trace
from config.demo.drawing.patterns import GLOSSY, PATTERNS, TEXTURES, Thread

CANVAS = 800
FRAME_WIDTH = 610
FRAME_HEIGHT = 640
ZOOM_LIMIT = 1.42


@dataclass(frozen=True)
class Place:
    """Where a part lies: moved by (dx, dy), turned in degrees, scaled, perhaps mirrored."""

    dx: float = 0.0
    dy: float = 0.0
    turn: float = 0.0
    scale: float = 1.0
    flip: bool = False

    @property
    def transform(self) -> str:
        """The place as an SVG transform."""
        across = -self.scale if self.flip else self.scale
        return f"translate({self.dx} {self.dy}) rotate({self.turn}) scale({across} {self.scale})"

    def apply(self, point: Point) -> Point:
        """Carry a point to where it ends up."""
        angle = math.radians(self.turn)
        x, y = point[0] * (-self.scale if self.flip else self.scale), point[1] * self.scale
        return (
            self.dx + x * math.cos(angle) - y * math.sin(angle),
            self.dy + x * math.sin(angle) + y * math.cos(angle),
        )


@dataclass(frozen=True)
class Fold:
    """A soft crease: ``tone`` below zero is shade, above zero is light."""

    path: str
    width: float = 16.0
    tone: float = -0.3


class Sketch:
    """Collects a garment's panels; ``svg()`` gives the finished picture."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self.main = drawing.main
        self.second = drawing.second
        self.trim = drawing.trim
        self.line = line_on(drawing.main)
        self._defs: dict[str, str] = {}
        self._body: list[str] = []
        self._extent: list[Point] = []
        self._place = Place()

    @property
    def womens(self) -> bool:
        """Whether the garment is cut for women."""
        return self.drawing.cut == "women"

    def panel(
        self,
        path: str,
        fill: str | None = None,
        *,
        angle: float = 0.0,
        folds: tuple[Fold, ...] = (),
        depth: float = 1.0,
        texture: str | None = None,
        edge: bool = True,
    ) -> None:
        """Lay one piece of cloth, shaded towards its edges by a light from the top left.

        ``fill`` None is the drawing's own cloth with its pattern, turned by ``angle`` degrees.
        ``texture`` None is the drawing's own on own cloth and none on other fills; "" is none.
        """
        base = fill or self.main
        self._occupy(path)
        clip = self._define("clipPath", f'<path d="{path}"/>')
        self._body.append(f'<path d="{path}" fill="{base}"/>')
        if fill is None and self.drawing.pattern != "solid":
            self._overlay(path, self._pattern(self.drawing.pattern, angle))
        grain = texture if texture is not None else self.drawing.texture if fill is None else ""
        if grain in TEXTURES:
            self._overlay(path, self._texture(grain, base, angle))
        shading = self._shading(path, base, depth, grain) + "".join(map(self._crease, folds))
        soft = self._blur(9.0 if depth >= 0.6 else 5.0, path)
        self._body.append(f'<g clip-path="url(#{clip})"><g filter="url(#{soft})">{shading}</g></g>')
        if edge:
            self.path(path, line_on(base, 0.34), 1.7, opacity=0.75)

    def path(
        self,
        path: str,
        stroke: str,
        width: float,
        *,
        dash: str = "",
        opacity: float = 1.0,
        cap: str = "round",
    ) -> None:
        """Draw a bare line."""
        self._occupy(path)
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self._body.append(
            f'<path d="{path}" fill="none" stroke="{stroke}" stroke-width="{width}"'
            f' stroke-linecap="{cap}" stroke-linejoin="round" stroke-opacity="{opacity}"{dashes}/>'
        )

    def seam(self, path: str, *, on: str | None = None, width: float = 2.0) -> None:
        """Draw a seam: a fine line with a breath of light beside it."""
        base = on or self.main
        self.path(path, line_on(base, 0.45), width, opacity=0.7)

    def stitch(self, path: str, colour: str | None = None, width: float = 1.8) -> None:
        """Draw topstitching."""
        self.path(path, colour or line_on(self.main, 0.35), width, dash="7 4.5", cap="butt")

    def strap(self, path: str, colour: str, width: float, *, texture: str = "") -> None:
        """Draw a round-edged cord, strap or chain core with light along it."""
        self.path(path, line_on(colour, 0.45), width + 2.4)
        self.path(path, colour, width)
        if texture in TEXTURES:
            self.path(path, f"url(#{self._texture(texture, colour, 0.0)})", width)
        self.path(path, lighten(colour, 0.35), width * 0.28, opacity=0.55)

    def flat(self, path: str, fill: str, opacity: float = 1.0) -> None:
        """Fill a shape without any shading."""
        self._body.append(f'<path d="{path}" fill="{fill}" fill-opacity="{opacity}"/>')

    def glow(self, path: str, colour: str, blur: float, opacity: float, clip: str = "") -> None:
        """Fill a shape softly, held inside ``clip`` if given (reflections, openings)."""
        soft = self._blur(blur, path)
        held = ""
        if clip:
            name = self._define("clipPath", f'<path d="{clip}"/>')
            held = f'clip-path="url(#{name})"'
        self._body.append(
            f'<path d="{path}" fill="{colour}" fill-opacity="{opacity}" '
            f'filter="url(#{soft})" {held}/>'
        )

    def button(self, x: float, y: float, radius: float = 6.0, colour: str | None = None) -> None:
        """Sew on a four-hole button."""
        fill = colour or self.trim
        rim = line_on(fill, 0.5)
        self._disc(x + 1.2, y + 2.0, radius + 0.6, INK, 0.35)
        self._disc(x, y, radius, fill)
        self._body.append(
            f'<circle cx="{x}" cy="{y}" r="{radius * 0.72:.1f}" fill="none" stroke="{rim}" '
            'stroke-width="1" stroke-opacity=".7"/>'
        )
        hole = radius * 0.24
        for dx in (-hole, hole):
            for dy in (-hole, hole):
                self._disc(x + dx, y + dy, radius * 0.13, rim)

    def stud(self, x: float, y: float, radius: float, colour: str) -> None:
        """Set a metal rivet or snap."""
        self._disc(x + 0.8, y + 1.4, radius, INK, 0.4)
        self._disc(x, y, radius, colour)
        self._disc(x - radius * 0.25, y - radius * 0.3, radius * 0.4, lighten(colour, 0.6), 0.9)

    def label(self, x: float, y: float, width: float = 34.0, height: float = 14.0) -> None:
        """Sew in a woven neck label."""
        tone = PAPER_LABEL if lightness(self.main) < 0.6 else darken(self.main, 0.55)
        self._body.append(
            f'<rect x="{x - width / 2}" y="{y}" width="{width}" height="{height}" rx="1.5" '
            f'fill="{tone}" fill-opacity=".85"/>'
        )

    @contextmanager
    def placed(
        self, dx: float, dy: float, *, turn: float = 0.0, scale: float = 1.0, flip: bool = False
    ) -> Iterator[None]:
        """Lay what follows moved, then turned (degrees) and scaled about its own origin."""
        outer, self._place = self._place, Place(dx, dy, turn, scale, flip)
        self._body.append(f'<g transform="{self._place.transform}">')
        yield
        self._body.append("</g>")
        self._place = outer

    @contextmanager
    def clipped(self, path: str) -> Iterator[None]:
        """Keep what follows inside ``path``."""
        clip = self._define("clipPath", f'<path d="{path}"/>')
        self._body.append(f'<g clip-path="url(#{clip})">')
        yield
        self._body.append("</g>")

    def svg(self) -> str:
        """Give the finished garment, framed, on nothing."""
        defs = "".join(self._defs.values())
        body = "".join(self._body)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {CANVAS} {CANVAS}">'
            f'<defs>{defs}</defs><g transform="{self._framing()}">{body}</g></svg>'
        )

    def _framing(self) -> str:
        """Centre the garment and scale it to the frame, so that a grid of them sits evenly."""
        xs, ys = [x for x, _ in self._extent], [y for _, y in self._extent]
        wide, high = max(xs) - min(xs), max(ys) - min(ys)
        zoom = min(FRAME_WIDTH / wide, FRAME_HEIGHT / high, ZOOM_LIMIT)
        half = CANVAS / 2
        x, y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
        return f"translate({half - x * zoom:.2f} {half - 8 - y * zoom:.2f}) scale({zoom:.4f})"

    def _occupy(self, path: str) -> None:
        self._extent += [self._place.apply(point) for point in trace(path)]

    def _shading(self, path: str, base: str, depth: float, grain: str) -> str:
        gloss = 1.35 if grain in GLOSSY else 1.0
        deep = lightness(base) < 0.3
        shade, wide = darken(base, 0.72), 22 * min(depth, 1.0) + 6
        dark = self._inner_edge(path, shade, (0.62 if deep else 0.4) * depth, wide, -7)
        light = self._inner_edge(path, "#fffaf2", 0.22 * depth * gloss, wide * 0.7, 6)
        return dark + light

    def _inner_edge(self, path: str, ink: str, tone: float, wide: float, shift: float) -> str:
        return (
            f'<path d="{path}" transform="translate({shift} {shift * 1.2:.1f})" fill="none" '
            f'stroke="{ink}" stroke-width="{wide:.1f}" stroke-opacity="{min(tone, 1.0):.2f}"/>'
        )

    def _crease(self, fold: Fold) -> str:
        ink = INK if fold.tone < 0 else "#ffffff"
        return (
            f'<path d="{fold.path}" fill="none" stroke="{ink}" stroke-width="{fold.width}" '
            f'stroke-linecap="round" stroke-opacity="{abs(fold.tone):.2f}"/>'
        )

    def _overlay(self, path: str, pattern: str) -> None:
        self._body.append(f'<path d="{path}" fill="url(#{pattern})"/>')

    def _disc(self, x: float, y: float, radius: float, fill: str, opacity: float = 1.0) -> None:
        self._body.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{fill}" '
            f'fill-opacity="{opacity}"/>'
        )

    def _pattern(self, name: str, angle: float) -> str:
        tile = PATTERNS[name](self.main, self.second)
        return self._tile(tile.width, tile.height, tile.markup, angle, self.drawing.scale)

    def _texture(self, name: str, base: str, angle: float) -> str:
        tile = TEXTURES[name](Thread.on(base))
        return self._tile(tile.width, tile.height, tile.markup, angle, 1.0)

    def _tile(self, width: float, height: float, markup: str, angle: float, scale: float) -> str:
        attributes = (
            f'patternUnits="userSpaceOnUse" width="{width}" height="{height}" '
            f'patternTransform="rotate({angle}) scale({scale})"'
        )
        return self._define("pattern", markup, attributes)

    def _blur(self, deviation: float, path: str) -> str:
        x, y, width, height = path_box(path, pad=deviation * 1.6 + 4)
        attributes = (
            f'filterUnits="userSpaceOnUse" x="{x:.0f}" y="{y:.0f}" '
            f'width="{width:.0f}" height="{height:.0f}" color-interpolation-filters="sRGB"'
        )
        return self._define("filter", f'<feGaussianBlur stdDeviation="{deviation}"/>', attributes)

    def _define(self, tag: str, markup: str, attributes: str = "") -> str:
        key = f"{tag}|{attributes}|{markup}"
        name = f"d{len(self._defs)}"
        if key in self._defs:
            name = self._defs[key].split('"', 2)[1]
        else:
            self._defs[key] = f'<{tag} id="{name}" {attributes}>{markup}</{tag}>'
        return name


PAPER_LABEL = "#efe9dc"
