"""Settings with a wrong value: an error before the start, with a hint that says what to write."""

from typing import Any

import pytest
from pytest_django import Settings

from catalog.checks import check_ensemble_settings


def errors_of(settings: Settings, **values: Any) -> dict[str, str]:
    """Check id -> hint, with these values beside the usual ones."""
    settings.ENSEMBLE = {**settings.ENSEMBLE, **values}
    return {str(error.id): str(error.hint) for error in check_ensemble_settings()}


@pytest.mark.parametrize(
    ("key", "value", "hint"),
    [
        ("IMAGE_MAX_BYTES", "20 MB", "whole number of bytes"),
        ("IMAGE_MAX_SIDE", 3, "64 to 10000"),
        ("DEFAULT_PRICE", 49, "decimal number as text"),
        ("DEFAULT_CURRENCY", "Euro", "ISO 4217"),
        ("DEFAULT_STOCK", -1, "0 or more"),
        ("LLM_URLS", "http://127.0.0.1", "list of addresses"),
        ("CANDIDATES_PER_SLOT", 57, "2 to 50"),
        ("SESSION_SECONDS", 60, "300 to 86400"),
        ("HELD_OUT_SHARE", 1.5, "0.05 to 0.9"),
    ],
)
def test_a_wrong_value_is_an_error_that_says_what_to_write(
    settings: Settings, key: str, value: Any, hint: str
) -> None:
    assert hint in errors_of(settings, **{key: value})["ensemble.E002"]


def test_an_unknown_key_is_an_error_with_the_nearest_name(settings: Settings) -> None:
    assert "CAPTIONER" in errors_of(settings, CAPTIONNER="x")["ensemble.E001"]


def test_a_backend_that_is_not_there_is_an_error_with_an_example(settings: Settings) -> None:
    hint = errors_of(settings, EMBEDDER="catalog.nowhere.Embedder")["ensemble.E003"]
    assert "catalog.embedding.sentence.SentenceEmbedder" in hint
