"""Kept photos on the profile page, as it works without JavaScript."""

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client

from outfits.models import OwnPhoto
from outfits.photos.services import photo_receive
from outfits.tasks import understand_photo
from tests.outfits.photos.pictures import a_jpeg, files_in
from tests.shoppers import make_shopper

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop_id(client: Client) -> str:
    """Somebody who is signed in and agreed to be remembered."""
    user = User.objects.create_user("ann")
    client.force_login(user)
    make_shopper(f"user:{user.pk}")
    return f"user:{user.pk}"


def keep(shop_id: str, *, looked_at: bool = True) -> OwnPhoto:
    photo = photo_receive(data=a_jpeg(), owner=make_shopper(shop_id))
    if looked_at:
        understand_photo(str(photo.pk))
    return photo


def remove(client: Client, photo: OwnPhoto) -> str:
    answer = client.post(f"/my-style/photos/{photo.pk}/remove/", follow=True)
    return answer.content.decode()


def test_a_profile_shows_the_photos_that_are_kept_with_what_was_seen(
    client: Client, shop_id: str
) -> None:
    keep(shop_id)
    keep("other")
    page = client.get("/my-style/").content.decode()
    (address,) = re.findall(r'<img src="(/api/v1/photos/[^"]+)" alt="A plain thing."', page)
    assert client.get(address)["Content-Type"] == "image/jpeg"


def test_a_profile_without_photos_says_how_one_gets_there(client: Client, shop_id: str) -> None:
    assert "send a photo of your own" in client.get("/my-style/").content.decode()


def test_a_photo_that_nobody_looked_at_yet_is_shown_as_such(client: Client, shop_id: str) -> None:
    keep(shop_id, looked_at=False)
    assert "Not looked at yet" in client.get("/my-style/").content.decode()


def test_a_photo_is_deleted_by_its_button(client: Client, shop_id: str, private: Path) -> None:
    assert "The photo is deleted." in remove(client, keep(shop_id))
    assert not OwnPhoto.objects.exists()
    assert files_in(private) == []


def test_anothers_photo_cannot_be_deleted(client: Client, shop_id: str) -> None:
    assert "The photo is deleted." not in remove(client, keep("other"))
    assert OwnPhoto.objects.exists()


def test_a_stranger_deletes_no_photo(client: Client) -> None:
    remove(client, keep("other"))
    assert OwnPhoto.objects.exists()


def test_the_button_wants_djangos_token() -> None:
    photo, user = keep("other"), User.objects.create_user("ann")
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    assert client.post(f"/my-style/photos/{photo.pk}/remove/").status_code == 403


def test_erasing_says_that_photos_go_too(client: Client, shop_id: str) -> None:
    assert "looks and photos that you keep" in client.get("/my-style/erase/").content.decode()
