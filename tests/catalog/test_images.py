"""Image intake: what is stored is clean, and what is no picture is refused with advice."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.utils.translation import override
from PIL import Image
from pytest_django import Settings

from catalog.images import ImageRefused, read_upload

Draw = Callable[..., bytes]


def open_stored(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(read_upload(data).data))
    image.load()
    return image


def png_of_size(width: int, height: int) -> bytes:
    """A PNG that says it is that large, in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_of_a_usual_kind_is_stored_as_jpeg(draw: Draw, kind: str) -> None:
    stored = open_stored(draw(kind=kind))
    assert (stored.format, stored.size) == ("JPEG", (60, 80))


@pytest.mark.parametrize(
    ("data", "advice"),
    [
        (b"", "empty"),
        (b"<html><body>404</body></html>", "web page"),
        (b"  <!DOCTYPE html>", "web page"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "web page or drawing"),
        (b"%PDF-1.7", "not a JPEG, PNG or WebP"),
        (b"GIF89a\x01\x00\x01\x00", "not a JPEG, PNG or WebP"),
        (b"\xff\xd8\xff\xe0", "not a JPEG|damaged"),
        (b"\x89PNG\r\n\x1a\n", "damaged|not a JPEG"),
        (b"RIFF\x00\x00\x00\x00WEBP", "damaged|not a JPEG"),
        (png_of_size(30_000, 30_000), "too many pixels|30000 x 30000"),
        (png_of_size(9_000, 9_000), "9000 x 9000"),
        (png_of_size(400, 400), "damaged"),
        (png_of_size(0, 10), "damaged|not a JPEG"),
    ],
    ids=str,
)
def test_what_is_no_picture_is_refused_with_advice(data: bytes, advice: str) -> None:
    with pytest.raises(ImageRefused, match=advice):
        read_upload(data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Die Datei ist leer (0 Byte)."),
        (b"<html>", "Die Datei ist eine Webseite"),
        (b"no picture", "Die Datei ist kein Bild in JPEG, PNG oder WebP."),
        (png_of_size(9_000, 9_000), "Das Bild hat 9000 x 9000 Pixel; bis zu "),
        (png_of_size(400, 400), "Das Bild ist beschädigt oder unvollständig."),
    ],
)
def test_a_german_is_told_in_german_why_a_picture_is_refused(data: bytes, said: str) -> None:
    with override("de"), pytest.raises(ImageRefused) as refused:
        read_upload(data)
    assert str(refused.value).startswith(said)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_truncated_picture_is_refused(draw: Draw, kind: str) -> None:
    data = draw(size=(300, 300), kind=kind)
    with pytest.raises(ImageRefused, match="damaged or incomplete"):
        read_upload(data[: len(data) * 2 // 3])


def test_a_file_over_the_size_limit_is_refused_unread(settings: Settings) -> None:
    settings.ENSEMBLE = {**settings.ENSEMBLE, "IMAGE_MAX_BYTES": 1024}
    with pytest.raises(ImageRefused, match="Save it smaller"):
        read_upload(b"\xff" * 1025)


def test_the_camera_orientation_is_applied(draw: Draw) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned by 90 degrees
    assert open_stored(draw(size=(60, 80), exif=exif)).size == (80, 60)


def test_metadata_is_dropped(draw: Draw) -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    stored = open_stored(draw(exif=exif, icc_profile=b"x" * 200, comment=b"secret"))
    assert not stored.getexif()
    assert stored.info.keys().isdisjoint({"exif", "icc_profile", "comment", "xmp"})


def test_a_large_picture_is_scaled_down(draw: Draw, settings: Settings) -> None:
    settings.ENSEMBLE = {**settings.ENSEMBLE, "IMAGE_MAX_SIDE": 100}
    assert open_stored(draw(size=(400, 200))).size == (100, 50)


@pytest.mark.parametrize(
    ("mode", "colour"), [("RGBA", (255, 0, 0, 0)), ("LA", (0, 0)), ("PA", (0, 0))]
)
def test_transparency_becomes_white(mode: str, colour: Any) -> None:
    out = BytesIO()
    Image.new(mode if mode != "PA" else "RGBA", (20, 20), colour if mode != "PA" else 0).save(
        out, "PNG"
    )
    assert open_stored(out.getvalue()).getpixel((5, 5)) == (255, 255, 255)


def test_sixteen_bit_grey_keeps_its_brightness() -> None:
    out = BytesIO()
    Image.new("I;16", (20, 20), 32768).save(out, "PNG")
    assert open_stored(out.getvalue()).getpixel((5, 5)) == (128, 128, 128)


def test_the_same_upload_gives_the_same_hash(draw: Draw) -> None:
    assert read_upload(draw()).content_hash == read_upload(draw()).content_hash
