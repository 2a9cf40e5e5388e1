"""Photos that are kept: whose they are, who sees them, and how they go."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from catalog.captioning import get_captioner
from catalog.captioning.base import CaptionDraft
from catalog.models import Product
from outfits.models import OwnPhoto, Shopper
from outfits.photos import addresses, keeping
from outfits.photos.services import photo_receive, photos_clean_up
from outfits.shoppers.consent import export_shopper, shopper_consent, shopper_erase
from outfits.tasks import understand_photo
from tests.fakes import FakeCaptioner
from tests.outfits.photos.pictures import a_file, a_jpeg, files_in
from tests.shoppers import as_shopper, make_shopper, set_key

# The files go with the commit.
pytestmark = pytest.mark.django_db(transaction=True)
URL = "/api/v1/photos/"
ADVICE = "agree on your style page"


@pytest.fixture(autouse=True)
def _tokens(settings: Settings) -> None:
    set_key(settings)


def send(client: Client, status: int = 202, shop_id: str = "ann", **fields: Any) -> dict[str, Any]:
    headers = as_shopper(shop_id) if shop_id else {}
    response = client.post(URL, {"photo": a_file(), "keep": "true", **fields}, headers=headers)
    assert response.status_code == status, response.json()
    answer: dict[str, Any] = response.json()
    return answer


def keep(shop_id: str = "ann") -> OwnPhoto:
    photo = photo_receive(data=a_jpeg(), owner=make_shopper(shop_id), said="shirt")
    understand_photo(str(photo.pk))
    photo.refresh_from_db()
    return photo


@pytest.mark.parametrize("shop_id", ["", "ann"])
def test_who_did_not_agree_to_be_remembered_keeps_no_photo(
    client: Client, private: Path, shop_id: str
) -> None:
    assert ADVICE in send(client, 403, shop_id)["detail"]
    assert files_in(private) == []
    assert not OwnPhoto.objects.exists()


def test_that_it_cannot_be_kept_is_said_in_german_too(client: Client) -> None:
    answer = client.post(
        URL, {"photo": a_file(), "keep": "true"}, headers={"Accept-Language": "de"}
    )
    assert "ohne es zu behalten" in answer.json()["detail"]


def test_who_withdrew_consent_keeps_no_photo(client: Client) -> None:
    make_shopper()
    shopper_consent(shop_id="ann", granted=False)
    send(client, 403)
    assert not OwnPhoto.objects.exists()


@pytest.mark.parametrize(("consents", "says"), [(True, True), (False, False)])
def test_whether_a_photo_can_be_kept_is_said_before_one_is_sent(
    client: Client, consents: bool, says: bool
) -> None:
    if consents:
        make_shopper()
    assert client.options(URL, headers=as_shopper()).json()["keeps"] is says
    assert client.options(URL).json()["keeps"] is False


def test_a_kept_photo_is_its_shoppers_and_lies_apart_from_the_shops_pictures(
    client: Client, media: Path, private: Path
) -> None:
    shopper = make_shopper()
    send(client)
    assert OwnPhoto.objects.get().owner == shopper
    assert len(files_in(private)) == 1
    assert files_in(media) == []


def test_a_photo_that_is_not_kept_is_linked_to_nobody(client: Client) -> None:
    make_shopper()
    send(client, keep="false")
    assert OwnPhoto.objects.get().owner is None


def test_the_owner_sees_the_picture_by_token_or_for_a_while_by_its_address(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_shopper()
    photo = send(client)
    plain = f"{URL}{photo['id']}/picture/"
    for address, headers in [(plain, as_shopper()), (photo["picture"], {})]:
        answer = client.get(address, headers=headers)
        assert answer["Content-Type"] == "image/jpeg"
        assert (answer["Cache-Control"], answer["X-Content-Type-Options"]) == (
            "private, no-store",
            "nosniff",
        )
    monkeypatch.setattr(addresses, "PROOF_SECONDS", -1)
    assert client.get(photo["picture"]).status_code == 404


def test_nobody_else_sees_uses_or_deletes_a_kept_photo_even_with_its_id(client: Client) -> None:
    make_shopper()
    make_shopper("bob")
    photo = send(client)
    understand_photo(photo["id"])
    for headers in ({}, as_shopper("bob")):
        for address in (f"{URL}{photo['id']}/", f"{URL}{photo['id']}/picture/"):
            assert client.get(address, headers=headers).status_code == 404
        look = client.get("/api/v1/looks/", {"photo": photo["id"]}, headers=headers)
        assert look.status_code == 404
        client.delete(f"{URL}{photo['id']}/", headers=headers)
    mine = client.get("/api/v1/looks/", {"photo": photo["id"]}, headers=as_shopper())
    assert mine.status_code == 200


def test_the_address_of_one_picture_opens_no_other(client: Client) -> None:
    make_shopper()
    mine, other = send(client), send(client)
    proof = mine["picture"].partition("?")[2]
    for forged in (f"{URL}{other['id']}/picture/?{proof}", f"{mine['picture']}x"):
        assert client.get(forged).status_code == 404


def test_a_picture_needs_no_publishable_key_because_img_sends_none(
    client: Client, settings: Settings
) -> None:
    make_shopper()
    photo = send(client)
    set_key(settings, PUBLISHABLE_KEYS=["pk_storefront"])
    assert client.get(f"{URL}{photo['id']}/", headers=as_shopper()).status_code == 403
    assert client.get(photo["picture"]).status_code == 200


def test_a_picture_whose_file_is_lost_is_not_found(client: Client, private: Path) -> None:
    make_shopper()
    photo = send(client)
    files_in(private)[0].unlink()
    assert client.get(photo["picture"]).status_code == 404


def test_a_shopper_lists_only_photos_of_their_own(client: Client) -> None:
    mine, _ = keep(), keep("bob")
    listed = client.get("/api/v1/shopper/photos/", headers=as_shopper()).json()
    assert [photo["id"] for photo in listed] == [str(mine.pk)]
    assert client.get("/api/v1/shopper/photos/").status_code == 401


def test_the_owner_deletes_a_photo_with_its_file_and_what_came_of_it(
    client: Client, private: Path
) -> None:
    photo = keep()
    client.delete(f"{URL}{photo.pk}/", headers=as_shopper())
    assert not OwnPhoto.objects.exists()
    assert files_in(private) == []
    assert not Product.objects.filter(private=True).exists()


def test_more_than_so_many_photos_are_not_kept(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_shopper()
    monkeypatch.setattr(keeping, "MAX_KEPT_PHOTOS", 1)
    send(client)
    assert "Delete one first" in send(client, 400)["detail"]
    assert OwnPhoto.objects.count() == 1


def test_the_export_says_what_is_known_of_a_photo_and_where_its_owner_gets_it(
    client: Client,
) -> None:
    photo = keep()
    (exported,) = export_shopper("ann")["kept_photos"]
    assert json.dumps(exported)
    assert (exported["said"], exported["piece"]["category"]) == ("shirt", "shirt")
    assert exported["consented_at"] <= exported["sent_at"] < exported["expires_at"]
    assert exported["picture"] == f"{URL}{photo.pk}/picture/"
    assert client.get(exported["picture"]).status_code == 404
    assert client.get(exported["picture"], headers=as_shopper()).status_code == 200


@pytest.mark.parametrize("end", ["erased", "withdrawn"])
def test_photos_go_with_the_profile_and_with_consent(private: Path, end: str) -> None:
    keep()
    others = keep("bob")
    if end == "erased":
        shopper_erase(shop_id="ann")
    else:
        shopper_consent(shop_id="ann", granted=False)
    assert list(OwnPhoto.objects.all()) == [others]
    assert len(files_in(private)) == 1


def test_a_file_that_could_not_be_removed_is_removed_later(
    private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep()
    with monkeypatch.context() as broken:
        broken.setattr(FileSystemStorage, "delete", _refuse)
        shopper_erase(shop_id="ann")
        photos_clean_up()
    left = OwnPhoto.objects.get()
    assert (left.owner, left.anchor, left.sentence, left.said) == (None, None, "", "")
    assert len(files_in(private)) == 1
    photos_clean_up()
    assert files_in(private) == []
    assert not OwnPhoto.objects.exists()


def _refuse(self: object, *args: object) -> None:
    raise OSError("the storage is away")


def test_of_a_photo_that_was_to_be_kept_and_is_refused_the_words_go_as_soon_as_of_any_other(
    client: Client,
) -> None:
    captioner = get_captioner()
    assert isinstance(captioner, FakeCaptioner)
    captioner.draft = CaptionDraft(sentence="A cat.", article_type="Cats")
    make_shopper()
    sent = send(client)
    understand_photo(sent["id"])
    captioner.draft = CaptionDraft(sentence="A plain thing.", article_type="Tshirts")
    refused = OwnPhoto.objects.get()
    assert (refused.status, refused.owner) == ("refused", None)
    assert refused.expires_at < timezone.now() + timedelta(hours=25)
    told = client.get(f"{URL}{sent['id']}/", headers=as_shopper()).json()
    assert (told["status"], told["picture"]) == ("refused", None)


def test_a_file_goes_even_where_a_shopper_is_deleted_around_the_services(private: Path) -> None:
    keep()
    Shopper.objects.all().delete()
    assert photos_clean_up() == 1
    assert files_in(private) == []


def test_photos_that_were_kept_before_they_had_owners_go_with_the_next_clean_up(
    media: Path,
) -> None:
    photo = photo_receive(data=a_jpeg())
    name = default_storage.save("own/0123.jpg", ContentFile(a_jpeg()))
    OwnPhoto.objects.update(image=name, consented_at=timezone.now())
    assert len(files_in(media)) == 1
    assert photos_clean_up() == 1
    assert files_in(media) == []
    assert not OwnPhoto.objects.filter(pk=photo.pk).exists()


def test_a_photo_whose_time_is_over_goes_with_its_file(private: Path) -> None:
    keep()
    OwnPhoto.objects.update(expires_at=timezone.now())
    assert photos_clean_up() == 1
    assert files_in(private) == []


def test_a_photo_has_no_public_address() -> None:
    with pytest.raises(ValueError, match="no public address"):
        _ = keep().image.url
