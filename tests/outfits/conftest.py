"""Outfits tests ask a fake stylist; the real one has tests of its own."""

import pytest
from django.core.cache import cache
from pytest_django import Settings

from catalog.models import Product
from outfits.llm import get_language_model
from tests.factories import make_product
from tests.fakes import FakeLanguageModel


@pytest.fixture(autouse=True)
def _fakes(settings: Settings) -> None:
    settings.ENSEMBLE = {
        **settings.ENSEMBLE,
        "CAPTIONER": "tests.fakes.FakeCaptioner",
        "EMBEDDER": "tests.fakes.FakeEmbedder",
        "LLM": "tests.fakes.FakeLanguageModel",
        "LLM_MODEL": "fake-model",
    }
    cache.clear()


@pytest.fixture
def stylist() -> FakeLanguageModel:
    """The fake model that the services will ask."""
    model = get_language_model()
    assert isinstance(model, FakeLanguageModel)
    return model


@pytest.fixture
def anchor(db: None) -> Product:
    """A top, beside which there is enough for three looks."""
    for slot in ("bottom", "shoes", "bag"):
        for price in (100, 60, 30, 10):
            make_product(slot, price=price)
    return make_product("top", price=500)
