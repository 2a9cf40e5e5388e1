"""What a look has to suit besides its anchor: occasion, season, weather, region, what is on.

Everything here is pure; `outfits.circumstances.current` reads what a context is made of.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from catalog.vocabulary import Occasion, Season
from outfits.circumstances.curation import NOTHING, Curation
from outfits.circumstances.regions import is_southern
from outfits.weather.base import WET, Weather

_SEASON_BY_MONTH = (
    *[Season.WINTER] * 2,
    *[Season.SPRING] * 3,
    *[Season.SUMMER] * 3,
    *[Season.AUTUMN] * 3,
    Season.WINTER,
)
#: Always stored, even if empty: looks stored before the other fields were there keep their keys.
_ALWAYS = ("occasion", "season")
#: What a line of the prompt is called. A region's code tells the model nothing, so it has none.
_LINES = {"occasion": "occasion", "season": "season", "weather": "weather"}
#: More would crowd out the look in a small model's prompt.
_LINES_EACH = 3


@dataclass(frozen=True, slots=True)
class Context:
    """The circumstances of one look; empty where nothing is known.

    ``weather`` is a `Weather.bucket`, ``region`` one of `outfits.circumstances.regions`; ``trends``
    and ``events`` are the names of those in force. ``curated`` is the fingerprint of all that the
    shop curates and that is in force (`Curation.fingerprint`): when that changes, so does the key.
    ``preferences`` is what of a shopper's taste counts (`outfits.shoppers.preferences`), never who
    they are.
    """

    occasion: str = ""
    season: str = ""
    weather: str = ""
    region: str = ""
    trends: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    curated: str = ""
    preferences: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        # JSON knows no tuples, and a list could not be hashed.
        object.__setattr__(self, "trends", tuple(self.trends))
        object.__setattr__(self, "events", tuple(self.events))
        object.__setattr__(self, "preferences", tuple(self.preferences))

    @property
    def key(self) -> str:
        """A hash that is equal for equal contexts; looks are stored under it."""
        return hashlib.sha256(json.dumps(self.as_json(), sort_keys=True).encode()).hexdigest()

    @property
    def warmth(self) -> str:
        """The temperature in one word (freezing, cold, mild, warm, hot), or nothing."""
        return self.weather.removesuffix(WET).strip()

    @property
    def is_personal(self) -> bool:
        """Whether somebody's taste is part of it."""
        return bool(self.preferences)

    @property
    def is_wet(self) -> bool:
        return self.weather.endswith(WET)

    def as_json(self) -> dict[str, Any]:
        """The context as it is stored with a look; ``Context(**stored)`` gives it back."""
        fields = {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self).items()}
        return {name: value for name, value in fields.items() if value or name in _ALWAYS}

    def lines(self) -> list[str]:
        """The context as lines of a prompt."""
        said = [(label, getattr(self, name)) for name, label in _LINES.items()]
        said += [("trend", name) for name in self.trends[:_LINES_EACH]]
        said += [("event", name) for name in self.events[:_LINES_EACH]]
        return [f"{label}: {value}" for label, value in said if value]


def season_on(day: date, region: str = "") -> Season:
    """The meteorological season in a region, that of the northern hemisphere without one."""
    shift = 6 if is_southern(region) else 0
    return _SEASON_BY_MONTH[(day.month - 1 + shift) % 12]


def build_context(
    *,
    occasion: str = "",
    today: date,
    region: str = "",
    weather: Weather | None = None,
    curation: Curation = NOTHING,
    preferences: tuple[str, ...] = (),
) -> Context:
    """The context of a request, from what is known of it.

    ``curation`` is what is in force. Raises `ValueError` for an occasion that does not exist.
    """
    return Context(
        occasion=Occasion(occasion) if occasion else "",
        season=season_on(today, region),
        weather=weather.bucket if weather else "",
        region=region,
        trends=tuple(trend.name for trend in curation.trends),
        events=tuple(event.name for event in curation.events),
        curated=curation.fingerprint,
        preferences=preferences,
    )
