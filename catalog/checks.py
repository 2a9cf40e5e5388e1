"""System checks of ``settings.ENSEMBLE``: a wrong value stops the start and says what to write."""

import difflib
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string

from catalog import conf


def _is_int(low: int, high: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and low <= value <= high


def _is_number(low: float, high: float) -> Callable[[Any], bool]:
    return lambda value: type(value) in (int, float) and low <= value <= high


def _is_url_list(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(urlsplit(str(u)).scheme in ("http", "https") and urlsplit(u).netloc for u in value)
    )


def _is_port_list(value: Any) -> bool:
    is_port = _is_int(1, 65535)
    return isinstance(value, list) and bool(value) and all(is_port(port) for port in value)


def _is_key_list(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(key, str) and re.fullmatch(r"[\x21-\x7e]{8,128}", key) for key in value
    )


def _is_origin_list(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(origin, str) and re.fullmatch(r"https?://[a-z0-9.\-\[\]:]+", origin)
        for origin in value
    )


def _is_bool(value: Any) -> bool:
    return type(value) is bool


def _is_price(value: Any) -> bool:
    return isinstance(value, str) and value.replace(".", "", 1).isdigit()


def _is_currency(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 3 and value.isalpha() and value.isupper()


def _is_region(value: Any) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"|[A-Z]{2}(-[A-Z0-9]{1,3})?", value))


#: key -> (test, what to write)
_RULES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "IMAGE_MAX_BYTES": (_is_int(1024, 2**31), "a whole number of bytes, at least 1024"),
    "IMAGE_MAX_PIXELS": (_is_int(10_000, 2**31), "a whole number of pixels, at least 10000"),
    "IMAGE_MAX_SIDE": (_is_int(64, 10_000), "a whole number of pixels, 64 to 10000"),
    "PHOTO_SECONDS": (_is_int(600, 10**9), "a whole number of seconds, at least 600"),
    "PHOTO_KEPT_DAYS": (_is_int(1, 3650), "a whole number of days, 1 to 3650"),
    "PHOTO_BYTES_SECONDS": (_is_int(60, 3600), "a whole number of seconds, 60 to 3600"),
    "FEED_MAX_BYTES": (_is_int(1024, 2**40), "a whole number of bytes, at least 1024"),
    "FEED_MAX_UNPUBLISH_SHARE": (_is_number(0, 1), "a share, 0 to 1"),
    "DEFAULT_PRICE": (_is_price, 'a decimal number as text, such as "49.00"'),
    "CAPTION_COST_PER_1000": (_is_number(0, 1e9), "a number, 0 or more"),
    "DEFAULT_CURRENCY": (_is_currency, 'an ISO 4217 code, such as "EUR"'),
    "DEFAULT_STOCK": (_is_int(0, 10**9), "a whole number, 0 or more"),
    "FETCH_PICTURES": (_is_bool, "True or False"),
    "FETCH_TIMEOUT_SECONDS": (_is_number(1, 600), "seconds, 1 to 600"),
    "FETCH_PER_HOST": (_is_int(1, 100), "a whole number, 1 to 100"),
    "FETCH_ALLOWED_PORTS": (_is_port_list, "a list of port numbers, such as [80, 443]"),
    "FETCH_ALLOW_PRIVATE": (_is_bool, "True or False"),
    "LLM_URLS": (_is_url_list, 'a list of addresses, such as ["http://127.0.0.1:8100"]'),
    "LLM_TIMEOUT_SECONDS": (_is_number(0.1, 600), "seconds, 0.1 to 600"),
    "DEFAULT_REGION": (_is_region, 'a country or its part (ISO 3166-2), such as "DE" or "DE-BE"'),
    "PERSONAL_LOOK_DAYS": (_is_int(1, 3650), "a whole number of days, at least 1"),
    "SESSION_SECONDS": (_is_int(300, 24 * 3600), "whole seconds, 300 to 86400"),
    "PUBLISHABLE_KEYS": (_is_key_list, "a list of keys of 8 to 128 visible ASCII characters"),
    "ALLOWED_ORIGINS": (
        _is_origin_list,
        'a list of origins without a path, such as ["https://shop.example"]',
    ),
    "CANDIDATES_PER_SLOT": (_is_int(2, 50), "a whole number, 2 to 50"),
    "SLOTS_PER_LOOK": (_is_int(1, 12), "a whole number, 1 to 12"),
    "LOOK_SECONDS": (_is_number(0, 600), "seconds, 0 to 600"),
    "LOOK_CACHE_SECONDS": (_is_int(0, 86_400), "whole seconds, 0 to 86400"),
    "TRAIN_MIN_PAIRS": (_is_int(2, 10**9), "a whole number, at least 2"),
    "TRAIN_MAX_STEPS": (_is_int(1, 10**7), "a whole number, at least 1"),
    "HELD_OUT_SHARE": (_is_number(0.05, 0.9), "a share, 0.05 to 0.9"),
    "GATE_TOLERANCE": (_is_number(0, 1), "a share, 0 to 1"),
}

_BACKENDS = ("CAPTIONER", "EMBEDDER", "LLM", "WEATHER")


@register()
def check_ensemble_settings(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Check ``settings.ENSEMBLE``: E001 unknown key, E002 wrong value, E003 no such backend."""
    given: dict[str, Any] = getattr(settings, "ENSEMBLE", {})
    return [*_unknown_keys(given), *_wrong_values(given), *_missing_backends(given)]


def _unknown_keys(given: dict[str, Any]) -> Iterator[CheckMessage]:
    for key in given.keys() - conf.FIELD_NAMES:
        near = difflib.get_close_matches(key, conf.FIELD_NAMES, n=1)
        yield Error(
            f"ENSEMBLE has no key {key!r}.",
            hint=f"Did you mean {near[0]!r}?" if near else "See catalog/conf.py for the keys.",
            id="ensemble.E001",
        )


def _wrong_values(given: dict[str, Any]) -> Iterator[CheckMessage]:
    for key, (is_right, expected) in _RULES.items():
        if key in given and not is_right(given[key]):
            yield Error(
                f"ENSEMBLE[{key!r}] is {given[key]!r}.",
                hint=f"Write {expected}.",
                id="ensemble.E002",
            )


def _missing_backends(given: dict[str, Any]) -> Iterator[CheckMessage]:
    for key in _BACKENDS:
        path = getattr(conf.current(), key)
        try:
            import_string(path)
        except ImportError as error:
            yield Error(
                f"ENSEMBLE[{key!r}] is {path!r}, which cannot be imported: {error}",
                hint="Write the dotted path of a class, such as the default "
                f"{getattr(conf.EnsembleSettings(), key)!r}.",
                id="ensemble.E003",
            )
