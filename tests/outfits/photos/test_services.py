"""A shopper's photo: looked at once, never stored unless asked, and forgotten in time."""

import io
import uuid
from datetime import timedelta
from pathlib import Path

import celery.exceptions
import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import ExifTags, Image
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from catalog.captioning import get_captioner
from catalog.captioning.base import CaptionDraft, CaptioningError
from catalog.captioning.fallback import Fallback
from catalog.images import ImageRefused
from catalog.models import Product, ProductEmbedding
from feedback.models import FeedbackEvent
from outfits.circumstances.context import Context
from outfits.models import Look, OwnPhoto
from outfits.photos.services import (
    find_photo,
    photo_delete,
    photo_give_up,
    photo_receive,
    photo_understand,
    photos_clean_up,
)
from outfits.selectors import products_without_look, serving_stylist
from outfits.services import look_build
from outfits.tasks import PHOTO_RETRIES, clean_up_photos, understand_photo
from tests.factories import make_look, make_product, say
from tests.fakes import FakeCaptioner
from tests.outfits.photos.pictures import files_in, waiting_bytes
from tests.shoppers import make_shopper

pytestmark = pytest.mark.django_db
DOWN = CaptioningError("connection refused", retryable=True)
BROKEN = CaptioningError("no such model", retryable=False)


@pytest.fixture
def captioner() -> FakeCaptioner:
    found = get_captioner()
    assert isinstance(found, FakeCaptioner)
    found.draft = CaptionDraft(
        sentence="A women's red shirt.", colour="Red", article_type="Shirts", gender="Women"
    )
    return found


def a_photo(width: int = 60, height: int = 40) -> bytes:
    """A JPEG as a phone writes it: lying on its side, with the place where it was taken."""
    image = Image.new("RGB", (width, height), "red")
    exif = image.getexif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = "Phonemaker"
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef] = "N"
    place[ExifTags.GPS.GPSLatitude] = (52.0, 31.0, 12.0)
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def understood(photo: OwnPhoto) -> OwnPhoto:
    photo_understand(photo_id=str(photo.pk))
    photo.refresh_from_db()
    return photo


def assert_clean(data: bytes) -> None:
    assert b"Exif" not in data
    assert b"Phonemaker" not in data
    with Image.open(io.BytesIO(data)) as image:
        assert not image.getexif()
        assert image.size == (40, 60)  # turned upright


def test_the_photo_of_the_test_has_a_place_to_lose() -> None:
    with Image.open(io.BytesIO(a_photo())) as image:
        assert image.getexif().get_ifd(ExifTags.IFD.GPSInfo)


def test_what_waits_for_the_captioner_has_lost_its_place_and_is_upright(media: Path) -> None:
    data = waiting_bytes(photo_receive(data=a_photo()))
    assert data is not None
    assert_clean(data)


def test_a_photo_becomes_a_piece_with_the_words_that_were_seen(captioner: FakeCaptioner) -> None:
    photo = understood(photo_receive(data=a_photo()))
    assert (photo.status, photo.sentence) == ("ready", "A women's red shirt.")
    piece = photo.anchor
    assert piece is not None
    assert (piece.slot, piece.gender, piece.colour) == ("top", "women", "Red")
    assert ProductEmbedding.objects.filter(product=piece).exists()
    assert captioner.asked[0].size == (40, 60)


def test_a_photo_is_never_stored_unless_that_was_asked(
    captioner: FakeCaptioner, media: Path, private: Path
) -> None:
    photo = understood(photo_receive(data=a_photo()))
    assert files_in(media) + files_in(private) == []
    assert not photo.image
    assert waiting_bytes(photo) is None


def test_a_photo_that_is_kept_is_stored_without_its_place(
    captioner: FakeCaptioner, media: Path, private: Path
) -> None:
    photo = understood(photo_receive(data=a_photo(), owner=make_shopper()))
    assert files_in(media) == []
    (path,) = files_in(private)
    assert_clean(path.read_bytes())
    assert photo.consented_at is not None
    assert waiting_bytes(photo) is None


def test_no_photo_is_stored_without_a_date_of_consent() -> None:
    photo = photo_receive(data=a_photo())
    with pytest.raises(IntegrityError), transaction.atomic():
        OwnPhoto.objects.filter(pk=photo.pk).update(image="own/x.jpg")


