"""Open-Meteo's forecast API (https://open-meteo.com/en/docs), or a server of your own that runs it.

Asked for a region's point, it answers ``{"current": {"temperature_2m": 4.3, "precipitation": 0.2,
...}}``, temperature in °C and precipitation (rain, showers and snow) in mm.
"""

import math
from typing import Any

import httpx

from outfits.circumstances.regions import read_points
from outfits.weather.base import Weather, WeatherError

#: Less than this (mm in the last quarter of an hour) leaves nobody wet.
_WET_MM = 0.1


class OpenMeteo:
    """Asks ``url``, with the ``api_key`` that paying customers have.

    ``timeout_seconds`` is what each of connecting, sending and waiting for more may take.
    """

    def __init__(
        self,
        url: str = "https://api.open-meteo.com/v1/forecast",
        api_key: str = "",
        timeout_seconds: float = 5.0,
    ) -> None:
        self._url = url
        self._key = {"apikey": api_key} if api_key else {}
        self._timeout = timeout_seconds

    def current(self, region: str) -> Weather | None:
        """The weather now; None for a region without a point. Raises `WeatherError`."""
        point = read_points().get(region)
        if point is None:
            return None
        return _read(self._ask(*point))

    def _ask(self, latitude: float, longitude: float) -> Any:
        asked = {
            "latitude": str(latitude),
            "longitude": str(longitude),
            "current": "temperature_2m,precipitation",
            **self._key,
        }
        try:
            answer = httpx.get(self._url, params=asked, timeout=self._timeout)
        except httpx.HTTPError as error:
            # The address holds the key, so only the kind of failure is said.
            raise WeatherError(type(error).__name__, retryable=True) from error
        if answer.status_code != httpx.codes.OK:
            retryable = (
                answer.status_code == httpx.codes.TOO_MANY_REQUESTS or answer.is_server_error
            )
            raise WeatherError(f"HTTP {answer.status_code}", retryable=retryable)
        try:
            return answer.json()
        except ValueError as error:
            raise WeatherError("The answer is no JSON.", retryable=True) from error


def _read(answer: Any) -> Weather:
    try:
        temperature = float(answer["current"]["temperature_2m"])
        precipitation = float(answer["current"].get("precipitation") or 0.0)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise WeatherError("The answer holds no current temperature.", retryable=False) from error
    if not math.isfinite(temperature) or not -90 <= temperature <= 70:
        raise WeatherError(f"{temperature} °C is no temperature.", retryable=False)
    return Weather(temperature, wet=precipitation >= _WET_MM)
