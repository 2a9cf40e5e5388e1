"""Loads the parts that settings name by a dotted path, once a process."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar

from django.core.signals import setting_changed
from django.utils.module_loading import import_string

T = TypeVar("T")


def load_backend(path: str, **options: Any) -> Any:
    """Import the class at ``path`` and make one with ``options``."""
    return import_string(path)(**options)


def once_per_process(factory: Callable[[], T]) -> Callable[[], T]:
    """Keep what ``factory`` makes (a loaded model, a connection pool) until settings change."""
    cached = lru_cache(maxsize=1)(factory)

    def _forget(*, setting: str, **kwargs: Any) -> None:
        if setting == "ENSEMBLE":
            cached.cache_clear()

    setting_changed.connect(_forget, weak=False)
    return wraps(factory)(cached)
