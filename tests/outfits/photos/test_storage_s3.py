"""Kept photos in a bucket: what the environment makes of it, and a real server of its protocol."""

import json
import os
import subprocess
import sys
from typing import Any

import boto3
import httpx
import pytest
from django.test import Client
from pytest_django import Settings

from outfits.models import OwnPhoto
from tests.outfits.photos.pictures import a_file
from tests.shoppers import as_shopper, make_shopper, set_key

pytestmark = pytest.mark.django_db(transaction=True)
BUCKET = "private-photos"


def private_storage(**environment: str) -> dict[str, Any]:
    """What config.settings makes of the environment, in a process that has it."""
    code = (
        "import json, config.settings as made; print(json.dumps(made.STORAGES['ensemble_private']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    made: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return made


@pytest.fixture
def bucket(endpoint: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An empty bucket for photos beside one for pictures."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    made = private_storage(
        S3_BUCKET="pictures",
        S3_SIGNED_URLS="false",
        S3_PRIVATE_BUCKET=BUCKET,
        S3_ENDPOINT_URL=endpoint,
        S3_REGION="us-east-1",
    )
    settings.STORAGES = {**settings.STORAGES, "ensemble_private": made}
    client: Any = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")
    client.create_bucket(Bucket=BUCKET)
    return client


def test_a_kept_photo_lies_in_the_private_bucket_until_it_is_deleted(
    bucket: Any, client: Client, endpoint: str, settings: Settings
) -> None:
    set_key(settings)
    make_shopper()
    sent = client.post(
        "/api/v1/photos/", {"photo": a_file(), "keep": "true"}, headers=as_shopper()
    ).json()
    (stored,) = bucket.list_objects_v2(Bucket=BUCKET)["Contents"]
    assert stored["Key"] == OwnPhoto.objects.get().image.name
    assert bucket.head_object(Bucket=BUCKET, Key=stored["Key"])["CacheControl"].endswith("no-store")
    assert httpx.get(f"{endpoint}/{BUCKET}/{stored['Key']}").status_code == 403
    shown = client.get(sent["picture"])
    assert b"".join(shown.streaming_content).startswith(b"\xff\xd8")  # type: ignore[attr-defined]
    client.delete(f"/api/v1/photos/{sent['id']}/", headers=as_shopper())
    assert "Contents" not in bucket.list_objects_v2(Bucket=BUCKET)
    assert not OwnPhoto.objects.exists()


def test_without_a_bucket_of_their_own_photos_share_the_pictures_apart_and_signed() -> None:
    options = private_storage(S3_BUCKET="pictures")["OPTIONS"]
    assert (options["bucket_name"], options["location"]) == ("pictures", "private")
    assert options["querystring_auth"] is True


def test_without_any_bucket_photos_lie_in_a_folder_beside_the_media() -> None:
    options = private_storage(ENSEMBLE_VAR=os.environ["ENSEMBLE_VAR"])["OPTIONS"]
    assert options["location"] == f"{os.environ['ENSEMBLE_VAR']}/private"
