"""The upper body that shirts, knits, dresses and coats share: block, sleeves, collars."""

from dataclasses import dataclass

from config.demo.drawing.palette import darken
from config.demo.drawing.paths import Point, band, both, flip, symmetric
from config.demo.drawing.sketch import Fold, Sketch


@dataclass(frozen=True)
class Torso:
    """A pattern block; points lie on the right half, in garment units."""

    neck: Point = (60, 140)
    shoulder: Point = (152, 176)
    armpit: Point = (146, 300)
    waist: Point = (142, 450)
    hem: Point = (148, 640)
    drop: float = 10

    def front(self, depth: float, style: str = "crew") -> str:
        """Cut the front with a neckline that falls to ``depth`` ("crew", "v" or "scoop")."""
        return symmetric(f"M0 {depth} {self._neckline(depth, style)} {self._side()}")

    def tailed(self, depth: float) -> str:
        """Cut the front with a V neckline and a shirt's curved tails."""
        (wx, wy), (hx, hy) = self.waist, self.hem
        return symmetric(
            f"M0 {depth} {self._neckline(depth, 'v')} {self.upper_side()} "
            f"C{wx} {wy + 50} {hx - 2} {hy - 90} {hx} {hy - 48} "
            f"C{hx - 30} {hy - 40} {hx - 36} {hy + 24} {hx - 92} {hy + 26} L0 {hy + 26}"
        )

    def neckline(self, depth: float, style: str = "crew") -> str:
        """Trace the front neckline from side to side."""
        right = f"M0 {depth} {self._neckline(depth, style)}"
        return f"{right} {flip(right)}"

    def inside(self, depth: float, rise: float = 10) -> str:
        """Cut the inside of the back, seen through the neck opening."""
        x, y = self.neck
        return symmetric(
            f"M0 {y + rise} C{x * 0.5} {y + rise} {x * 0.85} {y + rise * 0.4} {x} {y - 3} "
            f"L{x + 4} {y + 6} L{x * 0.7} {depth + 14} L0 {depth + 24}"
        )

    def armhole(self) -> str:
        """Trace the right armhole seam."""
        sx, sy = self.shoulder
        return f"M{sx} {sy} {self._armhole()}"

    def _neckline(self, depth: float, style: str) -> str:
        x, y = self.neck
        fall = depth - y
        if style == "v":
            return f"C{x * 0.3} {depth - fall * 0.28} {x * 0.86} {y + fall * 0.4} {x} {y}"
        if style == "scoop":
            return f"C{x * 0.75} {depth} {x * 0.96} {y + fall * 0.55} {x} {y}"
        return f"C{x * 0.6} {depth} {x * 0.95} {y + fall * 0.6} {x} {y}"

    def _armhole(self) -> str:
        (sx, sy), (ax, ay) = self.shoulder, self.armpit
        return f"C{sx - 10} {sy + 34} {ax - 16} {ay - 46} {ax} {ay}"

    def _side(self) -> str:
        (wx, wy), (hx, hy) = self.waist, self.hem
        return (
            f"{self.upper_side()} "
            f"C{wx} {wy + (hy - wy) * 0.4} {hx - 2} {hy - (hy - wy) * 0.35} {hx} {hy} "
            f"C{hx * 0.6} {hy + self.drop} {hx * 0.25} {hy + self.drop} 0 {hy + self.drop}"
        )

    def upper_side(self) -> str:
        """Continue a path from the neck point over the shoulder and down to the waist."""
        (nx, ny), (sx, sy) = self.neck, self.shoulder
        (ax, ay), (wx, wy) = self.armpit, self.waist
        return (
            f"C{nx + (sx - nx) * 0.4} {ny + 12} {sx - 24} {sy - 9} {sx} {sy} {self._armhole()} "
            f"C{ax - 2} {ay + (wy - ay) * 0.5} {wx} {wy - 46} {wx} {wy}"
        )


def torso_for(sketch: Sketch, *, hem: float = 640, ease: float = 0.0) -> Torso:
    """Choose the block for the drawing's cut; ``ease`` widens the body."""
    if sketch.womens:
        return Torso(
            neck=(60, 146),
            shoulder=(140 + ease * 0.6, 178),
            armpit=(134 + ease, 292),
            waist=(125 + ease, 420),
            hem=(138 + ease, hem - 30),
        )
    return Torso(
        shoulder=(156 + ease * 0.6, 176),
        armpit=(150 + ease, 304),
        waist=(146 + ease, 450),
        hem=(148 + ease, hem),
    )


