"""Trousers, jeans and shorts."""

from dataclasses import dataclass

from config.demo.drawing.palette import darken, lighten
from config.demo.drawing.paths import both, flip, symmetric
from config.demo.drawing.sketch import Fold, Sketch


@dataclass(frozen=True)
class Legs:
    """A trouser block, right half: waist, hip, knee and hem half widths, lengths in units."""

    waist: float = 104
    hip: float = 142
    knee: tuple[float, float] = (46, 150)
    hem: tuple[float, float] = (52, 142)
    crotch: float = 292
    knee_y: float = 480
    length: float = 720
    top: float = 84

    def leg(self) -> str:
        """Cut the right leg with its half of the seat."""
        (ki, ko), (hi, ho) = self.knee, self.hem
        rise, drop = self.knee_y - self.crotch, (self.length - self.knee_y) * 0.4
        slope = (ho - self.hip) / (self.length - self.crotch)
        return (
            f"M-3 {self.top + 34} L{self.waist + 2} {self.top + 34} "
            f"C{self.waist + 14} {self.top + 80} {self.hip - 2} {self.crotch - 90} {self.hip} "
            f"{self.crotch - 30} C{self.hip + 3} {self.crotch + rise * 0.3} "
            f"{ko - slope * rise * 0.4} {self.knee_y - rise * 0.4} {ko} {self.knee_y} "
            f"C{ko + slope * drop} {self.knee_y + drop} {ho - slope * drop} {self.length - drop} "
            f"{ho} {self.length} C{ho - 20} {self.length + 7} {hi + 20} {self.length + 7} {hi} "
            f"{self.length + 2} C{hi} {self.length - drop} {ki} {self.knee_y + drop} "
            f"{ki} {self.knee_y} C{ki - 4} {self.knee_y - rise * 0.43} 8 "
            f"{self.crotch + rise * 0.2} -3 {self.crotch} Z"
        )

    def hem_line(self, rise: float) -> str:
        """Trace a line above the right hem."""
        (hi, ho), y = self.hem, self.length - rise
        return f"M{ho} {y} C{ho - 20} {y + 7} {hi + 20} {y + 7} {hi} {y + 2}"

    def waistband(self, depth: float = 34) -> str:
        """Cut the waistband."""
        return symmetric(
            f"M0 {self.top + 8} C{self.waist * 0.5} {self.top + 8} {self.waist * 0.8} "
            f"{self.top + 4} {self.waist} {self.top} L{self.waist + 3} {self.top + depth} "
            f"C{self.waist * 0.8} {self.top + depth + 5} {self.waist * 0.5} "
            f"{self.top + depth + 8} 0 {self.top + depth + 8}"
        )

    def back(self) -> str:
        """Cut the inside of the waistband's back."""
        return symmetric(
            f"M0 {self.top - 7} C{self.waist * 0.5} {self.top - 7} {self.waist * 0.85} "
            f"{self.top - 4} {self.waist} {self.top} L{self.waist} {self.top + 14} "
            f"L0 {self.top + 14}"
        )


def _lay(sketch: Sketch, legs: Legs, folds: tuple[Fold, ...]) -> None:
    """Lay the back of the waist, both legs and the waistband."""
    sketch.panel(legs.back(), darken(sketch.main, 0.35), texture="", depth=0.4)
    mirrored = tuple(Fold(flip(fold.path), fold.width, fold.tone) for fold in folds)
    sketch.panel(flip(legs.leg()), folds=mirrored, angle=2)
    sketch.panel(legs.leg(), folds=folds, angle=-2)
    sketch.panel(legs.waistband(), depth=0.45)


def _crotch_folds(legs: Legs) -> tuple[Fold, ...]:
    y = legs.crotch
    return (
        Fold(f"M4 {y - 8} C30 {y - 26} 60 {y - 36} 90 {y - 40}", 10, -0.2),
        Fold(f"M6 {y + 4} C36 {y - 4} 64 {y - 6} 92 {y - 2}", 9, -0.16),
        Fold(
            f"M{legs.knee[0]} {legs.knee_y - 6} C{legs.knee[0] + 24} {legs.knee_y + 6} "
            f"{legs.knee[0] + 44} {legs.knee_y} {legs.knee[0] + 56} {legs.knee_y - 10}",
            9,
            -0.14,
        ),
    )


