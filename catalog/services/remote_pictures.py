"""Pictures that feeds name by address: registered with their product, then fetched by workers."""

import logging
import random
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

# A module, not its names: tasks import the services in turn.
from catalog import conf, tasks
from catalog.fetching.addresses import read_address
from catalog.fetching.base import FetchError
from catalog.fetching.fetch import Download, fetch_address
from catalog.fetching.slots import hold_slot
from catalog.images import ImageRefused, hash_bytes, read_upload
from catalog.models import Product, ProductImage, RemotePicture
from catalog.queueing import queue_task
from catalog.services.images import product_image_create, product_image_delete

logger = logging.getLogger(__name__)

#: Tries in all; with `_wait_seconds` they span about three quarters of an hour.
ATTEMPTS_MAX = 5
_WAIT_FIRST_SECONDS = 30.0
#: About how long a picture waits whose host has as many downloads as it may.
_BUSY_SECONDS = 5.0
#: A download is over by then: its time, and that of storing the picture.
_HELD_SECONDS = 120.0
_ERROR_MAX_CHARS = 500
_Status = RemotePicture.Status


def remote_pictures_register(*, product: Product, places: Mapping[str, int]) -> int:
    """Note the pictures of ``product`` that a feed names, address -> position (0 is the main one).

    Those not fetched yet, and those that failed, are queued; how many. A fetched one is not
    asked for again: `remote_pictures_fetch_again` does that.
    """
    if not places:
        return 0
    RemotePicture.objects.bulk_create(
        [RemotePicture(product=product, url=url, position=places[url]) for url in places],
        ignore_conflicts=True,
    )
    found = list(RemotePicture.objects.filter(product=product, url__in=places))
    for picture in found:
        if picture.position != places[picture.url]:
            _move(picture, places[picture.url])
    return _queue([picture.pk for picture in found if picture.status != _Status.FETCHED])


def remote_pictures_fetch_again(*, pictures: "QuerySet[RemotePicture]") -> int:
    """Queue pictures from the beginning, fetched ones too; how many."""
    return _queue(list(pictures.values_list("pk", flat=True)))


def _queue(ids: list[int]) -> int:
    RemotePicture.objects.filter(pk__in=ids).update(status=_Status.WAITING, attempts=0, error="")
    for picture_id in ids:
        queue_task(tasks.fetch_picture, picture_id)
    return len(ids)


def remote_picture_fetch(*, remote_picture_id: int) -> float | None:
    """Fetch a waiting picture and store it; None, or the seconds after which to try again.

    What went wrong is kept in the row. Delivered twice, the second does nothing; while another
    worker is at it, or the host has as many downloads as it may, no attempt is counted.
    """
    config = conf.current()
    picture = RemotePicture.objects.filter(pk=remote_picture_id).first()
    if picture is None or picture.status != _Status.WAITING or not config.FETCH_PICTURES:
        return None
    try:
        host = read_address(picture.url, config.FETCH_ALLOWED_PORTS).host
    except FetchError as error:
        _fail(picture, str(error))
        return None
    seconds = config.FETCH_TIMEOUT_SECONDS + _HELD_SECONDS
    with (
        hold_slot(f"picture:{picture.pk}", count=1, seconds=seconds) as is_mine,
        hold_slot(f"host:{host}", count=config.FETCH_PER_HOST, seconds=seconds) as has_room,
    ):
        return _try(picture) if is_mine and has_room else _spread(_BUSY_SECONDS)


def _try(picture: RemotePicture) -> float | None:
    if not _claim(picture):
        return None
    etag = picture.etag if picture.image_id else ""
    try:
        download = fetch_address(picture.url, etag=etag, config=conf.current())
        _take(picture, download)
    except FetchError as error:
        if error.retryable:
            return _put_off(picture, str(error), error.retry_after)
        _fail(picture, str(error))
    except ImageRefused as error:
        _fail(picture, str(error))
    except Exception:
        # A full disk, a storage that cannot be reached: not the picture's fault, and may pass.
        logger.exception("Remote picture %s could not be stored", picture.pk)
        return _put_off(picture, "The picture came but could not be stored; see the log.", 0)
    return None


