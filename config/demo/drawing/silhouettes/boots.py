"""Boots in profile. Toe to the left, ground at y = 0."""

from config.demo.drawing.palette import darken, lighten, line_on
from config.demo.drawing.silhouettes.shoes import lay_pair, leather_sole
from config.demo.drawing.sketch import Fold, Sketch


def chelsea_boots(sketch: Sketch) -> None:
    """Draw Chelsea boots with elastic gores."""
    lay_pair(sketch, _chelsea, rise=150)


def _chelsea(sketch: Sketch) -> None:
    sketch.panel(
        "M44 -378 C90 -366 170 -366 228 -382 L226 -340 L50 -340 Z",
        darken(sketch.main, 0.55),
        texture="",
        depth=0.4,
    )
    upper = (
        "M-252 -28 C-266 -78 -234 -104 -186 -114 C-128 -126 -60 -146 -8 -196 "
        "C34 -238 40 -300 42 -376 C96 -356 176 -356 230 -380 C232 -310 224 -250 232 -180 "
        "C240 -130 260 -80 252 -30 C80 -18 -160 -20 -252 -28 Z"
    )
    shine = (
        Fold("M-224 -90 C-180 -104 -110 -118 -50 -150", 15, 0.36),
        Fold("M10 -180 C40 -172 70 -178 96 -194", 10, -0.28),
        Fold("M-10 -150 C30 -140 70 -148 100 -166", 9, -0.2),
        Fold("M206 -340 C200 -260 206 -180 222 -120", 13, 0.2),
    )
    sketch.panel(upper, folds=shine)
    gore = "M92 -366 C120 -362 150 -362 180 -368 C176 -300 166 -230 146 -172 C120 -220 98 -300 "
    sketch.panel(gore + "92 -366 Z", sketch.second, texture="rib", depth=0.6)
    sketch.seam("M146 -172 C120 -120 96 -70 90 -24", width=2)
    sketch.strap("M232 -372 C250 -400 258 -350 238 -326", sketch.second, 9)
    leather_sole(sketch)


def hiking_boots(sketch: Sketch) -> None:
    """Draw lace-up hiking boots with a lugged sole."""
    lay_pair(sketch, _hiker, rise=190)


def _hiker(sketch: Sketch) -> None:
    sketch.panel(
        "M20 -330 C20 -372 60 -382 80 -366 L96 -330 L50 -250 Z",
        darken(sketch.main, 0.2),
        texture="",
        depth=0.7,
    )
    sketch.panel(
        "M44 -356 C90 -346 170 -348 236 -362 L230 -300 L60 -300 Z",
        darken(sketch.main, 0.6),
        texture="",
        depth=0.4,
    )
    upper = (
        "M-246 -50 C-258 -100 -226 -124 -178 -134 C-120 -146 -74 -166 -36 -204 "
        "C0 -244 14 -300 30 -350 C38 -362 48 -358 56 -348 C100 -330 170 -332 216 -356 "
        "C234 -362 242 -350 240 -334 C232 -260 232 -200 250 -52 L-120 -40 Z"
    )
    folds = (
        Fold("M-214 -112 C-170 -124 -110 -136 -60 -168", 14, 0.26),
        Fold("M20 -200 C60 -190 110 -196 150 -214", 12, -0.22),
    )
    sketch.panel(upper, folds=folds)
    collar = (
        "M26 -338 C30 -356 40 -362 56 -348 C100 -330 170 -332 216 -356 C234 -362 242 -350 240 "
        "-334 L238 -300 C180 -276 90 -276 14 -300 Z"
    )
    sketch.panel(collar, darken(sketch.main, 0.35), texture="", depth=0.8)
    toe = "M-250 -50 C-260 -104 -222 -126 -182 -134 C-156 -110 -150 -76 -156 -42 Z"
    sketch.panel(toe, darken(sketch.main, 0.4), texture="", depth=0.7)
    sketch.panel(
        "M244 -150 C214 -140 190 -100 182 -46 L250 -50 C252 -90 250 -120 244 -150 Z",
        darken(sketch.main, 0.4),
        texture="",
        depth=0.6,
    )
    for path in ("M-66 -178 C-36 -140 -10 -90 -6 -42", "M40 -276 C60 -220 110 -160 186 -130"):
        sketch.seam(path)
        sketch.stitch(path, lighten(sketch.main, 0.35), 1.4)
    for number in range(6):
        x, y = -52 + number * 15, -170 - number * 31
        sketch.stud(x + 20, y + 14, 5, "#b59a62")
        sketch.strap(
            f"M{x + 20} {y + 14} C{x + 8} {y + 4} {x + 2} {y - 4} {x - 4} {y - 14}", sketch.trim, 7
        )
    _lug_sole(sketch)