def draw_body(sketch: Sketch, torso: Torso, depth: float, style: str = "crew") -> None:
    """Lay the inside of the back, then the front with its drape."""
    sketch.panel(torso.inside(depth), darken(sketch.main, 0.32), texture="", depth=0.5)
    sketch.panel(torso.front(depth, style), folds=drape(torso))


def drape(torso: Torso) -> tuple[Fold, ...]:
    """Crease the cloth as gravity does: from the armpits inwards and up from the hem."""
    (ax, ay), (wx, wy), (hx, hy) = torso.armpit, torso.waist, torso.hem
    right = (
        Fold(
            f"M{ax - 6} {ay + 4} C{ax - 44} {ay + 34} {ax - 66} {ay + 74} {ax - 76} {ay + 120}",
            13,
            -0.17,
        ),
        Fold(
            f"M{ax - 16} {ay + 26} C{ax - 46} {ay + 60} {ax - 58} {ay + 96} {ax - 62} {ay + 130}",
            9,
            0.2,
        ),
        Fold(
            f"M{hx * 0.62} {hy + 4} C{hx * 0.6} {hy - 60} {hx * 0.68} {wy + 60} {wx * 0.8} {wy}",
            15,
            -0.15,
        ),
        Fold(
            f"M{hx * 0.47} {hy + 4} C{hx * 0.46} {hy - 50} {hx * 0.5} {wy + 80} {wx * 0.58} "
            f"{wy + 30}",
            11,
            0.16,
        ),
    )
    left = tuple(Fold(flip(fold.path), fold.width, fold.tone * 0.8) for fold in right[:3])
    return (*right, *left)


def short_sleeve(torso: Torso, *, length: float = 150, wide: float = 92) -> str:
    """Cut a right short sleeve."""
    (sx, sy), (ax, ay) = torso.shoulder, torso.armpit
    ox, oy = sx + length * 0.66, sy + length * 0.98
    ix, iy = ox - wide * 0.8, oy + wide * 0.36
    return (
        f"M{sx - 14} {sy - 4} C{sx + 16} {sy + 4} {sx + 36} {sy + 26} {sx + 50} {sy + 58} "
        f"L{ox} {oy} C{ox - wide * 0.25} {oy + 16} {ix + wide * 0.2} {iy + 2} {ix} {iy} "
        f"C{ax + 14} {ay + 24} {ax + 4} {ay + 8} {ax - 8} {ay - 4} L{ax - 30} {ay - 60} Z"
    )


def short_hem(torso: Torso, *, length: float = 150, wide: float = 92, rise: float = 14) -> str:
    """Trace the stitching above a right short sleeve's hem."""
    (sx, sy) = torso.shoulder
    ox, oy = sx + length * 0.66 - rise * 0.4, sy + length * 0.98 - rise
    ix, iy = ox - wide * 0.8 + 2, oy + wide * 0.36
    return f"M{ox} {oy} C{ox - wide * 0.25} {oy + 16} {ix + wide * 0.2} {iy + 2} {ix} {iy}"


@dataclass(frozen=True)
class Sleeve:
    """A long sleeve: its outline, the two ends of its wrist and its creases."""

    path: str
    outer: Point
    inner: Point
    folds: tuple[Fold, ...]

    def cuff(self, depth: float, flare: float = 0.0) -> str:
        """Cut the cuff that hangs from the wrist."""
        return band(self.inner, self.outer, depth, flare)


