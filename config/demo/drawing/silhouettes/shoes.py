"""Flat shoes in profile: sneakers, loafers, derbies. Toe to the left, ground at y = 0."""

from collections.abc import Callable

from config.demo.drawing.palette import darken, lighten, line_on, mix
from config.demo.drawing.sketch import Fold, Sketch

RUBBER = "#f1ede4"
LEATHER_SOLE = "#4a362c"


def lay_pair(sketch: Sketch, draw: Callable[[Sketch], None], *, rise: float = 176) -> None:
    """Lay two shoes in profile, the farther one up and to the right."""
    with sketch.placed(64, -rise, turn=-3):
        draw(sketch)
    sketch.glow("M-270 -60 L250 -60 L250 -10 L-270 -10 Z", "#241a2c", 20, 0.16)
    with sketch.placed(-34, 0):
        draw(sketch)


def sneakers(sketch: Sketch) -> None:
    """Draw low court sneakers."""
    lay_pair(sketch, _sneaker)


def _sneaker(sketch: Sketch) -> None:
    lining = mix(sketch.main, "#cfc6b8", 0.5)
    sketch.panel(
        "M-44 -176 C-14 -226 14 -250 40 -250 C58 -248 62 -222 50 -196 L8 -150 Z",
        lighten(sketch.main, 0.12),
        texture="",
        depth=0.7,
    )
    sketch.panel(
        "M22 -216 C60 -200 120 -190 170 -194 C196 -196 208 -202 218 -208 L216 -140 L40 -140 Z",
        darken(lining, 0.3),
        texture="",
        depth=0.6,
    )
    upper = (
        "M-240 -34 C-248 -80 -216 -100 -162 -110 C-122 -118 -88 -142 -54 -174 "
        "C-32 -196 -8 -214 16 -222 C30 -226 40 -218 44 -208 C66 -176 128 -158 176 -172 "
        "C196 -178 204 -200 216 -210 C230 -216 238 -206 238 -190 C234 -150 252 -116 246 -40 "
        "C120 -26 -60 -24 -120 -28 C-180 -32 -220 -40 -240 -34 Z"
    )
    crease = (
        Fold("M-130 -112 C-112 -92 -104 -70 -104 -44", 9, -0.14),
        Fold("M-200 -92 C-150 -100 -110 -112 -70 -144", 12, 0.3),
    )
    sketch.panel(upper, folds=crease)
    heel = "M240 -134 C214 -126 196 -96 190 -36 L246 -40 C248 -76 246 -108 240 -134 Z"
    sketch.panel(heel, sketch.trim, texture="", depth=0.5)
    tab = "M216 -210 C230 -216 238 -206 238 -190 C236 -176 236 -160 238 -144 L212 -150 Z"
    sketch.panel(tab, sketch.trim, texture="", depth=0.5)
    for path in (
        "M-172 -108 C-150 -84 -146 -56 -152 -32",
        "M-40 -128 C-8 -100 20 -66 28 -28",
        "M44 -206 C70 -166 130 -148 190 -160",
    ):
        sketch.seam(path, width=1.8)
        sketch.stitch(path, sketch.line, 1.1)
    for x in (-196, -184, -172, -190, -178):
        sketch.stud(x, -76 + (12 if x in (-190, -178) else 0), 2, darken(sketch.main, 0.4))
    eyestay(sketch)
    sole = (
        "M-248 -44 C-256 -18 -246 2 -222 2 L222 2 C244 2 250 -16 250 -52 C180 -36 -60 -30 -120 "
        "-36 C-180 -40 -226 -54 -248 -44 Z"
    )
    sketch.panel(sole, RUBBER, texture="", depth=0.7)
    sketch.path("M-250 -22 C-180 -14 120 -12 250 -26", darken(RUBBER, 0.25), 1.8)
    sketch.stitch("M-246 -34 C-180 -26 120 -22 248 -40", darken(RUBBER, 0.3), 1.4)


