"""Outfits tests ask a fake stylist; the real one has tests of its own."""

import pytest
from django.core.cache import cache
from pytest_django import Settings

from outfits.llm import get_language_model
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
