"""Looks for the taste of a tab go with the session; those of shoppers who agreed stay."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from catalog import conf
from catalog.models import Product
from outfits.models import Look, SavedLook
from outfits.shoppers.facts import Fact
from outfits.shoppers.personal_looks import (
    personal_looks_forget,
    session_looks_forget,
)
from outfits.shoppers.profile import fact_say, look_save
from tests.factories import make_product
from tests.shoppers import as_shopper, make_shopper, set_key

pytestmark = pytest.mark.django_db
TASTE = {"X-Ensemble-Taste": "like.colour=navy"}


@pytest.fixture(autouse=True)
def _key(settings: Settings) -> None:
    settings.CELERY_TASK_ALWAYS_EAGER = True
    set_key(settings)


@pytest.fixture
def anchor() -> Product:
    make_product("shoes", title="Navy Loafers", colour="Navy")
    make_product("shoes", title="Black Boots", colour="Black")
    return make_product("top", colour="White")


@pytest.fixture
def ask(
    client: Client,
    anchor: Product,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> Any:
    """Ask for the look until it is built; it is as old as a session then."""

    def ask(headers: dict[str, str]) -> Look:
        cache.clear()  # nothing is queued any more from sessions before
        for _ in range(2):
            with django_capture_on_commit_callbacks(execute=True):
                answer = client.get(
                    "/api/v1/looks/", {"product": anchor.sku}, headers=headers
                ).json()
        grow_old(seconds=conf.current().SESSION_SECONDS + 1)
        return Look.objects.get(pk=answer["id"])

    return ask


def grow_old(**age: int) -> None:
    Look.objects.update(created_at=timezone.now() - timedelta(**age))


def test_a_look_for_the_taste_of_a_tab_goes_when_its_session_is_over(ask: Any) -> None:
    look = ask(TASTE)
    assert look.context["preferences"] == ["colour=navy +1.5 said"]
    assert session_looks_forget() == 1
    assert not Look.objects.exists()
    assert session_looks_forget() == 0


def test_it_stays_while_the_session_lasts(ask: Any) -> None:
    ask(TASTE)
    grow_old(seconds=conf.current().SESSION_SECONDS - 60)
    assert session_looks_forget() == 0
    assert Look.objects.exists()


def test_a_known_shopper_who_did_not_agree_is_a_stranger(ask: Any) -> None:
    ask(TASTE | as_shopper())
    assert session_looks_forget() == 1


def test_looks_of_shoppers_who_agreed_and_looks_without_a_taste_stay(ask: Any) -> None:
    fact_say(shopper=make_shopper(), fact=Fact("colour", "navy"))
    stay = {ask(as_shopper()), ask({})}
    assert session_looks_forget() == 0
    assert set(Look.objects.all()) == stay


def test_a_look_that_is_also_that_of_a_shopper_who_agreed_stays(ask: Any) -> None:
    fact_say(shopper=make_shopper(), fact=Fact("colour", "navy"))
    assert ask(TASTE) == ask(as_shopper())
    assert session_looks_forget() == 0
    assert Look.objects.get().context["preferences"]


def test_a_look_that_somebody_keeps_stays_without_the_taste(ask: Any) -> None:
    look = ask(TASTE)
    look_save(shopper=make_shopper(), look=look)
    assert "navy" in str(look.items.get().factors)
    assert session_looks_forget() == 1
    left = SavedLook.objects.get().look
    item = left.items.get()
    assert "preferences" not in left.context
    assert "profile" not in [factor["name"] for factor in item.factors]
    assert all("profile" not in candidate.get("context", {}) for candidate in item.candidates)
    assert item.product == look.items.get().product


def test_what_is_left_of_a_taste_is_not_served_to_anybody_else(ask: Any) -> None:
    look = ask(TASTE)
    look_save(shopper=make_shopper(), look=look)
    session_looks_forget()
    assert ask({}) != look
    assert ask(TASTE) != look


def test_a_shared_look_stays_for_as_long_as_others_and_without_the_taste(
    client: Client, ask: Any
) -> None:
    look = ask(TASTE)
    assert client.post(f"/api/v1/looks/{look.pk}/keep/").status_code == 204
    session_looks_forget()
    assert client.get(f"/looks/{look.pk}/").status_code == 200
    assert "preferences" not in Look.objects.get().context
    grow_old(days=31)
    assert personal_looks_forget() == 1


@pytest.mark.parametrize("prefix", ["", "/api/v1"])
def test_a_look_whose_address_was_opened_is_shared(client: Client, ask: Any, prefix: str) -> None:
    look = ask(TASTE)
    assert client.get(f"{prefix}/looks/{look.pk}/").status_code == 200
    session_looks_forget()
    assert Look.objects.get() == look


def test_a_look_of_everybody_is_kept_alike(client: Client, ask: Any) -> None:
    look = ask({})
    for _ in range(2):
        assert client.post(f"/api/v1/looks/{look.pk}/keep/").status_code == 204
    look.refresh_from_db()
    assert look.shared
    assert not look.session_only


def test_a_page_that_shows_a_forgotten_look_is_told_to_load_it_again(
    client: Client, ask: Any
) -> None:
    look = ask(TASTE)
    item = look.items.get()
    session_looks_forget()
    address = f"/api/v1/looks/{look.pk}/"
    said = {"id": str(look.pk), "kind": "like", "item": item.pk}
    for answer in (
        client.post(f"{address}feedback/", said, content_type="application/json"),
        client.get(f"{address}items/{item.pk}/why/"),
        client.get(f"{address}items/{item.pk}/alternatives/", {"without": "profile"}),
        client.post(f"{address}keep/"),
    ):
        assert answer.status_code == 404
        assert "any more" in answer.json()["detail"]
    assert client.delete(f"{address}feedback/{look.pk}/").status_code == 204
    assert ask(TASTE) != look
