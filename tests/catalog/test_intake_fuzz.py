"""Whatever bytes are uploaded: a clean picture or `ImageRefused`, in bounded memory."""

import io
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from catalog.images import CleanImage, ImageRefused, read_upload
from catalog.models import ProductImage
from catalog.services import product_image_create
from tests.factories import make_product

_fuzz = settings(
    max_examples=15,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
#: MB of address space beyond what the process has at rest: IMAGE_MAX_PIXELS lets 50 million pixels
#: in, Pillow needs 4 bytes for each, and the rest is for the picture scaled down.
_BOUND_MB = 300


def save(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def texture(mode: str = "RGB", size: tuple[int, int] = (48, 40)) -> Image.Image:
    noise = Image.effect_noise(size, 80)
    return Image.merge("RGB", (noise, noise.rotate(90), noise.rotate(180))).convert(mode)


def exif() -> bytes:
    tags = Image.Exif()
    tags[0x0112], tags[0x010E] = 6, "a coat"
    tags.get_ifd(0x8825)[2] = (48.0, 12.0, 3.0)
    return tags.tobytes()


FRAMES = [texture(), texture().rotate(90)]
VALID: dict[str, bytes] = {
    "jpeg": save(texture(), "JPEG"),
    "jpeg-progressive": save(texture(), "JPEG", progressive=True, quality=95),
    "jpeg-exif-icc": save(texture(), "JPEG", exif=exif(), icc_profile=b"x" * 300),
    "jpeg-cmyk": save(texture("CMYK"), "JPEG"),
    "jpeg-grey": save(texture("L"), "JPEG"),
    "mpo": save(FRAMES[0], "MPO", save_all=True, append_images=FRAMES[1:]),
    "png": save(texture(), "PNG"),
    "png-alpha": save(texture("RGBA"), "PNG", exif=exif()),
    "png-palette": save(texture("P"), "PNG", transparency=3),
    "png-bits": save(texture("1"), "PNG"),
    "png-16": save(Image.effect_noise((48, 40), 80).convert("I;16"), "PNG"),
    "apng": save(FRAMES[0], "PNG", save_all=True, append_images=FRAMES[1:], duration=50),
    "webp": save(texture(), "WEBP", exif=exif(), icc_profile=b"x" * 300),
    "webp-lossless": save(texture("RGBA"), "WEBP", lossless=True),
    "webp-animated": save(FRAMES[0], "WEBP", save_all=True, append_images=FRAMES[1:]),
}


def read_or_refuse(data: bytes) -> CleanImage | None:
    """What `read_upload` makes of ``data``; a test fails with whatever else it raises."""
    try:
        clean = read_upload(data)
    except ImageRefused:
        return None
    with Image.open(io.BytesIO(clean.data)) as image:
        image.load()
        assert (image.format, image.mode, image.size) == (
            *("JPEG", "RGB"),
            (clean.width, clean.height),
        )
        assert image.info.keys().isdisjoint({"exif", "icc_profile", "comment", "xmp"})
    return clean


@pytest.mark.parametrize("name", VALID)
def test_a_valid_picture_of_any_usual_kind_is_taken(name: str) -> None:
    assert read_or_refuse(VALID[name]) is not None


@pytest.mark.parametrize("name", VALID)
@_fuzz
@given(flips=st.lists(st.tuples(st.floats(0, 1), st.integers(1, 255)), min_size=1, max_size=12))
def test_flipped_bits_are_taken_or_refused(name: str, flips: list[tuple[float, int]]) -> None:
    data = bytearray(VALID[name])
    for place, bits in flips:
        data[int(place * (len(data) - 1))] ^= bits
    read_or_refuse(bytes(data))


@pytest.mark.parametrize("name", VALID)
@_fuzz
@given(place=st.integers(0, 120), noise=st.binary(min_size=1, max_size=16))
def test_damaged_headers_are_taken_or_refused(name: str, place: int, noise: bytes) -> None:
    data = VALID[name]
    read_or_refuse(data[:place] + noise + data[place + len(noise) :])


@pytest.mark.parametrize("name", VALID)
@_fuzz
@given(share=st.floats(0, 1))
def test_truncated_pictures_are_taken_or_refused(name: str, share: float) -> None:
    read_or_refuse(VALID[name][: int(share * len(VALID[name]))])


@_fuzz
@given(
    start=st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x40\0\0\0WEBPVP8 "]),
    noise=st.binary(max_size=400),
)
def test_noise_behind_a_signature_is_refused_or_taken(start: bytes, noise: bytes) -> None:
    read_or_refuse(start + noise)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(
    width: int,
    height: int,
    *extra: bytes,
    depth: int = 8,
    colour: int = 2,
    body: bytes = b"\0" * 99,
) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    chunks = (chunk(b"IHDR", header), *extra, chunk(b"IDAT", zlib.compress(body)))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks) + chunk(b"IEND", b"")


def metadata_bomb(kind: bytes) -> bytes:
    """A PNG whose text unfolds to 200 MB."""
    packer = zlib.compressobj(9)
    unfolds = b"".join(packer.compress(b"A" * 2**20) for _ in range(200)) + packer.flush()
    start = {b"zTXt": b"k\0\0", b"iCCP": b"p\0\0", b"iTXt": b"k\0\1\0\0\0"}[kind]
    return png(4, 4, chunk(kind, start + unfolds), body=(b"\0" + b"\x80" * 12) * 4)


def jpeg_of_size(width: int, height: int) -> bytes:
    data = bytearray(VALID["jpeg"])
    place = data.index(b"\xff\xc0") + 5
    data[place : place + 4] = struct.pack(">HH", height, width)
    return bytes(data)


def webp_of_size(width: int, height: int) -> bytes:
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    inner = VALID["webp-lossless"][12:]
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\x10\0\0\0" + canvas + inner
    return b"RIFF" + struct.pack("<I", len(body)) + body


def exif_loop() -> bytes:
    """EXIF whose sub-directory is the directory itself."""
    ifd = struct.pack("<H", 2) + struct.pack("<HHII", 0x8769, 4, 1, 8)
    ifd += struct.pack("<HHII", 0x0112, 3, 1, 6) + struct.pack("<I", 8)
    return save(texture(), "JPEG", exif=b"Exif\0\0II*\0" + struct.pack("<I", 8) + ifd)


CRAFTED: dict[str, Callable[[], bytes]] = {
    "png 65535 x 65535": lambda: png(65535, 65535),
    "png 2^31 - 1 wide": lambda: png(2**31 - 1, 1),
    "png 1 x 65535": lambda: png(1, 65535, body=bytes(4 * 65535)),
    "png just within the limit": lambda: png(10_000, 5_000),
    "png of 16 bits within the limit": lambda: png(10_000, 5_000, depth=16, colour=0),
    "png of 16 bits with alpha": lambda: png(10_000, 5_000, depth=16, colour=6),
    "whole png within the limit": lambda: png(10_000, 5_000, body=bytes(30_001 * 5_000)),
    "whole png with alpha": lambda: png(10_000, 5_000, colour=6, body=bytes(40_001 * 5_000)),
    "whole png of 16 bits": lambda: png(
        10_000, 5_000, depth=16, colour=0, body=bytes(20_001 * 5_000)
    ),
    "png without size": lambda: png(0, 0),
    "jpeg 65500 x 65500": lambda: jpeg_of_size(65500, 65500),
    "jpeg 1 x 65500": lambda: jpeg_of_size(1, 65500),
    "jpeg without size": lambda: jpeg_of_size(0, 0),
    "jpeg within the limit": lambda: jpeg_of_size(7000, 7000),
    "webp 16384 x 16384": lambda: webp_of_size(16384, 16384),
    "webp 2^24 wide": lambda: webp_of_size(2**24, 1),
    "webp within the limit": lambda: webp_of_size(7000, 7000),
    "zTXt bomb": lambda: metadata_bomb(b"zTXt"),
    "iTXt bomb": lambda: metadata_bomb(b"iTXt"),
    "iCCP bomb": lambda: metadata_bomb(b"iCCP"),
    "exif that contains itself": exif_loop,
    "svg": lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "html behind a jpeg": lambda: VALID["jpeg"] + b"<html><script>alert(1)</script>",
    "jpeg with a zip behind": lambda: VALID["jpeg"] + b"PK\x03\x04" + b"\0" * 999,
    "png with html inside": lambda: png(
        4, 4, chunk(b"tEXt", b"k\0<script>alert(1)</script>"), body=(b"\0" + b"\x80" * 12) * 4
    ),
    "gif": lambda: save(texture("P"), "GIF"),
    "animated gif": lambda: save(FRAMES[0], "GIF", save_all=True, append_images=FRAMES[1:]),
    "tiff": lambda: save(texture(), "TIFF"),
    "bmp": lambda: save(texture(), "BMP"),
    "ico": lambda: save(texture(), "ICO"),
    "eps": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
}
TAKEN = {
    *("png 1 x 65535", "exif that contains itself", "html behind a jpeg"),
    *("jpeg with a zip behind", "png with html inside", "whole png within the limit"),
    *("whole png with alpha", "whole png of 16 bits"),
}


@pytest.fixture(scope="module")
def crafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one crafted file each."""
    folder = tmp_path_factory.mktemp("crafted")
    for name, make in CRAFTED.items():
        (folder / name).write_bytes(make())
    return folder


_MEASURE = """
import resource, sys
from pathlib import Path
import django
from django.conf import settings
settings.configure(ENSEMBLE={}, USE_I18N=False)
from PIL import Image
from io import BytesIO
from catalog.images import ImageRefused, read_upload
warm = BytesIO()
Image.new("RGBA", (9, 9)).save(warm, "PNG")
read_upload(warm.getvalue())
used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
limit = used + int(sys.argv[1]) * 2**20
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
for name in sorted(Path(sys.argv[2]).iterdir()):
    try:
        read_upload(name.read_bytes())
        print(name.name, "taken", sep="\\t")
    except ImageRefused as refused:
        print(name.name, repr(refused.__cause__ or refused), sep="\\t")
"""


def test_no_crafted_file_needs_more_memory_than_the_pixel_limit_allows(crafted: Path) -> None:
    # In a process whose memory ends there: beyond the bound, Python raises MemoryError.
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, str(_BOUND_MB), str(crafted)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    outcomes = dict(line.split("\t", 1) for line in done.stdout.splitlines())
    assert outcomes.keys() == CRAFTED.keys(), done.stderr
    assert not [name for name, outcome in outcomes.items() if "MemoryError" in outcome]
    assert {name for name, outcome in outcomes.items() if outcome == "taken"} >= TAKEN


@pytest.mark.parametrize("name", [name for name in CRAFTED if "within" not in name])
def test_a_crafted_file_is_clean_or_refused(name: str, crafted: Path) -> None:
    clean = read_or_refuse((crafted / name).read_bytes())
    if clean:
        assert b"script" not in clean.data
        assert b"PK\x03\x04" not in clean.data


@pytest.mark.django_db
def test_refused_files_leave_neither_rows_nor_files(crafted: Path, media: Path) -> None:
    product = make_product(embedded=False)
    refused = sorted({"svg", "gif", "zTXt bomb", "png without size", "webp 2^24 wide"})
    uploads = [(crafted / name).read_bytes() for name in refused]
    for data in [*uploads, *(valid[:60] for valid in VALID.values())]:
        with pytest.raises(ImageRefused):
            product_image_create(product=product, data=data)
    assert not ProductImage.objects.exists()
    assert not [path for path in media.rglob("*") if path.is_file()]
