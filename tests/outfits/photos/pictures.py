"""Photos to send, and what became of them."""

import io
from pathlib import Path

from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from outfits.models import OwnPhoto


def a_jpeg(colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (300, 300), colour).save(out, "JPEG")
    return out.getvalue()


def a_file(data: bytes | None = None, name: str = "photo.jpg") -> SimpleUploadedFile:
    """What a form sends; a red square unless ``data`` is something else."""
    return SimpleUploadedFile(name, a_jpeg() if data is None else data, "image/jpeg")


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []


def waiting_bytes(photo: OwnPhoto) -> bytes | None:
    """What of a photo waits for the captioner."""
    data: bytes | None = cache.get(f"ensemble:own-photo:{photo.pk}")
    return data
