"""System checks of where shoppers' photos are kept."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage, InvalidStorageError, Storage, storages

from outfits.photos.storage import ALIAS

_FOLDER = (
    f"Write STORAGES[{ALIAS!r}] = {{'BACKEND': 'django.core.files.storage.FileSystemStorage', "
    "'OPTIONS': {'location': '/srv/ensemble/private'}}, a folder that no web server serves; in the "
    "project that comes with Ensemble, set PRIVATE_ROOT."
)
_BUCKET = (
    f"Name a bucket that nobody may read without a signature in STORAGES[{ALIAS!r}]['OPTIONS']; in "
    "the project that comes with Ensemble, set S3_PRIVATE_BUCKET."
)


@register()
def check_photo_storage(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """E030 no storage for shoppers' photos, E031 one that is public."""
    if ALIAS not in settings.STORAGES:
        return [_error(f"STORAGES has no {ALIAS!r}, where shoppers' photos are kept.", _FOLDER, 30)]
    try:
        private, public = storages[ALIAS], storages["default"]
    except (InvalidStorageError, ImproperlyConfigured) as error:
        return [_error(f"STORAGES cannot be used: {error}", _FOLDER, 30)]
    return [*_public_folders(private), *_public_buckets(private, public)]


def _public_folders(private: Storage) -> Iterator[CheckMessage]:
    if not isinstance(private, FileSystemStorage):
        return
    folder = Path(private.location).resolve()
    for name in ("MEDIA_ROOT", "STATIC_ROOT"):
        served = getattr(settings, name, None)
        # Django's default of both is empty: nothing is served from there then.
        if served and folder.is_relative_to(Path(str(served)).resolve()):
            yield _error(f"STORAGES[{ALIAS!r}] lies in {name}, which is public.", _FOLDER, 31)


def _public_buckets(private: Storage, public: Storage) -> Iterator[CheckMessage]:
    """What django-storages calls these things, in S3 and what is like it."""
    acl = str(getattr(private, "default_acl", None) or "")
    if acl.startswith("public") or not getattr(private, "querystring_auth", True):
        yield _error(f"STORAGES[{ALIAS!r}] hands out addresses that anybody may open.", _BUCKET, 31)
        return
    bucket = getattr(private, "bucket_name", None)
    shared = bucket is not None and bucket == getattr(public, "bucket_name", None)
    if shared and not getattr(public, "querystring_auth", True):
        yield _error(
            f"STORAGES[{ALIAS!r}] is the bucket {bucket!r}, whose pictures anybody may open.",
            _BUCKET,
            31,
        )


def _error(what: str, hint: str, number: int) -> CheckMessage:
    return Error(what, hint=hint, id=f"ensemble.E{number:03}")