def _lug_sole(sketch: Sketch) -> None:
    sole = (
        "M-258 -58 C-266 -30 -256 -14 -240 -8 L-222 4 L-196 -6 L-172 4 L-146 -6 L-122 4 L-96 -6 "
        "L-70 4 L-46 -8 L-10 -12 L60 -12 L92 -8 L108 4 L134 -6 L160 4 L186 -6 L212 4 L240 -4 "
        "C258 -20 260 -36 256 -64 C120 -44 -140 -40 -258 -58 Z"
    )
    sketch.panel(sole, "#37312f", texture="", depth=0.6)
    sketch.stitch("M-252 -50 C-140 -34 120 -38 252 -56", "#c9a56a", 2)


def heeled_boots(sketch: Sketch) -> None:
    """Draw ankle boots on a block heel."""
    lay_pair(sketch, _heeled, rise=130)


def _heeled(sketch: Sketch) -> None:
    sketch.panel(
        "M136 -96 L246 -96 C244 -60 242 -30 240 2 L152 2 C148 -30 142 -60 136 -96 Z",
        darken(sketch.main, 0.3),
        texture="",
        depth=0.7,
    )
    sketch.panel(
        "M46 -420 C90 -410 160 -410 214 -424 L212 -380 L52 -380 Z",
        darken(sketch.main, 0.55),
        texture="",
        depth=0.4,
    )
    upper = (
        "M-262 -8 C-268 -42 -238 -64 -196 -80 C-136 -102 -64 -130 -10 -196 "
        "C30 -246 44 -330 44 -418 C90 -404 160 -404 216 -422 C216 -340 206 -270 226 -206 "
        "C240 -170 252 -130 246 -92 L136 -88 C70 -70 20 -14 -60 -4 L-262 -2 Z"
    )
    shine = (
        Fold("M-226 -58 C-170 -78 -100 -104 -46 -150", 15, 0.36),
        Fold("M30 -200 C60 -186 90 -190 120 -204", 11, -0.28),
        Fold("M10 -160 C50 -146 90 -152 126 -170", 10, -0.2),
        Fold("M184 -390 C182 -300 184 -230 206 -170", 14, 0.24),
    )
    sketch.panel(upper, folds=shine)
    zip_path = "M150 -404 C148 -300 130 -180 118 -92"
    sketch.path(zip_path, line_on(sketch.main, 0.5), 6)
    sketch.path(zip_path, "#b9a06a", 3, dash="2.4 2.2", cap="butt")
    sole = "M-264 -8 C-260 4 -220 6 -160 6 C-110 6 -70 4 -40 -4 C30 -24 80 -80 136 -92 L246 -96 "
    sketch.path(sole, LEATHER_EDGE, 8)


def knee_boots(sketch: Sketch) -> None:
    """Draw tall riding boots."""
    lay_pair(sketch, _riding, rise=96)


def _riding(sketch: Sketch) -> None:
    sketch.panel(
        "M18 -642 C80 -628 190 -630 262 -652 L256 -610 L30 -610 Z",
        darken(sketch.main, 0.55),
        texture="",
        depth=0.4,
    )
    upper = (
        "M-252 -28 C-266 -78 -234 -104 -186 -114 C-128 -126 -52 -146 -2 -196 "
        "C34 -238 44 -300 38 -380 C30 -460 14 -540 16 -640 C90 -618 190 -620 264 -650 "
        "C268 -540 240 -440 230 -340 C224 -270 224 -230 234 -180 C242 -130 260 -80 252 -30 "
        "C80 -18 -160 -20 -252 -28 Z"
    )
    shine = (
        Fold("M-224 -90 C-180 -104 -110 -118 -50 -150", 15, 0.36),
        Fold("M70 -600 C70 -480 96 -380 88 -270", 20, 0.24),
        Fold("M14 -190 C50 -176 90 -182 130 -204", 12, -0.28),
        Fold("M0 -150 C50 -138 90 -146 130 -164", 10, -0.2),
        Fold("M190 -610 C200 -480 180 -380 180 -280", 18, -0.16),
    )
    sketch.panel(upper, folds=shine)
    sketch.seam("M150 -632 C160 -440 140 -240 150 -24", width=2)
    sketch.panel(
        "M20 -610 C90 -590 190 -592 263 -618 L262 -592 C190 -568 90 -566 21 -584 Z", depth=0.4
    )
    sketch.path("M120 -604 L150 -606 L152 -574 L122 -572 Z", "#b9a06a", 4)
    leather_sole(sketch)


LEATHER_EDGE = "#33261f"
