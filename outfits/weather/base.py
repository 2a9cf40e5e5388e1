"""The weather, as coarse as clothes need it, and what a service that knows it has to offer."""

from dataclasses import dataclass
from typing import Protocol

#: Up to which temperature (°C, exclusive) each word holds; above the last it is hot.
_UP_TO = ((0.0, "freezing"), (10.0, "cold"), (18.0, "mild"), (26.0, "warm"))
HOT = "hot"
WET = "wet"


@dataclass(frozen=True, slots=True)
class Weather:
    """Degrees Celsius (None: not known), and whether rain or snow falls."""

    temperature_c: float | None = None
    wet: bool = False

    @property
    def bucket(self) -> str:
        """The weather in words, so that looks of like weather are stored once.

        >>> Weather(31.5).bucket, Weather(4, wet=True).bucket, Weather().bucket
        ('hot', 'cold wet', '')
        """
        return " ".join(filter(None, [self._warmth, WET if self.wet else ""]))

    @property
    def _warmth(self) -> str:
        if self.temperature_c is None:
            return ""
        return next((word for limit, word in _UP_TO if self.temperature_c < limit), HOT)


class WeatherError(Exception):
    """The weather could not be had. ``retryable``: asking again later may help."""

    def __init__(self, message: str, *, retryable: bool) -> None:
        super().__init__(message)
        self.retryable = retryable


class WeatherService(Protocol):
    """Knows the weather of a region now."""

    def current(self, region: str) -> Weather | None:
        """The weather of a region of `outfits.circumstances.regions`, None where it is not known.

        Raises `WeatherError`.
        """
        ...
