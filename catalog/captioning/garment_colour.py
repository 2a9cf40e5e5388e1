"""What colours a garment has, read off its own pixels.

A network trained on ImageNet learns to look past colour. So the colour head is also told which
colours lie where: each small cell of the picture is counted towards its nearest anchor colour in
CIELAB, over the garment as a whole and over the parts of it where tops, trousers and shoes differ
(a model's face is above the shirt, her jeans below it).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from catalog.captioning.photo import Pixels

Floats = NDArray[np.float32]

#: The picture is judged on a grid of this many cells a side: enough for colour, 16 times cheaper.
GRID: Final = 65
#: Distance in CIELAB (where 2.3 is just noticeable) up to which a cell counts as background.
BACKGROUND_DISTANCE: Final = 12.0
_BACKGROUND_COLOURS: Final = 3
_MIN_GARMENT: Final = 0.02

# sRGB to XYZ under D65, scaled to the white point (IEC 61966-2-1 and CIE 15).
_TO_XYZ: Final = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ],
    dtype=np.float32,
) / np.array([[0.95047], [1.0], [1.08883]], dtype=np.float32)
_LEVELS: Final = np.arange(256, dtype=np.float32) / 255.0
_LINEAR: Final = np.where(
    _LEVELS <= 0.04045, _LEVELS / 12.92, ((_LEVELS + 0.055) / 1.055) ** 2.4
).astype(np.float32)


def to_lab(pixels: Pixels) -> Floats:
    """sRGB bytes (..., 3) to CIELAB (..., 3): lightness 0 to 100, then green-red, blue-yellow."""
    xyz = _LINEAR[pixels] @ _TO_XYZ.T
    curve = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16.0 / 116.0)
    x, y, z = curve[..., 0], curve[..., 1], curve[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1).astype(np.float32)


def lab_grid(photo: Pixels) -> Floats:
    """CIELAB of a square photo's cells, (GRID, GRID, 3); a cell is the mean of its pixels."""
    cell = photo.shape[0] // GRID
    side = cell * GRID
    cells = photo[:side, :side].reshape(GRID, cell, GRID, cell, 3).mean(axis=(1, 3))
    return to_lab(np.rint(cells).astype(np.uint8))


def garment_mask(lab: Floats) -> NDArray[np.bool_]:
    """Which cells are not background, (GRID, GRID).

    Background is what looks like the edge of the picture and hangs together with it; so a white
    shirt on white keeps its inside as long as a shaded seam closes it. Where hardly anything is
    left (a close-up, a garment that fills the frame), everything counts as garment.
    """
    edge = np.concatenate([lab[0], lab[-1], lab[:, 0], lab[:, -1]])
    alike = np.zeros(lab.shape[:2], dtype=np.bool_)
    for colour in _edge_colours(edge):
        alike |= np.linalg.norm(lab - colour, axis=-1) < BACKGROUND_DISTANCE
    mask = ~_reached_from_edge(alike)
    return mask if mask.mean() >= _MIN_GARMENT else np.ones_like(mask)


def _edge_colours(edge: Floats) -> list[Floats]:
    """The commonest colours of the edge, by taking away what is near each median in turn."""
    found: list[Floats] = []
    rest, enough = edge, len(edge) // 8
    for _ in range(_BACKGROUND_COLOURS):
        if len(rest) <= enough:
            break
        middle = np.median(rest, axis=0)
        near = np.linalg.norm(rest - middle, axis=-1) < BACKGROUND_DISTANCE
        if near.sum() > enough:
            found.append(middle)
        # A median between two colours is near neither: drop half, and look at what remains.
        rest = rest[~near] if near.any() else rest[: len(rest) // 2]
    return found


def _reached_from_edge(alike: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Grow the background inwards from the edge, through alike cells only."""
    reached = np.zeros_like(alike)
    reached[[0, -1], :], reached[:, [0, -1]] = alike[[0, -1], :], alike[:, [0, -1]]
    count = -1
    while (grown := int(reached.sum())) != count:
        count = grown
        spread = reached.copy()
        spread[1:] |= reached[:-1]
        spread[:-1] |= reached[1:]
        spread[:, 1:] |= reached[:, :-1]
        spread[:, :-1] |= reached[:, 1:]
        reached = spread & alike
    return reached


def colour_features(photo: Pixels, anchors: Floats) -> Floats:
    """`count_colours` of a square photo."""
    lab = lab_grid(photo)
    return count_colours(lab, garment_mask(lab), anchors)


def count_colours(lab: Floats, mask: NDArray[np.bool_], anchors: Floats) -> Floats:
    """How much of each anchor colour (k, 3) the garment's cells show: one flat vector.

    For each part (whole, middle, upper, lower): the square roots of the anchors' shares (the
    Hellinger map, under which dot products compare histograms; Arandjelovic & Zisserman 2012),
    then the mean CIELAB colour over 100 and the part's own share of the picture.
    """
    # |x - a|^2 less |x|^2, which does not change which anchor is nearest: one matrix product.
    nearest = ((anchors**2).sum(axis=1) - 2 * lab @ anchors.T).argmin(axis=-1)
    parts = [_part(lab, nearest, part & mask, len(anchors)) for part in _PARTS]
    return np.concatenate(parts).astype(np.float32)


def feature_count(anchors: Floats) -> int:
    """Length of `colour_features` with these anchors."""
    return len(_PARTS) * (len(anchors) + 4)


def _part(lab: Floats, nearest: NDArray[np.intp], cells: NDArray[np.bool_], anchors: int) -> Floats:
    count = int(cells.sum())
    if not count:
        return np.zeros(anchors + 4, dtype=np.float32)
    shares = np.bincount(nearest[cells], minlength=anchors) / count
    mean = lab[cells].mean(axis=0) / 100.0
    return np.concatenate([np.sqrt(shares), mean, [count / cells.size]]).astype(np.float32)


def _window(top: float, bottom: float, left: float, right: float) -> NDArray[np.bool_]:
    window = np.zeros((GRID, GRID), dtype=np.bool_)
    window[int(top * GRID) : int(bottom * GRID) + 1, int(left * GRID) : int(right * GRID) + 1] = (
        True
    )
    return window


_PARTS: Final = (
    _window(0, 1, 0, 1),
    _window(0.3, 0.7, 0.3, 0.7),
    _window(0.15, 0.45, 0.15, 0.85),
    _window(0.6, 1, 0.15, 0.85),
)