def _loops(sketch: Sketch, legs: Legs) -> None:
    for x in (-legs.waist + 18, -legs.waist * 0.42, legs.waist * 0.42, legs.waist - 18):
        lift = 6 if abs(x) < legs.waist * 0.6 else 2
        sketch.panel(
            f"M{x - 5} {legs.top + lift - 4} L{x + 5} {legs.top + lift - 4} "
            f"L{x + 5} {legs.top + lift + 40} L{x - 5} {legs.top + lift + 40} Z",
            depth=0.2,
        )


def _fly(sketch: Sketch, legs: Legs, thread: str) -> None:
    top, y = legs.top + 42, legs.crotch
    sketch.seam(f"M0 {top} L0 {y}")
    sketch.stitch(f"M26 {top} L26 {y - 72} C26 {y - 44} 14 {y - 32} 2 {y - 26}", thread)


def jeans(sketch: Sketch) -> None:
    """Draw straight-leg jeans with copper thread, rivets and a worn-in fade."""
    _denim(sketch, Legs(waist=108 if not sketch.womens else 100))


def slim_jeans(sketch: Sketch) -> None:
    """Draw slim jeans."""
    _denim(sketch, Legs(waist=104, hip=134, knee=(42, 126), hem=(46, 110)))


def wide_jeans(sketch: Sketch) -> None:
    """Draw high-waisted wide-leg jeans."""
    _denim(sketch, Legs(waist=94, hip=140, knee=(26, 174), hem=(20, 198), crotch=300))


def _denim(sketch: Sketch, legs: Legs) -> None:
    thread = sketch.trim
    _lay(sketch, legs, (*_crotch_folds(legs), *_fade(legs)))
    for path in both(legs.hem_line(14)):
        sketch.stitch(path, thread)
    side = f"M{legs.hip - 9} {legs.crotch - 20} C{legs.hip - 6} {legs.crotch + 60} "
    side += f"{legs.knee[1] - 9} {legs.knee_y - 70} {legs.knee[1] - 8} {legs.knee_y}"
    for path in both(side) if legs.length > 600 else ():
        sketch.seam(path, width=1.6)
    _jean_pockets(sketch, legs, thread)
    _fly(sketch, legs, thread)
    for offset in (5, 30):
        y = legs.top + offset
        for path in both(
            f"M0 {y + 8} C{legs.waist * 0.5} {y + 8} {legs.waist * 0.8} {y + 4} "
            f"{legs.waist - 1} {y}"
        ):
            sketch.stitch(path, thread, 1.4)
    _loops(sketch, legs)
    sketch.stud(0, legs.top + 25, 8.5, "#c3915d")


def _fade(legs: Legs) -> tuple[Fold, ...]:
    (ki, ko), (hi, ho) = legs.knee, legs.hem
    mid, low = (ki + ko) / 2 + 4, (hi + ho) / 2
    return (
        Fold(
            f"M74 {legs.crotch - 40} C84 {legs.crotch + 60} {mid} {legs.knee_y - 90} {mid} "
            f"{legs.knee_y}",
            38,
            0.2,
        ),
        Fold(f"M{mid} {legs.knee_y} L{low} {legs.length - 40}", 22, 0.12),
        Fold(f"M30 {legs.crotch - 24} L96 {legs.crotch - 62}", 5, 0.22),
        Fold(f"M34 {legs.crotch + 8} L100 {legs.crotch - 16}", 5, 0.2),
    )


