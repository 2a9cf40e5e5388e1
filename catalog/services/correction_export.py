"""Writes what people said of pictures as examples for training a captioner."""

import csv
import os
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path

from catalog.models import PERSON, Caption, ProductImage
from catalog.vocabulary import Gender

COLUMNS = ("id", "articleType", "baseColour", "pattern", "gender", "usage", "title")
#: Only files that an earlier export wrote are ever removed.
_OURS = re.compile(r"[0-9a-f]{64}\.jpg")
_PICTURES_AT_ONCE = 200


def corrections_export(*, folder: Path) -> int:
    """Write ``folder``/<id>.jpg and ``folder``.csv of all that people checked; how many pictures.

    Written again, both say what people say now: files appear whole or not at all, the table
    comes last, and pictures that are no longer in it are removed. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = [
        row
        for caption, image in _read_checked()
        if (row := _write_picture(folder, caption, image)) is not None
    ]
    _write_table(folder.with_name(f"{folder.name}.csv"), rows)
    kept = {f"{row['id']}.jpg" for row in rows}
    for path in folder.iterdir():
        if _OURS.fullmatch(path.name) and path.name not in kept:
            path.unlink()
    return len(rows)


def _read_checked() -> Iterable[tuple[Caption, ProductImage]]:
    captions = {
        caption.content_hash: caption for caption in Caption.objects.filter(captioner_id=PERSON)
    }
    images = (
        ProductImage.objects.filter(content_hash__in=captions)
        .select_related("product")
        .order_by("content_hash", "pk")
        .distinct("content_hash")
    )
    for image in images.iterator(_PICTURES_AT_ONCE):
        yield captions[image.content_hash], image


def _write_picture(folder: Path, caption: Caption, image: ProductImage) -> dict[str, str] | None:
    """The picture's row, its file written; None where the stored file is gone."""
    path = folder / f"{image.content_hash}.jpg"
    if not path.exists():  # the name is the content's, so that what is there is right
        try:
            with image.image.open("rb") as file:
                _write_whole(path, file.read())
        except FileNotFoundError:
            return None
    gender = image.product.gender
    return {
        "id": image.content_hash,
        "articleType": caption.article_type,
        "baseColour": caption.colour,
        "pattern": caption.pattern,
        # Unisex is also what a product is whose feed does not say.
        "gender": "" if gender == Gender.UNISEX else image.product.get_gender_display(),
        "usage": caption.style,
        "title": image.product.title,
    }


def _write_table(path: Path, rows: Iterable[dict[str, str]]) -> None:
    with tempfile.SpooledTemporaryFile(mode="w+", newline="", encoding="utf-8") as text:
        writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        text.seek(0)
        _write_whole(path, text.read().encode())


def _write_whole(path: Path, data: bytes) -> None:
    """Write beside the file, then rename: a reader sees the old one or the new one."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as beside:
        beside.write(data)
        beside.flush()
        os.fsync(beside.fileno())
    made = Path(beside.name)
    made.chmod(0o644)
    made.replace(path)
