"""What people checked, as examples to train on."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command

from catalog.models import Caption, Product, ProductImage
from catalog.services import (
    caption_correct,
    caption_create_for_image,
    caption_withdraw,
    product_image_create,
)
from catalog.services.correction_export import corrections_export
from tests.factories import make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def product() -> Product:
    return make_product(embedded=False, title="Polo, navy", gender="men")


@pytest.fixture
def image(product: Product, draw: Callable[..., bytes]) -> ProductImage:
    """A picture whose colour a person corrected."""
    image = product_image_create(product=product, data=draw(), caption=False)
    assert image
    caption_create_for_image(image=image)
    caption_correct(content_hash=image.content_hash, values={"colour": "Maroon"}, user=None)
    return image


def read_table(folder: Path) -> list[dict[str, str]]:
    with folder.with_name(f"{folder.name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_corrected_picture_is_written_with_what_the_person_said(
    image: ProductImage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "corrections"
    call_command("export_corrections", str(folder))
    assert "1 pictures that people checked" in capsys.readouterr().out
    assert read_table(folder) == [
        {
            "id": image.content_hash,
            "articleType": "Tshirts",
            "baseColour": "Maroon",
            "pattern": "",
            "gender": "Men",
            "usage": "",
            "title": "Polo, navy",
        }
    ]
    with image.image.open("rb") as file:
        assert (folder / f"{image.content_hash}.jpg").read_bytes() == file.read()


def test_unisex_is_unknown(image: ProductImage, product: Product, tmp_path: Path) -> None:
    Product.objects.update(gender="unisex")
    corrections_export(folder=tmp_path / "out")
    assert read_table(tmp_path / "out")[0]["gender"] == ""


def test_what_only_a_machine_saw_is_left_out(image: ProductImage, tmp_path: Path) -> None:
    caption_withdraw(content_hash=image.content_hash, user=None)
    assert Caption.objects.count() == 1
    assert corrections_export(folder=tmp_path / "out") == 0


def test_exporting_again_writes_the_same(image: ProductImage, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    for _ in range(2):
        assert corrections_export(folder=folder) == 1
    assert [path.name for path in folder.iterdir()] == [f"{image.content_hash}.jpg"]


def test_what_was_taken_back_is_removed_and_other_files_stay(
    image: ProductImage, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    corrections_export(folder=folder)
    (folder / "notes.txt").write_text("mine")
    caption_withdraw(content_hash=image.content_hash, user=None)
    assert corrections_export(folder=folder) == 0
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]
    assert read_table(folder) == []


def test_a_picture_whose_file_is_gone_is_left_out(image: ProductImage, tmp_path: Path) -> None:
    image.image.storage.delete(image.image.name or "")
    assert corrections_export(folder=tmp_path / "out") == 0
