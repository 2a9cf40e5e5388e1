"""What is shown to somebody in particular is kept for nobody else."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings

from catalog.models import Product
from outfits.circumstances.current import current_context
from outfits.models import Look, OwnPhoto, SavedLook, Trend
from outfits.photos.services import photo_delete
from outfits.shoppers.personal_looks import personal_looks_forget, session_looks_forget
from outfits.shoppers.profile import look_save
from tests.factories import make_look, make_product
from tests.outfits.kept_answers import ask, keep_answers, make_shown_look
from tests.shoppers import as_shopper, make_shopper, set_key

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kept(settings: Settings) -> None:
    keep_answers(settings)


@pytest.fixture
def look() -> Look:
    return make_shown_look()


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


def _make_personal(look: Look) -> Look:
    """A look of the same anchor for somebody's taste, as old as a session."""
    shoes = Product.objects.get(title="Black Loafers")
    context = current_context(preferences=("colour=navy +1.5 said",))
    made = make_look(look.anchor, [shoes], context=context, session_only=True)
    Look.objects.filter(pk=made.pk).update(created_at=timezone.now() - timedelta(days=4000))
    made.refresh_from_db()
    return made


def _forget_shared(look: Look) -> None:
    look_save(shopper=make_shopper(), look=look)
    session_looks_forget()
    assert Look.objects.get(pk=look.pk).context_key.startswith("forgotten-")


def _forget_what_was_shared(look: Look) -> None:
    _forget_shared(look)
    SavedLook.objects.all().delete()
    personal_looks_forget()
    assert not Look.objects.filter(pk=look.pk).exists()


FORGETTING: dict[str, Callable[[Look], object]] = {
    "built": lambda look: None,
    "chosen anew": lambda look: look.items.get().save(),
    "forgotten": lambda look: session_looks_forget(),
    "deleted": lambda look: look.delete(),
    "taste forgotten": _forget_shared,
    "deleted at last": _forget_what_was_shared,
}


@pytest.mark.parametrize("what", FORGETTING)
def test_looks_for_somebodys_taste_leave_the_answers_to_everybody(
    client: Client,
    look: Look,
    what: str,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    ask(client, look)
    with django_capture_on_commit_callbacks(execute=True):
        FORGETTING[what](_make_personal(look))
    with django_assert_num_queries(0):
        ask(client, look)
