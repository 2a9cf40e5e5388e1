"""Smaller copies of a stored picture, and what tells it from others: all made from its bytes."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image

#: The longest side of the small and the large thumbnail, in pixels.
SIDES = (320, 800)
#: A picture's colours are stored as means over a grid of this many cells a side.
GRID = 8

_WEBP_QUALITY = 80
#: libwebp's effort, 0 to 6: above 2 it takes twice the time for 3 % fewer bytes.
_WEBP_METHOD = 2


@dataclass(frozen=True, slots=True)
class Source:
    """One file of a picture, and how wide it is in pixels."""

    url: str
    width: int


@dataclass(frozen=True, slots=True)
class Derived:
    """What is made from a picture: two WebP files, a perceptual hash (16 hex digits), colours."""

    small: bytes
    large: bytes
    perceptual_hash: str
    colour_grid: bytes


def fit_size(width: int, height: int, side: int) -> tuple[int, int]:
    """The size of a picture scaled down so that its longest side is at most ``side`` pixels."""
    longest = max(width, height)
    if longest <= side:
        return width, height
    return max(1, round(width * side / longest)), max(1, round(height * side / longest))


def derive(data: bytes) -> Derived:
    """The thumbnails and fingerprints of a stored picture. Raises what Pillow does (OSError)."""
    with Image.open(BytesIO(data)) as image:
        picture = image.convert("RGB")
    large = _scale(picture, SIDES[1])
    small = _scale(large, SIDES[0])
    return Derived(_encode(small), _encode(large), hash_picture(small), _read_colours(small))


def hash_picture(image: Image.Image) -> str:
    """The 64-bit perceptual hash of a picture, as 16 hexadecimal digits.

    The signs of the lowest frequencies of its brightness, about their median (Zauner,
    "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010).
    """
    import imagehash  # brings scipy along, which a process that stores no picture can do without

    return str(imagehash.phash(image))


def _read_colours(image: Image.Image) -> bytes:
    return image.resize((GRID, GRID), Image.Resampling.BOX).tobytes()


def _scale(image: Image.Image, side: int) -> Image.Image:
    size = fit_size(*image.size, side)
    return image if size == image.size else image.resize(size, Image.Resampling.LANCZOS)


def _encode(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "WEBP", quality=_WEBP_QUALITY, method=_WEBP_METHOD)
    return out.getvalue()
