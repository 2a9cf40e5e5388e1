from typing import Any

import pytest
from pytest_django import Settings

from catalog.checks import check_ensemble_settings
from outfits.shoppers.checks import WIDGET_HEADERS, check_shopper_settings
from tests.shoppers import KEY


def use(settings: Settings, **changed: Any) -> None:
    settings.ENSEMBLE = {**settings.ENSEMBLE, **changed}


def ids() -> list[str | None]:
    return [error.id for error in check_shopper_settings()]


def test_the_defaults_are_fine(settings: Settings) -> None:
    assert ids() == []
    use(settings, SHOPPER_KEY=KEY, PUBLISHABLE_KEYS=["pk_storefront"])
    use(settings, ALLOWED_ORIGINS=["https://shop.example", "http://localhost:8000"])
    assert ids() == []
    assert check_ensemble_settings() == []


@pytest.mark.parametrize("key", ["short-secret", 7, None])
def test_a_weak_key_stops_the_start_without_being_printed(settings: Settings, key: Any) -> None:
    use(settings, SHOPPER_KEY=key)
    [error] = check_shopper_settings()
    assert error.id == "ensemble.E020"
    assert str(key) not in error.msg
    assert "secrets.token_urlsafe" in str(error.hint)


def test_the_secret_key_signs_no_shoppers(settings: Settings) -> None:
    use(settings, SHOPPER_KEY=settings.SECRET_KEY)
    assert ids() == ["ensemble.E020"]


@pytest.mark.parametrize("path", ["no.such.hook", "outfits.shoppers.identity.MAX_SECONDS", "", 5])
def test_a_hook_that_is_none_stops_the_start(settings: Settings, path: Any) -> None:
    use(settings, SHOPPER_FROM_REQUEST=path)
    assert ids() == ["ensemble.E021"]


def test_origins_without_the_middleware_stop_the_start(settings: Settings) -> None:
    use(settings, ALLOWED_ORIGINS=["https://shop.example"])
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "corsheaders" not in name]
    assert ids() == ["ensemble.E022"]


def test_origins_whose_pages_could_not_send_what_the_widget_sends_stop_the_start(
    settings: Settings,
) -> None:
    use(settings, ALLOWED_ORIGINS=["https://shop.example"])
    settings.CORS_ALLOW_HEADERS = ["accept", *WIDGET_HEADERS[:-1]]
    [error] = check_shopper_settings()
    assert (error.id, WIDGET_HEADERS[-1] in error.msg) == ("ensemble.E023", True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"PUBLISHABLE_KEYS": "pk_storefront"},
        {"PUBLISHABLE_KEYS": ["short"]},
        {"ALLOWED_ORIGINS": ["*"]},
        {"ALLOWED_ORIGINS": ["https://shop.example/"]},
        {"ALLOWED_ORIGINS": ["shop.example"]},
        {"ALLOWED_ORIGINS": "https://shop.example"},
    ],
)
def test_wrong_keys_and_origins_stop_the_start(settings: Settings, wrong: dict[str, Any]) -> None:
    use(settings, **wrong)
    [error] = check_ensemble_settings()
    assert error.id == "ensemble.E002"
