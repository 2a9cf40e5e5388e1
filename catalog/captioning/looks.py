"""The two looks at a photo that a caption is made from: all of it, and the garment close up."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from catalog.captioning.garment_colour import GRID, Floats, count_colours, garment_mask, lab_grid
from catalog.captioning.photo import Pixels, square_photo

LOOKS: Final = 2

Mask = NDArray[np.bool_]
Box = tuple[float, float, float, float]

#: Left around the garment, in cells of the grid.
_MARGIN: Final = 2
#: Where the garment fills the picture, the second look is at the middle of it.
_FULL: Final = 0.9
_MIDDLE: Final[Box] = (0.1, 0.1, 0.9, 0.9)


@dataclass(frozen=True, slots=True)
class Look:
    """A square photo, the CIELAB colours of its cells and which of them are garment."""

    photo: Pixels
    lab: Floats
    mask: Mask


def two_looks(image: Image.Image) -> tuple[Look, Look]:
    """The whole of RGB ``image``, then its garment close up and mirrored: as different as two views
    of one photo can be, so that what they agree on is true more often."""
    whole = _look(square_photo(image))
    crop = image.crop(_in_pixels(_garment_box(whole.mask), image))
    return whole, _look(square_photo(ImageOps.mirror(crop)))


def look_colours(looks: tuple[Look, Look], anchors: Floats) -> Floats:
    """The colour features of both looks, one after the other."""
    return np.concatenate([count_colours(look.lab, look.mask, anchors) for look in looks])


def head_inputs(features: Floats, colours: Floats) -> Floats:
    """What the heads read: the network's features (n, looks, k), averaged, beside the colours."""
    return np.concatenate([features.mean(axis=1), colours], axis=1)


def _look(photo: Pixels) -> Look:
    lab = lab_grid(photo)
    return Look(photo, lab, garment_mask(lab))


def _garment_box(mask: Mask) -> Box:
    """Left, top, right and bottom of what is no background, as shares of the square's side."""
    # A speck at the rim would stretch the box: a row needs more than one cell to count.
    rows, columns = (mask.sum(axis=1) > 1).nonzero()[0], (mask.sum(axis=0) > 1).nonzero()[0]
    if not len(rows) or not len(columns):
        return _MIDDLE
    left, top = max(0, columns[0] - _MARGIN), max(0, rows[0] - _MARGIN)
    right = min(GRID, columns[-1] + 1 + _MARGIN)
    bottom = min(GRID, rows[-1] + 1 + _MARGIN)
    if (right - left) * (bottom - top) > _FULL * GRID * GRID:
        return _MIDDLE
    return left / GRID, top / GRID, right / GRID, bottom / GRID


def _in_pixels(box: Box, image: Image.Image) -> tuple[int, int, int, int]:
    """Where ``box`` of the padded square lies in ``image`` itself."""
    side = max(image.size)
    across, down = (side - image.width) / 2, (side - image.height) / 2
    left = max(0, round(box[0] * side - across))
    top = max(0, round(box[1] * side - down))
    right = min(image.width, round(box[2] * side - across))
    bottom = min(image.height, round(box[3] * side - down))
    return left, top, max(right, left + 8), max(bottom, top + 8)
