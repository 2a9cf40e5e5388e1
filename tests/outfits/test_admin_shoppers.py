"""Shoppers in the admin: who may see, export and erase what."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from outfits.models import OwnPhoto, Shopper, ShopperEvent
from outfits.photos.services import photo_receive
from outfits.shoppers.consent import shopper_consent
from outfits.shoppers.facts import Fact
from outfits.shoppers.profile import fact_say
from tests.factories import make_product
from tests.outfits.photos.pictures import a_jpeg, files_in
from tests.shoppers import make_shopper

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/admin/ensemble_outfits/shopper/"


@pytest.fixture
def shopper() -> Shopper:
    """Somebody of whom there is one of everything."""
    shopper = make_shopper("customer-4711")
    fact_say(shopper=shopper, fact=Fact("colour", "navy"), source="quiz")
    ShopperEvent.objects.create(
        event_id="order-17",
        shopper=shopper,
        kind="purchase",
        product=make_product("shoes", title="Red Pumps"),
        happened_at=timezone.now(),
    )
    photo_receive(data=a_jpeg(), owner=shopper)
    return shopper


def staff(*permissions: str) -> Client:
    user, client = User.objects.create_user("staff", is_staff=True), Client()
    user.user_permissions.set(
        Permission.objects.filter(codename__in=[f"{name}_shopper" for name in permissions])
    )
    client.force_login(user)
    return client


def page(shopper: Shopper, what: str = "change") -> str:
    return reverse(f"admin:ensemble_outfits_shopper_{what}", args=[shopper.pk])


def read(response: Any) -> str:
    assert response.status_code == 200
    text: str = response.content.decode()
    return text


def test_a_shopper_is_found_by_how_the_shops_id_begins(shopper: Shopper) -> None:
    make_shopper("other")
    found = staff("view").get(LIST, {"q": "customer-47"})
    assert [row.shop_id for row in found.context["cl"].result_list] == ["customer-4711"]
    assert "Granted" in read(found)


def test_consent_facts_and_events_are_seen_and_photos_are_counted(shopper: Shopper) -> None:
    response = staff("view").get(page(shopper))
    text = read(response)
    for words in ("customer-4711", "Granted", "Likes: Navy", "Style quiz", "Red Pumps", "Bought"):
        assert words in text
    assert ("Kept photos", 1) in response.context["counts"]


def test_no_picture_and_no_id_of_a_photo_is_on_the_page(shopper: Shopper) -> None:
    text = read(staff("view").get(page(shopper)))
    assert "/photos/" not in text
    assert str(OwnPhoto.objects.get().pk) not in text


def test_staff_cannot_open_the_picture_of_a_photo(shopper: Shopper, admin_client: Client) -> None:
    assert admin_client.get(f"/api/v1/photos/{OwnPhoto.objects.get().pk}/picture/").status_code == (
        404
    )


@pytest.mark.parametrize("permissions", [(), ("delete", "export"), ("add",)])
def test_who_may_not_view_shoppers_sees_nothing(
    shopper: Shopper, permissions: tuple[str, ...]
) -> None:
    client = staff(*permissions)
    assert client.get(page(shopper)).status_code == 403
    assert client.get(page(shopper, "delete")).status_code == 403
    assert client.post(page(shopper, "export")).status_code == 403


def test_who_may_only_view_can_neither_export_nor_erase(shopper: Shopper) -> None:
    client = staff("view")
    text = read(client.get(page(shopper)))
    assert page(shopper, "export") not in text
    assert page(shopper, "delete") not in text
    assert client.post(page(shopper, "export")).status_code == 403
    assert client.get(page(shopper, "delete")).status_code == 403
    assert client.post(page(shopper, "delete")).status_code == 403
    assert Shopper.objects.exists()


@pytest.mark.parametrize("permissions", [("view", "change"), ("view", "add", "change", "delete")])
def test_nobody_edits_or_adds_a_shopper(shopper: Shopper, permissions: tuple[str, ...]) -> None:
    client = staff(*permissions)
    client.post(page(shopper), {"shop_id": "x", "region": "DE"})
    shopper.refresh_from_db()
    assert (shopper.shop_id, shopper.region) == ("customer-4711", "")
    assert client.get(f"{LIST}add/").status_code == 403


def test_who_may_exports_everything_as_json(shopper: Shopper) -> None:
    client = staff("view", "export")
    assert page(shopper, "export") in read(client.get(page(shopper)))
    response = client.post(page(shopper, "export"))
    assert "attachment" in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]
    data = response.json()
    assert data["shopper"]["id"] == "customer-4711"
    assert (len(data["facts"]), len(data["events"]), len(data["kept_photos"])) == (1, 1, 1)


def test_an_export_is_no_link_that_could_be_followed_by_mistake(shopper: Shopper) -> None:
    assert staff("view", "export").get(page(shopper, "export")).status_code == 405


def test_erasing_asks_once_more_and_then_erases_everything(shopper: Shopper, private: Path) -> None:
    client = staff("view", "delete")
    assert "This cannot be undone" in read(client.get(page(shopper, "delete")))
    assert Shopper.objects.exists()
    done = client.post(page(shopper, "delete"), follow=True)
    assert "Everything of this shopper is erased." in read(done)
    assert not Shopper.objects.exists()
    assert not OwnPhoto.objects.exists()
    assert files_in(private) == []


def test_several_cannot_be_erased_at_once(shopper: Shopper) -> None:
    client = staff("view", "delete")
    client.post(LIST, {"action": "delete_selected", "_selected_action": [shopper.pk], "post": "y"})
    assert Shopper.objects.exists()


def test_what_staff_did_is_logged_without_whom_it_was_about(shopper: Shopper) -> None:
    client = staff("view", "export", "delete")
    client.post(page(shopper, "export"))
    client.post(page(shopper, "delete"))
    rows = LogEntry.objects.order_by("pk")
    assert [row.change_message for row in rows] == [
        "Exported everything of a shopper",
        "Erased everything of a shopper",
    ]
    for row in rows:
        assert row.user.get_username() == "staff"
        assert "4711" not in f"{row.object_repr} {row.change_message} {row.object_id}"


def test_who_withdrew_consent_is_shown_as_such(shopper: Shopper) -> None:
    shopper_consent(shop_id=shopper.shop_id, granted=False)
    text = read(staff("view").get(page(shopper)))
    assert "Withdrawn" in text
    assert "Navy" not in text


def test_a_shopper_who_is_gone_is_not_found(shopper: Shopper) -> None:
    client, address = staff("view", "delete"), page(shopper)
    client.post(page(shopper, "delete"))
    assert client.get(address).status_code == 404


def test_the_menu_leads_to_shoppers_for_who_may_view_them(shopper: Shopper) -> None:
    assert f'href="{LIST}"' in read(staff("view").get("/admin/"))


def test_the_pages_speak_german(shopper: Shopper) -> None:
    client, german = staff("view", "export", "delete"), {"Accept-Language": "de"}
    text = read(client.get(page(shopper), headers=german))
    for words in ("Einwilligung", "Erteilt", "Behaltene Fotos", "Alles exportieren", "Gekauft"):
        assert words in text
    asked = read(client.get(page(shopper, "delete"), headers=german))
    assert "Alles über diesen Kunden löschen?" in asked
    assert "rückgängig" in asked
