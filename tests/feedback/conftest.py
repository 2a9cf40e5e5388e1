"""Feedback is given on looks of a fake stylist."""

import pytest
from django.core.cache import cache
from pytest_django import Settings


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
