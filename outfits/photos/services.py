"""Photos of a shopper's own pieces: taken in, looked at in the background, and forgotten.

Between the request and the captioner, a photo lies in the cache alone, cleaned of everything but
its pixels; it is deleted as soon as it was looked at, and lapses by itself before long. What a
shopper keeps besides is in `outfits.photos.keeping`.
"""

import io
import secrets
from datetime import timedelta
from decimal import Decimal
from typing import Any

import structlog
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.db.models import Q
from django.db.models.functions import Least
from django.utils import timezone
from django.utils.translation import gettext_noop
from PIL import Image

from catalog import conf
from catalog.captioning import get_captioner
from catalog.captioning.base import CaptionDraft
from catalog.captioning.fallback import caption_instead
from catalog.embedding import get_embedder
from catalog.embedding.text import compose_text, hash_text
from catalog.images import read_upload
from catalog.models import Product, ProductEmbedding
from catalog.queueing import queue_task
from catalog.services.captions import clean_text
from outfits.models import OwnPhoto, Shopper
from outfits.photos.keeping import photo_claim_file, photo_remove_file, photo_write_file
from outfits.photos.understanding import OwnPiece, PhotoRefused, read_piece

log = structlog.get_logger(__name__)

Status = OwnPhoto.Status

_UNSEEN = (Status.WAITING, Status.READING)
#: What is left of a photo until its file is gone.
_BLANK: dict[str, Any] = {
    "owner": None,
    "anchor": None,
    "status": Status.FAILED,
    "detail": "",
    "said": "",
    "said_gender": "",
    "sentence": "",
    "claimed_at": None,
}
#: A claim older than this was lost with its worker.
_CLAIM = timedelta(minutes=5)
_LOST = gettext_noop("The photo waited too long and was deleted. Send it again.")
_UNREADABLE = gettext_noop("The photo cannot be looked at just now. Send it again later.")


def photo_receive(
    *, data: bytes, owner: Shopper | None = None, said: str = "", gender: str = ""
) -> OwnPhoto:
    """Take in an upload and queue it to be looked at; where that fails, nothing of it stays.

    With an ``owner`` the cleaned photo is stored for them; ``said`` is what the shopper calls the
    piece, and ``gender`` whom it is for. Raises `ImageRefused`, `ConsentMissing`, `TooManyPhotos`.
    """
    clean = read_upload(data)
    photo = _store(owner, said, gender)
    try:
        if owner is not None:
            photo_write_file(photo=photo, data=clean.data)
        cache.set(_key(photo), clean.data, conf.current().PHOTO_BYTES_SECONDS)
        _queue(photo)
    except BaseException:
        _take_back(photo)
        raise
    return photo


def _store(owner: Shopper | None, said: str, gender: str) -> OwnPhoto:
    config = conf.current()
    lifetime = timedelta(days=config.PHOTO_KEPT_DAYS) if owner else _seconds(config.PHOTO_SECONDS)
    photo = OwnPhoto(said=said, said_gender=gender, expires_at=timezone.now() + lifetime)
    if owner is None:
        photo.save(force_insert=True)
    else:
        photo_claim_file(photo=photo, owner=owner)
    return photo


def _take_back(photo: OwnPhoto) -> None:
    """Leave nothing of a photo whose request failed; what cannot be reached is for the clean-up."""
    _forget_bytes(photo)
    removed = photo_remove_file(photo=photo)
    rows = OwnPhoto.objects.filter(pk=photo.pk)
    try:
        with transaction.atomic():
            if removed:
                rows.delete()
            else:
                rows.update(owner=None, status=Status.FAILED, expires_at=timezone.now())
    except DatabaseError:
        log.exception("photo_not_taken_back")


def _queue(photo: OwnPhoto) -> None:
    from outfits.tasks import understand_photo

    queue_task(understand_photo, str(photo.pk))


def photo_understand(*, photo_id: str, unreachable: str = "") -> None:
    """Look at a photo that waits, and make it an anchor; then its bytes are gone.

    One that is done or in other hands is left alone. ``unreachable`` says why the captioner cannot
    be asked: then what stands in for it answers. Raises `CaptioningError` and `EmbeddingError`;
    after these, and whatever else fails, the photo waits again for as long as its bytes are there.
    """
    claimed_at = timezone.now()
    if not _claim(photo_id, claimed_at):
        return
    photo = OwnPhoto.objects.get(pk=photo_id)
    data: bytes | None = cache.get(_key(photo))
    if data is None:
        _settle(photo, Status.FAILED, _LOST)
        return
    try:
        piece = read_piece(_caption(data, unreachable), photo.said, photo.said_gender)
        _make_anchor(photo, piece, claimed_at)
    except PhotoRefused as error:
        _settle(photo, Status.REFUSED, str(error), seen=error.seen)
    except Exception:
        mine = OwnPhoto.objects.filter(pk=photo.pk, claimed_at=claimed_at)
        mine.update(status=Status.WAITING, claimed_at=None)
        raise
    _forget_bytes(photo)


def photo_give_up(*, photo_id: str) -> None:
    """After the last try: say so, and forget the photo."""
    photo = OwnPhoto.objects.filter(pk=photo_id, status=Status.WAITING).first()
    if photo is not None:
        _settle(photo, Status.FAILED, _UNREADABLE)


