from collections.abc import Iterator

import pytest
from django.core.cache import cache
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from outfits.circumstances.current import current_context
from outfits.weather import cached_weather, weather_refresh
from outfits.weather.base import Weather
from tests.outfits.weather.forecast_server import ForecastServer, serve_forecasts

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings: Settings) -> Iterator[ForecastServer]:
    cache.clear()
    with serve_forecasts() as server:
        settings.ENSEMBLE = {
            **settings.ENSEMBLE,
            "WEATHER": "outfits.weather.open_meteo.OpenMeteo",
            "WEATHER_OPTIONS": {"url": server.url},
        }
        yield server


def test_a_page_never_asks_the_service_itself(
    server: ForecastServer, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as queued:
        assert [cached_weather("DE") for _ in range(3)] == [None, None, None]
    assert (server.asked, len(queued)) == ([], 1)


def test_what_a_worker_learned_is_in_the_next_context(server: ForecastServer) -> None:
    weather_refresh(region="DE")
    assert current_context(region="DE").weather == "cold wet"


def test_fresh_weather_is_not_sent_for_again(
    server: ForecastServer, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    weather_refresh(region="DE")
    with django_capture_on_commit_callbacks() as queued:
        assert cached_weather("DE") == Weather(2.1, wet=True)
    assert queued == []


def test_a_failure_is_no_weather(server: ForecastServer) -> None:
    server.status = 500
    assert weather_refresh(region="DE") is None
    assert current_context(region="DE").weather == ""


def test_weather_that_the_shop_passes_wins(server: ForecastServer) -> None:
    weather_refresh(region="DE")
    assert current_context(region="DE", weather=Weather(32)).weather == "hot"


def test_without_a_service_nothing_is_queued(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as queued:
        assert cached_weather("DE") is None
    assert queued == []
