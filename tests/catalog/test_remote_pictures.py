"""Pictures that feeds name by address: registered, fetched by workers, stored in their place."""

from collections.abc import Callable, Iterator
from dataclasses import fields
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from celery.exceptions import Retry
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from catalog import tasks
from catalog.checks import check_ensemble_settings
from catalog.conf import EnsembleSettings
from catalog.feeds.pictures import NoPictures, find_pictures
from catalog.fetching.slots import hold_slot
from catalog.models import Product, RemotePicture
from catalog.services import (
    feed_import,
    product_image_create,
    product_image_delete,
    remote_picture_fetch,
    remote_pictures_fetch_again,
    remote_pictures_register,
)
from tests.catalog.picture_server import PictureServer, answer, run_server
from tests.factories import make_product

pytestmark = pytest.mark.django_db(transaction=True)

Draw = Callable[..., bytes]
Queued = list[tuple[str, Any]]


@pytest.fixture
def server(settings: Settings) -> Iterator[PictureServer]:
    with run_server() as running:
        settings.ENSEMBLE = {
            **settings.ENSEMBLE,
            "FETCH_ALLOW_PRIVATE": True,
            "FETCH_ALLOWED_PORTS": [running.port],
            "FETCH_TIMEOUT_SECONDS": 2.0,
        }
        yield running


@pytest.fixture
def product() -> Product:
    return make_product(embedded=False)


def register(product: Product, *urls: str) -> list[RemotePicture]:
    remote_pictures_register(product=product, places={url: n for n, url in enumerate(urls)})
    return list(RemotePicture.objects.filter(product=product).order_by("position"))


def fetch(picture: RemotePicture) -> float | None:
    wait = remote_picture_fetch(remote_picture_id=picture.pk)
    picture.refresh_from_db()
    return wait


def list_hashes(product: Product) -> list[str]:
    return [image.source_hash for image in product.images.order_by("position", "pk")]


def test_a_picture_is_fetched_stored_and_captioned(
    server: PictureServer, product: Product, draw: Draw, queued: Queued
) -> None:
    server.answers["/a.jpg"] = answer(200, draw(), ETag='"v1"')
    (picture,) = register(product, server.url("/a.jpg"))
    assert fetch(picture) is None
    assert (picture.status, picture.attempts, picture.error) == ("fetched", 1, "")
    assert (picture.etag, picture.image) == ('"v1"', product.images.get())
    assert queued == [("fetch_picture", picture.pk), ("caption_image", picture.image_id)]


def test_registering_again_queues_only_what_is_not_fetched(
    server: PictureServer, product: Product, draw: Draw, queued: Queued
) -> None:
    server.answers["/a.jpg"] = answer(200, draw())
    first, second = register(product, server.url("/a.jpg"), server.url("/b.jpg"))
    fetch(first)
    queued.clear()
    register(product, server.url("/a.jpg"), server.url("/b.jpg"))
    assert queued == [("fetch_picture", second.pk)]
    assert RemotePicture.objects.count() == 2


def test_a_failed_picture_is_tried_again_by_the_next_import(product: Product) -> None:
    (picture,) = register(product, "http://127.0.0.1/a.jpg")
    fetch(picture)
    assert picture.status == "failed"
    (picture,) = register(product, "http://127.0.0.1/a.jpg")
    assert (picture.status, picture.attempts, picture.error) == ("waiting", 0, "")


def test_a_picture_delivered_twice_is_fetched_once(
    server: PictureServer, product: Product, draw: Draw
) -> None:
    server.answers["/a.jpg"] = answer(200, draw())
    (picture,) = register(product, server.url("/a.jpg"))
    assert [fetch(picture), fetch(picture)] == [None, None]
    assert (len(server.asked), picture.attempts, product.images.count()) == (1, 1, 1)


def test_a_picture_in_another_worker_s_hands_is_looked_at_later(
    server: PictureServer, product: Product
) -> None:
    (picture,) = register(product, server.url("/a.jpg"))
    with hold_slot(f"picture:{picture.pk}", count=1, seconds=30):
        assert fetch(picture)
    assert (picture.attempts, server.asked) == (0, [])


def test_a_host_with_all_its_downloads_counts_no_attempt(
    server: PictureServer, product: Product, settings: Settings
) -> None:
    settings.ENSEMBLE = {**settings.ENSEMBLE, "FETCH_PER_HOST": 1}
    (picture,) = register(product, server.url("/a.jpg"))
    with hold_slot("host:127.0.0.1", count=1, seconds=30):
        wait = fetch(picture)
    assert wait is not None
    assert wait < 10
    assert (picture.status, picture.attempts, server.asked) == ("waiting", 0, [])


def test_passing_troubles_are_tried_again_after_longer_and_longer(
    server: PictureServer, product: Product
) -> None:
    server.answers["/a.jpg"] = answer(503)
    (picture,) = register(product, server.url("/a.jpg"))
    waits = [fetch(picture) for _ in range(5)]
    assert waits[4] is None
    assert all(w is not None and 0.7 * 30 * 3**n <= w <= 40 * 3**n for n, w in enumerate(waits[:4]))
    assert (picture.status, picture.attempts) == ("failed", 5)
    assert "503" in picture.error


