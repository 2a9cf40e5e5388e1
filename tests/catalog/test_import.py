"""Importing feeds: what is stored, what is refused, and that doing it again changes nothing."""

import time
import zipfile
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from catalog.feeds.base import FeedError
from catalog.models import FeedImport, Product, ProductImage
from catalog.services import embeddings_update_for_products, feed_import

pytestmark = pytest.mark.django_db

Draw = Callable[..., bytes]
Queued = list[tuple[str, Any]]

FEED = """sku,title,category,gender,colour,price,currency,stock,seasons,occasions,published,images
A1,Oxford shirt,Shirts,Men,White,59.90,EUR,7,spring|summer,work|formal,yes,
A2,Ankle boots,Ankle Boots,Women,Black,129.00,EUR,0,fall,casual,no,
"""


def run(text: str, **options: Any) -> FeedImport:
    return feed_import(file=BytesIO(text.encode()), name="feed.csv", **options)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pictures").mkdir()
    return tmp_path / "pictures"


@pytest.fixture
def zipped(tmp_path: Path) -> Callable[..., Path]:
    def make(**members: bytes) -> Path:
        path = tmp_path / "pictures.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in members.items():
                archive.writestr(name.replace("__", "/") + ".jpg", data)
        return path

    return make


def test_rows_become_products() -> None:
    row = run(FEED)
    shirt, boots = Product.objects.all()
    assert (row.created, row.status) == (2, FeedImport.Status.DONE)
    assert (shirt.slot, shirt.gender, shirt.price) == ("top", "men", Decimal("59.90"))
    assert (shirt.seasons, shirt.occasions) == (["spring", "summer"], ["work", "formal"])
    assert (boots.slot, boots.stock, boots.published) == ("shoes", 0, False)


def test_importing_again_changes_nothing() -> None:
    run(FEED)
    before = list(Product.objects.values())
    row = run(FEED)
    assert (row.created, row.updated, row.unchanged) == (0, 0, 2)
    assert list(Product.objects.values()) == before


def test_a_changed_row_updates_its_product_and_keeps_its_id() -> None:
    run(FEED)
    product = Product.objects.get(sku="A1")
    row = run(FEED.replace("59.90", "49.90"))
    assert (row.updated, row.unchanged) == (1, 1)
    product.refresh_from_db()
    assert product.price == Decimal("49.90")


def test_a_feed_without_prices_leaves_stored_prices_alone() -> None:
    run(FEED)
    row = run("sku,title\nA1,Oxford shirt\nA9,New thing\n")
    assert Product.objects.get(sku="A1").price == Decimal("59.90")
    assert Product.objects.get(sku="A9").price == Decimal("49.00")
    assert row.defaults_used == {"price": 1, "currency": 1, "stock": 1}


def test_a_slot_corrected_by_hand_survives_the_next_import() -> None:
    run(FEED)
    Product.objects.filter(sku="A1").update(slot="outerwear")
    run(FEED.replace("59.90", "49.90"))
    assert Product.objects.get(sku="A1").slot == "outerwear"


def test_bad_rows_are_reported_and_good_ones_kept() -> None:
    row = run(FEED + "A3,,Shirts,Men,White,1,EUR,1,,,yes,\nA4,Tee,Tops,Men,White,x,EUR,1,,,yes,\n")
    assert (row.created, row.refused) == (2, 2)
    assert row.problems == [
        {"line": 4, "sku": "A3", "reason": "has no title"},
        {"line": 5, "sku": "A4", "reason": "price 'x' is not a number"},
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "15612,Men,Shirts\n",
        "first,second\na,b\n",
        'sku,title\nA1,"Changed\n' + "x,y\n" * 60_000,
    ],
    ids=["empty", "no header", "unknown columns", "unclosed quote"],
)
def test_an_unreadable_feed_leaves_everything_stored_as_it_was(text: str) -> None:
    run(FEED)
    before = list(Product.objects.values())
    with pytest.raises(FeedError):
        run(text)
    assert list(Product.objects.values()) == before


def test_a_limit_reads_only_so_many_rows() -> None:
    row = run(FEED, limit=1)
    assert (row.total, row.processed, Product.objects.count()) == (1, 1, 1)


def test_progress_is_told_row_by_row() -> None:
    seen: list[tuple[int, int]] = []
    run(FEED, on_progress=lambda row: seen.append((row.processed, row.total)))
    assert seen == [(1, 2), (2, 2)]


def test_three_thousand_rows_take_seconds_and_few_queries(
    django_assert_max_num_queries: Any,
) -> None:
    lines = "".join(f"S{n},Shirt {n},Shirts,{n % 90 + 1}.00\n" for n in range(3000))
    started = time.monotonic()
    with django_assert_max_num_queries(120):
        row = run("sku,title,category,price\n" + lines)
    assert row.created == 3000
    assert time.monotonic() - started < 20


