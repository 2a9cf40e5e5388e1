"""Pumps and heeled sandals in profile; flats and sandals from above."""

from config.demo.drawing.palette import darken, lighten, line_on
from config.demo.drawing.paths import both, circle
from config.demo.drawing.silhouettes.shoes import lay_pair
from config.demo.drawing.sketch import Fold, Sketch

_FOOTBED = (
    "M6 -256 C62 -256 98 -206 98 -132 C98 -70 74 -16 70 50 C67 108 78 152 74 202 "
    "C70 246 36 264 2 264 C-34 264 -66 246 -70 202 C-74 140 -88 84 -96 20 "
    "C-104 -60 -98 -146 -72 -206 C-54 -244 -26 -256 6 -256 Z"
)


def pumps(sketch: Sketch) -> None:
    """Draw pointed pumps on a slim heel."""
    lay_pair(sketch, _pump, rise=170)


def _pump(sketch: Sketch) -> None:
    sketch.panel(
        "M172 -158 C196 -112 214 -60 218 4 L232 4 C234 -60 242 -110 240 -176 Z",
        darken(sketch.main, 0.18),
        depth=0.6,
    )
    sketch.panel(
        "M-96 -84 C-40 -112 60 -190 226 -270 L214 -170 L-30 -30 Z", "#d8bd9f", texture="", depth=0.8
    )
    upper = (
        "M-272 -4 C-246 -30 -204 -58 -158 -76 C-128 -88 -104 -92 -92 -84 C-66 -64 -20 -62 "
        "30 -98 C90 -146 150 -214 222 -272 C238 -278 246 -264 246 -246 C246 -210 250 -190 242 "
        "-164 C216 -150 190 -158 166 -150 C104 -128 40 -56 -24 -18 C-56 2 -100 6 -140 6 "
        "L-244 6 C-262 6 -278 4 -272 -4 Z"
    )
    shine = (
        Fold("M-232 -22 C-190 -48 -140 -66 -104 -68", 12, 0.5),
        Fold("M30 -70 C90 -110 150 -180 214 -232", 12, 0.3),
        Fold("M-60 -30 C0 -36 60 -90 120 -140", 14, -0.2),
    )
    sketch.panel(upper, folds=shine)
    sketch.path("M-150 7 C-100 8 -56 4 -22 -16 C40 -54 104 -126 166 -148", "#3a2620", 4)


def heeled_sandals(sketch: Sketch) -> None:
    """Draw strappy sandals on a block heel."""
    lay_pair(sketch, _heeled_sandal, rise=190)


def _heeled_sandal(sketch: Sketch) -> None:
    inner = darken(sketch.main, 0.35)
    sketch.strap("M196 -300 C150 -330 96 -316 86 -290", inner, 12)
    for path in ("M-150 -88 C-112 -92 -84 -60 -82 -16", "M-206 -62 C-176 -66 -150 -44 -146 -8"):
        sketch.strap(path, inner, 18)
    sketch.panel(
        "M160 -140 L244 -150 C242 -90 240 -40 238 4 L176 4 C174 -40 170 -90 160 -140 Z",
        darken(sketch.main, 0.12),
        depth=0.7,
    )
    back = (
        "M160 -150 C166 -190 176 -250 186 -306 C196 -316 216 -312 222 -300 C228 -250 246 -200 "
        "246 -152 Z"
    )
    sketch.panel(back, depth=0.7, folds=(Fold("M204 -300 C206 -250 216 -200 220 -160", 10, 0.3),))
    sole = (
        "M-266 -6 C-262 10 -220 8 -160 8 C-110 8 -70 6 -34 -8 C40 -38 90 -116 160 -138 L246 -152 "
        "L246 -164 C216 -166 190 -168 160 -158 C84 -132 40 -58 -40 -26 C-76 -12 -120 -12 -170 -12 "
        "C-214 -12 -256 -18 -266 -6 Z"
    )
    sketch.panel(sole, "#c9a27c", texture="", depth=0.5)
    for path, width in (
        ("M-232 -4 C-232 -36 -222 -60 -204 -62", 20),
        ("M-182 -4 C-182 -50 -172 -86 -148 -88", 20),
    ):
        sketch.strap(path, sketch.main, width)
    sketch.strap("M88 -292 C80 -268 150 -262 200 -292", sketch.main, 13)
    sketch.path("M120 -286 L142 -282 L140 -262 L118 -266 Z", "#c7a252", 4)


def ballet_flats(sketch: Sketch) -> None:
    """Draw ballet flats from above."""
    for side, number in ((-1, 0), (1, 1)):
        with sketch.placed(side * 118, 0, turn=side * 3, flip=bool(number)):
            _ballet_flat(sketch)


