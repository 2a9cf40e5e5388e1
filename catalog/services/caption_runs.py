"""Captions the whole catalog anew with the current captioner, in the background.

A run is a chain of short tasks, each of which captions a chunk, moves the run's cursor and queues
the next. Moving the cursor is a conditional update, so that of two deliveries of one task only one
goes on; `caption_runs_wake` starts a chain again whose worker died. What has been captioned is
found by looking, never counted on: a chunk done twice asks no captioner twice.
"""

import time
from collections.abc import Sequence
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from catalog import tasks
from catalog.captioning import get_captioner
from catalog.captioning.base import CaptioningError
from catalog.changes import tell_products_changed
from catalog.models import CaptionRun, Product, ProductImage
from catalog.queueing import queue_task
from catalog.services.captions import captions_create_for_images, open_picture
from catalog.serving import pictures_without_caption

#: Pictures a task: a few seconds' work, so that new pictures are captioned in between.
CHUNK = 16
#: A run not heard of for so long has lost its worker; longer than any wait between tries.
STALE_AFTER = timedelta(minutes=15)
#: How much the newest chunk counts in the seconds a picture takes.
_NEWEST_WEIGHT = 0.2
_EMBED_BATCH = 128

_Status = CaptionRun.Status
MOVING = (_Status.QUEUED, _Status.RUNNING)
OPEN = (*MOVING, _Status.PAUSED)
RESUMABLE = (_Status.PAUSED, _Status.FAILED)


class CaptionRunRefused(Exception):
    """The run cannot be started or resumed; says why and what to do."""


def caption_run_start(*, user: User | None = None) -> CaptionRun:
    """Start captioning every picture that the current captioner has not captioned.

    Raises `CaptionRunRefused` while another run is open.
    """
    captioner_id = get_captioner().captioner_id
    try:
        with transaction.atomic():
            run = CaptionRun.objects.create(
                captioner_id=captioner_id,
                total=count_pictures_left(captioner_id),
                started_by=user,
                heartbeat_at=timezone.now(),
            )
    except IntegrityError as error:
        raise CaptionRunRefused(
            "A caption run is open already. Wait until it is done, or cancel it."
        ) from error
    queue_task(tasks.caption_run_step, run.pk, 0)
    return run


def count_pictures_left(captioner_id: str) -> int:
    """Different pictures that ``captioner_id`` has not captioned."""
    left = ProductImage.objects.filter(pictures_without_caption(captioner_id))
    count: int = left.values("content_hash").distinct().count()
    return count


def caption_run_step(*, run_id: int, cursor: int) -> None:
    """Caption the chunk after ``cursor`` and queue the next; nothing if the run is past it.

    Raises `CaptioningError` (retryable) when the captioner cannot be reached now.
    """
    at_cursor = CaptionRun.objects.filter(pk=run_id, cursor=cursor, status__in=MOVING)
    if not at_cursor.update(status=_Status.RUNNING, heartbeat_at=timezone.now()):
        return
    run = CaptionRun.objects.get(pk=run_id)
    if run.captioner_id != get_captioner().captioner_id:
        _stop(at_cursor, _other_captioner(run))
        return
    images = _next_images(run)
    if images:
        _caption_chunk(run, images)
    else:
        _finish(at_cursor)


def _next_images(run: CaptionRun) -> list[ProductImage]:
    left = ProductImage.objects.filter(
        pictures_without_caption(run.captioner_id), pk__gt=run.cursor
    )
    return list(left.order_by("pk")[:CHUNK])


def _caption_chunk(run: CaptionRun, images: Sequence[ProductImage]) -> None:
    started = time.monotonic()
    by_hash = {image.content_hash: image for image in images}
    unreadable, errors = _caption(list(by_hash.values()))
    here = CaptionRun.objects.filter(pk=run.pk, cursor=run.cursor)
    readable = len(by_hash) - unreadable
    if len(errors) == readable and readable > CHUNK // 2:
        _stop(here, f"None of {readable} pictures could be captioned: {errors[0]}")
        return
    seconds = (time.monotonic() - started) / len(by_hash)
    known = run.seconds_per_picture
    moved = here.update(
        cursor=images[-1].pk,
        processed=F("processed") + len(by_hash),
        failed=F("failed") + unreadable + len(errors),
        seconds_per_picture=known + _NEWEST_WEIGHT * (seconds - known) if known else seconds,
        heartbeat_at=timezone.now(),
    )
    # Not when it was paused or cancelled meanwhile, or when another delivery was faster.
    if moved and CaptionRun.objects.filter(pk=run.pk, status__in=MOVING).exists():
        queue_task(tasks.caption_run_step, run.pk, images[-1].pk)