def test_a_piece_of_ones_own_is_never_published(captioner: FakeCaptioner) -> None:
    piece = understood(photo_receive(data=a_photo())).anchor
    assert piece is not None
    assert not Product.objects.available().filter(pk=piece.pk).exists()
    assert not products_without_look(Context(), serving_stylist()).filter(pk=piece.pk).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Product.objects.filter(pk=piece.pk).update(published=True)


def test_a_piece_of_ones_own_gets_a_look_from_the_catalog_and_is_in_nobody_elses(
    captioner: FakeCaptioner,
) -> None:
    trousers = make_product("bottom")
    piece = understood(photo_receive(data=a_photo())).anchor
    assert piece is not None
    look = look_build(anchor=piece, context=Context())
    assert look is not None
    assert look.items.get().product == trousers
    other = look_build(anchor=trousers, context=Context())
    assert other is None


def test_a_photo_is_queued_by_its_id_alone(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[tuple[object, ...]] = []
    monkeypatch.setattr(understand_photo, "delay", lambda *args: sent.append(args))
    with django_capture_on_commit_callbacks(execute=True):
        photo = photo_receive(data=a_photo())
    assert sent == [(str(photo.pk),)]


def test_a_task_delivered_twice_looks_once(captioner: FakeCaptioner) -> None:
    photo = photo_receive(data=a_photo())
    understand_photo(str(photo.pk))
    understand_photo(str(photo.pk))
    assert len(captioner.asked) == 1
    assert Product.objects.filter(private=True).count() == 1


def test_a_photo_in_other_hands_is_left_there(captioner: FakeCaptioner) -> None:
    photo = photo_receive(data=a_photo())
    OwnPhoto.objects.update(status="reading", claimed_at=timezone.now())
    assert understood(photo).status == "reading"
    OwnPhoto.objects.update(claimed_at=timezone.now() - timedelta(hours=1))
    assert understood(photo).status == "ready"


def test_what_is_nothing_to_wear_is_refused_and_nothing_of_it_stays(
    captioner: FakeCaptioner, private: Path
) -> None:
    captioner.draft = CaptionDraft(sentence="A cat.", article_type="Cats")
    photo = understood(photo_receive(data=a_photo(), owner=make_shopper()))
    assert (photo.status, photo.anchor) == ("refused", None)
    assert "Send a photo of one piece" in photo.detail
    assert (files_in(private), photo.image.name, photo.owner) == ([], "", None)
    assert waiting_bytes(photo) is None


def test_while_the_captioner_is_away_it_is_tried_again(captioner: FakeCaptioner) -> None:
    photo = photo_receive(data=a_photo())
    captioner.error = DOWN
    with pytest.raises((celery.exceptions.Retry, CaptioningError)):
        understand_photo(str(photo.pk))
    photo.refresh_from_db()
    assert (photo.status, photo.claimed_at) == ("waiting", None)
    captioner.error = None
    assert understood(photo).status == "ready"


def test_a_captioner_that_never_will_ends_it_and_forgets_the_photo(
    captioner: FakeCaptioner,
) -> None:
    photo = photo_receive(data=a_photo())
    captioner.error = BROKEN
    understand_photo(str(photo.pk))
    photo.refresh_from_db()
    assert photo.status == "failed"
    assert "again later" in photo.detail
    assert waiting_bytes(photo) is None


def test_after_the_last_try_what_stands_in_for_the_captioner_looks(
    captioner: FakeCaptioner, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = photo_receive(data=a_photo())
    captioner.error = DOWN
    stand_in = Fallback("tests.fakes.FakeCaptioner", {"captioner_id": "stand-in"})
    monkeypatch.setattr(captioner, "fallback", stand_in, raising=False)
    understand_photo.apply(args=(str(photo.pk),), retries=PHOTO_RETRIES)
    photo.refresh_from_db()
    assert (photo.status, photo.sentence) == ("ready", "A plain thing.")


def test_after_the_last_try_it_ends_where_nothing_stands_in(captioner: FakeCaptioner) -> None:
    photo = photo_receive(data=a_photo())
    captioner.error = DOWN
    understand_photo.apply(args=(str(photo.pk),), retries=PHOTO_RETRIES)
    photo.refresh_from_db()
    assert photo.status == "failed"
    assert waiting_bytes(photo) is None


def test_giving_up_on_what_is_done_changes_nothing(captioner: FakeCaptioner) -> None:
    photo = understood(photo_receive(data=a_photo()))
    photo_give_up(photo_id=str(photo.pk))
    photo.refresh_from_db()
    assert photo.status == "ready"


def test_bytes_that_lapsed_ask_for_the_photo_again(captioner: FakeCaptioner) -> None:
    photo = photo_receive(data=a_photo())
    cache.delete(f"ensemble:own-photo:{photo.pk}")
    assert understood(photo).status == "failed"
    assert "Send it again" in photo.detail


def test_bytes_lapse_by_themselves(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, int] = {}
    monkeypatch.setattr(
        type(cache._connections["default"]),  # type: ignore[attr-defined]  # behind a proxy
        "set",
        lambda self, key, value, timeout, **more: kept.update({key: timeout}),
    )
    photo = photo_receive(data=a_photo())
    assert kept == {f"ensemble:own-photo:{photo.pk}": 600}


def test_a_photo_whose_time_is_over_cannot_be_found_even_before_it_is_deleted() -> None:
    photo = photo_receive(data=a_photo())
    assert find_photo(photo.pk) == photo
    OwnPhoto.objects.update(expires_at=timezone.now())
    assert find_photo(photo.pk) is None


def test_cleaning_up_deletes_everything_that_came_of_a_photo(
    captioner: FakeCaptioner,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    shoes = [make_product("shoes"), make_product("shoes")]
    gone = understood(photo_receive(data=a_photo(), owner=make_shopper()))
    stays = understood(photo_receive(data=a_photo(), owner=make_shopper()))
    assert gone.anchor is not None
    say(make_look(gone.anchor, shoes), "like", visitor="tab")
    OwnPhoto.objects.filter(pk=gone.pk).update(expires_at=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        assert clean_up_photos() == 1
    assert list(OwnPhoto.objects.all()) == [stays]
    assert list(Product.objects.filter(private=True)) == [stays.anchor]
    assert not Look.objects.exists()
    assert not FeedbackEvent.objects.exists()
    assert Product.objects.filter(pk__in=[shoe.pk for shoe in shoes]).count() == 2


def test_a_photo_that_was_lost_is_owned_up_to() -> None:
    photo = photo_receive(data=a_photo())
    OwnPhoto.objects.update(created_at=timezone.now() - timedelta(hours=1))
    photos_clean_up()
    photo.refresh_from_db()
    assert photo.status == "failed"


def test_a_photo_that_is_deleted_while_it_is_looked_at_leaves_no_piece(
    captioner: FakeCaptioner, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = photo_receive(data=a_photo())
    caption = captioner.caption

    def caption_late(images: list[Image.Image]) -> list[CaptionDraft]:
        photo_delete(photo=photo)
        return caption(images)

    monkeypatch.setattr(captioner, "caption", caption_late)
    photo_understand(photo_id=str(photo.pk))
    assert not Product.objects.filter(private=True).exists()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a" + b"\0" * 60,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        b"%PDF-1.7 ...",
        b"MZ\x90\x00",
        a_photo()[:200],
    ],
)
def test_what_is_no_picture_is_refused_and_nothing_of_it_stays(data: bytes) -> None:
    with pytest.raises(ImageRefused):
        photo_receive(data=data)
    assert not OwnPhoto.objects.exists()


def test_a_bomb_is_refused_before_it_unfolds(settings: Settings) -> None:
    settings.ENSEMBLE = {**settings.ENSEMBLE, "IMAGE_MAX_PIXELS": 10_000}
    bomb = io.BytesIO()
    Image.new("1", (2000, 2000)).save(bomb, "PNG")
    with pytest.raises(ImageRefused, match="pixels"):
        photo_receive(data=bomb.getvalue())


def test_a_photo_that_is_gone_is_no_error() -> None:
    understand_photo(str(uuid.uuid4()))


def test_a_row_does_not_name_its_id(captioner: FakeCaptioner) -> None:
    photo = understood(photo_receive(data=a_photo()))
    assert str(photo.pk) not in str(photo)
    assert photo.anchor is not None
    assert str(photo.pk).replace("-", "") not in photo.anchor.sku