def test_a_server_says_when_to_come_back(server: PictureServer, product: Product) -> None:
    server.answers["/a.jpg"] = answer(429, Retry_After="900")
    (picture,) = register(product, server.url("/a.jpg"))
    assert fetch(picture) == 900


def test_what_will_not_pass_fails_at_once(server: PictureServer, product: Product) -> None:
    server.answers["/a.jpg"] = answer(404)
    (picture,) = register(product, server.url("/a.jpg"))
    assert fetch(picture) is None
    assert (picture.status, picture.attempts) == ("failed", 1)


def test_what_is_no_picture_fails_with_a_sentence(server: PictureServer, product: Product) -> None:
    server.answers["/a.jpg"] = answer(200, b"<html>Not here</html>")
    (picture,) = register(product, server.url("/a.jpg"))
    fetch(picture)
    assert picture.status == "failed"
    assert "web page" in picture.error


def test_a_private_address_fails_unasked(product: Product) -> None:
    (picture,) = register(product, "http://127.0.0.1/a.jpg")
    fetch(picture)
    assert picture.status == "failed"
    assert "not a public address" in picture.error


def test_a_storage_that_fails_is_tried_again(
    server: PictureServer, product: Product, draw: Draw
) -> None:
    server.answers["/a.jpg"] = answer(200, draw())
    (picture,) = register(product, server.url("/a.jpg"))
    with patch("catalog.services.remote_pictures.product_image_create", side_effect=OSError):
        assert fetch(picture)
    assert (picture.status, fetch(picture), picture.status) == ("waiting", None, "fetched")


def test_a_picture_that_kills_its_workers_is_given_up(
    server: PictureServer, product: Product
) -> None:
    (picture,) = register(product, server.url("/a.jpg"))
    RemotePicture.objects.update(attempts=5)
    assert fetch(picture) is None
    assert (picture.status, server.asked) == ("failed", [])


@pytest.mark.parametrize(
    "order", [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)]
)
def test_pictures_take_their_places_in_whatever_order_they_come(
    server: PictureServer, product: Product, draw: Draw, order: tuple[int, ...]
) -> None:
    for number, colour in enumerate(("red", "green", "blue")):
        server.answers[f"/{number}.jpg"] = answer(200, draw(colour))
    product_image_create(product=product, data=draw("black"))
    pictures = register(product, *(server.url(f"/{number}.jpg") for number in range(3)))
    for number in order:
        fetch(pictures[number])
    images = [picture.image.pk for picture in pictures if picture.image]
    assert [image.pk for image in product.images.order_by("position", "pk")][:3] == images
    assert sorted(product.images.values_list("position", flat=True)) == [0, 1, 2, 3]


def test_an_address_that_moves_in_its_feed_moves_its_picture(
    server: PictureServer, product: Product, draw: Draw
) -> None:
    for name, colour in (("a", "red"), ("b", "green")):
        server.answers[f"/{name}.jpg"] = answer(200, draw(colour))
    urls = server.url("/a.jpg"), server.url("/b.jpg")
    for picture in register(product, *urls):
        fetch(picture)
    before = list_hashes(product)
    register(product, *reversed(urls))
    assert list_hashes(product) == before[::-1]


def test_two_addresses_of_one_picture_share_it(
    server: PictureServer, product: Product, draw: Draw
) -> None:
    server.answers["/a.jpg"] = server.answers["/b.jpg"] = answer(200, draw())
    first, second = register(product, server.url("/a.jpg"), server.url("/b.jpg"))
    fetch(second)
    fetch(first)
    assert first.image == second.image == product.images.get()
    assert product.images.get().position == 0


def test_fetched_again_an_unchanged_picture_is_not_sent_again(
    server: PictureServer, product: Product, draw: Draw
) -> None:
    server.answers["/a.jpg"] = answer(200, draw(), ETag='"v1"')
    (picture,) = register(product, server.url("/a.jpg"))
    fetch(picture)
    server.answers["/a.jpg"] = answer(304)
    remote_pictures_fetch_again(pictures=RemotePicture.objects.all())
    fetch(picture)
    assert server.asked[1][1]["if-none-match"] == '"v1"'
    assert (picture.status, picture.image) == ("fetched", product.images.get())


def test_fetched_again_a_changed_picture_takes_the_old_one_s_place(
    server: PictureServer, product: Product, draw: Draw
) -> None:
    server.answers["/a.jpg"] = answer(200, draw("red"))
    (picture,) = register(product, server.url("/a.jpg"))
    fetch(picture)
    old = picture.image_id
    server.answers["/a.jpg"] = answer(200, draw("blue"))
    remote_pictures_fetch_again(pictures=RemotePicture.objects.all())
    fetch(picture)
    assert product.images.get() == picture.image
    assert picture.image_id != old


