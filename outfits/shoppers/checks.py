"""System checks of what lets shoppers and other sites in."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string

from catalog import conf

_MIDDLEWARE = "corsheaders.middleware.CorsMiddleware"
#: What the widget sends besides what browsers send by themselves.
WIDGET_HEADERS = (
    "authorization",
    "content-type",
    "x-ensemble-key",
    "x-ensemble-taste",
    "x-ensemble-visitor",
)
_KEY_CHARS = 32


@register()
def check_shopper_settings(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """E020 a weak key, E021 no such hook, E022 and E023 origins that CORS would not let in."""
    return [*_check_key(), *_check_hook(), *_check_cors()]


def _check_key() -> Iterator[CheckMessage]:
    key = conf.current().SHOPPER_KEY
    hint = "Make one: python -c 'import secrets; print(secrets.token_urlsafe(50))'"
    if key != "" and (not isinstance(key, str) or len(key) < _KEY_CHARS):
        # The key itself is not printed: logs are read by many.
        yield Error(
            f"ENSEMBLE['SHOPPER_KEY'] is no text of at least {_KEY_CHARS} characters.",
            hint=hint,
            id="ensemble.E020",
        )
    elif key and key == settings.SECRET_KEY:
        yield Error(
            "ENSEMBLE['SHOPPER_KEY'] is SECRET_KEY: whoever signs tokens could sign sessions.",
            hint=hint,
            id="ensemble.E020",
        )


def _check_hook() -> Iterator[CheckMessage]:
    path = conf.current().SHOPPER_FROM_REQUEST
    try:
        found = callable(import_string(path))
    except (ImportError, AttributeError, TypeError):
        found = False
    if not found:
        yield Error(
            f"ENSEMBLE['SHOPPER_FROM_REQUEST'] is {path!r}, which is no function.",
            hint="Write the dotted path of a function of the request that gives a shopper's id or "
            f"None, such as the default {conf.EnsembleSettings().SHOPPER_FROM_REQUEST!r}.",
            id="ensemble.E021",
        )


def _check_cors() -> Iterator[CheckMessage]:
    if not conf.current().ALLOWED_ORIGINS:
        return
    if _MIDDLEWARE not in settings.MIDDLEWARE:
        yield Error(
            f"ENSEMBLE['ALLOWED_ORIGINS'] lists sites, but MIDDLEWARE lacks {_MIDDLEWARE!r}.",
            hint="Add 'corsheaders' to INSTALLED_APPS and the middleware before CommonMiddleware.",
            id="ensemble.E022",
        )
    allowed = {header.lower() for header in getattr(settings, "CORS_ALLOW_HEADERS", ())}
    if missing := [header for header in WIDGET_HEADERS if header not in allowed]:
        yield Error(
            f"CORS_ALLOW_HEADERS lacks {', '.join(missing)}: other sites' pages could not send it.",
            hint="Add them to CORS_ALLOW_HEADERS.",
            id="ensemble.E023",
        )
