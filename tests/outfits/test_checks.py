from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pytest
from pytest_django import Settings

from outfits.checks import check_answers_cache, check_default_region


@pytest.mark.parametrize(("region", "hint"), [("XX", "such as"), ("DE-XX", "'DE'"), ("de", "'DE'")])
def test_a_default_region_that_is_not_listed_stops_the_start(
    settings: Settings, region: str, hint: str
) -> None:
    settings.ENSEMBLE = {**settings.ENSEMBLE, "DEFAULT_REGION": region}
    [error] = check_default_region()
    assert hint in str(error.hint)


@pytest.mark.parametrize("region", ["", "DE", "DE-BE"])
def test_a_listed_region_or_none_is_fine(settings: Settings, region: str) -> None:
    settings.ENSEMBLE = {**settings.ENSEMBLE, "DEFAULT_REGION": region}
    assert check_default_region() == []


def found(settings: Settings, backend: str, seconds: int = 60, **options: Any) -> dict[str, str]:
    """Check id -> what is advised, with answers kept so long in such a cache."""
    settings.CACHES = {"default": {"BACKEND": backend, **options}}
    settings.ENSEMBLE = {**settings.ENSEMBLE, "LOOK_CACHE_SECONDS": seconds}
    return {str(message.id): str(message.hint) for message in check_answers_cache()}


BACKENDS = "django.core.cache.backends"
FOLDER: dict[str, Any] = {"LOCATION": str(Path(gettempdir()) / "ensemble-no-such-folder")}
UNSHARED: list[tuple[str, dict[str, Any]]] = [
    (f"{BACKENDS}.locmem.LocMemCache", {}),
    (f"{BACKENDS}.filebased.FileBasedCache", FOLDER),
    (f"{BACKENDS}.dummy.DummyCache", {}),
]


@pytest.mark.parametrize(("backend", "options"), UNSHARED)
def test_a_cache_that_processes_do_not_share_is_told_with_what_to_write(
    settings: Settings, backend: str, options: dict[str, Any]
) -> None:
    [(told, hint)] = found(settings, backend, **options).items()
    assert told == "ensemble.W011"
    assert "redis.RedisCache" in hint
    assert "LOOK_CACHE_SECONDS" in hint


@pytest.mark.parametrize(("backend", "options"), UNSHARED)
def test_where_no_answers_are_kept_any_cache_will_do(
    settings: Settings, backend: str, options: dict[str, Any]
) -> None:
    assert found(settings, backend, seconds=0, **options) == {}


def test_the_cache_of_the_project_is_shared(settings: Settings) -> None:
    assert found(settings, "config.redis_cache.KeptRedisCache", LOCATION="redis://localhost") == {}


def test_a_cache_that_there_is_not_is_for_django_to_tell(settings: Settings) -> None:
    assert found(settings, "no.such.Cache") == {}
