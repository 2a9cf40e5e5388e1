import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from feedback.models import FeedbackEvent, PreferencePair
from outfits.models import Look
from tests.factories import make_look, make_product

pytestmark = pytest.mark.django_db


def _post(client: Client, look: Look, visitor: str = "tab-1", **data: Any) -> Any:
    return client.post(
        f"/api/v1/looks/{look.pk}/feedback/",
        {"id": str(uuid.uuid4()), **data},
        content_type="application/json",
        headers={"X-Ensemble-Visitor": visitor},
    )


@pytest.fixture
def look() -> Look:
    return make_look(make_product("top"), [make_product("shoes"), make_product("shoes")])


def test_a_thumb_is_stored_with_the_look_it_was_given_on(client: Client, look: Look) -> None:
    response = _post(client, look, kind="like", item=look.items.get().pk)
    event = FeedbackEvent.objects.get()
    assert response.status_code == 201
    assert (event.look, event.kind, event.visitor) == (look, "like", "tab-1")


def test_a_request_sent_twice_is_stored_once(client: Client, look: Look) -> None:
    same = str(uuid.uuid4())
    first = _post(client, look, id=same, kind="like")
    second = _post(client, look, id=same, kind="like")
    assert (first.status_code, second.status_code) == (201, 200)
    assert FeedbackEvent.objects.count() == 1


def test_thanks_are_said_in_the_language_of_the_page(client: Client, look: Look) -> None:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"
    same = str(uuid.uuid4())
    said = [_post(client, look, id=same, kind="like").json()["detail"] for _ in range(2)]
    assert said == ["Danke: Daraus lernt der Stylist.", "Schon gespeichert."]


def test_a_swap_becomes_a_pair(client: Client, look: Look) -> None:
    item = look.items.get()
    _post(client, look, kind="swap", item=item.pk, replacement=item.candidates[1]["sku"])
    assert PreferencePair.objects.get().chosen_sku == item.candidates[1]["sku"]


def test_a_swap_to_something_never_offered_is_refused(client: Client, look: Look) -> None:
    other = make_product("shoes")
    response = _post(client, look, kind="swap", item=look.items.get().pk, replacement=other.sku)
    assert response.status_code == 400
    assert other.sku in response.json()["detail"]
    assert not FeedbackEvent.objects.exists()


def test_a_swap_without_a_replacement_is_refused(client: Client, look: Look) -> None:
    response = _post(client, look, kind="swap", item=look.items.get().pk)
    assert response.status_code == 400


def test_an_item_of_another_look_is_refused(client: Client, look: Look) -> None:
    other = make_look(make_product("top"), [make_product("shoes")])
    response = _post(client, look, kind="like", item=other.items.get().pk)
    assert response.status_code == 400


def test_an_unknown_sku_is_refused(client: Client, look: Look) -> None:
    response = _post(client, look, kind="swap", item=look.items.get().pk, replacement="NOPE")
    assert response.status_code == 400
    assert "NOPE" in str(response.json())


def test_shoppers_cannot_send_a_stylists_edit(client: Client, look: Look) -> None:
    assert _post(client, look, kind="edit").status_code == 400


def test_whoever_said_it_can_take_it_back(client: Client, look: Look) -> None:
    event_id = _post(client, look, kind="like").json()["id"]
    url = f"/api/v1/looks/{look.pk}/feedback/{event_id}/"
    assert client.delete(url, headers={"X-Ensemble-Visitor": "tab-1"}).status_code == 204
    assert not FeedbackEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_look_that_is_forgotten_while_something_is_said_of_it_is_told_to_be_gone(
    client: Client, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forget() -> None:
        Look.objects.filter(pk=look.pk).delete()
        connection.close()

    def forget_elsewhere(event: FeedbackEvent) -> None:
        with ThreadPoolExecutor(1) as elsewhere:
            elsewhere.submit(forget).result()

    monkeypatch.setattr("feedback.services.preference_update", forget_elsewhere)
    response = _post(client, look, kind="like")
    assert response.status_code == 404
    assert "Load the look again" in response.json()["detail"]


def test_nobody_else_can_take_it_back(client: Client, look: Look) -> None:
    event_id = _post(client, look, kind="like").json()["id"]
    client.delete(
        f"/api/v1/looks/{look.pk}/feedback/{event_id}/", headers={"X-Ensemble-Visitor": "tab-2"}
    )
    assert FeedbackEvent.objects.exists()