def _ballet_flat(sketch: Sketch) -> None:
    outline = (
        "M4 -262 C54 -262 88 -214 92 -146 C94 -80 74 -20 70 50 C67 108 80 152 76 204 "
        "C72 250 36 268 2 268 C-34 268 -68 250 -72 204 C-76 140 -86 84 -92 20 "
        "C-98 -60 -94 -150 -66 -212 C-50 -246 -26 -262 4 -262 Z"
    )
    sketch.panel(outline, folds=(Fold("M-50 -200 C-30 -236 20 -240 50 -200", 16, 0.36),))
    opening = (
        "M0 -118 C40 -118 66 -84 62 -30 C58 30 52 70 54 120 C58 170 60 206 50 228 "
        "C38 250 -34 250 -46 228 C-56 206 -56 160 -62 110 C-68 50 -72 10 -70 -30 "
        "C-66 -84 -40 -118 0 -118 Z"
    )
    sketch.panel(opening, "#e3cfb4", texture="", depth=1.0)
    sketch.path(opening, line_on(sketch.main, 0.2), 7)
    sketch.path(opening, lighten(sketch.main, 0.14), 4)
    sketch.path("M-24 150 L24 150", darken("#e3cfb4", 0.3), 2)
    for path in both("M0 -120 C14 -140 40 -142 42 -126 C42 -108 16 -106 0 -120 Z"):
        sketch.panel(path, sketch.trim, texture="", depth=0.5)
    sketch.stud(0, -121, 6, darken(sketch.trim, 0.1))
    sketch.seam("M0 -262 L0 -250", width=1.4)


def slides(sketch: Sketch) -> None:
    """Draw two-strap leather sandals from above."""
    for side, number in ((-1, 0), (1, 1)):
        with sketch.placed(side * 124, 0, turn=side * 4, flip=bool(number)):
            _slide(sketch)


def _slide(sketch: Sketch) -> None:
    sketch.panel(_FOOTBED, "#4a3a30", texture="", depth=0.4)
    with sketch.placed(0, 0, scale=0.965):
        sketch.panel(
            _FOOTBED,
            "#c6a77f",
            texture="grain",
            depth=1.0,
            folds=(
                Fold("M0 130 C30 130 30 210 0 210 C-30 210 -30 130 0 130", 26, -0.2),
                Fold("M-30 -120 C0 -150 40 -140 50 -110", 30, -0.16),
            ),
        )
    for y, tilt in ((-126, -10), (6, 8)):
        band = (
            f"M-112 {y + tilt} C-60 {y - 28} 60 {y - 30} 110 {y - tilt} L108 {y + 70 - tilt} "
            f"C60 {y + 44} -60 {y + 46} -110 {y + 72 + tilt} Z"
        )
        sketch.panel(band, depth=0.8)
        inner = f"M-106 {y + tilt + 9} C-60 {y - 18} 60 {y - 20} 105 {y - tilt + 8}"
        sketch.stitch(inner, lighten(sketch.main, 0.25), 1.5)
        sketch.path(f"M52 {y - 14} L88 {y - 6} L86 {y + 44} L50 {y + 36} Z", "#8f7440", 7)
        sketch.path(f"M52 {y - 14} L88 {y - 6} L86 {y + 44} L50 {y + 36} Z", "#cfae66", 4.5)
        sketch.path(f"M50 {y + 14} L84 {y + 20}", "#cfae66", 4)
        for x in (10, -8, -26):
            sketch.flat(circle(x, y + 10, 3.4), darken(sketch.main, 0.7))


def strap_sandals(sketch: Sketch) -> None:
    """Draw flat sandals from above: a toe strap, crossed bands and an ankle strap."""
    for side, number in ((-1, 0), (1, 1)):
        with sketch.placed(side * 118, 0, turn=side * 4, flip=bool(number)):
            _strap_sandal(sketch)


def _strap_sandal(sketch: Sketch) -> None:
    sketch.panel(_FOOTBED, "#6b4c36", texture="", depth=0.4)
    with sketch.placed(0, 0, scale=0.965):
        sketch.panel(_FOOTBED, "#cfa880", texture="", depth=1.0)
    for path, width in (
        ("M-98 -120 C-40 -170 50 -168 96 -116", 30),
        ("M-96 -20 C-40 -40 40 -90 94 -104", 24),
        ("M86 -10 C40 -30 -40 -80 -100 -96", 24),
        ("M-76 150 C-96 90 84 84 76 150", 24),
    ):
        sketch.strap(path, sketch.main, width)
    sketch.path("M52 96 L78 104 L76 132 L48 124 Z", "#cfae66", 5)
