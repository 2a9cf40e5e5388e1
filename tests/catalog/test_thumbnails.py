"""Thumbnails: made with the picture, removed with it, made later for pictures without."""

from collections.abc import Callable
from functools import partial
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.db import IntegrityError
from django.test import Client, override_settings
from django.urls import include, path
from PIL import Image

from catalog import tasks
from catalog.models import Product, ProductImage
from catalog.services import (
    images,
    product_image_create,
    product_image_delete,
    thumbnails,
    thumbnails_create_batch,
)
from catalog.thumbnails import fit_size
from config.media import serve_picture
from tests.factories import make_image, make_product

pytestmark = pytest.mark.django_db

Draw = Callable[..., bytes]
urlpatterns = [path("media/products/<path:name>", serve_picture), path("", include("config.urls"))]


@pytest.fixture
def product() -> Product:
    return make_product(embedded=False)


@pytest.fixture
def image(product: Product, draw: Draw) -> ProductImage:
    stored = product_image_create(product=product, data=draw(size=(600, 1200)))
    assert stored
    return stored


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def forget_thumbnails(image: ProductImage) -> None:
    ProductImage.objects.filter(pk=image.pk).update(
        small="", large="", perceptual_hash="", colour_grid=b""
    )


def test_a_stored_picture_has_two_webp_thumbnails(image: ProductImage) -> None:
    image.refresh_from_db()
    sizes = []
    for file in (image.small, image.large):
        with Image.open(BytesIO(file.read())) as thumbnail:
            sizes.append((thumbnail.format, thumbnail.size))
    assert sizes == [("WEBP", (160, 320)), ("WEBP", (400, 800))]


def test_a_small_picture_is_not_enlarged() -> None:
    assert fit_size(200, 100, 320) == (200, 100)
    assert fit_size(1, 9000, 320) == (1, 320)


def test_sources_name_each_width_once_narrowest_first(image: ProductImage) -> None:
    assert [source.width for source in image.sources] == [160, 400, 600]
    assert image.srcset.endswith(f"{image.image.url} 600w")


def test_a_picture_without_thumbnails_falls_back_to_itself(product: Product) -> None:
    bare = make_image(product)
    assert bare.small_url == bare.large_url == bare.image.url
    assert [source.width for source in bare.sources] == [300]


def test_a_row_that_fails_leaves_no_thumbnail_behind(
    product: Product, draw: Draw, media: Path
) -> None:
    with (
        patch.object(ProductImage, "save", side_effect=IntegrityError),
        pytest.raises(IntegrityError),
    ):
        product_image_create(product=product, data=draw())
    assert not files_in(media)


def test_a_thumbnail_that_cannot_be_written_leaves_nothing_behind(
    product: Product, draw: Draw, media: Path
) -> None:
    save: Any = FileSystemStorage._save  # type: ignore[attr-defined]

    def fail_on_large(self: FileSystemStorage, name: str, content: Any) -> str:
        if name.endswith("-800.webp"):
            raise OSError("disk full")
        saved: str = save(self, name, content)
        return saved

    with (
        patch.object(FileSystemStorage, "_save", fail_on_large),
        pytest.raises(OSError, match="disk full"),
    ):
        product_image_create(product=product, data=draw())
    assert not product.images.exists()
    assert not files_in(media)


def test_a_removed_picture_takes_its_thumbnails_along(
    image: ProductImage, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    assert len(files_in(media)) == 3
    with django_capture_on_commit_callbacks(execute=True):
        product_image_delete(image=image)
    assert not files_in(media)


def test_two_workers_that_store_one_picture_leave_one_with_its_files(
    product: Product, draw: Draw, media: Path
) -> None:
    data = draw()
    store = images.store_thumbnails

    def overtaken(*args: Any) -> None:
        store(*args)
        with patch.object(images, "store_thumbnails", store):
            product_image_create(product=product, data=data)

    with patch.object(images, "store_thumbnails", overtaken):
        assert product_image_create(product=product, data=data) is None
    stored = product.images.get()
    assert all(file.storage.exists(file.name or "") for file in stored.files)
    assert len(files_in(media)) == 3


def test_the_command_makes_what_old_pictures_lack(image: ProductImage) -> None:
    expected = image.perceptual_hash
    forget_thumbnails(image)
    out = StringIO()
    call_command("make_thumbnails", stdout=out)
    image.refresh_from_db()
    assert image.perceptual_hash == expected
    assert image.small.storage.exists(image.small.name or "")
    assert "Made thumbnails of 1 pictures" in out.getvalue()


def test_the_command_run_again_makes_nothing(image: ProductImage, media: Path) -> None:
    before = files_in(media)
    out = StringIO()
    call_command("make_thumbnails", stdout=out)
    assert "Made thumbnails of 0 pictures" in out.getvalue()
    assert files_in(media) == before


def test_a_picture_whose_file_is_gone_does_not_stop_the_others(
    image: ProductImage, product: Product
) -> None:
    make_image(make_product(embedded=False))
    forget_thumbnails(image)
    batch = thumbnails_create_batch()
    assert (batch.made, batch.failed) == (1, 1)


def test_two_workers_that_make_thumbnails_leave_one_pair(image: ProductImage, media: Path) -> None:
    forget_thumbnails(image)
    for file in files_in(media):
        if file.suffix == ".webp":
            file.unlink()
    update = thumbnails._update

    def overtaken(before: Any, fresh: ProductImage) -> bool:
        with patch.object(thumbnails, "_update", update):
            thumbnails_create_batch()
        return update(before, fresh)

    with patch.object(thumbnails, "_update", overtaken):
        thumbnails_create_batch()
    image.refresh_from_db()
    assert len(files_in(media)) == 3
    assert all(file.storage.exists(file.name or "") for file in image.files)


def test_the_task_goes_on_with_the_next_batch(
    image: ProductImage,
    queued: list[tuple[str, Any]],
    django_capture_on_commit_callbacks: Any,
) -> None:
    forget_thumbnails(image)
    one = partial(thumbnails_create_batch, limit=1)
    with (
        patch("catalog.services.thumbnails_create_batch", one),
        django_capture_on_commit_callbacks(execute=True),
    ):
        tasks.make_thumbnails(0)
    assert queued == [("make_thumbnails", image.pk)]


@override_settings(ROOT_URLCONF=__name__, DEBUG=True)
def test_a_served_picture_may_be_kept_for_good(image: ProductImage, client: Client) -> None:
    response = client.get(image.small.url)
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["Content-Type"] == "image/webp"
    again = client.get(image.small.url, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304
    assert response.headers["Last-Modified"]


@override_settings(ROOT_URLCONF=__name__, DEBUG=True)
@pytest.mark.parametrize("name", ["../secret", "none.jpg", "../../etc/passwd"])
def test_nothing_else_is_served(name: str, client: Client, media: Path) -> None:
    (media / "products").mkdir(parents=True)
    (media / "secret").write_text("feed")
    assert client.get(f"/media/products/{name}").status_code in (400, 404)