def eyestay(sketch: Sketch, *, colour: str | None = None) -> None:
    """Lay the lace facing and five rows of laces."""
    facing = (
        "M-72 -158 C-46 -188 -10 -214 16 -222 C32 -226 40 -216 44 -206 C18 -186 -14 -158 -38 "
        "-122 C-54 -128 -66 -142 -72 -158 Z"
    )
    fill = colour or sketch.main
    sketch.panel(facing, fill, texture="", depth=0.5)
    for number in range(5):
        x, y = -52 + number * 19.5, -154 - number * 13.5
        sketch.stud(x + 8, y + 9, 3.4, darken(fill, 0.45))
        lace = f"M{x + 8} {y + 9} C{x - 2} {y - 4} {x - 8} {y - 12} {x - 10} {y - 21}"
        sketch.strap(lace, "#f4f1ea", 6.5)


def runners(sketch: Sketch) -> None:
    """Draw running shoes with a sculpted sole and mesh upper."""
    lay_pair(sketch, _runner)


def _runner(sketch: Sketch) -> None:
    sketch.panel(
        "M-40 -186 C-10 -236 18 -262 44 -260 C60 -256 62 -230 52 -204 L8 -150 Z",
        darken(sketch.main, 0.15),
        texture="",
        depth=0.7,
    )
    sketch.panel(
        "M22 -222 C60 -206 120 -196 176 -204 L226 -228 L216 -140 L40 -140 Z",
        darken(sketch.main, 0.5),
        texture="",
        depth=0.6,
    )
    upper = (
        "M-244 -52 C-250 -92 -212 -112 -164 -122 C-122 -132 -88 -154 -54 -184 "
        "C-32 -204 -8 -222 16 -230 C30 -234 40 -226 44 -216 C66 -186 128 -168 178 -186 "
        "C200 -196 208 -226 226 -238 C240 -242 246 -232 244 -214 C238 -170 254 -130 248 -60 "
        "L-120 -44 Z"
    )
    sketch.panel(upper, folds=(Fold("M-200 -104 C-150 -114 -110 -126 -70 -156", 12, 0.25),))
    for path in (
        "M-248 -58 C-250 -96 -226 -108 -196 -116 C-188 -92 -160 -66 -120 -50 Z",
        "M250 -70 C250 -110 244 -140 242 -170 C208 -160 186 -116 176 -54 Z",
    ):
        sketch.panel(path, sketch.second, texture="", depth=0.6)
    swoosh = "M-34 -126 C-6 -92 60 -70 128 -78 L150 -126 C110 -104 40 -104 -8 -152 Z"
    sketch.panel(swoosh, sketch.second, texture="", depth=0.4)
    sketch.path("M-22 -126 C10 -98 70 -82 134 -92", sketch.trim, 4)
    eyestay(sketch, colour=darken(sketch.main, 0.2))
    sketch.strap("M236 -238 C250 -250 258 -226 246 -204", sketch.trim, 6)
    sole = (
        "M-256 -50 C-268 -22 -250 6 -206 6 C-120 10 -40 -6 20 -2 C90 8 160 6 216 4 "
        "C262 0 266 -30 258 -76 C210 -48 120 -58 60 -50 C-10 -42 -70 -50 -130 -44 "
        "C-190 -40 -228 -62 -256 -50 Z"
    )
    sketch.panel(sole, RUBBER, texture="", depth=0.8)
    wave = "M-258 -26 C-190 -14 -110 -32 -40 -28 C40 -22 120 -34 262 -36"
    sketch.path(wave, sketch.trim, 5)
    tread = "M-246 0 C-190 12 -100 10 -40 2 M70 4 C140 12 200 8 246 -2"
    sketch.path(tread, darken(sketch.main, 0.5), 7)


def high_tops(sketch: Sketch) -> None:
    """Draw canvas high-top sneakers."""
    lay_pair(sketch, _high_top, rise=200)


