"""The weather: `get_weather_service` gives the service that settings name, pages read its cache."""

import structlog
from django.core.cache import cache

from catalog import conf
from catalog.backends import load_backend, once_per_process
from catalog.queueing import queue_task
from outfits.weather.base import Weather, WeatherError, WeatherService

log = structlog.get_logger(__name__)

NO_WEATHER = "outfits.weather.none.NoWeather"
#: How long weather is good, and how long it is shown while newer is on its way (seconds).
FRESH_SECONDS, KEPT_SECONDS = 3600, 2 * 3600
#: After a failure, or while a refresh waits in the queue, it is not asked again for this long.
_ASKED_SECONDS = 300


@once_per_process
def get_weather_service() -> WeatherService:
    """The service of ``ENSEMBLE["WEATHER"]``."""
    config = conf.current()
    service: WeatherService = load_backend(config.WEATHER, **config.WEATHER_OPTIONS)
    return service


def cached_weather(region: str) -> Weather | None:
    """The weather of a region as far as it is known already; old or unknown, it is sent for."""
    if not region or conf.current().WEATHER == NO_WEATHER:
        return None
    if cache.add(_asked(region), 1, _ASKED_SECONDS):
        from outfits.tasks import refresh_weather

        queue_task(refresh_weather, region)
    found: Weather | None = cache.get(_key(region))
    return found


def weather_refresh(*, region: str) -> Weather | None:
    """Ask the service for the weather of a region and keep it; a failure is logged: no weather."""
    try:
        weather = get_weather_service().current(region)
    except WeatherError as error:
        log.warning("weather_unknown", region=region, error=str(error), retryable=error.retryable)
        return None
    if weather is not None:
        cache.set(_key(region), weather, KEPT_SECONDS)
    cache.set(_asked(region), 1, FRESH_SECONDS)
    return weather


def _key(region: str) -> str:
    return f"ensemble:weather:{region}"


def _asked(region: str) -> str:
    return f"ensemble:weather-asked:{region}"
