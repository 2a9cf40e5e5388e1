"""No weather service: looks follow the season alone, or the weather that the host shop passes."""

from outfits.weather.base import Weather


class NoWeather:
    """Knows no weather."""

    def current(self, region: str) -> Weather | None:
        return None
