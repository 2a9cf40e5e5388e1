"""What happens to a photo when the request or the task fails half way: nothing of it stays."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.storage import FileSystemStorage
from django.db import OperationalError
from django.db.models import QuerySet
from django.utils import timezone

from catalog.captioning import get_captioner
from catalog.embedding import get_embedder
from catalog.models import Product, ProductEmbedding
from outfits.models import OwnPhoto
from outfits.photos import services
from outfits.photos.services import photo_receive, photos_clean_up
from outfits.shoppers.consent import ConsentMissing, shopper_consent
from outfits.tasks import understand_photo
from tests.outfits.photos.pictures import a_jpeg, files_in, waiting_bytes
from tests.shoppers import make_shopper

pytestmark = pytest.mark.django_db(transaction=True)
KEPT = pytest.mark.parametrize("kept", [False, True], ids=["not kept", "kept"])


def fail(error: Exception) -> Callable[..., Any]:
    def failing(*args: Any, **kwargs: Any) -> Any:
        raise error

    return failing


def receive(kept: bool) -> OwnPhoto:
    return photo_receive(data=a_jpeg(), owner=make_shopper() if kept else None)


def assert_nothing_stays(private: Path, media: Path) -> None:
    assert files_in(private) + files_in(media) == []
    assert not OwnPhoto.objects.exists()
    assert not Product.objects.filter(private=True).exists()
    assert not list(_keys())


def _keys() -> list[bytes]:
    client = cache._cache.get_client()  # type: ignore[attr-defined]  # Redis
    found: list[bytes] = client.keys("*own-photo*")
    return found


@KEPT
def test_nothing_stays_where_the_cache_is_away(
    kept: bool, private: Path, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("set", "delete"):
        monkeypatch.setattr(_CACHE, name, fail(ConnectionError("Redis is away")))
    with pytest.raises(ConnectionError):
        receive(kept)
    monkeypatch.undo()
    assert_nothing_stays(private, media)


_CACHE = type(cache._connections["default"])  # type: ignore[attr-defined]  # behind a proxy


@KEPT
def test_nothing_stays_where_the_database_is_away_when_the_row_is_stored(
    kept: bool, private: Path, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(OwnPhoto, "save", fail(OperationalError("away")))
        with pytest.raises(OperationalError):
            receive(kept)
    assert_nothing_stays(private, media)


@KEPT
def test_nothing_stays_where_queueing_fails(
    kept: bool, private: Path, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "_queue", fail(RuntimeError("no broker is configured")))
    with pytest.raises(RuntimeError):
        receive(kept)
    assert_nothing_stays(private, media)


def test_nothing_stays_where_the_storage_refuses(
    private: Path, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FileSystemStorage, "save", fail(OSError("full")))
    with pytest.raises(OSError, match="full"):
        receive(kept=True)
    assert_nothing_stays(private, media)


def test_a_photo_that_cannot_be_taken_back_now_goes_with_a_clean_up(
    private: Path, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(services, "_queue", fail(RuntimeError("no broker is configured")))
        broken.setattr(QuerySet, "delete", fail(OperationalError("away")))
        broken.setattr(FileSystemStorage, "delete", fail(OSError("away")))
        with pytest.raises(RuntimeError):
            receive(kept=True)
    assert len(files_in(private)) == 1
    OwnPhoto.objects.update(created_at=timezone.now() - timedelta(hours=1))
    photos_clean_up()
    assert_nothing_stays(private, media)


def test_a_process_that_dies_before_the_file_is_written_leaves_a_row_that_goes(
    private: Path, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as killed:
        killed.setattr(services, "photo_write_file", fail(KeyboardInterrupt()))  # type: ignore[arg-type]
        killed.setattr(services, "_take_back", lambda photo: None)
        with pytest.raises(KeyboardInterrupt):
            receive(kept=True)
    OwnPhoto.objects.update(created_at=timezone.now() - timedelta(hours=1))
    photos_clean_up()
    assert OwnPhoto.objects.get().status == "failed"
    assert files_in(private) == []


def test_nothing_stays_of_a_photo_whose_shopper_withdraws_while_it_is_stored(
    private: Path, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = FileSystemStorage.save

    def save_late(*args: Any, **kwargs: Any) -> str:
        shopper_consent(shop_id="ann", granted=False)
        return save(*args, **kwargs)

    monkeypatch.setattr(FileSystemStorage, "save", save_late)
    with pytest.raises(ConsentMissing):
        receive(kept=True)
    assert_nothing_stays(private, media)


@KEPT
def test_a_captioner_that_breaks_leaves_neither_bytes_nor_file(
    kept: bool, private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = receive(kept)
    monkeypatch.setattr(get_captioner(), "caption", fail(ValueError("a bug")))
    with pytest.raises(ValueError, match="a bug"):
        understand_photo(str(photo.pk))
    assert OwnPhoto.objects.get().status == "failed"
    assert waiting_bytes(photo) is None
    assert files_in(private) == []


@KEPT
def test_an_embedder_that_breaks_leaves_neither_bytes_nor_file_nor_piece(
    kept: bool, private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = receive(kept)
    monkeypatch.setattr(get_embedder(), "embed", fail(ValueError("a bug")))
    with pytest.raises(ValueError, match="a bug"):
        understand_photo(str(photo.pk))
    assert not Product.objects.filter(private=True).exists()
    assert waiting_bytes(photo) is None
    assert files_in(private) == []


@KEPT
def test_a_database_that_fails_half_way_leaves_no_piece(
    kept: bool, private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = receive(kept)
    with monkeypatch.context() as broken:
        broken.setattr(ProductEmbedding.objects, "create", fail(OperationalError("away")))
        with pytest.raises(OperationalError):
            understand_photo(str(photo.pk))
    assert not Product.objects.filter(private=True).exists()
    assert OwnPhoto.objects.get().status == "failed"
    assert waiting_bytes(photo) is None
    assert files_in(private) == []


def test_a_database_that_stays_away_leaves_a_photo_that_the_clean_up_ends(
    private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = receive(kept=True)
    with monkeypatch.context() as broken:
        broken.setattr(get_captioner(), "caption", _lose_the_database(broken))
        with pytest.raises(OperationalError):
            understand_photo(str(photo.pk))
    assert len(files_in(private)) == 1
    OwnPhoto.objects.update(created_at=timezone.now() - timedelta(hours=1))
    photos_clean_up()
    assert OwnPhoto.objects.get().status == "failed"
    assert files_in(private) == []


def _lose_the_database(broken: pytest.MonkeyPatch) -> Callable[..., Any]:
    def caption(images: Any) -> Any:
        for name in ("update", "first"):
            broken.setattr(QuerySet, name, fail(OperationalError("away")))
        raise ValueError("a bug")

    return caption
