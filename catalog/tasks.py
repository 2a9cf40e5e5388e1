"""Background work of the catalog: caption, embed, import, fetch. Each is safe to deliver twice."""

import logging
from collections.abc import Sequence
from typing import Any

from celery import Task, shared_task

# A module, not its names: the services queue these tasks in turn.
from catalog import services
from catalog.captioning.base import CaptioningError
from catalog.embedding.base import EmbeddingError
from catalog.models import Product, ProductImage
from catalog.queueing import queue_task

logger = logging.getLogger(__name__)

#: Tries after the first; with `_wait_seconds` they span about an hour and a half.
MAX_RETRIES = 8
_WAIT_MAX_SECONDS = 1800
#: Tries of a caption run's chunk; then the run pauses and says why. Seven minutes in all.
RUN_RETRIES = 4
#: How often an import that must wait looks whether what it waits for still lives.
_HELD_WAIT_SECONDS = 30


def _wait_seconds(retries: int) -> int:
    """Exponential back-off: 5 s, 20 s, 80 s, ... up to half an hour."""
    seconds: int = 5 * 4**retries
    return min(seconds, _WAIT_MAX_SECONDS)


@shared_task(bind=True, max_retries=MAX_RETRIES)
def caption_image(self: "Task[Any, Any]", image_id: int) -> None:
    """Caption one picture, then embed its product."""
    _caption(self, [image_id])


@shared_task(bind=True, max_retries=MAX_RETRIES)
def caption_images(self: "Task[Any, Any]", image_ids: Sequence[int]) -> None:
    """Caption pictures together, which is faster, then embed their products."""
    _caption(self, image_ids)


def _caption(task: "Task[Any, Any]", image_ids: Sequence[int]) -> None:
    images = list(ProductImage.objects.filter(pk__in=image_ids))
    try:
        services.captions_create_for_images(images=images)
    except CaptioningError as error:
        if error.retryable and task.request.retries < MAX_RETRIES:
            raise task.retry(exc=error, countdown=_wait_seconds(task.request.retries)) from error
        if not (error.retryable and _caption_instead(images)):
            if len(images) > 1:
                _caption_one_by_one(images)
                return
            # Without a caption the product is still found by its own words.
            logger.warning("No caption for image %s: %s", [image.pk for image in images], error)
    product_ids = sorted({image.product_id for image in images})
    if product_ids:
        queue_task(embed_products, product_ids)


def _caption_instead(images: Sequence[ProductImage]) -> bool:
    """After the last try: whether what stands in for the captioner could caption them all."""
    try:
        services.captions_create_for_images(
            images=images, unreachable="the vision model could not be reached"
        )
    except CaptioningError:
        return False
    return True


def _caption_one_by_one(images: Sequence[ProductImage]) -> None:
    """One picture of a batch cannot be captioned: the others do not pay for it."""
    for image in images:
        queue_task(caption_image, image.pk)


@shared_task(bind=True, max_retries=RUN_RETRIES)
def caption_run_step(self: "Task[Any, Any]", run_id: int, cursor: int) -> None:
    """Caption one chunk of a run, and queue the next."""
    try:
        services.caption_run_step(run_id=run_id, cursor=cursor)
    except CaptioningError as error:
        if self.request.retries < RUN_RETRIES:
            raise self.retry(exc=error, countdown=_wait_seconds(self.request.retries)) from error
        services.caption_run_pause(run_id=run_id, error=str(error))
    except Exception as error:
        services.caption_run_fail(run_id=run_id, error=f"{type(error).__name__}: {error}")
        raise


@shared_task
def caption_runs_wake() -> None:
    """Look after runs whose worker was lost."""
    services.caption_runs_wake()


@shared_task
def caption_measure() -> None:
    """Time the captioner, for the estimate of a run."""
    services.captioner_measure()


@shared_task(bind=True, max_retries=MAX_RETRIES)
def embed_product(self: "Task[Any, Any]", product_id: int) -> None:
    """Bring one product's vector up to date."""
    _embed(self, [product_id])


@shared_task(bind=True, max_retries=MAX_RETRIES)
def embed_products(self: "Task[Any, Any]", product_ids: Sequence[int]) -> None:
    """Bring products' vectors up to date together, which is faster."""
    _embed(self, product_ids)


def _embed(task: "Task[Any, Any]", product_ids: Sequence[int]) -> None:
    if not task.request.retries:
        # Whatever changes a product or its caption ends here, so that its findings go at once; in
        # a task of its own, so that a check that fails costs no product its vector.
        queue_task(recheck_products, list(product_ids))
    products = list(Product.objects.filter(pk__in=product_ids))
    try:
        services.embeddings_update_for_products(products=products)
    except EmbeddingError as error:
        if error.retryable and task.request.retries < MAX_RETRIES:
            raise task.retry(exc=error, countdown=_wait_seconds(task.request.retries)) from error
        raise


@shared_task(bind=True, max_retries=None)
def run_feed_import(self: "Task[Any, Any]", import_id: int) -> None:
    """Run a queued import; while it or its feed is in other hands, look again later."""
    try:
        services.feed_import_run(feed_import_id=import_id)
    except services.ImportHeldError as error:
        raise self.retry(exc=error, countdown=_HELD_WAIT_SECONDS) from error


@shared_task(bind=True, max_retries=None)
def run_feed_check(self: "Task[Any, Any]", import_id: int) -> None:
    """Find out what an import would do; while another worker does, look again later."""
    try:
        services.feed_import_check_run(feed_import_id=import_id)
    except services.ImportHeldError as error:
        raise self.retry(exc=error, countdown=_HELD_WAIT_SECONDS) from error


@shared_task
def feed_imports_wake() -> None:
    """Look after imports whose worker or message was lost."""
    services.feed_imports_wake()


@shared_task
def check_quality() -> None:
    """Look for what is wrong with the catalog; while another check runs, do nothing."""
    services.quality_check()


@shared_task
def recheck_products(product_ids: Sequence[int]) -> None:
    """Bring the findings about some products up to date."""
    services.quality_recheck(product_ids=product_ids)


@shared_task
def make_thumbnails(after_id: int = 0) -> None:
    """Make the thumbnails that pictures lack, a batch a task."""
    batch = services.thumbnails_create_batch(after_id=after_id)
    if batch.last_id is not None:
        queue_task(make_thumbnails, batch.last_id)


@shared_task(bind=True, max_retries=None)
def fetch_picture(self: "Task[Any, Any]", remote_picture_id: int) -> None:
    """Fetch a picture by its address; how often it is tried is counted in its row."""
    seconds = services.remote_picture_fetch(remote_picture_id=remote_picture_id)
    if seconds is not None:
        raise self.retry(countdown=seconds)
