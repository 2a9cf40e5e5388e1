"""What a look has to suit besides its anchor: the occasion and the season."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date

from catalog.vocabulary import Occasion, Season

_SEASON_BY_MONTH = (
    *[Season.WINTER] * 2,
    *[Season.SPRING] * 3,
    *[Season.SUMMER] * 3,
    *[Season.AUTUMN] * 3,
    Season.WINTER,
)


@dataclass(frozen=True, slots=True)
class Context:
    """The circumstances of one look; empty strings where nothing is known."""

    occasion: str = ""
    season: str = ""

    @property
    def key(self) -> str:
        """A hash that is equal for equal contexts; looks are stored under it."""
        return hashlib.sha256(json.dumps(self.as_json(), sort_keys=True).encode()).hexdigest()

    def as_json(self) -> dict[str, str]:
        """The context as it is stored with a look."""
        return asdict(self)

    def lines(self) -> list[str]:
        """The context as lines of a prompt."""
        return [f"{name}: {value}" for name, value in self.as_json().items() if value]


def season_on(day: date) -> Season:
    """The meteorological season of the northern hemisphere."""
    return _SEASON_BY_MONTH[day.month - 1]


def build_context(*, occasion: str = "", today: date) -> Context:
    """The context of a request. Raises `ValueError` for an occasion that does not exist."""
    return Context(occasion=Occasion(occasion) if occasion else "", season=season_on(today))
