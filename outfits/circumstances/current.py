"""Reads what a context is made of: what the shop curates, regional taste and the weather."""

from datetime import UTC, date, datetime
from functools import lru_cache

from django.core.cache import cache

from catalog import conf
from outfits.circumstances.context import Context, build_context
from outfits.circumstances.curation import NOTHING, Curation
from outfits.circumstances.curation_rows import read_curation
from outfits.circumstances.regions import find_region
from outfits.marks import cache_may_be_away
from outfits.served import answers_forget, recall_with_state
from outfits.weather import cached_weather
from outfits.weather.base import Weather

_CURATION_KEY = "ensemble:curation"
#: Saving a row forgets the cached copy at once; this is for changes that go around the models.
_CURATION_SECONDS = 300


def current_context(
    *,
    occasion: str = "",
    region: str = "",
    weather: Weather | None = None,
    preferences: tuple[str, ...] = (),
) -> Context:
    """The context of a look that is asked for now; no service is asked while a page waits.

    Without ``region``, the shop's own (``DEFAULT_REGION``); without ``weather``, the cached weather
    of the region, if there is any. Raises `ValueError` for an occasion or region that does not
    exist.
    """
    asked = region or conf.current().DEFAULT_REGION
    place = find_region(asked) if asked else ""
    today = datetime.now(UTC).date()
    return build_context(
        occasion=occasion,
        today=today,
        region=place,
        weather=weather or cached_weather(place),
        curation=curation_in_force(place, today),
        preferences=preferences,
    )


def curation_in_force(region: str, day: date) -> Curation:
    """What the shop curates, and regional taste, in a region on a day."""
    state, kept = recall_with_state(_CURATION_KEY)
    # What was read while somebody wrote is kept under the state from before, and so read again.
    every: Curation = kept[1] if kept and kept[0] == state else read_curation()
    if not kept or kept[0] != state:
        cache.set(_CURATION_KEY, (state, every), _CURATION_SECONDS)
    return every.in_force(region, day)


def curation_forget(*, using: str | None = None, **kwargs: object) -> None:
    """Have what is in force read anew; a receiver of signals."""
    with cache_may_be_away():
        cache.delete(_CURATION_KEY)
    answers_forget(using=using)


def recall_curation(context: Context) -> Curation:
    """What was in force when ``context`` was made; what is in force now if that has changed."""
    if not context.curated:
        return NOTHING
    today = datetime.now(UTC).date()
    try:
        return _recall(context.curated, context.region, today)
    except LookupError:
        return curation_in_force(context.region, today)


@lru_cache(maxsize=64)
def _recall(fingerprint: str, region: str, day: date) -> Curation:
    # Asked once a candidate: reading the cache each time would cost more than the look's model.
    found = curation_in_force(region, day)
    if found.fingerprint != fingerprint:
        raise LookupError(fingerprint)
    return found
