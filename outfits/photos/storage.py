"""Where kept photos lie: ``STORAGES["ensemble_private"]``, which no public address leads to."""

from typing import Any

from django.core.files.base import File
from django.core.files.storage import Storage, storages
from django.utils.deconstruct import deconstructible

ALIAS = "ensemble_private"


@deconstructible
class PrivateStorage(Storage):
    """What ``STORAGES["ensemble_private"]`` names, asked for when it is needed.

    So a shop that has not named it yet can start, and hear of it from its checks
    (`outfits.photos.checks`). Raises `InvalidStorageError` where it is not named.
    """

    def open(self, name: str, mode: str = "rb") -> "File[Any]":
        return _private().open(name, mode)

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        return _private().save(name, content, max_length)

    def delete(self, name: str) -> None:
        _private().delete(name)

    def exists(self, name: str) -> bool:
        return _private().exists(name)

    def size(self, name: str) -> int:
        return _private().size(name)

    def url(self, name: str | None) -> str:
        """Never: the only address is that of `outfits.photos.api.PhotoPictureView`."""
        raise ValueError("A shopper's photo has no public address.")


def _private() -> Storage:
    return storages[ALIAS]
