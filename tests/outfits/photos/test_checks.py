"""Where photos may be kept: nowhere that is public."""

from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from outfits.photos.checks import check_photo_storage

FOLDER = "django.core.files.storage.FileSystemStorage"
S3 = {"bucket_name": "private-photos", "querystring_auth": True}


def found(settings: Settings, **storages: Any) -> dict[str, str]:
    """Check id -> what is said and advised, with these storages beside the usual ones."""
    settings.STORAGES = {**settings.STORAGES, **storages}
    return {str(error.id): f"{error.msg} {error.hint}" for error in check_photo_storage()}


def in_s3(**options: Any) -> dict[str, Any]:
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": {**S3, **options}}


def in_folder(path: Path) -> dict[str, Any]:
    return {"BACKEND": FOLDER, "OPTIONS": {"location": str(path)}}


def test_a_folder_apart_from_media_is_right(settings: Settings) -> None:
    assert found(settings) == {}


def test_a_shop_that_names_no_storage_is_told_what_to_write(settings: Settings) -> None:
    settings.STORAGES = {"default": {"BACKEND": FOLDER}}
    said = found(settings)["ensemble.E030"]
    assert "Write STORAGES['ensemble_private'] = {" in said


def test_a_storage_that_cannot_be_made_is_told(settings: Settings) -> None:
    assert "ensemble.E030" in found(settings, ensemble_private={"BACKEND": "no.such.Storage"})


@pytest.mark.parametrize("below", ["", "private"])
def test_a_folder_that_is_served_with_the_media_is_refused(
    settings: Settings, media: Path, below: str
) -> None:
    said = found(settings, ensemble_private=in_folder(media / below))["ensemble.E031"]
    assert "MEDIA_ROOT" in said
    assert "PRIVATE_ROOT" in said


def test_the_default_storage_itself_is_refused(settings: Settings) -> None:
    assert "ensemble.E031" in found(settings, ensemble_private={"BACKEND": FOLDER})


def test_a_bucket_that_is_closed_is_right(settings: Settings) -> None:
    assert found(settings, ensemble_private=in_s3()) == {}


@pytest.mark.parametrize("options", [{"querystring_auth": False}, {"default_acl": "public-read"}])
def test_a_bucket_whose_files_anybody_may_open_is_refused(
    settings: Settings, options: dict[str, Any]
) -> None:
    said = found(settings, ensemble_private=in_s3(**options))["ensemble.E031"]
    assert "S3_PRIVATE_BUCKET" in said


def test_the_bucket_of_public_pictures_is_refused_under_any_prefix(settings: Settings) -> None:
    public = in_s3(querystring_auth=False)
    private = in_s3(location="private")
    assert "ensemble.E031" in found(settings, default=public, ensemble_private=private)


def test_the_bucket_of_signed_pictures_may_be_shared(settings: Settings) -> None:
    private = in_s3(location="private")
    assert found(settings, default=in_s3(), ensemble_private=private) == {}