def _jean_pockets(sketch: Sketch, legs: Legs, thread: str) -> None:
    w, y = legs.waist, legs.top + 42
    scoop = f"M{w * 0.46} {y - 2} C{w * 0.5} {y + 38} {w * 0.8} {y + 56} {w + 17} {y + 50}"
    inner = f"M{w * 0.4} {y - 2} C{w * 0.44} {y + 44} {w * 0.78} {y + 66} {w + 18} {y + 59}"
    for line in both(scoop):
        sketch.seam(line, width=2.6)
    for line in both(inner):
        sketch.stitch(line, thread)
    for side in (-1, 1):
        sketch.stud(side * (w * 0.48), y + 5, 3.4, "#c3915d")
        sketch.stud(side * (w + 10), y + 49, 3.4, "#c3915d")
    coin = f"M{w * 0.62} {y + 22} L{w * 0.98} {y + 16} L{w + 2} {y + 42}"
    sketch.stitch(coin, thread, 1.3)


def tailored(sketch: Sketch) -> None:
    """Draw tapered tailored trousers with a pressed crease."""
    legs = Legs(waist=104 if not sketch.womens else 94, hip=136, knee=(44, 138), hem=(50, 122))
    _pressed(sketch, legs)


def wide_trousers(sketch: Sketch) -> None:
    """Draw pleated wide-leg trousers that fall from a high waist."""
    legs = Legs(waist=92, hip=140, knee=(20, 176), hem=(12, 204), crotch=304, length=728)
    _pressed(sketch, legs, pleats=True)


def _pressed(sketch: Sketch, legs: Legs, *, pleats: bool = False) -> None:
    (ki, ko), (hi, ho) = legs.knee, legs.hem
    top_x, mid, low = legs.waist * 0.52, (ki + ko) / 2, (hi + ho) / 2
    crease = (
        f"M{top_x} {legs.top + 60} C{top_x + 12} {legs.crotch - 40} {mid - 2} "
        f"{legs.crotch + 60} {mid} {legs.knee_y} L{low} {legs.length}"
    )
    beside = Fold(
        f"M{top_x + 16} {legs.top + 80} C{top_x + 28} {legs.crotch - 40} {mid + 14} "
        f"{legs.crotch + 60} {mid + 15} {legs.knee_y} L{low + 15} {legs.length}",
        17,
        -0.17,
    )
    light = Fold(
        f"M{top_x - 14} {legs.top + 90} C{top_x - 2} {legs.crotch - 40} {mid - 16} "
        f"{legs.crotch + 60} {mid - 14} {legs.knee_y} L{low - 14} {legs.length}",
        15,
        0.17,
    )
    _lay(sketch, legs, (*_crotch_folds(legs)[:2], beside, light))
    for path in both(crease):
        sketch.path(path, sketch.line, 1.6, opacity=0.6)
    slant = f"M{legs.waist * 0.72} {legs.top + 40} L{legs.waist + 24} {legs.top + 130}"
    for path in both(slant):
        sketch.seam(path, width=2.4)
    if pleats:
        for path in both(
            f"M{legs.waist * 0.3} {legs.top + 41} L{legs.waist * 0.36} {legs.top + 104}"
        ):
            sketch.seam(path)
    sketch.seam(f"M0 {legs.top + 8} L0 {legs.crotch}")
    _loops(sketch, legs)
    sketch.button(0, legs.top + 25, 6)


def chinos(sketch: Sketch) -> None:
    """Draw cotton chinos with a turn-up."""
    legs = Legs(waist=106 if not sketch.womens else 96, hip=138, knee=(44, 140), hem=(50, 128))
    _lay(sketch, legs, (*_crotch_folds(legs), *_soft_legs(legs)))
    slant = f"M{legs.waist * 0.7} {legs.top + 40} L{legs.waist + 24} {legs.top + 126}"
    for path in both(slant):
        sketch.seam(path, width=2.4)
    for path in both(f"M{legs.waist * 0.63} {legs.top + 40} L{legs.waist + 18} {legs.top + 130}"):
        sketch.stitch(path, width=1.3)
    _fly(sketch, legs, sketch.line)
    _loops(sketch, legs)
    sketch.button(0, legs.top + 25, 6.5)
    (hi, ho), y = legs.hem, legs.length
    cuff = f"M{ho + 3} {y - 30} L{ho + 3} {y + 2} C{ho - 20} {y + 9} {hi + 20} {y + 9} "
    cuff += f"{hi - 3} {y + 4} L{hi - 3} {y - 28} C{hi + 20} {y - 22} {ho - 20} {y - 22} "
    for path in both(cuff + f"{ho + 3} {y - 30} Z"):
        sketch.panel(path, depth=0.4)


