"""What is stored and shown when another captioner stands in for a vision model."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import Settings

from catalog import tasks
from catalog.captioning import get_captioner
from catalog.captioning.fallback import Fallback
from catalog.models import Caption, ProductImage
from catalog.services import captions_create_for_images, product_image_create
from tests.factories import make_product
from tests.fakes import FakeCaptioner

pytestmark = pytest.mark.django_db
NOBODY = "http://127.0.0.1:9/v1"


@pytest.fixture
def use_openai(settings: Settings) -> Callable[..., None]:
    """Makes the captioner in force one whose server is down."""

    def use(**options: Any) -> None:
        settings.ENSEMBLE = {
            **settings.ENSEMBLE,
            "CAPTIONER": "catalog.captioning.openai.OpenAICaptioner",
            "CAPTIONER_OPTIONS": {"base_url": NOBODY, "model": "vlm", **options},
        }

    return use


@pytest.fixture
def image(draw: Callable[..., bytes]) -> ProductImage:
    image = product_image_create(product=make_product(), data=draw(), caption=False)
    assert image is not None
    return image


def test_after_the_last_try_a_server_that_is_down_is_stood_in_for(
    image: ProductImage, use_openai: Callable[..., None]
) -> None:
    use_openai(fallback="tests.fakes.FakeCaptioner")
    tasks.caption_image.apply((image.pk,), retries=tasks.MAX_RETRIES)
    caption = Caption.objects.get()
    assert caption.captioner_id == get_captioner().captioner_id
    assert (caption.sentence, caption.made_by) == ("A plain thing.", "fake-captioner")
    assert "could not be reached" in caption.note


def test_before_the_last_try_nobody_stands_in(
    image: ProductImage, use_openai: Callable[..., None], queued: list[tuple[str, Any]]
) -> None:
    use_openai(fallback="tests.fakes.FakeCaptioner")
    tasks.caption_image.apply((image.pk,), retries=tasks.MAX_RETRIES - 1, throw=False)
    assert not Caption.objects.filter(note="").exists()


def test_without_a_fallback_the_picture_stays_without_a_caption(
    image: ProductImage, use_openai: Callable[..., None]
) -> None:
    use_openai(fallback="")
    tasks.caption_image.apply((image.pk,), retries=tasks.MAX_RETRIES)
    assert not Caption.objects.exists()


def test_what_was_stood_in_for_is_not_asked_about_again(
    image: ProductImage, use_openai: Callable[..., None]
) -> None:
    use_openai(fallback="tests.fakes.FakeCaptioner")
    first = captions_create_for_images(images=[image], unreachable="it is down")
    assert captions_create_for_images(images=[image]) == first


def test_the_admin_says_who_stood_in_and_why(
    admin_client: Client, image: ProductImage, use_openai: Callable[..., None]
) -> None:
    use_openai(fallback="tests.fakes.FakeCaptioner")
    captions_create_for_images(images=[image], unreachable="the vision model was asleep")
    url = reverse("admin:ensemble_catalog_caption_change", args=[Caption.objects.get().pk])
    assert "The vision model was asleep; captioned by" in admin_client.get(url).content.decode()


def test_the_embedded_captioner_is_named_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    fallback = Fallback()
    monkeypatch.setattr(
        "catalog.captioning.fallback.load_backend", lambda path, **options: FakeCaptioner()
    )
    (draft,) = fallback.caption([Image.new("RGB", (9, 9))], captioner_id="x", reason="no answer")
    assert draft.note == "No answer; captioned by the embedded captioner."
