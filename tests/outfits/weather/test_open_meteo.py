import json
from collections.abc import Iterator

import pytest

from outfits.weather.base import Weather, WeatherError
from outfits.weather.open_meteo import OpenMeteo
from tests.outfits.weather.forecast_server import ForecastServer, serve_forecasts


@pytest.fixture
def server() -> Iterator[ForecastServer]:
    with serve_forecasts() as server:
        yield server


def ask(server: ForecastServer, region: str = "DE-BE", **options: object) -> Weather | None:
    return OpenMeteo(url=server.url, **options).current(region)  # type: ignore[arg-type]


def test_the_weather_of_a_region_is_read_from_the_answer(server: ForecastServer) -> None:
    assert ask(server) == Weather(2.1, wet=True)


def test_only_the_regions_point_is_asked_about(server: ForecastServer) -> None:
    ask(server)
    assert server.asked == [
        {"latitude": "52.5", "longitude": "13.4", "current": "temperature_2m,precipitation"}
    ]


def test_a_paying_customers_key_is_sent(server: ForecastServer) -> None:
    ask(server, api_key="paid")
    assert server.asked[0]["apikey"] == "paid"


def test_a_region_without_a_point_has_no_weather(server: ForecastServer) -> None:
    assert ask(server, "XX") is None
    assert server.asked == []


@pytest.mark.parametrize(("status", "retryable"), [(503, True), (429, True), (400, False)])
def test_a_refusal_says_whether_asking_again_helps(
    server: ForecastServer, status: int, retryable: bool
) -> None:
    server.status = status
    with pytest.raises(WeatherError, match=str(status)) as raised:
        ask(server)
    assert raised.value.retryable is retryable


@pytest.mark.parametrize(
    "body",
    ["not json", "[]", "{}", json.dumps({"current": {"temperature_2m": None}})]
    + [json.dumps({"current": {"temperature_2m": value}}) for value in ("NaN", 4000)],
)
def test_an_answer_that_makes_no_sense_is_no_weather(server: ForecastServer, body: str) -> None:
    server.body = body
    with pytest.raises(WeatherError):
        ask(server)


def test_a_slow_server_is_not_waited_for(server: ForecastServer) -> None:
    server.delay = 2.0
    with pytest.raises(WeatherError, match="Timeout") as raised:
        ask(server, timeout_seconds=0.1)
    assert raised.value.retryable


def test_no_server_is_a_failure_that_may_pass() -> None:
    with pytest.raises(WeatherError) as raised:
        OpenMeteo(url="http://127.0.0.1:9/v1/forecast").current("DE")
    assert raised.value.retryable
