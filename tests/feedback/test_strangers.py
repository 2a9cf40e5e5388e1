"""Of whoever did not agree to be remembered, what they said stays; not who or where they are."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from catalog import conf
from feedback import strangers
from feedback.models import FeedbackEvent
from feedback.strangers import visitors_forget
from outfits.circumstances.context import Context
from outfits.models import Look
from outfits.shoppers.consent import shopper_consent
from tests.factories import make_look, make_product, say
from tests.shoppers import as_shopper, make_shopper, set_key

pytestmark = pytest.mark.django_db
TAB = {"X-Ensemble-Visitor": "tab-1"}


@pytest.fixture(autouse=True)
def _key(settings: Settings) -> None:
    set_key(settings)


@pytest.fixture
def look() -> Look:
    shoes = [make_product("shoes"), make_product("shoes")]
    return make_look(make_product("top"), shoes, context=Context(region="DE-BE"))


def end_sessions() -> None:
    over = timezone.now() - timedelta(seconds=conf.current().SESSION_SECONDS + 1)
    FeedbackEvent.objects.update(created_at=over)


def post(client: Client, look: Look, kind: str, **headers: str) -> Any:
    said = {"id": str(uuid.uuid4()), "kind": kind, "item": look.items.get().pk}
    address = f"/api/v1/looks/{look.pk}/feedback/"
    return client.post(address, said, content_type="application/json", headers=TAB | headers)


def test_a_region_is_stored_only_of_whoever_agreed(look: Look) -> None:
    assert say(look, "like", visitor="tab-1").region == ""
    assert say(look, "like", visitor="tab-2", shopper=make_shopper()).region == "DE-BE"


def test_a_tab_is_forgotten_when_the_session_is_over(look: Look) -> None:
    event = say(look, "like", visitor="tab-1")
    assert visitors_forget() == 0
    end_sessions()
    assert visitors_forget() == 1
    event.refresh_from_db()
    assert (event.visitor, event.kind) == ("", "like")
    assert visitors_forget() == 0


def test_a_changed_thumb_replaces_the_earlier_one_while_the_session_lasts(
    client: Client, look: Look
) -> None:
    post(client, look, "like")
    visitors_forget()
    post(client, look, "dislike")
    assert FeedbackEvent.objects.get().kind == "dislike"


def test_whoever_agreed_keeps_their_tab_and_region(look: Look) -> None:
    event = say(look, "like", visitor="tab-1", shopper=make_shopper())
    end_sessions()
    assert visitors_forget() == 0
    event.refresh_from_db()
    assert (event.visitor, event.region) == ("tab-1", "DE-BE")


def test_regions_that_workers_of_the_version_before_store_go_too(look: Look) -> None:
    event = say(look, "like")
    FeedbackEvent.objects.update(region="DE-BE")
    end_sessions()
    assert visitors_forget() == 1
    event.refresh_from_db()
    assert event.region == ""


def test_many_tabs_are_forgotten_batch_by_batch(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strangers, "_BATCH", 2)
    for number in range(5):
        say(look, "like", visitor=f"tab-{number}")
    end_sessions()
    assert visitors_forget() == 5
    assert not FeedbackEvent.objects.exclude(visitor="").exists()


def test_a_thumb_of_a_session_that_is_over_can_be_taken_back_by_its_id(
    client: Client, look: Look
) -> None:
    event_id = post(client, look, "like").json()["id"]
    end_sessions()
    visitors_forget()
    address = f"/api/v1/looks/{look.pk}/feedback/{event_id}/"
    assert client.delete(address, headers=TAB).status_code == 204
    assert not FeedbackEvent.objects.exists()


def test_a_stylists_edit_cannot_be_taken_back_by_its_id(client: Client, look: Look) -> None:
    event = say(look, "edit", replacement=make_product("shoes"))
    client.delete(f"/api/v1/looks/{look.pk}/feedback/{event.pk}/", headers=TAB)
    assert FeedbackEvent.objects.exists()


def test_withdrawing_takes_along_what_the_same_tab_said_without_a_name(
    client: Client, look: Look
) -> None:
    other = make_look(make_product("top"), [make_product("shoes")])
    post(client, look, "like")
    make_shopper()
    post(client, other, "like", **as_shopper())
    say(look, "dislike", visitor="another tab")
    assert FeedbackEvent.objects.filter(visitor="tab-1").count() == 2
    shopper_consent(shop_id="ann", granted=False)
    assert FeedbackEvent.objects.get().visitor == "another tab"


def test_withdrawing_leaves_what_another_shopper_said_in_the_same_tab(
    client: Client, look: Look
) -> None:
    other = make_look(make_product("top"), [make_product("shoes")])
    for name, each in (("ann", look), ("bob", other)):
        make_shopper(name)
        post(client, each, "like", **as_shopper(name))
    shopper_consent(shop_id="ann", granted=False)
    shopper = FeedbackEvent.objects.get().shopper
    assert shopper is not None
    assert shopper.shop_id == "bob"
