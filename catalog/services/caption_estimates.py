"""What a caption run will cost, before it starts: measured on a few pictures."""

import time
from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache

from catalog import conf, tasks
from catalog.captioning import get_captioner
from catalog.models import CaptionRun, ProductImage
from catalog.queueing import queue_task
from catalog.services.caption_runs import count_pictures_left
from catalog.services.captions import open_picture

#: Pictures measured, after one that loads the captioner.
_SAMPLE = 4
_KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Measured:
    """What one picture takes: seconds, and the tokens that an API bills (0: none, or unknown)."""

    seconds: float
    tokens: float = 0.0


@dataclass(frozen=True, slots=True)
class CaptionEstimate:
    """What a run would take now; ``measured`` is None until a worker has measured."""

    captioner_id: str
    pictures: int
    measured: Measured | None
    cost: float | None
    currency: str

    @property
    def duration(self) -> timedelta | None:
        """How long one worker takes; chunks of a run follow one another."""
        if self.measured is None:
            return None
        return timedelta(seconds=round(self.measured.seconds * self.pictures))

    @property
    def tokens(self) -> int:
        return round(self.measured.tokens * self.pictures) if self.measured else 0


def estimate_caption_run() -> CaptionEstimate:
    """What captioning all that the current captioner has not captioned would take."""
    config = conf.current()
    captioner_id = get_captioner().captioner_id
    pictures = count_pictures_left(captioner_id)
    price = config.CAPTION_COST_PER_1000
    return CaptionEstimate(
        captioner_id=captioner_id,
        pictures=pictures,
        measured=cache.get(_key(captioner_id)),
        cost=pictures * price / 1000 if price else None,
        currency=config.DEFAULT_CURRENCY,
    )


def captioner_measure_again() -> None:
    """Forget what was measured of the current captioner, and let a worker measure anew."""
    cache.delete(_key(get_captioner().captioner_id))
    queue_task(tasks.caption_measure)


def captioner_measure() -> Measured | None:
    """Caption a few stored pictures, store nothing but the time; None without pictures.

    Raises `CaptioningError`.
    """
    captioner = get_captioner()
    images = ProductImage.objects.order_by("?")[: _SAMPLE + 1]
    pictures = [open_picture(image) for image in images]
    if not pictures:
        return None
    captioner.caption(pictures[:1])
    sample = pictures[1:] or pictures
    tokens_before = getattr(captioner, "tokens_used", 0)
    started = time.monotonic()
    captioner.caption(sample)
    measured = Measured(
        seconds=(time.monotonic() - started) / len(sample),
        tokens=(getattr(captioner, "tokens_used", 0) - tokens_before) / len(sample),
    )
    cache.set(_key(captioner.captioner_id), measured, _KEPT_SECONDS)
    return measured


def seconds_left(run: CaptionRun) -> timedelta | None:
    """How long a run still takes, or None before its first chunk."""
    if run.seconds_per_picture is None:
        return None
    return timedelta(seconds=round(run.seconds_per_picture * max(0, run.total - run.processed)))


def _key(captioner_id: str) -> str:
    # Cache keys hold no spaces, and a captioner's name may.
    return f"ensemble:caption-seconds:{'-'.join(captioner_id.split())}"
