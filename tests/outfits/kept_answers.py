"""A stored look whose answers are kept, and how it is asked for."""

from typing import Any

from django.test import Client
from pytest_django import Settings

from outfits.circumstances.current import current_context
from outfits.models import Look
from tests.factories import make_caption, make_image, make_look, make_product


def keep_answers(settings: Settings) -> None:
    settings.ENSEMBLE = {**settings.ENSEMBLE, "LOOK_CACHE_SECONDS": 60}


def make_shown_look() -> Look:
    shoes = make_product("shoes", title="Black Loafers")
    make_caption(make_image(shoes), "another-captioner")
    return make_look(make_product("top"), [shoes], context=current_context())


def ask(client: Client, look: Look, lang: str = "", **headers: str) -> dict[str, Any]:
    query = {"product": look.anchor.sku, "lang": lang}
    answer: dict[str, Any] = client.get("/api/v1/looks/", query, headers=headers).json()
    return answer
