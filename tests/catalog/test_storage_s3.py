"""Pictures in S3: a real server of its protocol, from the upload to the address in a look."""

import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import httpx
import pytest
from botocore.exceptions import BotoCoreError
from django.core.files.storage import default_storage
from django.test import Client
from pytest_django import Settings

from catalog.models import Product, ProductImage
from catalog.services import (
    caption_create_for_image,
    feed_import,
    product_image_create,
    product_image_delete,
    thumbnails_create_batch,
)
from catalog.storage import PictureS3Storage
from outfits.presentation import ShownLook
from outfits.serializers import LookSerializer
from tests.factories import make_product
from tests.fakes import FakeCaptioner

pytestmark = pytest.mark.django_db

Draw = Callable[..., bytes]
_BUCKET = "pictures-of-the-shop"


@pytest.fixture
def bucket(endpoint: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An empty bucket, and settings as S3_BUCKET, S3_REGION and S3_ENDPOINT_URL make them."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "catalog.storage.PictureS3Storage", "OPTIONS": options(endpoint)},
    }
    httpx.post(f"{endpoint}/moto-api/reset")
    client: Any = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")
    client.create_bucket(Bucket=_BUCKET)
    return client


def options(endpoint: str, **more: Any) -> dict[str, Any]:
    """What config.settings makes of the environment, in a process that has it."""
    if not _OPTIONS:
        code = "import json, config.settings as made; print(json.dumps(made.STORAGES['default']))"
        env = {**os.environ, "S3_BUCKET": _BUCKET, "S3_ENDPOINT_URL": "http://endpoint"}
        done = subprocess.run(
            [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
        )
        made = json.loads(done.stdout.splitlines()[-1])
        assert made["BACKEND"] == "catalog.storage.PictureS3Storage"
        _OPTIONS.update(made["OPTIONS"])
    return {**_OPTIONS, "endpoint_url": endpoint, "region_name": "us-east-1", **more}


_OPTIONS: dict[str, Any] = {}


@pytest.fixture
def product(bucket: Any) -> Product:
    return make_product(embedded=False)


@pytest.fixture
def image(product: Product, draw: Draw) -> ProductImage:
    stored = product_image_create(product=product, data=draw(size=(600, 1200)))
    assert stored
    return stored


def keys(bucket: Any) -> list[str]:
    return [row["Key"] for row in bucket.list_objects_v2(Bucket=_BUCKET).get("Contents", [])]


def test_a_picture_and_its_thumbnails_are_stored_in_the_bucket(
    image: ProductImage, bucket: Any
) -> None:
    assert isinstance(default_storage._wrapped, PictureS3Storage)  # type: ignore[attr-defined]
    assert sorted(keys(bucket)) == sorted(str(file.name) for file in image.files)
    assert len(image.files) == 3


def test_objects_are_private(image: ProductImage, bucket: Any) -> None:
    for key in keys(bucket):
        grants = bucket.get_object_acl(Bucket=_BUCKET, Key=key)["Grants"]
        assert not [grant for grant in grants if grant["Grantee"].get("URI")]


def test_objects_may_be_kept_for_good_by_browsers_alone(image: ProductImage, bucket: Any) -> None:
    head = bucket.head_object(Bucket=_BUCKET, Key=image.small.name)
    assert head["CacheControl"] == "private, max-age=31536000, immutable"
    assert head["ContentType"] == "image/webp"


def test_an_address_is_signed_and_ends(image: ProductImage) -> None:
    query = parse_qs(urlsplit(image.large.url).query)
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert query["X-Amz-Expires"] == [str(12 * 3600)]
    assert query["X-Amz-Signature"]


def test_a_signed_address_shows_the_picture(image: ProductImage) -> None:
    response = httpx.get(image.image.url)
    assert response.status_code == 200
    assert response.headers["Cache-Control"].startswith("private")
    assert response.content.startswith(b"\xff\xd8")


def test_without_a_signature_nothing_is_shown(image: ProductImage) -> None:
    assert httpx.get(image.image.url.partition("?")[0]).status_code == 403


def test_an_address_stays_the_same_while_it_is_fresh(
    image: ProductImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage: Any = image.image.storage
    first, start = image.image.url, time.time()
    assert image.image.url == first
    later = start + 6 * 3600 + 5
    monkeypatch.setattr("catalog.storage.time.time", lambda: later)
    storage.url(image.image.name)
    until, _ = storage._wrapped._signed[image.image.name]
    assert until > later  # signed anew: half of its time was over


def test_what_temporary_credentials_sign_is_signed_anew_soon(endpoint: str) -> None:
    storage = PictureS3Storage(**options(endpoint, access_key="a", secret_key="b"))
    storage._remember("x", "https://s3/x?X-Amz-Security-Token=t")
    assert storage._signed["x"][0] < time.time() + 301


def test_a_public_bucket_has_plain_addresses(bucket: Any, endpoint: str) -> None:
    storage = PictureS3Storage(**options(endpoint, querystring_auth=False))
    assert "?" not in storage.url("products/a.jpg")


def test_a_removed_picture_leaves_the_bucket(
    image: ProductImage, bucket: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        product_image_delete(image=image)
    assert keys(bucket) == []


def test_a_picture_stored_by_two_workers_leaves_its_files(
    image: ProductImage, product: Product, draw: Draw, bucket: Any
) -> None:
    assert product_image_create(product=product, data=draw(size=(600, 1200))) is None
    assert len(keys(bucket)) == 3


def test_thumbnails_are_made_for_pictures_in_the_bucket(image: ProductImage, bucket: Any) -> None:
    ProductImage.objects.update(small="", large="")
    assert thumbnails_create_batch().made == 1
    image.refresh_from_db()
    assert bucket.head_object(Bucket=_BUCKET, Key=image.small.name)


def test_a_picture_in_the_bucket_is_captioned(
    image: ProductImage, captioner: FakeCaptioner
) -> None:
    caption_create_for_image(image=image)
    assert captioner.asked[0].size == (600, 1200)


def test_a_feed_with_a_zip_is_imported_into_the_bucket(
    bucket: Any, draw: Draw, tmp_path: Path
) -> None:
    feed, pictures = tmp_path / "feed.csv", tmp_path / "pictures.zip"
    feed.write_text("sku,title,category\nA1,Plain shirt,Shirts\n")
    with zipfile.ZipFile(pictures, "w") as archive:
        archive.writestr("A1.jpg", draw())
    with feed.open("rb") as file:
        feed_import(file=file, name="feed.csv", mapping=None, images=pictures)
    assert ProductImage.objects.get().product.sku == "A1"
    assert len([key for key in keys(bucket) if key.startswith("products/")]) == 3


def test_a_look_shows_signed_addresses_in_every_width(image: ProductImage) -> None:
    caption_create_for_image(image=image)
    image.refresh_from_db()
    image.product.refresh_from_db()
    shown = ShownLook(None, "ranked", None, image.product, [], {})
    sources = LookSerializer(shown).data["anchor"]["image"]["sources"]
    assert [source["width"] for source in sources] == [160, 400, 600]
    for source in sources:
        assert "X-Amz-Signature" in source["url"]
        assert httpx.get(source["url"]).status_code == 200


def test_no_cache_keeps_a_look_longer_than_its_addresses(
    image: ProductImage, client: Client
) -> None:
    response = client.get("/api/v1/looks/", {"product": image.product.sku})
    assert response.status_code == 200
    assert "X-Amz-Signature" in response.json()["anchor"]["image"]["url"]
    assert "max-age" not in response.headers.get("Cache-Control", "")
    assert "Expires" not in response.headers


def test_a_server_that_is_away_stores_nothing(
    product: Product, draw: Draw, settings: Settings
) -> None:
    broken = options("http://127.0.0.1:9")
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": broken},
    }
    with pytest.raises((BotoCoreError, OSError)):
        product_image_create(product=product, data=draw())
    assert not product.images.exists()