def _caption(images: Sequence[ProductImage]) -> tuple[int, list[str]]:
    """Caption what can be; how many files cannot be read, and what the captioner refused."""
    try:
        captions_create_for_images(images=images)
    except CaptioningError as error:
        if error.retryable:
            raise
        readable = [image for image in images if _is_readable(image)]
        refusals = [text for image in readable if (text := _caption_one(image))]
        return len(images) - len(readable), refusals
    return 0, []


def _is_readable(image: ProductImage) -> bool:
    try:
        open_picture(image)
    except CaptioningError as error:
        if error.retryable:
            raise
        return False
    return True


def _caption_one(image: ProductImage) -> str:
    """Caption one picture; why not, or "" where it was captioned."""
    try:
        captions_create_for_images(images=[image])
    except CaptioningError as error:
        if error.retryable:
            raise
        return str(error)
    return ""


def _finish(at_cursor: "QuerySet[CaptionRun]") -> None:
    """Let the new captions serve, all at once, and bring the vectors up to date."""
    with transaction.atomic():
        now = timezone.now()
        if not at_cursor.update(status=_Status.DONE, finished_at=now, processed=F("total")):
            return
        tell_products_changed(None)
        ids = list(Product.objects.order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(ids), _EMBED_BATCH):
            queue_task(tasks.embed_products, ids[start : start + _EMBED_BATCH])


def caption_run_pause(*, run_id: int, error: str = "") -> bool:
    """Let the chunk in work end and start no other; whether it was moving."""
    return _stop(CaptionRun.objects.filter(pk=run_id), error)


def _stop(runs: "QuerySet[CaptionRun]", error: str) -> bool:
    return bool(runs.filter(status__in=MOVING).update(status=_Status.PAUSED, error=error))


def caption_run_resume(*, run: CaptionRun) -> None:
    """Go on, and try again what failed. Raises `CaptionRunRefused`."""
    if run.captioner_id != get_captioner().captioner_id:
        raise CaptionRunRefused(_other_captioner(run))
    stopped = CaptionRun.objects.filter(pk=run.pk, status__in=RESUMABLE)
    left = count_pictures_left(run.captioner_id)
    try:
        with transaction.atomic():
            resumed = stopped.update(
                status=_Status.QUEUED,
                cursor=0,
                failed=0,
                processed=max(0, run.total - left),
                total=max(run.total, left),
                error="",
                heartbeat_at=timezone.now(),
                finished_at=None,
            )
    except IntegrityError as error:
        raise CaptionRunRefused("Another caption run is open. Wait, or cancel it.") from error
    if not resumed:
        raise CaptionRunRefused("This run is neither paused nor failed.")
    queue_task(tasks.caption_run_step, run.pk, 0)


def caption_run_cancel(*, run_id: int) -> bool:
    """End a run; what it wrote is kept, and serves once another run of its captioner is done."""
    return _end(run_id, _Status.CANCELLED, "")


def caption_run_fail(*, run_id: int, error: str) -> bool:
    """End a run that met an error nobody foresaw."""
    return _end(run_id, _Status.FAILED, error)


def _end(run_id: int, status: str, error: str) -> bool:
    runs = CaptionRun.objects.filter(pk=run_id, status__in=OPEN)
    return bool(runs.update(status=status, error=error, finished_at=timezone.now()))


def caption_runs_wake() -> int:
    """Start again the chain of a run whose worker was lost; how many there were."""
    now = timezone.now()
    lost = CaptionRun.objects.filter(status__in=MOVING, heartbeat_at__lt=now - STALE_AFTER)
    woken = 0
    for run in lost:
        if lost.filter(pk=run.pk, cursor=run.cursor).update(heartbeat_at=now):
            queue_task(tasks.caption_run_step, run.pk, run.cursor)
            woken += 1
    return woken


def _other_captioner(run: CaptionRun) -> str:
    return (
        f"This run is of {run.captioner_id}, but settings name {get_captioner().captioner_id}. "
        "Where settings are right, cancel the run and start another; where they changed a moment "
        "ago, restart the workers and resume."
    )
