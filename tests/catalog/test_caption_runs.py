"""Captioning everything again: in the background, resumable, and all at once in the shop."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from catalog import tasks
from catalog.captioning import get_captioner
from catalog.captioning.base import CaptionDraft, CaptioningError
from catalog.models import PERSON, Caption, CaptionRun, Product, ProductImage
from catalog.selectors import captions_for
from catalog.services import (
    CaptionRunRefused,
    caption_correct,
    caption_create_for_image,
    caption_run_cancel,
    caption_run_pause,
    caption_run_resume,
    caption_run_start,
    caption_run_step,
    caption_runs_wake,
    captioner_measure,
    product_image_create,
)
from catalog.services.caption_estimates import estimate_caption_run, seconds_left
from tests.catalog.caption_runs import Status, step
from tests.catalog.caption_runs import products as products
from tests.factories import make_image, make_product
from tests.fakes import FakeCaptioner

pytestmark = pytest.mark.django_db

Queued = list[tuple[str, Any]]


@pytest.fixture(autouse=True)
def _small_chunks() -> Any:
    with patch("catalog.services.caption_runs.CHUNK", 2):
        yield


def finish(run: CaptionRun) -> CaptionRun:
    for _ in range(20):
        if step(run).status == Status.DONE:
            return run
    raise AssertionError(f"not done: {run} {run.error}")


def serving(products: Sequence[Product]) -> set[str]:
    return {caption.captioner_id for caption in captions_for(products).values()}


def test_a_run_captions_every_picture(products: list[Product]) -> None:
    run = finish(caption_run_start())
    assert (run.total, run.processed, run.failed) == (5, 5, 0)
    assert Caption.objects.filter(captioner_id="fake-captioner").count() == 5


def test_old_captions_serve_during_a_run_and_all_change_at_its_end(
    products: list[Product],
) -> None:
    run = caption_run_start()
    step(run)
    step(run)
    assert serving(products) == {"older"}
    finish(run)
    assert serving(products) == {"fake-captioner"}


def test_a_correction_survives_a_whole_run(products: list[Product]) -> None:
    content_hash = products[0].images.get().content_hash
    caption_correct(content_hash=content_hash, values={"colour": "Maroon"}, user=None)
    finish(caption_run_start())
    caption = captions_for(products)[products[0].pk]
    assert (caption.captioner_id, caption.colour) == (PERSON, "Maroon")


def test_embeddings_are_refreshed_at_the_end_only(
    products: list[Product], queued: Queued, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        finish(caption_run_start())
    names = [name for name, _ in queued]
    assert names == [*["caption_run_step"] * 4, "embed_products"]
    assert queued[-1][1] == [product.pk for product in products]


def test_a_picture_that_arrives_during_a_run_is_captioned_and_shown(
    products: list[Product], draw: Callable[..., bytes]
) -> None:
    run = caption_run_start()
    step(run)
    newcomer = make_product(embedded=False)
    image = product_image_create(product=newcomer, data=draw("white"), caption=False)
    assert image
    caption_create_for_image(image=image)
    assert serving([newcomer]) == {"fake-captioner"}
    assert serving(products) == {"older"}
    assert finish(run).percent == 100


def test_a_step_delivered_twice_does_its_work_once(
    products: list[Product],
    captioner: FakeCaptioner,
    queued: Queued,
    django_capture_on_commit_callbacks: Any,
) -> None:
    run = caption_run_start()
    with django_capture_on_commit_callbacks(execute=True):
        caption_run_step(run_id=run.pk, cursor=0)
        caption_run_step(run_id=run.pk, cursor=0)
    assert len(captioner.asked) == 2
    assert [name for name, _ in queued].count("caption_run_step") == 1


def test_only_one_run_is_open_at_a_time(products: list[Product]) -> None:
    caption_run_start()
    with pytest.raises(CaptionRunRefused, match="open already"):
        caption_run_start()


def test_a_paused_run_does_nothing_until_it_is_resumed(
    products: list[Product], captioner: FakeCaptioner
) -> None:
    run = step(caption_run_start())
    caption_run_pause(run_id=run.pk)
    step(run)
    assert len(captioner.asked) == 2
    caption_run_resume(run=run)
    assert finish(run).processed == 5
    assert len(captioner.asked) == 5


def test_a_run_paused_in_the_middle_of_a_chunk_queues_no_other(
    products: list[Product],
    captioner: FakeCaptioner,
    queued: Queued,
    django_capture_on_commit_callbacks: Any,
) -> None:
    run = caption_run_start()

    def pause(images: Sequence[Image.Image]) -> list[CaptionDraft]:
        caption_run_pause(run_id=run.pk)
        return [captioner.draft for _ in images]

    with (
        django_capture_on_commit_callbacks(execute=True),
        patch.object(captioner, "caption", side_effect=pause),
    ):
        step(run)
    assert (run.status, run.processed) == (Status.PAUSED, 2)
    assert not queued


def test_a_cancelled_run_leaves_the_old_captions_serving(products: list[Product]) -> None:
    run = step(caption_run_start())
    assert caption_run_cancel(run_id=run.pk)
    assert step(run).status == Status.CANCELLED
    assert serving(products) == {"older"}


def test_the_run_after_a_cancelled_one_asks_only_what_is_left(
    products: list[Product], captioner: FakeCaptioner
) -> None:
    run = step(caption_run_start())
    caption_run_cancel(run_id=run.pk)
    assert finish(caption_run_start()).total == 3
    assert len(captioner.asked) == 5
    assert serving(products) == {"fake-captioner"}


def test_a_picture_whose_file_is_gone_is_counted_and_the_others_go_on(
    products: list[Product],
) -> None:
    image = products[1].images.get()
    image.image.storage.delete(image.image.name or "")
    run = finish(caption_run_start())
    assert (run.processed, run.failed) == (5, 1)
    assert serving(products) == {"fake-captioner", "older"}


def test_resuming_tries_failed_pictures_again(
    products: list[Product], draw: Callable[..., bytes]
) -> None:
    image = products[0].images.get()
    with image.image.open("rb") as file:
        data = file.read()
    image.image.storage.delete(image.image.name or "")
    run = step(caption_run_start())
    assert run.failed == 1
    caption_run_pause(run_id=run.pk)
    with image.image.storage.open(image.image.name or "", "wb") as file:
        file.write(data)
    caption_run_resume(run=run)
    assert finish(run).failed == 0
    assert serving(products) == {"fake-captioner"}


def test_a_captioner_that_refuses_every_picture_pauses_the_run_and_says_why(
    products: list[Product], captioner: FakeCaptioner
) -> None:
    captioner.error = CaptioningError("no such model", retryable=False)
    run = step(caption_run_start())
    assert run.status == Status.PAUSED
    assert run.error == "None of 2 pictures could be captioned: no such model"


def test_a_captioner_that_is_down_is_asked_again_later(
    products: list[Product], captioner: FakeCaptioner
) -> None:
    captioner.error = CaptioningError("down", retryable=True)
    run = caption_run_start()
    with (
        patch.object(tasks.caption_run_step, "retry", side_effect=InterruptedError) as retry,
        pytest.raises(InterruptedError),
    ):
        tasks.caption_run_step(run.pk, 0)
    assert retry.call_args.kwargs["countdown"] == 5


def test_a_captioner_that_stays_down_pauses_the_run(
    products: list[Product], captioner: FakeCaptioner
) -> None:
    captioner.error = CaptioningError("down", retryable=True)
    run = caption_run_start()
    with patch.object(tasks, "RUN_RETRIES", 0):
        tasks.caption_run_step(run.pk, 0)
    run.refresh_from_db()
    assert (run.status, run.error) == (Status.PAUSED, "down")


def test_an_error_nobody_foresaw_ends_the_run_which_can_be_resumed(
    products: list[Product], captioner: FakeCaptioner
) -> None:
    run = caption_run_start()
    with (
        patch.object(captioner, "caption", side_effect=ZeroDivisionError("oops")),
        pytest.raises(ZeroDivisionError),
    ):
        tasks.caption_run_step(run.pk, 0)
    run.refresh_from_db()
    assert (run.status, run.error) == (Status.FAILED, "ZeroDivisionError: oops")
    caption_run_resume(run=run)
    assert finish(run).finished_at


def test_a_run_of_another_captioner_than_the_workers_pauses(
    products: list[Product], captioner: FakeCaptioner
) -> None:
    run = caption_run_start()
    captioner.captioner_id = "newest"
    assert step(run).status == Status.PAUSED
    assert "settings name newest" in run.error
    with pytest.raises(CaptionRunRefused, match="newest"):
        caption_run_resume(run=run)


def test_a_run_whose_worker_was_lost_is_taken_up_where_it_stood(
    products: list[Product], queued: Queued, django_capture_on_commit_callbacks: Any
) -> None:
    run = step(caption_run_start())
    assert caption_runs_wake() == 0
    CaptionRun.objects.update(heartbeat_at=timezone.now() - timedelta(hours=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert caption_runs_wake() == 1
        assert caption_runs_wake() == 0
    assert queued == [("caption_run_step", run.pk)]
    finish(run)


def test_a_run_with_nothing_to_do_is_done_at_once() -> None:
    assert finish(caption_run_start()).percent == 0


def test_pictures_of_the_same_content_count_once(products: list[Product]) -> None:
    first = products[0].images.get()
    make_image(products[1], content_hash=first.content_hash, image=first.image.name)
    assert finish(caption_run_start()).total == 5


def test_an_estimate_is_measured_on_a_few_pictures(
    products: list[Product], captioner: FakeCaptioner, settings: Settings
) -> None:
    measured = captioner_measure()
    assert measured
    assert len(captioner.asked) == 5
    assert not Caption.objects.filter(captioner_id="fake-captioner").exists()
    estimate = estimate_caption_run()
    assert (estimate.pictures, estimate.measured) == (5, measured)
    assert estimate.duration == timedelta(seconds=round(5 * measured.seconds))


def test_an_estimate_tells_the_price_that_settings_give(
    products: list[Product], settings: Settings
) -> None:
    assert estimate_caption_run().cost is None
    settings.ENSEMBLE = {**settings.ENSEMBLE, "CAPTION_COST_PER_1000": 2.0}
    assert get_captioner().captioner_id == "fake-captioner"
    assert estimate_caption_run().cost == pytest.approx(0.01)


def test_without_pictures_nothing_is_measured() -> None:
    assert captioner_measure() is None


def test_the_time_left_follows_from_the_measured_speed() -> None:
    run = CaptionRun(total=110, processed=10, seconds_per_picture=0.5)
    assert seconds_left(run) == timedelta(seconds=50)
    assert seconds_left(CaptionRun(total=5)) is None


def test_the_command_waits_until_the_run_is_done(
    products: list[Product], capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("recaption", "--here")
    assert CaptionRun.objects.get().status == Status.DONE
    assert "5 of 5 pictures" in capsys.readouterr().out


def test_the_pictures_of_a_run_take_the_same_queries_however_many(
    products: list[Product], django_assert_max_num_queries: Any
) -> None:
    run = caption_run_start()
    with patch("catalog.services.caption_runs.CHUNK", 16), django_assert_max_num_queries(11):
        step(run)
    assert ProductImage.objects.count() == run.processed


def test_a_storage_that_is_away_costs_no_picture_its_turn(products: list[Product]) -> None:
    run = caption_run_start()
    with (
        patch.object(default_storage, "open", side_effect=ConnectionError("away")),
        pytest.raises(CaptioningError, match="could not be reached"),
    ):
        step(run)
    assert finish(run).failed == 0
