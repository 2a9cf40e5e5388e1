"""The looks API answers in the language of the page, and caches keep the languages apart."""

from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from catalog.models import Product
from outfits.circumstances.context import Context, season_on
from outfits.services import look_build
from tests.factories import make_caption, make_image, make_look, make_product
from tests.fakes import FakeLanguageModel

pytestmark = pytest.mark.django_db

ENGLISH = "A casual red striped shirt."
GERMAN = "Rotes, gestreiftes Hemd, lässig"


@pytest.fixture
def anchor() -> Product:
    """Trousers with a look that is a captioned shirt."""
    anchor, shirt = make_product("bottom"), make_product("top")
    fields = {"colour": "Red", "pattern": "Striped", "style": "Casual", "article_type": "Shirts"}
    make_caption(make_image(shirt), "fake-captioner", sentence=ENGLISH, **fields)
    now = Context(season=season_on(datetime.now(UTC).date()))
    make_look(anchor, [shirt, make_product("top")], context=now)
    return anchor


def ask(client: Client, anchor: Product, accept: str = "", **query: str) -> tuple[str, str, str]:
    """(alternative text, label of the slot, Content-Language)."""
    headers = {"Accept-Language": accept} if accept else {}
    response = client.get("/api/v1/looks/", {"product": anchor.sku, **query}, headers=headers)
    item = response.json()["items"][0]
    alt = item["product"]["image"]["alt"]
    return alt, item["slot_label"], response["Content-Language"]


def test_pictures_are_described_in_the_language_that_is_accepted(
    client: Client, anchor: Product
) -> None:
    assert ask(client, anchor) == (ENGLISH, "Top", "en")
    assert ask(client, anchor, accept="de-DE,de;q=0.9,en;q=0.5") == (GERMAN, "Oberteil", "de")


def test_the_language_of_the_page_counts_for_more_than_the_browsers(
    client: Client, anchor: Product
) -> None:
    assert ask(client, anchor, accept="en", lang="de") == (GERMAN, "Oberteil", "de")
    assert ask(client, anchor, accept="de", lang="en") == (ENGLISH, "Top", "en")
    assert ask(client, anchor, lang="de-AT")[0] == GERMAN


def test_what_is_said_of_a_look_is_said_in_the_language_of_the_page(client: Client) -> None:
    make_product("shoes")
    query = {"product": make_product("top").sku, "lang": "de"}
    answer = client.get("/api/v1/looks/", query).json()
    assert answer["message"].startswith("Unser Stylist sieht sich das an")


@pytest.mark.parametrize("lang", ["xx", "../de", "de\0", "a" * 35])
def test_a_language_that_does_not_exist_is_passed_over(
    client: Client, anchor: Product, lang: str
) -> None:
    if "\0" in lang:  # refused like anywhere else in the API
        query = {"product": anchor.sku, "lang": lang}
        assert client.get("/api/v1/looks/", query).status_code == 400
    else:
        assert ask(client, anchor, lang=lang) == (ENGLISH, "Top", "en")


def test_a_language_without_a_catalogue_gets_the_english_sentence(
    client: Client, anchor: Product
) -> None:
    assert ask(client, anchor, lang="fr") == (ENGLISH, "Top", "fr")


def test_a_picture_without_a_caption_is_described_by_its_title(
    client: Client, anchor: Product
) -> None:
    make_image(anchor)
    url = "/api/v1/looks/"
    answer = client.get(url, {"product": anchor.sku, "lang": "de"}).json()
    assert answer["anchor"]["image"]["alt"] == anchor.title


def test_a_cache_in_front_keeps_the_languages_apart(
    client: Client, anchor: Product, settings: Settings
) -> None:
    update = "django.middleware.cache.UpdateCacheMiddleware"
    fetch = "django.middleware.cache.FetchFromCacheMiddleware"
    settings.MIDDLEWARE = [update, *settings.MIDDLEWARE, fetch]
    cache.clear()
    for _ in range(2):
        assert ask(client, anchor, accept="en")[0] == ENGLISH
        assert ask(client, anchor, accept="de")[0] == GERMAN
        assert ask(client, anchor, accept="en", lang="de")[0] == GERMAN
        assert ask(client, anchor, accept="de", lang="en")[0] == ENGLISH


def test_the_answer_says_that_it_depends_on_the_language(client: Client, anchor: Product) -> None:
    response = client.get("/api/v1/looks/", {"product": anchor.sku})
    assert "accept-language" in response["Vary"].lower()


def test_the_stylist_is_asked_the_same_in_every_language(
    stylist: FakeLanguageModel, settings: Settings
) -> None:
    anchor = make_product("bottom")
    for _ in range(2):
        make_product("shoes")
    with translation.override("de"):
        look_build(anchor=anchor, context=Context())
    (query, questions, _adapter), *_ = stylist.asked
    assert query.startswith("look: ")
    assert all(question.startswith("add: ") for question in questions)
