"""Which caption serves, and what is stored of a captioner's answer."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from catalog.captioning.base import CaptionDraft
from catalog.models import PERSON, Caption, CaptionRun, Product, ProductImage
from catalog.selectors import captions_for, image_ids_without_caption
from catalog.services import caption_create_for_image, captions_recreate
from catalog.services.captions import measure_doubt, read_draft
from outfits.describing import colour_of
from tests.factories import make_caption, make_image, make_product
from tests.fakes import FakeCaptioner

pytestmark = pytest.mark.django_db

Status = CaptionRun.Status


@pytest.fixture
def product() -> Product:
    return make_product(embedded=False, colour="")


@pytest.fixture
def image(product: Product) -> ProductImage:
    return make_image(product)


def serving(product: Product) -> str:
    """The captioner whose caption of the product serves."""
    return captions_for([product])[product.pk].captioner_id


def make_run(captioner_id: str, status: str, **fields: Any) -> CaptionRun:
    return CaptionRun.objects.create(captioner_id=captioner_id, status=status, **fields)


def unsure_draft() -> CaptionDraft:
    return CaptionDraft(
        sentence="A T-shirt.",
        colour="Red",
        article_type="Tshirts",
        confidence={"colour": 0.4, "article_type": 0.9, "gender": 0.1},
        alternatives={"colour": ("Maroon", "Pink", "Orange"), "article_type": ("Tops",)},
        unsure=frozenset({"colour", "gender"}),
    )


def test_a_field_the_captioner_is_unsure_of_is_left_blank_and_listed() -> None:
    values = read_draft(unsure_draft())
    assert (values["colour"], values["article_type"]) == ("", "Tshirts")
    assert values["unsure"] == ["colour"]


def test_the_choices_of_an_unsure_field_begin_with_the_likeliest_value() -> None:
    alternatives = read_draft(unsure_draft())["alternatives"]
    assert alternatives == {"colour": ["Red", "Maroon", "Pink"], "article_type": ["Tops"]}


def test_doubt_is_what_the_least_sure_field_lacks() -> None:
    assert measure_doubt(unsure_draft()) == pytest.approx(0.6)


def test_a_captioner_without_confidences_is_doubted_by_half() -> None:
    assert measure_doubt(CaptionDraft(sentence="A thing.")) == 0.5


def test_alternatives_are_cleaned_like_any_words_of_a_captioner() -> None:
    draft = CaptionDraft(sentence="A.", alternatives={"colour": ("x\n" * 99,), "size": ("XL",)})
    assert read_draft(draft)["alternatives"] == {"colour": [("x " * 20).strip()]}


def test_no_history_is_written_of_machines(
    product: Product, draw: Callable[..., bytes], captioner: FakeCaptioner
) -> None:
    from catalog.services import product_image_create

    image = product_image_create(product=product, data=draw())
    assert image
    caption_create_for_image(image=image)
    captions_recreate(images=[image])
    assert not Caption.history.exists()


def test_the_caption_gives_the_colour_that_the_feed_does_not(
    product: Product, image: ProductImage
) -> None:
    caption = make_caption(image, "fake-captioner", colour="Teal")
    assert colour_of(product, caption) == "Teal"
    caption.colour = ""
    assert colour_of(product, caption) == ""


def test_the_persons_caption_wins_over_every_captioners(
    product: Product, image: ProductImage
) -> None:
    for captioner_id in (PERSON, "older", "fake-captioner"):
        make_caption(image, captioner_id)
    assert serving(product) == PERSON


def test_the_captioner_in_force_wins_over_newer_captions_of_others(
    product: Product, image: ProductImage
) -> None:
    for captioner_id in ("fake-captioner", "other"):
        make_caption(image, captioner_id)
    assert serving(product) == "fake-captioner"


def test_without_a_caption_of_the_captioner_in_force_the_newest_other_serves(
    product: Product, image: ProductImage
) -> None:
    for captioner_id in ("oldest", "newer"):
        make_caption(image, captioner_id)
    assert serving(product) == "newer"


@pytest.mark.parametrize("status", [s for s in Status if s != Status.DONE])
def test_captions_of_a_run_that_is_not_done_are_held_back(
    product: Product, image: ProductImage, status: str
) -> None:
    make_caption(image, "older")
    run = make_run("fake-captioner", status)
    make_caption(image, "fake-captioner")
    if status in (Status.CANCELLED, Status.FAILED):
        run.finished_at = timezone.now()
        run.save()
    assert serving(product) == "older"


def test_captions_of_a_run_serve_once_it_is_done(product: Product, image: ProductImage) -> None:
    make_caption(image, "older")
    run = make_run("fake-captioner", Status.RUNNING)
    make_caption(image, "fake-captioner")
    CaptionRun.objects.filter(pk=run.pk).update(status=Status.DONE, finished_at=timezone.now())
    assert serving(product) == "fake-captioner"


def test_a_later_run_that_is_done_lets_a_cancelled_runs_captions_serve(
    product: Product, image: ProductImage
) -> None:
    make_caption(image, "older")
    run = make_run("fake-captioner", Status.CANCELLED)
    make_caption(image, "fake-captioner")
    CaptionRun.objects.filter(pk=run.pk).update(finished_at=timezone.now())
    make_run("fake-captioner", Status.DONE, finished_at=timezone.now())
    assert serving(product) == "fake-captioner"


def test_captions_from_before_a_run_go_on_serving_during_it(
    product: Product, image: ProductImage
) -> None:
    for captioner_id in ("fake-captioner", "other"):
        make_caption(image, captioner_id)
    make_run("fake-captioner", Status.RUNNING)
    assert serving(product) == "fake-captioner"


def test_captions_written_after_a_cancelled_run_serve(
    product: Product, image: ProductImage
) -> None:
    make_caption(image, "older")
    run = make_run("fake-captioner", Status.CANCELLED)
    CaptionRun.objects.filter(pk=run.pk).update(
        created_at=timezone.now() - timedelta(hours=2),
        finished_at=timezone.now() - timedelta(hours=1),
    )
    make_caption(image, "fake-captioner")
    assert serving(product) == "fake-captioner"


def test_a_picture_that_is_new_during_a_run_shows_what_it_has(
    product: Product, image: ProductImage
) -> None:
    make_run("fake-captioner", Status.RUNNING)
    make_caption(image, "fake-captioner")
    assert serving(product) == "fake-captioner"


@pytest.mark.parametrize(
    ("captioner_ids", "queries"),
    [(["older"], 2), ([PERSON, "fake-captioner", "older"], 3)],
    ids=["one each", "several each"],
)
def test_captions_of_many_products_take_few_queries(
    captioner_ids: list[str], queries: int, django_assert_num_queries: Any
) -> None:
    products = [make_product(embedded=False) for _ in range(5)]
    for product in products:
        image = make_image(product)
        for captioner_id in captioner_ids:
            make_caption(image, captioner_id)
    with django_assert_num_queries(queries):
        assert len(captions_for(products)) == 5


def test_captions_of_products_whose_pictures_are_known_take_one(
    django_assert_num_queries: Any,
) -> None:
    for _ in range(5):
        make_caption(make_image(make_product(embedded=False)), "older")
    products = list(Product.objects.prefetch_related("images"))
    with django_assert_num_queries(1):
        assert len(captions_for(products)) == 5


def test_an_import_leaves_pictures_that_another_captioner_saw_to_a_run(
    product: Product, image: ProductImage
) -> None:
    assert image_ids_without_caption([product.pk]) == [image.pk]
    make_caption(image, PERSON)
    assert image_ids_without_caption([product.pk]) == [image.pk]
    make_caption(image, "older")
    assert image_ids_without_caption([product.pk]) == []


def test_captioning_again_does_not_touch_what_a_person_said(image: ProductImage) -> None:
    for captioner_id in (PERSON, "fake-captioner", "older"):
        make_caption(image, captioner_id)
    captions_recreate(images=[image])
    assert set(Caption.objects.values_list("captioner_id", flat=True)) == {PERSON, "older"}
