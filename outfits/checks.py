"""System checks of what only outfits can judge."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.cache import caches
from django.core.cache.backends.base import InvalidCacheBackendError
from django.core.checks import CheckMessage, Error, Warning, register

from catalog import conf
from outfits.circumstances.regions import find_region
from outfits.marks import is_shared

_CACHE_HINT = (
    "Write CACHES = {'default': {'BACKEND': 'django.core.cache.backends.redis.RedisCache', "
    "'LOCATION': 'redis://127.0.0.1:6379/1'}}, or ENSEMBLE['LOOK_CACHE_SECONDS'] = 0."
)


@register()
def check_default_region(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """E010: ``DEFAULT_REGION`` is no region, or one that is not listed."""
    region = conf.current().DEFAULT_REGION
    if not region:
        return []
    try:
        known = find_region(region)
    except ValueError:
        known = ""
    if known == region:
        return []
    return [
        Error(
            f"ENSEMBLE['DEFAULT_REGION'] is {region!r}, which is not listed.",
            hint=f"Write {known!r}." if known else "Write a country, such as 'DE'.",
            id="ensemble.E010",
        )
    ]


@register()
def check_answers_cache(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """W011: answers about looks are to be kept, in a cache that web processes and workers share."""
    if not conf.current().LOOK_CACHE_SECONDS:
        return []
    try:
        cache = caches["default"]
    except InvalidCacheBackendError:
        return []  # Django says what is wrong
    if is_shared(cache):
        return []
    return [
        Warning(
            f"CACHES['default'] is {type(cache).__name__}, in which one process does not see what "
            "another changed: no answers about looks are kept, and each look is read anew.",
            hint=_CACHE_HINT,
            id="ensemble.W011",
        )
    ]