def _high_top(sketch: Sketch) -> None:
    sketch.panel(
        "M6 -330 C10 -362 40 -372 62 -364 L80 -330 L40 -250 Z",
        lighten(sketch.main, 0.1),
        texture="",
        depth=0.6,
    )
    sketch.panel(
        "M36 -352 C90 -340 160 -342 222 -356 L220 -300 L60 -300 Z",
        darken(sketch.main, 0.5),
        texture="",
        depth=0.6,
    )
    upper = (
        "M-236 -40 C-236 -80 -200 -100 -160 -110 C-112 -122 -76 -146 -46 -184 "
        "C-14 -226 8 -288 26 -346 C34 -356 44 -352 50 -342 C90 -320 160 -322 210 -352 "
        "C224 -358 232 -350 232 -336 C226 -250 226 -170 246 -46 L-120 -30 Z"
    )
    sketch.panel(
        upper,
        folds=(
            Fold("M20 -190 C60 -180 110 -186 150 -210", 12, -0.18),
            Fold("M30 -164 C70 -154 120 -160 160 -180", 10, 0.16),
        ),
    )
    toe = "M-252 -40 C-252 -92 -208 -108 -168 -112 C-150 -92 -144 -60 -150 -36 Z"
    sketch.panel(toe, RUBBER, texture="", depth=0.7)
    for number in range(7):
        x, y = -54 + number * 14.5, -158 - number * 28
        sketch.stud(x + 22, y + 14, 4, "#c9c7c0")
        sketch.strap(
            f"M{x + 22} {y + 14} C{x + 8} {y + 4} {x} {y - 4} {x - 4} {y - 12}", "#f4f1ea", 7
        )
    sketch.seam("M-26 -122 C6 -170 40 -260 60 -336", width=2)
    sketch.stitch("M214 -346 C206 -250 206 -150 218 -44", lighten(sketch.main, 0.5), 1.6)
    sketch.panel("M212 -250 L230 -250 L240 -90 L216 -90 Z", sketch.main, texture="", depth=0.4)
    for path in ("M60 -300 C110 -288 160 -290 214 -304", "M40 -120 C90 -100 160 -100 226 -110"):
        sketch.stitch(path, lighten(sketch.main, 0.4), 1.4)
    sketch.panel("M226 -200 L240 -200 L246 -170 L230 -168 Z", sketch.trim, texture="", depth=0.3)
    sole = "M-254 -50 C-260 -14 -250 2 -226 2 L226 2 C248 2 254 -14 252 -58 C120 -42 -140 -36 "
    sketch.panel(sole + "-254 -50 Z", RUBBER, texture="", depth=0.6)
    sketch.path("M-254 -22 C-140 -14 140 -14 252 -28", sketch.trim, 4.5)


def loafers(sketch: Sketch) -> None:
    """Draw penny loafers."""
    lay_pair(sketch, _loafer, rise=150)


def leather_sole(sketch: Sketch, *, colour: str = LEATHER_SOLE) -> None:
    """Lay a welted sole with a stacked heel."""
    sole = "M-254 -26 C-256 -4 -196 2 -130 2 C-50 2 40 -4 104 -14 L104 -22 L-246 -30 Z"
    sketch.panel(sole, colour, texture="", depth=0.5)
    heel = "M100 -26 L254 -30 C254 -12 250 -2 248 2 L108 2 C104 -6 102 -16 100 -26 Z"
    sketch.panel(heel, darken(colour, 0.15), texture="", depth=0.5)
    sketch.path("M104 -10 L250 -12", darken(colour, 0.45), 1.6)
    sketch.stitch("M-246 -28 C-160 -22 60 -22 250 -30", lighten(colour, 0.35), 1.5)


