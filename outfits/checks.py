"""System checks of what only outfits can judge."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from catalog import conf
from outfits.circumstances.regions import find_region


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