def photo_delete(*, photo: OwnPhoto) -> None:
    """Forget a photo with all that came of it: bytes, file, piece, looks and what was said.

    The file goes with the commit; where it cannot be removed, the clean-up tries again.
    """
    rows = OwnPhoto.objects.filter(pk=photo.pk)
    with transaction.atomic():
        if photo.anchor_id:
            Product.objects.filter(pk=photo.anchor_id, private=True).delete()
        if photo.image:
            rows.update(**_BLANK, expires_at=timezone.now())
            # No partial: Django logs the name of what failed, and a partial has none.
            transaction.on_commit(lambda: _finish_deleting(photo), robust=True)
        else:
            rows.delete()
    _forget_bytes(photo)


def _finish_deleting(photo: OwnPhoto) -> None:
    if photo_remove_file(photo=photo):
        OwnPhoto.objects.filter(pk=photo.pk).delete()


def photos_clean_up() -> int:
    """Forget every photo whose time is over, and own up to those that were lost; how many went.

    What is stored without an owner is over, too: its file was to be deleted and could not be, or
    it was kept before photos had owners.
    """
    now = timezone.now()
    lost = Q(status__in=_UNSEEN)
    lost &= Q(created_at__lt=now - _seconds(conf.current().PHOTO_BYTES_SECONDS))
    for photo in OwnPhoto.objects.filter(lost):
        _settle(photo, Status.FAILED, _LOST)
    nobodys = Q(owner=None) & ~Q(image="")
    over = list(OwnPhoto.objects.filter(Q(expires_at__lte=now) | nobodys))
    for photo in over:
        photo_delete(photo=photo)
    return len(over)


def find_photo(photo_id: Any, shop_id: str = "") -> OwnPhoto | None:
    """The photo with an id, unless its time is over, whether or not it was cleaned up.

    One that is kept is found for its owner alone, by the ``shop_id`` of whoever asks.
    """
    mine = Q(owner=None) | Q(owner__shop_id=shop_id) if shop_id else Q(owner=None)
    photos = OwnPhoto.objects.select_related("anchor", "owner").filter(mine)
    return photos.filter(pk=photo_id, expires_at__gt=timezone.now()).first()


def _claim(photo_id: str, now: Any) -> bool:
    free = Q(status=Status.WAITING) | Q(status=Status.READING, claimed_at__lt=now - _CLAIM)
    rows = OwnPhoto.objects.filter(free, pk=photo_id)
    return rows.update(status=Status.READING, claimed_at=now) == 1


def _settle(photo: OwnPhoto, status: str, detail: str, seen: str = "") -> None:
    """Nothing comes of a photo: say why, and keep none of it."""
    # One that was deleted meanwhile is left blank.
    rows = OwnPhoto.objects.filter(pk=photo.pk, status__in=_UNSEEN)
    # Whoever wanted it kept has nothing to keep: why is said for as long as of any other.
    until = Least("expires_at", timezone.now() + _seconds(conf.current().PHOTO_SECONDS))
    sentence = clean_text("article_type", seen)
    rows.update(status=status, detail=detail, sentence=sentence, owner=None, expires_at=until)
    _forget_bytes(photo)
    if photo.image and photo_remove_file(photo=photo):
        OwnPhoto.objects.filter(pk=photo.pk).update(image="")


def _forget_bytes(photo: OwnPhoto) -> None:
    try:
        cache.delete(_key(photo))
    except Exception:
        # Each cache has exceptions of its own. The bytes lapse there by themselves.
        log.exception("photo_bytes_not_forgotten")


def _caption(data: bytes, unreachable: str) -> CaptionDraft:
    with Image.open(io.BytesIO(data)) as stored:
        picture = stored.convert("RGB")
    captioner = get_captioner()
    if unreachable:
        return caption_instead(captioner, [picture], reason=unreachable)[0]
    return captioner.caption([picture])[0]


def _make_anchor(photo: OwnPhoto, piece: OwnPiece, claimed_at: Any) -> None:
    """Store the piece as a private product with its vector; nothing if the photo is gone."""
    product = Product(
        sku=f"own-{secrets.token_hex(8)}",
        title=clean_text("sentence", piece.title)[:255],
        category=clean_text("article_type", piece.category),
        slot=piece.slot,
        gender=piece.gender,
        colour=clean_text("colour", piece.colour),
        price=Decimal(0),
        currency=conf.current().DEFAULT_CURRENCY,
        published=False,
        private=True,
    )
    embedder = get_embedder()
    text = compose_text(product.title, product.category, product.colour, "")
    vector = embedder.embed([text])[0]
    with transaction.atomic():
        product.save(force_insert=True)
        ProductEmbedding.objects.create(
            product=product, model_id=embedder.model_id, text_hash=hash_text(text), vector=vector
        )
        mine = OwnPhoto.objects.filter(pk=photo.pk, claimed_at=claimed_at)
        sentence = clean_text("sentence", piece.sentence)
        if not mine.update(status=Status.READY, anchor=product, sentence=sentence):
            # Deleted, or taken over, while it was looked at.
            transaction.set_rollback(True)


def _key(photo: OwnPhoto) -> str:
    return f"ensemble:own-photo:{photo.pk}"


def _seconds(seconds: int) -> timedelta:
    return timedelta(seconds=seconds)