def test_new_products_are_queued_for_embedding(
    queued: Queued, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        run(FEED)
    assert queued == [("embed_products", sorted(Product.objects.values_list("pk", flat=True)))]


def test_what_a_dead_run_left_unqueued_is_queued_by_the_next(
    queued: Queued, django_capture_on_commit_callbacks: Any
) -> None:
    run(FEED)
    with django_capture_on_commit_callbacks(execute=True):
        run(FEED)
    assert [name for name, _ in queued] == ["embed_products"]


def test_a_feed_that_changes_no_words_queues_nothing(
    queued: Queued, django_capture_on_commit_callbacks: Any
) -> None:
    run(FEED)
    embeddings_update_for_products(products=list(Product.objects.all()))
    with django_capture_on_commit_callbacks(execute=True):
        run(FEED.replace("59.90", "49.90"))
    assert not queued


def test_pictures_are_found_by_sku(
    folder: Path, draw: Draw, queued: Queued, django_capture_on_commit_callbacks: Any
) -> None:
    (folder / "A1.png").write_bytes(draw(kind="PNG"))
    with django_capture_on_commit_callbacks(execute=True):
        row = run(FEED, images=folder)
    image = ProductImage.objects.get(product__sku="A1")
    assert (row.pictures, row.picture_problems) == (1, 0)
    assert queued[0] == ("caption_images", [image.pk])


def test_pictures_are_found_by_the_names_in_the_feed(folder: Path, draw: Draw) -> None:
    (folder / "front.jpg").write_bytes(draw("red"))
    (folder / "back.jpg").write_bytes(draw("blue"))
    run("sku,title,images\nA1,Shirt,front.jpg|back.jpg\n", images=folder)
    assert [image.position for image in Product.objects.get().images.all()] == [0, 1]


def test_pictures_are_found_in_a_zip(zipped: Callable[..., Path], draw: Draw) -> None:
    row = run(FEED, images=zipped(A1=draw("red"), shots__A2=draw("blue")))
    assert row.pictures == 2


def test_importing_pictures_again_stores_none_twice(folder: Path, draw: Draw) -> None:
    (folder / "A1.jpg").write_bytes(draw())
    run(FEED, images=folder)
    assert run(FEED, images=folder).pictures == 0
    assert ProductImage.objects.count() == 1


@pytest.mark.parametrize("name", ["../secret.jpg", "/etc/hostname", "sub/../../secret.jpg"])
def test_a_name_that_leads_out_of_the_folder_is_refused(
    folder: Path, draw: Draw, name: str
) -> None:
    (folder.parent / "secret.jpg").write_bytes(draw())
    row = run(f"sku,title,images\nA1,Shirt,{name}\n", images=folder)
    assert "outside the folder" in row.problems[0]["reason"]
    assert not ProductImage.objects.exists()


def test_a_link_that_leads_out_of_the_folder_is_refused(folder: Path, draw: Draw) -> None:
    (folder.parent / "secret.jpg").write_bytes(draw())
    (folder / "A1.jpg").symlink_to(folder.parent / "secret.jpg")
    assert run(FEED, images=folder).picture_problems >= 1
    assert not ProductImage.objects.exists()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("none.jpg", "not among the pictures"),
        ("page.jpg", "web page"),
        ("large.jpg", "larger than"),
    ],
)
def test_a_picture_that_cannot_be_taken_is_reported_and_the_product_kept(
    folder: Path, settings: Settings, name: str, reason: str
) -> None:
    settings.ENSEMBLE = {**settings.ENSEMBLE, "IMAGE_MAX_BYTES": 2048}
    (folder / "page.jpg").write_bytes(b"<html>")
    (folder / "large.jpg").write_bytes(b"x" * 4096)
    row = run(f"sku,title,images\nA1,Shirt,{name}\n", images=folder)
    assert (row.created, row.refused, row.picture_problems) == (1, 0, 1)
    assert reason in row.problems[0]["reason"]


def test_a_zip_member_over_the_limit_is_refused(
    zipped: Callable[..., Path], settings: Settings
) -> None:
    settings.ENSEMBLE = {**settings.ENSEMBLE, "IMAGE_MAX_BYTES": 2048}
    assert run(FEED, images=zipped(A1=b"0" * 100_000)).picture_problems == 1


def test_a_broken_zip_is_refused_before_anything_is_stored(tmp_path: Path) -> None:
    (tmp_path / "broken.zip").write_bytes(b"PK not really")
    with pytest.raises(FeedError, match="zip"):
        run(FEED, images=tmp_path / "broken.zip")
    assert not Product.objects.exists()
    assert not FeedImport.objects.exists()


def test_real_photographs_are_imported_with_their_products(real_data: Path) -> None:
    photos = real_data / "photos"
    with (photos / "catalogue.csv").open("rb") as file:
        row = feed_import(file=file, name="catalogue.csv", images=photos / "catalogue", limit=60)
    assert (row.created, row.pictures, row.refused, row.picture_problems) == (60, 60, 0, 0)
    assert Product.objects.exclude(slot="").count() >= 50
    assert Product.objects.exclude(colour="").count() >= 55