def test_a_picture_that_the_shop_removed_is_fetched_whole_when_asked_for(
    server: PictureServer, product: Product, draw: Draw
) -> None:
    server.answers["/a.jpg"] = answer(200, draw(), ETag='"v1"')
    (picture,) = register(product, server.url("/a.jpg"))
    fetch(picture)
    product_image_delete(image=product.images.get())
    remote_pictures_fetch_again(pictures=RemotePicture.objects.all())
    fetch(picture)
    assert "if-none-match" not in server.asked[1][1]
    assert picture.image == product.images.get()


def test_a_picture_whose_product_is_gone_is_nobody_s(product: Product) -> None:
    (picture,) = register(product, "http://127.0.0.1/a.jpg")
    product.delete()
    assert remote_picture_fetch(remote_picture_id=picture.pk) is None


def test_nothing_is_fetched_while_fetching_is_off(product: Product, settings: Settings) -> None:
    (picture,) = register(product, "http://127.0.0.1/a.jpg")
    settings.ENSEMBLE = {**settings.ENSEMBLE, "FETCH_PICTURES": False}
    assert fetch(picture) is None
    assert (picture.status, picture.attempts) == ("waiting", 0)


def test_the_task_comes_back_when_the_service_says_so() -> None:
    with (
        patch("catalog.services.remote_picture_fetch", return_value=12.5),
        patch.object(tasks.fetch_picture, "retry", side_effect=Retry) as retry,
        pytest.raises(Retry),
    ):
        tasks.fetch_picture.run(1)
    retry.assert_called_once_with(countdown=12.5)


def test_a_feed_s_addresses_are_registered_in_their_places(queued: Queued) -> None:
    file = BytesIO(b"sku,title,images\nA1,Shirt,https://x.example/a.jpg|//x.example/b.jpg\n")
    feed_import(file=file, name="feed.csv")
    found = RemotePicture.objects.order_by("position").values_list("url", "position")
    assert list(found) == [("https://x.example/a.jpg", 0), ("https://x.example/b.jpg", 1)]
    assert [name for name, _ in queued].count("fetch_picture") == 2


def test_files_and_addresses_may_come_mixed(
    server: PictureServer, draw: Draw, tmp_path: Path
) -> None:
    (tmp_path / "front.jpg").write_bytes(draw("red"))
    (tmp_path / "back.jpg").write_bytes(draw("green"))
    server.answers["/side.jpg"] = answer(200, draw("blue"))
    names = f"front.jpg|{server.url('/side.jpg')}|back.jpg"
    feed_import(
        file=BytesIO(f"sku,title,images\nA1,Shirt,{names}\n".encode()),
        name="feed.csv",
        images=tmp_path,
    )
    picture = RemotePicture.objects.get()
    fetch(picture)
    order = Product.objects.get().images.order_by("position", "pk").values_list("pk", flat=True)
    assert list(order).index(picture.image_id or 0) == 1


def test_addresses_are_a_problem_of_the_row_while_fetching_is_off(settings: Settings) -> None:
    settings.ENSEMBLE = {**settings.ENSEMBLE, "FETCH_PICTURES": False}
    found = find_pictures(NoPictures(), "A1", ("https://x.example/a.jpg",))
    assert not found.addresses
    assert "FETCH_PICTURES" in found.problems[0]


def test_an_address_too_long_to_keep_is_a_problem_of_the_row() -> None:
    found = find_pictures(NoPictures(), "A1", ("https://x.example/" + "a" * 2000,))
    assert "characters" in found.problems[0]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("FETCH_PICTURES", "yes"),
        ("FETCH_TIMEOUT_SECONDS", 0),
        ("FETCH_PER_HOST", 0),
        ("FETCH_ALLOWED_PORTS", [80, 70_000]),
        ("FETCH_ALLOWED_PORTS", []),
        ("FETCH_ALLOW_PRIVATE", 1),
    ],
)
def test_a_wrong_setting_stops_the_start(settings: Settings, key: str, value: Any) -> None:
    settings.ENSEMBLE = {**settings.ENSEMBLE, key: value}
    assert key in {field.name for field in fields(EnsembleSettings)}
    assert [error.id for error in check_ensemble_settings(None)] == ["ensemble.E002"]


def test_the_admin_lists_pictures_and_fetches_again(
    admin_client: Client, product: Product, queued: Queued
) -> None:
    (picture,) = register(product, "http://127.0.0.1/a.jpg")
    fetch(picture)
    page = reverse("admin:ensemble_catalog_remotepicture_changelist")
    assert "not a public address" in admin_client.get(page).content.decode()
    queued.clear()
    admin_client.post(page, {"action": "fetch_again", "_selected_action": [picture.pk]})
    assert queued == [("fetch_picture", picture.pk)]


def test_the_admin_neither_adds_nor_changes_pictures(
    admin_client: Client, product: Product
) -> None:
    (picture,) = register(product, "http://127.0.0.1/a.jpg")
    assert admin_client.get(reverse("admin:ensemble_catalog_remotepicture_add")).status_code == 403
    page = reverse("admin:ensemble_catalog_remotepicture_change", args=[picture.pk])
    assert admin_client.get(page).status_code == 200
    assert admin_client.post(page, {"url": "x"}).status_code == 403