def _soft_legs(legs: Legs) -> tuple[Fold, ...]:
    (ki, ko), (hi, ho) = legs.knee, legs.hem
    return (
        Fold(
            f"M{(ki + ko) / 2 - 10} {legs.crotch + 20} L{(hi + ho) / 2 - 6} {legs.length}", 20, 0.14
        ),
        Fold(f"M{ko - 26} {legs.crotch + 40} L{ho - 20} {legs.length}", 16, -0.12),
        Fold(f"M{hi + 6} {legs.length - 50} L{ho - 22} {legs.length - 34}", 9, -0.14),
    )


def joggers(sketch: Sketch) -> None:
    """Draw joggers with a drawstring waist and ribbed ankles."""
    legs = Legs(waist=110, hip=144, knee=(42, 146), hem=(56, 112), length=688)
    _lay(sketch, legs, (*_crotch_folds(legs), *_soft_legs(legs)))
    sketch.panel(legs.waistband(40), texture="rib", depth=0.5)
    (hi, ho), y = legs.hem, legs.length
    ankle = f"M{ho} {y} C{ho - 16} {y + 7} {hi + 16} {y + 7} {hi} {y + 2} L{hi + 3} {y + 44} "
    ankle += f"C{hi + 16} {y + 49} {ho - 16} {y + 49} {ho - 3} {y + 43} Z"
    for path in both(ankle):
        sketch.panel(path, texture="rib", depth=0.5)
    for path in both(
        f"M{legs.waist - 2} {legs.top + 50} C{legs.waist - 8} {legs.top + 90} "
        f"{legs.waist + 2} {legs.top + 130} {legs.waist + 22} {legs.top + 150}"
    ):
        sketch.seam(path, width=2.6)
    for side in (-1, 1):
        cord = f"M{side * 10} {legs.top + 28} C{side * 16} {legs.top + 70} {side * 8} "
        sketch.strap(cord + f"{legs.top + 110} {side * 20} {legs.top + 150}", sketch.trim, 5)


def shorts(sketch: Sketch) -> None:
    """Draw tailored shorts."""
    legs = _short_legs(sketch)
    _lay(sketch, legs, _crotch_folds(legs)[:2])
    for path in both(f"M{legs.waist * 0.7} {legs.top + 40} L{legs.waist + 24} {legs.top + 126}"):
        sketch.seam(path, width=2.4)
    for path in both(legs.hem_line(24)):
        sketch.stitch(path, width=1.4)
    _fly(sketch, legs, sketch.line)
    _loops(sketch, legs)
    sketch.button(0, legs.top + 25, 6.5)


def denim_shorts(sketch: Sketch) -> None:
    """Draw cut-off denim shorts with a frayed hem."""
    legs = _short_legs(sketch)
    (hi, ho), y = legs.hem, legs.length
    pale = lighten(sketch.main, 0.65)
    for number in range(34):
        x = hi + (ho - hi) * number / 33
        reach = 9 + (number * 7) % 11
        for side in (-1, 1):
            sketch.path(
                f"M{side * x} {y - 4} L{side * (x + (number % 3) - 1)} {y + reach}",
                pale,
                2.2,
                opacity=0.85,
            )
    _denim(sketch, legs)


def _short_legs(sketch: Sketch) -> Legs:
    if sketch.womens:
        return Legs(
            waist=100, hip=146, knee=(8, 164), hem=(8, 168), crotch=292, knee_y=330, length=372
        )
    return Legs(
        waist=108, hip=146, knee=(14, 166), hem=(16, 170), crotch=296, knee_y=380, length=450
    )
