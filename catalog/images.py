"""What an upload must survive before it is stored.

A stored picture was decoded, turned upright, freed of everything but its pixels and encoded anew,
so that nothing an upload carries (location, scripts, a second file) is ever served.
"""

import hashlib
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from catalog import conf

_FORMATS = ("JPEG", "PNG", "WEBP")
_JPEG_QUALITY = 88
_WHITE = (255, 255, 255)
#: Pixels that are brought to RGB at once.
_STRIP_PIXELS = 1_000_000


class ImageRefused(Exception):
    """An upload is not taken; the message is a sentence for the person who sent it."""


@dataclass(frozen=True, slots=True)
class CleanImage:
    """A picture fit to be stored: JPEG bytes, their SHA-256 and the size in pixels."""

    data: bytes
    content_hash: str
    width: int
    height: int


def hash_bytes(data: bytes) -> str:
    """The SHA-256 of ``data``, as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def read_upload(data: bytes) -> CleanImage:
    """Turn an upload into a picture fit to be stored. Raises `ImageRefused`.

    JPEG, PNG or WebP by content, whatever its name; of an animation, the first frame.
    """
    _check_bytes(data)
    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as image:
            _check_pixels(image)
            return _encode(_decode(image))
    except ImageRefused:
        raise
    except UnidentifiedImageError as error:
        raise ImageRefused(_explain_unknown(data)) from error
    except Image.DecompressionBombError as error:
        raise ImageRefused(_explain_pixels(gettext("far too many pixels"))) from error
    except Exception as error:
        # Pillow's decoders raise whatever a damaged file makes them meet: OSError, SyntaxError,
        # struct.error, ValueError and more. To the person who uploads, all say the same.
        raise ImageRefused(
            gettext("The picture is damaged or incomplete. Save or download it again and retry.")
        ) from error


def _check_bytes(data: bytes) -> None:
    limit = conf.current().IMAGE_MAX_BYTES
    if not data:
        raise ImageRefused(
            gettext("The file is empty (0 bytes). Save or download it again and retry.")
        )
    if len(data) > limit:
        refusal = gettext(
            "The file has %(size).1f MB; up to %(limit).1f MB are taken. Save it smaller and retry."
        )
        raise ImageRefused(refusal % {"size": len(data) / 2**20, "limit": limit / 2**20})


def _check_pixels(image: Image.Image) -> None:
    """Pillow has read the header only: what a bomb would unfold to is known before it does."""
    if image.width * image.height > conf.current().IMAGE_MAX_PIXELS:
        size = {"width": image.width, "height": image.height}
        raise ImageRefused(_explain_pixels(gettext("%(width)d x %(height)d pixels") % size))


def _explain_pixels(found: str) -> str:
    refusal = gettext(
        "The picture has %(found)s; up to %(limit).0f million pixels are taken. "
        "Scale it down and retry."
    )
    return refusal % {"found": found, "limit": conf.current().IMAGE_MAX_PIXELS / 1e6}


def _explain_unknown(data: bytes) -> str:
    start = data[:512].lstrip().lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<svg")):
        return gettext(
            "The file is a web page or drawing in XML, whatever its name says. "
            "Upload the picture itself, as JPEG, PNG or WebP."
        )
    return gettext(
        "The file is not a JPEG, PNG or WebP picture. Save it as one of these and retry."
    )


def _decode(image: Image.Image) -> Image.Image:
    side = conf.current().IMAGE_MAX_SIDE
    image.draft(None, (side, side))  # a JPEG can be decoded at a fraction of its size
    orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
    small = _shrink(image, max(1, 2 * max(image.size) // (3 * side)))
    small.getexif()[ExifTags.Base.Orientation] = orientation
    ImageOps.exif_transpose(small, in_place=True)
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    return small


def _shrink(image: Image.Image, factor: int) -> Image.Image:
    """The picture as RGB, each side divided by ``factor``.

    Strip by strip: a copy of 50 million pixels takes 200 MB, and each step would make one.
    """
    width, height = image.size
    small = Image.new("RGB", (-(-width // factor), -(-height // factor)))
    rows = factor * max(1, _STRIP_PIXELS // (width * factor))
    image.load()
    for top in range(0, height, rows):
        strip = _flatten(image.crop((0, top, width, min(top + rows, height))))
        small.paste(strip.reduce(factor) if factor > 1 else strip, (0, top // factor))
    return small


def _flatten(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits a pixel, of which the upper eight are kept
        return image.convert("I").point(lambda value: value / 256).convert("RGB")
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    flat = Image.new("RGB", layer.size, _WHITE)
    flat.paste(layer, mask=layer.getchannel("A"))
    return flat


def _encode(image: Image.Image) -> CleanImage:
    image.info.clear()
    out = BytesIO()
    image.save(out, "JPEG", quality=_JPEG_QUALITY, optimize=True, progressive=True)
    data = out.getvalue()
    return CleanImage(data, hash_bytes(data), image.width, image.height)
