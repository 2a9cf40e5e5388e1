"""The square that the network looks at: any picture, padded with its own background."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]

#: Side of the square, in pixels: what EfficientNet-lite2 was trained at.
PHOTO_SIDE = 260


def square_photo(image: Image.Image, side: int = PHOTO_SIDE) -> Pixels:
    """Fit ``image`` into a square without stretching it; (side, side, 3) RGB, 0 to 255.

    The margin takes the median colour of the picture's own edge, so that a photo on white stays
    one on white and the background mask sees one background.
    """
    rgb = opaque(image)
    scale = side / max(rgb.size)
    size = (max(1, round(rgb.width * scale)), max(1, round(rgb.height * scale)))
    fitted = rgb.resize(size, Image.Resampling.BICUBIC)
    if size == (side, side):
        return np.asarray(fitted)
    square = Image.new("RGB", (side, side), _edge_colour(fitted))
    square.paste(fitted, ((side - size[0]) // 2, (side - size[1]) // 2))
    return np.asarray(square)


def opaque(image: Image.Image) -> Image.Image:
    """Cut-outs come with transparency: lay them on white, as a shop's page would."""
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    rgba = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba).convert("RGB")


def _edge_colour(image: Image.Image) -> tuple[int, int, int]:
    pixels = np.asarray(image)
    edge = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    red, green, blue = np.median(edge, axis=0)
    return int(red), int(green), int(blue)