def long_sleeve(
    torso: Torso, *, reach: float = 400, spread: float = 118, wrist: float = 58, puff: float = 0.0
) -> Sleeve:
    """Cut a right long sleeve that hangs beside the body."""
    (sx, sy), (ax, ay) = torso.shoulder, torso.armpit
    ox, oy = sx + spread, sy + reach
    ix, iy = ox - wrist * 0.97, oy + wrist * 0.24
    bow = 30 + puff
    path = (
        f"M{sx - 16} {sy - 5} C{sx + 22} {sy + 4} {sx + 42} {sy + 34} {sx + 54} {sy + 84} "
        f"C{sx + 54 + bow} {sy + reach * 0.42} {ox + puff} {oy - reach * 0.3} {ox} {oy} "
        f"L{ix} {iy} "
        f"C{ix - puff - 4} {iy - reach * 0.28} {ax + 34} {ay + reach * 0.26} {ax - 2} {ay - 4} "
        f"L{ax - 30} {ay - 60} Z"
    )
    elbow_x, elbow_y = (sx + ox) / 2 + 24, (sy + oy) / 2
    folds = (
        Fold(
            f"M{ax + 6} {ay - 8} C{ax + 30} {ay + 20} {sx + 46} {sy + 110} {sx + 54} {sy + 150}",
            11,
            -0.2,
        ),
        Fold(
            f"M{elbow_x - 44} {elbow_y + 22} C{elbow_x - 20} {elbow_y + 10} {elbow_x} {elbow_y} "
            f"{elbow_x + 12} {elbow_y - 16}",
            9,
            -0.22,
        ),
        Fold(
            f"M{elbow_x - 34} {elbow_y + 48} C{elbow_x - 14} {elbow_y + 40} {elbow_x} "
            f"{elbow_y + 36} {elbow_x + 8} {elbow_y + 22}",
            8,
            -0.16,
        ),
        Fold(
            f"M{sx + 20} {sy + 30} C{sx + 40} {sy + 90} {elbow_x + 4} {elbow_y - 60} "
            f"{elbow_x + 6} {elbow_y}",
            12,
            0.16,
        ),
    )
    return Sleeve(path, (ox, oy), (ix, iy), folds)


def draw_sleeves(sketch: Sketch, sleeve: Sleeve, *, angle: float = 14) -> None:
    """Lay both sleeves; the pattern turns with the arm."""
    sketch.panel(sleeve.path, angle=-angle, folds=sleeve.folds)
    mirrored = tuple(Fold(flip(fold.path), fold.width, fold.tone) for fold in sleeve.folds)
    sketch.panel(flip(sleeve.path), angle=angle, folds=mirrored)


def draw_cuffs(
    sketch: Sketch, sleeve: Sleeve, depth: float, *, fill: str | None = None, texture: str = ""
) -> None:
    """Sew a cuff to both wrists."""
    for number, cuff in enumerate(both(sleeve.cuff(depth))):
        sketch.panel(cuff, fill, angle=14 if number else -14, depth=0.55, texture=texture or None)


def draw_wrist_seam(sketch: Sketch, sleeve: Sleeve, lift: float) -> None:
    """Sew a line round both sleeves, ``lift`` units above the wrist."""
    (ox, oy), (ix, iy) = sleeve.outer, sleeve.inner
    line = f"M{ix - 20} {iy - lift + 4} L{ox + 14} {oy - lift - 3}"
    for arm, seam in zip(both(sleeve.path), both(line), strict=True):
        with sketch.clipped(arm):
            sketch.seam(seam, width=1.8)


def shirt_collar(sketch: Sketch, neck: Point, base: float, tip: Point) -> None:
    """Lay a folded shirt collar: the back stand, then the two leaves down to ``tip``."""
    x, y = neck
    tx, ty = tip
    sketch.panel(
        symmetric(
            f"M0 {y - 26} C{x * 0.5} {y - 26} {x * 0.85} {y - 22} {x - 2} {y - 12} "
            f"L{x + 8} {y + 10} C{x * 0.6} {y + 18} {x * 0.3} {y + 18} 0 {y + 18}"
        ),
        depth=0.4,
    )
    leaf = (
        f"M{x - 3} {y - 16} C{x * 0.72} {y + 14} {x * 0.34} {base - 16} 2 {base} "
        f"L{tx} {ty} C{tx + 12} {ty - 26} {x + 16} {y + 36} {x + 15} {y + 8} "
        f"C{x + 12} {y - 4} {x + 5} {y - 12} {x - 3} {y - 16} Z"
    )
    for number, path in enumerate(both(leaf)):
        sketch.panel(path, angle=-38 if number else 38, depth=0.5)
    inner = (
        f"M5 {base + 3} L{tx - 2} {ty - 8} C{tx + 6} {ty - 32} {x + 9} {y + 36} {x + 10} {y + 8}"
    )
    for path in both(inner):
        sketch.stitch(path, width=1.2)
