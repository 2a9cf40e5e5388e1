"""``/photos/``: who may send what, who may see it, and the look that comes of it."""

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from rest_framework.throttling import ScopedRateThrottle

from catalog.captioning import get_captioner
from catalog.captioning.base import CaptionDraft
from outfits.circumstances.context import Context
from outfits.models import OwnPhoto
from outfits.services import look_build
from outfits.tasks import understand_photo
from tests.factories import make_product
from tests.fakes import FakeCaptioner
from tests.outfits.photos.pictures import a_file

pytestmark = pytest.mark.django_db
URL = "/api/v1/photos/"


@pytest.fixture(autouse=True)
def _captioner() -> None:
    captioner = get_captioner()
    assert isinstance(captioner, FakeCaptioner)
    captioner.draft = CaptionDraft(sentence="A red shirt.", colour="Red", article_type="Shirts")


def send(client: Client, status: int = 202, **fields: Any) -> dict[str, Any]:
    response = client.post(URL, {"photo": a_file(), **fields})
    assert response.status_code == status, response.json()
    answer: dict[str, Any] = response.json()
    return answer


def fetch(client: Client, photo_id: str) -> dict[str, Any]:
    answer: dict[str, Any] = client.get(f"{URL}{photo_id}/").json()
    return answer


def test_a_photo_is_taken_at_once_and_ready_when_it_was_looked_at(client: Client) -> None:
    sent = send(client, keep="false")
    assert (sent["status"], sent["anchor"], sent["picture"]) == ("waiting", None, None)
    understand_photo(sent["id"])
    found = fetch(client, sent["id"])
    assert (found["status"], found["sentence"]) == ("ready", "A red shirt.")
    anchor = found["anchor"]
    assert (anchor["title"], anchor["category"]) == ("Red shirt", "Shirts")
    # It is no product of the shop.
    assert (anchor["price"], anchor["url"], anchor["available"]) == (None, "", False)


def test_the_look_of_a_photo_is_made_of_the_shops_products(client: Client) -> None:
    trousers = make_product("bottom")
    sent = send(client)
    assert client.get("/api/v1/looks/", {"photo": sent["id"]}).status_code == 404
    understand_photo(sent["id"])
    # As the widget asks, which goes on naming the product of its page.
    answer = client.get("/api/v1/looks/", {"photo": sent["id"], "product": trousers.sku}).json()
    assert answer["anchor"]["title"] == "Red shirt"
    assert [item["product"]["sku"] for item in answer["items"]] == [trousers.sku]


def test_why_an_item_goes_with_ones_own_piece_is_told_without_giving_the_photo_away(
    client: Client,
) -> None:
    make_product("bottom")
    sent = send(client)
    understand_photo(sent["id"])
    piece = OwnPhoto.objects.get().anchor
    assert piece is not None
    look = look_build(anchor=piece, context=Context(occasion="work"))
    assert look is not None
    response = client.get(f"/api/v1/looks/{look.pk}/items/{look.items.get().pk}/why/")
    assert "What was seen in your photo, in words" in response.json()["used"]
    assert sent["id"] not in response.content.decode()


def test_a_look_around_a_photo_cannot_be_kept(client: Client) -> None:
    make_product("bottom")
    sent = send(client)
    understand_photo(sent["id"])
    piece = OwnPhoto.objects.get().anchor
    assert piece is not None
    look = look_build(anchor=piece, context=Context())
    assert look is not None
    assert client.post(f"/api/v1/looks/{look.pk}/keep/").status_code == 404
    look.refresh_from_db()
    assert not look.shared


def test_a_piece_of_ones_own_has_no_page_and_cannot_be_asked_for_by_its_sku(
    client: Client,
) -> None:
    sent = send(client)
    understand_photo(sent["id"])
    sku = fetch(client, sent["id"])["anchor"]["sku"]
    assert client.get("/api/v1/looks/", {"product": sku}).status_code == 404
    assert client.get(f"/shop/{sku}/").status_code == 404
    assert sku not in client.get("/").content.decode()


def test_a_piece_of_ones_own_is_not_shown_in_the_admin(admin_client: Client) -> None:
    sent = send(admin_client)
    understand_photo(sent["id"])
    page = admin_client.get("/admin/ensemble_catalog/product/").content.decode()
    assert "Red shirt" not in page


def test_a_look_of_nothing_is_refused(client: Client) -> None:
    response = client.get("/api/v1/looks/")
    assert response.status_code == 400
    assert "product" in response.json()["fields"]


def test_a_photo_that_is_not_kept_cannot_be_seen(client: Client) -> None:
    sent = send(client)
    response = client.get(f"{URL}{sent['id']}/picture/")
    assert response.status_code == 404
    assert "no such photo" in response.json()["detail"]


def test_nobody_finds_a_photo_without_its_id(client: Client) -> None:
    send(client)
    assert client.get(URL).status_code == 405
    for address in (f"{URL}{uuid.uuid4()}/", f"{URL}{uuid.uuid4()}/picture/"):
        assert client.get(address).status_code == 404
    assert client.get(f"{URL}1/").status_code == 404


