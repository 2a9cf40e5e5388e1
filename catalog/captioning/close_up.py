"""A second look at a photo: the garment alone, mirrored."""

from PIL import Image, ImageOps

from catalog.captioning.garment_colour import GRID, garment_mask, lab_grid
from catalog.captioning.photo import Pixels, square_photo

Box = tuple[float, float, float, float]

#: Left around the garment, in cells of the grid.
_MARGIN = 2
#: Where the garment fills the picture, the second look is at the middle of it.
_FULL = 0.9
_MIDDLE: Box = (0.1, 0.1, 0.9, 0.9)


def close_up(image: Image.Image, photo: Pixels) -> Pixels:
    """The mirrored square of ``image``'s garment; ``photo`` is the square of it all."""
    crop = image.crop(_in_pixels(_garment_box(photo), image))
    return square_photo(ImageOps.mirror(crop))


def _garment_box(photo: Pixels) -> Box:
    """Left, top, right and bottom of what is no background, as shares of the square's side."""
    mask = garment_mask(lab_grid(photo))
    # A speck or a caption at the rim would stretch the box: rows need more than one cell.
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
