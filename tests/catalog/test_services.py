"""Pictures, captions and vectors: stored once, however often it is asked."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from botocore.exceptions import EndpointConnectionError
from django.db import IntegrityError

from catalog import tasks
from catalog.captioning.base import CaptionDraft, CaptioningError
from catalog.embedding.base import EmbeddingError
from catalog.images import ImageRefused
from catalog.models import Caption, Product, ProductEmbedding, ProductImage
from catalog.selectors import captions_for
from catalog.services import (
    caption_create_for_image,
    captions_recreate,
    embedding_update_for_product,
    embeddings_recreate,
    embeddings_update_for_products,
    product_image_create,
    product_image_delete,
    products_delete,
)
from tests.factories import make_product
from tests.fakes import FakeCaptioner, FakeEmbedder

pytestmark = pytest.mark.django_db

Draw = Callable[..., bytes]
Queued = list[tuple[str, Any]]


@pytest.fixture
def product() -> Product:
    return make_product(embedded=False, title="Plain shirt", category="Shirts", colour="Blue")


def add_picture(product: Product, data: bytes, position: int | None = None) -> ProductImage:
    image = product_image_create(product=product, data=data, position=position)
    assert image
    return image


def test_a_picture_is_stored_with_its_file_and_size(product: Product, draw: Draw) -> None:
    image = add_picture(product, draw())
    image.refresh_from_db()
    assert (image.width, image.height) == (60, 80)
    assert image.image.storage.exists(image.image.name or "")


def test_storing_a_picture_queues_its_caption_after_the_commit(
    product: Product, draw: Draw, queued: Queued, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        image = add_picture(product, draw())
        assert not queued
    assert queued == [("caption_image", image.pk)]


def test_an_unchanged_file_is_not_encoded_again(product: Product, draw: Draw) -> None:
    add_picture(product, draw())
    with patch("catalog.services.images.read_upload", side_effect=AssertionError):
        assert product_image_create(product=product, data=draw()) is None


def test_another_file_of_the_same_pixels_is_stored_once(product: Product, draw: Draw) -> None:
    add_picture(product, draw(kind="PNG"))
    assert product_image_create(product=product, data=draw(kind="PNG", compress_level=1)) is None
    assert product.images.count() == 1


def test_a_refused_picture_leaves_nothing_behind(product: Product, media: Path) -> None:
    with pytest.raises(ImageRefused):
        product_image_create(product=product, data=b"<html>")
    assert not product.images.exists()
    assert not list(media.rglob("*.jpg"))


def test_a_row_that_fails_leaves_no_file_behind(product: Product, draw: Draw, media: Path) -> None:
    with (
        patch.object(ProductImage, "save", side_effect=IntegrityError),
        pytest.raises(IntegrityError),
    ):
        product_image_create(product=product, data=draw())
    assert not list(media.rglob("*.jpg"))


def test_a_picture_put_first_moves_the_others_back(product: Product, draw: Draw) -> None:
    old = add_picture(product, draw("red"), position=0)
    new = add_picture(product, draw("blue"), position=0)
    assert list(product.images.all()) == [new, old]


def test_a_picture_without_a_position_goes_last(product: Product, draw: Draw) -> None:
    first, second = add_picture(product, draw("red")), add_picture(product, draw("blue"))
    assert list(product.images.all()) == [first, second]


def test_a_removed_picture_takes_its_file_along(
    product: Product, draw: Draw, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    image = add_picture(product, draw())
    with django_capture_on_commit_callbacks(execute=True):
        product_image_delete(image=image)
        assert list(media.rglob("*.jpg"))
    assert not list(media.rglob("*.jpg"))


def test_removed_products_take_their_files_along(
    product: Product, draw: Draw, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    add_picture(product, draw())
    with django_capture_on_commit_callbacks(execute=True):
        assert products_delete(products=Product.objects.all()) == 1
    assert not list(media.rglob("*.jpg"))


def test_a_picture_is_captioned_once(
    product: Product, draw: Draw, captioner: FakeCaptioner
) -> None:
    image = add_picture(product, draw())
    first = caption_create_for_image(image=image)
    assert caption_create_for_image(image=image) == first
    assert len(captioner.asked) == 1
    assert (first.colour, first.captioner_id) == ("Red", "fake-captioner")


def test_the_same_picture_of_two_products_shares_a_caption(
    product: Product, draw: Draw, captioner: FakeCaptioner
) -> None:
    twin = make_product(embedded=False)
    for each in (product, twin):
        caption_create_for_image(image=add_picture(each, draw()))
    assert len(captioner.asked) == 1
    assert captions_for([product, twin]).keys() == {product.pk, twin.pk}


def test_another_captioner_writes_a_caption_of_its_own(
    product: Product, draw: Draw, captioner: FakeCaptioner
) -> None:
    image = add_picture(product, draw())
    caption_create_for_image(image=image)
    captioner.captioner_id = "newer"
    assert captions_for([product])[product.pk].captioner_id == "fake-captioner"
    caption_create_for_image(image=image)
    assert Caption.objects.count() == 2
    assert captions_for([product])[product.pk].captioner_id == "newer"


def test_words_of_a_captioner_are_cut_to_one_line_that_fits(
    product: Product, draw: Draw, captioner: FakeCaptioner
) -> None:
    captioner.draft = CaptionDraft(sentence="A\nlong\0 " + "x" * 400, colour="c" * 99)
    caption = caption_create_for_image(image=add_picture(product, draw()))
    assert caption.sentence.startswith("A long x")
    assert (len(caption.sentence), len(caption.colour)) == (300, 40)


def test_captions_of_many_products_take_two_queries(
    draw: Draw, django_assert_num_queries: Any
) -> None:
    products = [make_product(embedded=False) for _ in range(5)]
    for number, product in enumerate(products):
        caption_create_for_image(image=add_picture(product, draw(f"#0000{number}0")))
    with django_assert_num_queries(2):
        assert len(captions_for(products)) == 5


def test_the_main_picture_gives_the_caption(
    product: Product, draw: Draw, captioner: FakeCaptioner
) -> None:
    caption_create_for_image(image=add_picture(product, draw("red")))
    captioner.draft = CaptionDraft(sentence="The new front.")
    caption_create_for_image(image=add_picture(product, draw("blue"), position=0))
    assert captions_for([product])[product.pk].sentence == "The new front."


def test_a_product_is_embedded_by_title_and_caption(
    product: Product, draw: Draw, embedder: FakeEmbedder
) -> None:
    caption_create_for_image(image=add_picture(product, draw()))
    assert embedding_update_for_product(product=product)
    assert embedder.asked == ["Plain shirt. Blue shirts. A plain thing."]
    assert ProductEmbedding.objects.get().model_id == "fake-embedder"


def test_a_product_without_pictures_is_embedded_by_its_words(
    product: Product, embedder: FakeEmbedder
) -> None:
    embedding_update_for_product(product=product)
    assert embedder.asked == ["Plain shirt. Blue shirts."]


def test_an_unchanged_text_is_not_embedded_again(product: Product, embedder: FakeEmbedder) -> None:
    assert embedding_update_for_product(product=product)
    assert not embedding_update_for_product(product=product)
    product.title = "Striped shirt"
    assert embedding_update_for_product(product=product)
    assert len(embedder.asked) == 2
    assert ProductEmbedding.objects.count() == 1


def test_many_products_are_embedded_together(embedder: FakeEmbedder) -> None:
    products = [make_product(embedded=False) for _ in range(130)]
    assert embeddings_update_for_products(products=products) == 130
    assert ProductEmbedding.objects.count() == 130


def test_a_product_deleted_meanwhile_is_left_out(product: Product, embedder: FakeEmbedder) -> None:
    Product.objects.all().delete()
    assert not embedding_update_for_product(product=product)


def test_embedding_again_keeps_the_old_vector_until_the_new_one(
    product: Product, queued: Queued, django_capture_on_commit_callbacks: Any
) -> None:
    embedding_update_for_product(product=product)
    with django_capture_on_commit_callbacks(execute=True):
        embeddings_recreate(product_ids=[product.pk])
    assert ProductEmbedding.objects.count() == 1
    assert queued == [("embed_products", [product.pk])]
    assert embedding_update_for_product(product=product)


def test_captioning_again_forgets_and_queues(
    product: Product, draw: Draw, queued: Queued, django_capture_on_commit_callbacks: Any
) -> None:
    image = add_picture(product, draw())
    caption_create_for_image(image=image)
    with django_capture_on_commit_callbacks(execute=True):
        captions_recreate(images=[image])
    assert not Caption.objects.exists()
    assert queued == [("caption_images", [image.pk])]


def test_a_captioned_picture_queues_the_embedding(
    product: Product, draw: Draw, queued: Queued, django_capture_on_commit_callbacks: Any
) -> None:
    image = add_picture(product, draw())
    with django_capture_on_commit_callbacks(execute=True):
        tasks.caption_image(image.pk)
    assert Caption.objects.count() == 1
    assert queued == [("embed_products", [product.pk])]


def test_a_task_about_something_deleted_does_nothing(queued: Queued) -> None:
    tasks.caption_image(12345)
    tasks.embed_product(12345)
    tasks.run_feed_import(12345)
    assert not queued


def test_a_captioner_that_is_down_is_asked_again_later(
    product: Product, draw: Draw, captioner: FakeCaptioner
) -> None:
    captioner.error = CaptioningError("down", retryable=True)
    image = add_picture(product, draw())
    with (
        patch.object(tasks.caption_image, "retry", side_effect=InterruptedError) as retry,
        pytest.raises(InterruptedError),
    ):
        tasks.caption_image(image.pk)
    assert retry.call_args.kwargs["countdown"] == 5


def test_a_picture_that_cannot_be_captioned_still_gets_its_product_embedded(
    product: Product,
    draw: Draw,
    captioner: FakeCaptioner,
    queued: Queued,
    django_capture_on_commit_callbacks: Any,
) -> None:
    captioner.error = CaptioningError("never", retryable=False)
    image = add_picture(product, draw())
    with django_capture_on_commit_callbacks(execute=True):
        tasks.caption_image(image.pk)
    assert queued == [("embed_products", [product.pk])]


def test_a_bad_picture_of_a_batch_does_not_cost_the_others_their_captions(
    product: Product,
    draw: Draw,
    media: Path,
    queued: Queued,
    django_capture_on_commit_callbacks: Any,
) -> None:
    ids = [add_picture(product, draw(colour)).pk for colour in ("red", "blue")]
    shutil.rmtree(media)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.caption_images(ids)
    assert queued == [("caption_image", pk) for pk in ids]


def test_an_embedder_that_never_will_is_an_error(product: Product, embedder: FakeEmbedder) -> None:
    error = EmbeddingError("no such package", retryable=False)
    with patch.object(embedder, "embed", side_effect=error), pytest.raises(EmbeddingError):
        tasks.embed_product(product.pk)


def test_a_quality_check_that_fails_costs_no_product_its_vector(
    product: Product, queued: Queued, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        tasks.embed_product(product.pk)
    assert queued == [("recheck_products", [product.pk])]
    assert ProductEmbedding.objects.filter(product=product).exists()


def test_a_storage_that_cannot_be_reached_is_asked_again_later(
    product: Product, draw: Draw
) -> None:
    image = add_picture(product, draw())
    # What boto raises when S3 is away is no OSError.
    with (
        patch.object(
            image.image.storage, "open", side_effect=EndpointConnectionError(endpoint_url="s3")
        ),
        pytest.raises(CaptioningError, match="could not be reached") as caught,
    ):
        caption_create_for_image(image=image)
    assert caught.value.retryable


def test_a_picture_whose_file_is_gone_is_not_asked_for_again(
    product: Product, draw: Draw, media: Path
) -> None:
    image = add_picture(product, draw())
    shutil.rmtree(media)
    with pytest.raises(CaptioningError, match="cannot be read") as caught:
        caption_create_for_image(image=image)
    assert not caught.value.retryable