def _put_off(picture: RemotePicture, error: str, retry_after: float) -> float | None:
    if picture.attempts >= ATTEMPTS_MAX:
        _fail(picture, error)
        return None
    _save(picture, error=error)
    return max(_wait_seconds(picture.attempts), retry_after)


def _claim(picture: RemotePicture) -> bool:
    """Count the attempt, unless another worker finished the picture or it had all its attempts."""
    waiting = RemotePicture.objects.filter(pk=picture.pk, status=_Status.WAITING)
    claimed = waiting.filter(attempts__lt=ATTEMPTS_MAX).update(
        attempts=F("attempts") + 1, tried_at=timezone.now()
    )
    if not claimed:
        # Its last worker died over it and told nobody why.
        waiting.update(status=_Status.FAILED, error="Given up: fetching it never came to an end.")
        return False
    picture.refresh_from_db()
    return True


def _wait_seconds(attempts: int) -> float:
    """Exponential back-off, spread so that pictures of one host do not return together."""
    return _spread(_WAIT_FIRST_SECONDS * 3.0 ** (attempts - 1))


def _spread(seconds: float) -> float:
    return seconds * random.uniform(0.7, 1.3)  # noqa: S311


def _take(picture: RemotePicture, download: Download) -> None:
    """Store what came, if it is new. Raises `ImageRefused`."""
    if download.data is None:
        if not picture.image_id:
            raise FetchError("The server says that nothing has changed, but there was nothing.")
        _save(picture, status=_Status.FETCHED, error="")
        return
    replaced = picture.image
    image = product_image_create(product=picture.product, data=download.data)
    image = image or _find_stored(picture.product, download.data)
    _save(picture, status=_Status.FETCHED, error="", etag=download.etag, image=image)
    if image:
        _arrange(picture.product_id)
    if replaced and replaced != image and not replaced.fetched_from.exists():
        product_image_delete(image=replaced)


def _find_stored(product: Product, data: bytes) -> ProductImage | None:
    """The picture that was there already: the same bytes, or the same pixels."""
    same_bytes = product.images.filter(source_hash=hash_bytes(data)).first()
    if same_bytes:
        return same_bytes
    return product.images.filter(content_hash=read_upload(data).content_hash).first()


def _move(picture: RemotePicture, position: int) -> None:
    _save(picture, position=position)
    if picture.image_id:
        _arrange(picture.product_id)


def _arrange(product_id: int) -> None:
    """Put fetched pictures where the feed has them; all others keep their order around them.

    They arrive in any order, so each one's place is worked out anew from all that are there.
    """
    with transaction.atomic():
        Product.objects.select_for_update().filter(pk=product_id).first()
        fetched = RemotePicture.objects.filter(product=product_id, image__isnull=False)
        # Of two addresses of the same picture, the one nearer to the front comes last and counts.
        places = dict(fetched.order_by("-position").values_list("image_id", "position"))
        places |= dict(_place_others(product_id, places))
        for image_id, position in places.items():
            ProductImage.objects.filter(pk=image_id).exclude(position=position).update(
                position=position
            )


def _place_others(product_id: int, places: Mapping[int, int]) -> Iterable[tuple[int, int]]:
    taken = set(places.values())
    others = ProductImage.objects.filter(product=product_id).exclude(pk__in=places)
    last = -1
    for image_id, position in others.values_list("pk", "position"):
        last = max(position, last + 1)
        while last in taken:
            last += 1
        yield image_id, last


def _fail(picture: RemotePicture, error: str) -> None:
    _save(picture, status=_Status.FAILED, error=error)


def _save(picture: RemotePicture, **values: object) -> None:
    if "error" in values:
        values["error"] = str(values["error"])[:_ERROR_MAX_CHARS]
    for name, value in values.items():
        setattr(picture, name, value)
    # Only these: an import may move the picture meanwhile, and a shop may delete it.
    RemotePicture.objects.filter(pk=picture.pk).update(**values)
