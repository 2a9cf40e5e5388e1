"""Stored looks are served as they were last shown, until something changes."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings
from rest_framework.throttling import ScopedRateThrottle

from catalog.models import Product
from outfits.circumstances.current import current_context
from outfits.models import Look, OwnPhoto, Promotion, Trend
from outfits.photos.services import photo_delete
from tests.factories import make_caption, make_image, make_look, make_product
from tests.shoppers import as_shopper, set_key

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _cached(settings: Settings) -> None:
    settings.ENSEMBLE = {**settings.ENSEMBLE, "LOOK_CACHE_SECONDS": 60}


@pytest.fixture
def look() -> Look:
    shoes = make_product("shoes", title="Black Loafers")
    make_image(shoes)
    return make_look(make_product("top"), [shoes], context=current_context())


def ask(client: Client, look: Look, lang: str = "", **headers: str) -> dict[str, Any]:
    query = {"product": look.anchor.sku, "lang": lang}
    answer: dict[str, Any] = client.get("/api/v1/looks/", query, headers=headers).json()
    return answer


def test_the_same_question_is_answered_without_a_query(
    client: Client, look: Look, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = ask(client, look)
    with django_assert_num_queries(0):
        assert ask(client, look) == first


def test_the_answer_that_is_kept_has_its_headers(client: Client, look: Look) -> None:
    query = {"product": look.anchor.sku, "lang": "de"}
    first, again = (client.get("/api/v1/looks/", query) for _ in range(2))
    assert again["Content-Language"] == first["Content-Language"] == "de"
    assert again["Content-Type"] == first["Content-Type"] == "application/json"


def test_languages_and_hosts_have_answers_of_their_own(client: Client, look: Look) -> None:
    ask(client, look)
    assert ask(client, look, lang="de")["items"][0]["slot_label"] == "Schuhe"
    german = ask(client, look, **{"accept-language": "de"})
    assert german["items"][0]["slot_label"] == "Schuhe"
    elsewhere = ask(client, look, host="localhost")
    assert elsewhere["share_url"].startswith("http://localhost/")


@pytest.mark.parametrize("what", ["stock", "picture", "caption", "choice", "trend", "promotion"])
def test_what_is_saved_is_seen_at_once(
    client: Client,
    look: Look,
    what: str,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    ask(client, look)
    shoes = Product.objects.get(title="Black Loafers")
    with django_capture_on_commit_callbacks(execute=True):
        if what == "stock":
            shoes.stock = 0
            shoes.save()
        elif what == "picture":
            image = shoes.images.get()
            image.position = 1
            image.save(update_fields=["position"])
        elif what == "caption":
            make_caption(shoes.images.get(), "fake-captioner").save()
        elif what == "choice":
            look.items.get().save()
        elif what == "trend":
            Trend.objects.create(name="Coastal", words=["wool"])
        else:
            Promotion.objects.create()
    with pytest.raises(pytest.fail.Exception), django_assert_max_num_queries(0):
        ask(client, look)


def test_a_provisional_look_is_never_kept(client: Client, look: Look) -> None:
    anchor, shoes = make_product("bottom"), Product.objects.get(title="Black Loafers")
    assert client.get("/api/v1/looks/", {"product": anchor.sku}).json()["status"] == "provisional"
    made = make_look(anchor, [shoes], context=current_context())
    assert ask(client, made)["id"] == str(made.pk)


def test_who_says_who_they_are_gets_an_answer_of_their_own(
    client: Client, look: Look, settings: Settings
) -> None:
    set_key(settings)
    ask(client, look)
    Product.objects.update(stock=0)
    assert ask(client, look)["items"]
    assert not ask(client, look, **as_shopper())["items"]


def test_a_shopper_whom_the_shop_knows_gets_an_answer_of_their_own(
    client: Client, look: Look
) -> None:
    ask(client, look)
    Product.objects.update(stock=0)
    client.force_login(User.objects.create_user("ann"))
    assert not ask(client, look)["items"]


def test_what_was_made_for_somebodys_taste_is_given_to_nobody_else(
    client: Client, look: Look
) -> None:
    taste = {"X-Ensemble-Taste": "never.slot=shoes"}
    assert ask(client, look)["items"]
    assert not ask(client, look, **taste)["items"]
    assert ask(client, look)["items"]


def test_a_cache_in_front_keeps_tastes_and_keys_apart(
    client: Client, look: Look, settings: Settings
) -> None:
    update = "django.middleware.cache.UpdateCacheMiddleware"
    fetch = "django.middleware.cache.FetchFromCacheMiddleware"
    settings.MIDDLEWARE = [update, *settings.MIDDLEWARE, fetch]
    set_key(settings, PUBLISHABLE_KEYS=["pk_shop"], LOOK_CACHE_SECONDS=60)
    key, taste = {"X-Ensemble-Key": "pk_shop"}, {"X-Ensemble-Taste": "never.slot=shoes"}
    for _ in range(2):
        assert ask(client, look, **key)["items"]
        assert not ask(client, look, **key, **taste)["items"]
        assert "detail" in ask(client, look)


@pytest.mark.parametrize("address", ["looks/", "looks/{look}/items/{item}/why/", "trends/"])
def test_what_depends_on_a_shopper_is_for_no_cache(
    client: Client, look: Look, settings: Settings, address: str
) -> None:
    set_key(settings)
    Trend.objects.create(name="Footwear", slots=["shoes"])
    query = {"product": look.anchor.sku, "name": "Footwear"}
    address = "/api/v1/" + address.format(look=look.pk, item=look.items.get().pk)
    plain = client.get(address, query)
    assert "Cache-Control" not in plain
    assert {"Authorization", "Cookie", "X-Ensemble-Taste"} <= set(plain["Vary"].split(", "))
    for said in (as_shopper(), {"X-Ensemble-Taste": "like.colour=red"}):
        personal = client.get(address, query, headers=said)
        assert (personal.status_code, personal["Cache-Control"]) == (200, "private, no-store")
    client.force_login(User.objects.create_user("ann"))
    assert client.get(address, query)["Cache-Control"] == "private, no-store"


def test_a_look_of_somebodys_own_piece_is_not_kept(client: Client, look: Look) -> None:
    piece = make_product("top", published=False, private=True)
    shoes = Product.objects.get(title="Black Loafers")
    make_look(piece, [shoes], context=current_context())
    soon = timezone.now() + timedelta(hours=1)
    photo = OwnPhoto.objects.create(status="ready", anchor=piece, expires_at=soon)
    query = {"photo": str(photo.pk)}
    answer = client.get("/api/v1/looks/", query)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    photo_delete(photo=photo)
    assert client.get("/api/v1/looks/", query).status_code == 404


def test_refusals_are_not_kept(client: Client) -> None:
    assert client.get("/api/v1/looks/", {"product": "LATER"}).status_code == 404
    make_product("top", sku="LATER")
    assert client.get("/api/v1/looks/", {"product": "LATER"}).status_code == 200


def test_an_answer_that_is_there_already_is_not_counted(
    client: Client, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ScopedRateThrottle, "THROTTLE_RATES", {"looks": "1/min", "feedback": None})
    first = ask(client, look)
    assert ask(client, look) == first
    query = {"product": look.anchor.sku, "lang": "de"}
    assert client.get("/api/v1/looks/", query).status_code == 429