def test_whoever_knows_the_id_may_delete_it(client: Client) -> None:
    sent = send(client)
    for _ in range(2):
        assert client.delete(f"{URL}{sent['id']}/").status_code == 204
    assert client.get(f"{URL}{sent['id']}/").status_code == 404
    assert not OwnPhoto.objects.exists()


def test_a_photo_whose_time_is_over_is_gone(client: Client) -> None:
    sent = send(client)
    understand_photo(sent["id"])
    OwnPhoto.objects.update(expires_at=timezone.now())
    response = client.get(f"{URL}{sent['id']}/")
    assert response.status_code == 404
    assert "send it again" in response.json()["detail"]
    assert client.get("/api/v1/looks/", {"photo": sent["id"]}).status_code == 404


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("shirt.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "drawing in XML"),
        ("shirt.png", b"%PDF-1.7", "not a JPEG, PNG or WebP"),
        ("../../shirt.jpg", b"\xff\xd8\xff\xe0 broken", "damaged|not a JPEG"),
        ("empty.jpg", b"", "empty"),
    ],
)
def test_what_is_no_picture_says_what_to_send(
    client: Client, name: str, data: bytes, says: str
) -> None:
    response = client.post(URL, {"photo": a_file(data, name)})
    assert response.status_code == 400
    assert any(word in response.json()["detail"] for word in says.split("|"))
    assert not OwnPhoto.objects.exists()


def test_a_form_without_a_photo_says_so(client: Client) -> None:
    response = client.post(URL, {"keep": "true"})
    assert response.status_code == 400
    assert "photo" in response.json()["fields"]


def test_what_is_too_large_is_refused_unread(client: Client, settings: Settings) -> None:
    settings.ENSEMBLE = {**settings.ENSEMBLE, "IMAGE_MAX_BYTES": 1024}
    response = client.post(URL, {"photo": a_file(b"x" * 40_000)})
    assert response.status_code == 413
    assert "Save it smaller" in response.json()["detail"]


def test_not_even_a_temporary_file_is_written(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: object, *args: object) -> None:
        raise AssertionError("a photo was written to disk")

    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    monkeypatch.setattr(TemporaryUploadedFile, "__init__", refuse)
    send(client)


def test_a_word_for_it_helps_where_it_was_not_understood(client: Client) -> None:
    captioner = get_captioner()
    assert isinstance(captioner, FakeCaptioner)
    captioner.draft = CaptionDraft(sentence="An item.")
    refused = send(client)
    understand_photo(refused["id"])
    assert fetch(client, refused["id"])["status"] == "refused"
    assert "say what it is" in fetch(client, refused["id"])["detail"]
    helped = send(client, category="boots", gender="men")
    understand_photo(helped["id"])
    assert fetch(client, helped["id"])["anchor"]["category"] == "boots"


def test_what_to_do_is_said_in_the_language_of_the_shopper(client: Client) -> None:
    captioner = get_captioner()
    assert isinstance(captioner, FakeCaptioner)
    captioner.draft = CaptionDraft(sentence="A cat.", article_type="Cats")
    sent = send(client)
    understand_photo(sent["id"])
    address = f"{URL}{sent['id']}/"
    assert "looks like cats, which" in client.get(address).json()["detail"]
    german = client.get(address, headers={"Accept-Language": "de"}).json()
    assert "sieht aus wie: cats" in german["detail"]


def test_a_word_that_names_nothing_to_wear_is_refused(client: Client) -> None:
    assert "category" in send(client, 400, category="cat")["fields"]


@pytest.mark.parametrize(("said", "slot"), [("Hemd", "top"), ("Schuhe", "shoes")])
def test_a_word_for_it_may_be_said_in_the_language_of_the_shopper(
    client: Client, said: str, slot: str
) -> None:
    headers = {"Accept-Language": "de"}
    response = client.post(URL, {"photo": a_file(), "category": said}, headers=headers)
    assert response.status_code == 202, response.json()
    understand_photo(response.json()["id"])
    anchor = OwnPhoto.objects.get().anchor
    assert anchor is not None
    assert anchor.slot == slot


def test_a_word_that_is_not_known_is_refused_in_the_language_of_the_shopper(
    client: Client,
) -> None:
    headers = {"Accept-Language": "de"}
    response = client.post(URL, {"photo": a_file(), "category": "Katze"}, headers=headers)
    assert response.json()["fields"]["category"] == [
        "Katze ist nicht bekannt. Sag es in einem Wort, zum Beispiel: Hemd, Hose, Stiefel."
    ]
    assert "Katze ist nicht bekannt" in response.json()["detail"]


def test_too_many_photos_are_told_to_wait_and_asking_whether_there_are_any_is_free(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    rates = {"photos": "1/hour", "looks": "100/min"}
    monkeypatch.setattr(ScopedRateThrottle, "THROTTLE_RATES", rates)
    for _ in range(3):
        assert client.options(URL).status_code == 200
    sent = send(client)
    send(client, 429)
    assert fetch(client, sent["id"])["status"] == "waiting"
