"""Path arithmetic: the few operations on SVG path data that tailoring needs.

Paths use absolute commands only (M, L, Q, C and Z) in garment units: x = 0 is the garment's
centre line, x grows to the viewer's right, y grows downwards.
"""

import math
import re
from itertools import pairwise

Point = tuple[float, float]
Segment = tuple[str, tuple[Point, ...]]

_TOKEN = re.compile(r"[A-Za-z]|-?\d*\.?\d+")
_POINTS = {"M": 1, "L": 1, "Q": 2, "C": 3, "Z": 0}


def parse_path(path: str) -> list[Segment]:
    """Split path data into (command, points); raises ValueError on an unknown command."""
    segments: list[Segment] = []
    tokens = _TOKEN.findall(path)
    at, command = 0, ""
    while at < len(tokens):
        if tokens[at] in _POINTS:
            command, at = tokens[at], at + 1
        elif tokens[at].isalpha():
            raise ValueError(f"unknown path command {tokens[at]!r}")
        count = _POINTS[command] * 2
        numbers = [float(token) for token in tokens[at : at + count]]
        segments.append((command, tuple(zip(numbers[::2], numbers[1::2], strict=True))))
        at += count
    return segments


def format_path(segments: list[Segment]) -> str:
    """Write segments back as path data."""
    return " ".join(
        command + " ".join(f"{x:.1f} {y:.1f}" for x, y in points) for command, points in segments
    )


def flip(path: str) -> str:
    """Mirror a path in the centre line."""
    return format_path(
        [(command, tuple((-x, y) for x, y in points)) for command, points in parse_path(path)]
    )


def both(path: str) -> tuple[str, str]:
    """Give a path and its mirror image, as sleeves and legs come."""
    return path, flip(path)


def symmetric(half: str) -> str:
    """Close a right half, drawn from its top to its bottom, with its mirror image."""
    segments = parse_path(half)
    back: list[Segment] = []
    ends = [points[-1] for _, points in segments]
    back.append(("L", ((-ends[-1][0], ends[-1][1]),)))
    for index in range(len(segments) - 1, 0, -1):
        command, points = segments[index]
        turned = (*reversed(points[:-1]), ends[index - 1])
        back.append((command, tuple((-x, y) for x, y in turned)))
    return format_path([*segments, *back]) + " Z"


def path_box(path: str, pad: float = 0.0) -> tuple[float, float, float, float]:
    """Give (x, y, width, height) of a box that holds the path's points, padded."""
    points = [point for _, group in parse_path(path) for point in group]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    left, top = min(xs) - pad, min(ys) - pad
    return left, top, max(xs) + pad - left, max(ys) + pad - top


def trace(path: str, steps: int = 6) -> list[Point]:
    """Sample the points that a path passes through."""
    found: list[Point] = []
    here: Point = (0.0, 0.0)
    for command, points in parse_path(path):
        if not points:
            continue
        if command in "ML":
            found.append(points[0])
        else:
            found += [_along((here, *points), step / steps) for step in range(1, steps + 1)]
        here = points[-1]
    return found


def _along(points: tuple[Point, ...], share: float) -> Point:
    """Walk a Bezier curve by de Casteljau's construction."""
    while len(points) > 1:
        points = tuple(
            (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)
            for a, b in pairwise(points)
        )
    return points[0]


def band(start: Point, end: Point, depth: float, flare: float = 0.0) -> str:
    """Draw a strip that hangs from the segment start-end, ``depth`` deep (cuffs, ribs)."""
    (ax, ay), (bx, by) = start, end
    length = math.hypot(bx - ax, by - ay)
    ux, uy = (bx - ax) / length, (by - ay) / length
    nx, ny = (-uy, ux) if ux >= 0 else (uy, -ux)
    return (
        f"M{ax:.1f} {ay:.1f} L{bx:.1f} {by:.1f} "
        f"L{bx + nx * depth + ux * flare:.1f} {by + ny * depth + uy * flare:.1f} "
        f"L{ax + nx * depth - ux * flare:.1f} {ay + ny * depth - uy * flare:.1f} Z"
    )


def circle(x: float, y: float, rx: float, ry: float | None = None) -> str:
    """Draw an ellipse as four curves."""
    height = rx if ry is None else ry
    kx, ky = rx * 0.5523, height * 0.5523
    return (
        f"M{x - rx:.1f} {y:.1f} "
        f"C{x - rx:.1f} {y - ky:.1f} {x - kx:.1f} {y - height:.1f} {x:.1f} {y - height:.1f} "
        f"C{x + kx:.1f} {y - height:.1f} {x + rx:.1f} {y - ky:.1f} {x + rx:.1f} {y:.1f} "
        f"C{x + rx:.1f} {y + ky:.1f} {x + kx:.1f} {y + height:.1f} {x:.1f} {y + height:.1f} "
        f"C{x - kx:.1f} {y + height:.1f} {x - rx:.1f} {y + ky:.1f} {x - rx:.1f} {y:.1f} Z"
    )


def box(x: float, y: float, width: float, height: float, radius: float = 0.0) -> str:
    """Draw a rectangle from its top left corner, with rounded corners."""
    r = min(radius, width / 2, height / 2)
    right, low = x + width, y + height
    return (
        f"M{x + r:.1f} {y:.1f} L{right - r:.1f} {y:.1f} "
        f"Q{right:.1f} {y:.1f} {right:.1f} {y + r:.1f} "
        f"L{right:.1f} {low - r:.1f} Q{right:.1f} {low:.1f} {right - r:.1f} {low:.1f} "
        f"L{x + r:.1f} {low:.1f} Q{x:.1f} {low:.1f} {x:.1f} {low - r:.1f} "
        f"L{x:.1f} {y + r:.1f} Q{x:.1f} {y:.1f} {x + r:.1f} {y:.1f} Z"
    )