def _loafer(sketch: Sketch) -> None:
    sketch.panel(
        "M20 -176 C90 -160 170 -168 236 -182 L230 -110 L40 -110 Z", "#c9a987", texture="", depth=0.8
    )
    upper = (
        "M-250 -28 C-264 -74 -232 -98 -184 -106 C-138 -114 -98 -128 -56 -152 "
        "C-26 -170 4 -188 34 -190 C48 -176 54 -160 66 -150 C100 -136 150 -142 190 -158 "
        "C214 -168 226 -182 240 -184 C252 -184 256 -168 254 -148 C248 -106 260 -70 252 -30 "
        "C80 -18 -160 -20 -250 -28 Z"
    )
    shine = (
        Fold("M-222 -84 C-180 -96 -130 -104 -90 -124", 13, 0.36),
        Fold("M120 -110 C160 -112 200 -124 232 -140", 12, 0.2),
    )
    sketch.panel(upper, folds=shine)
    apron = "M-238 -62 C-214 -54 -150 -58 -96 -80 C-56 -98 -24 -124 4 -160"
    sketch.path(apron, line_on(sketch.main, 0.55), 5)
    sketch.path(apron, lighten(sketch.main, 0.3), 2, dash="4 5", cap="butt")
    saddle = (
        "M-44 -158 C-22 -172 8 -186 34 -190 C46 -178 52 -164 60 -154 C58 -110 46 -64 30 -24 "
        "C4 -24 -14 -24 -34 -25 C-22 -66 -24 -112 -44 -158 Z"
    )
    sketch.panel(saddle, depth=0.6)
    sketch.flat(
        "M-16 -118 C0 -126 20 -130 34 -128 C34 -122 30 -114 26 -108 C14 -112 0 -108 -12 -102 Z",
        darken(sketch.main, 0.6),
    )
    sketch.stitch("M60 -146 C100 -128 160 -134 226 -166", lighten(sketch.main, 0.25), 1.4)
    sketch.seam("M196 -158 C186 -120 188 -70 196 -26", width=1.8)
    leather_sole(sketch)


def derbies(sketch: Sketch) -> None:
    """Draw lace-up derby shoes with a punched toe cap."""
    lay_pair(sketch, _derby, rise=156)


def _derby(sketch: Sketch) -> None:
    sketch.panel(
        "M-30 -170 C-6 -208 22 -228 44 -226 C58 -222 60 -200 50 -180 L8 -140 Z",
        darken(sketch.main, 0.12),
        texture="",
        depth=0.7,
    )
    sketch.panel(
        "M24 -196 C80 -184 160 -182 230 -194 L226 -130 L40 -130 Z", "#b99474", texture="", depth=0.7
    )
    upper = (
        "M-252 -28 C-266 -70 -236 -92 -190 -100 C-140 -110 -96 -126 -58 -158 "
        "C-34 -180 -8 -196 18 -204 C34 -206 42 -198 48 -188 C80 -160 140 -152 186 -166 "
        "C208 -174 220 -194 236 -198 C250 -200 254 -184 252 -162 C246 -114 260 -72 252 -30 "
        "C80 -18 -160 -20 -252 -28 Z"
    )
    shine = (
        Fold("M-226 -80 C-186 -92 -150 -96 -110 -108", 14, 0.42),
        Fold("M110 -110 C150 -112 196 -124 232 -140", 12, 0.22),
    )
    sketch.panel(upper, folds=shine)
    cap = "M-166 -104 C-146 -84 -142 -54 -148 -23"
    sketch.seam(cap, width=2.2)
    for number in range(6):
        sketch.stud(
            -154 + (number % 2) * 1.5 + abs(number - 3) * -2,
            -92 + number * 12.5,
            1.9,
            darken(sketch.main, 0.6),
        )
    quarter = "M-64 -152 C-40 -118 -20 -80 -22 -23"
    sketch.seam(quarter, width=2.2)
    with sketch.placed(6, 0):
        sketch.stitch(quarter, lighten(sketch.main, 0.25), 1.3)
    for number in range(4):
        x, y = -36 + number * 22, -150 - number * 12
        sketch.stud(x + 6, y + 10, 2.8, darken(sketch.main, 0.65))
        sketch.strap(
            f"M{x + 6} {y + 10} C{x - 2} {y} {x - 6} {y - 10} {x - 6} {y - 18}",
            darken(sketch.main, 0.35),
            5,
        )
    sketch.stitch("M48 -180 C84 -146 150 -142 240 -176", lighten(sketch.main, 0.25), 1.3)
    sketch.seam("M206 -166 C190 -120 190 -70 198 -26", width=1.8)
    leather_sole(sketch)
