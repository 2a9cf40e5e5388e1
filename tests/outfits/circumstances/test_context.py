from datetime import date

import pytest

from outfits.circumstances.context import Context, build_context
from outfits.circumstances.curation import Curation, Period, TrendInForce
from outfits.weather.base import Weather

JULY = date(2026, 7, 1)


def test_equal_contexts_share_a_key() -> None:
    assert Context("work", "winter").key == Context("work", "winter").key


def test_another_occasion_is_another_key() -> None:
    assert Context("work", "winter").key != Context("party", "winter").key


def test_keys_of_looks_stored_before_there_was_weather_stay() -> None:
    assert Context("work", "winter").as_json() == {"occasion": "work", "season": "winter"}
    assert Context("work", "winter").key.startswith("3d910656")


def test_a_stored_context_comes_back_as_it_was() -> None:
    context = Context("work", "winter", "cold wet", "DE", ("Barrel jeans",), ("Fair",), "0f")
    assert Context(**context.as_json()) == context


@pytest.mark.parametrize(
    ("month", "season"),
    [(1, "winter"), (2, "winter"), (3, "spring"), (6, "summer"), (9, "autumn"), (12, "winter")],
)
def test_the_season_follows_the_date(month: int, season: str) -> None:
    assert build_context(today=date(2026, month, 1)).season == season


@pytest.mark.parametrize(("region", "season"), [("DE", "summer"), ("AU-NSW", "winter")])
def test_the_season_follows_the_hemisphere(region: str, season: str) -> None:
    assert build_context(today=JULY, region=region).season == season


@pytest.mark.parametrize(
    ("weather", "bucket"),
    [
        (Weather(-3), "freezing"),
        (Weather(2), "cold"),
        (Weather(12, wet=True), "mild wet"),
        (Weather(22), "warm"),
        (Weather(32), "hot"),
        (Weather(wet=True), "wet"),
    ],
)
def test_like_weather_is_one_context(weather: Weather, bucket: str) -> None:
    context = build_context(today=JULY, weather=weather)
    assert context.weather == bucket
    assert (context.warmth, context.is_wet) == (bucket.removesuffix("wet").strip(), weather.wet)


def test_an_occasion_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="brunch-on-mars"):
        build_context(occasion="brunch-on-mars", today=date(2026, 1, 1))


def test_what_is_not_known_is_not_in_the_prompt() -> None:
    assert Context(season="winter").lines() == ["season: winter"]


def test_what_is_known_is_in_the_prompt() -> None:
    context = Context("work", "winter", "cold wet", "DE", ("Barrel jeans",), ("Fashion week",))
    assert context.lines() == [
        "occasion: work",
        "season: winter",
        "weather: cold wet",
        "trend: Barrel jeans",
        "event: Fashion week",
    ]


def test_a_trend_that_ends_later_is_the_same_context() -> None:
    def context(ends: date) -> Context:
        trend = TrendInForce("Barrel jeans", words=("barrel",), period=Period(ends=ends))
        return build_context(today=JULY, curation=Curation(trends=(trend,)))

    assert context(date(2026, 8, 1)).key == context(date(2026, 9, 1)).key


def test_a_trend_that_weighs_more_is_another_context() -> None:
    def context(weight: float) -> Context:
        trend = TrendInForce("Barrel jeans", words=("barrel",), weight=weight)
        return build_context(today=JULY, curation=Curation(trends=(trend,)))

    assert context(1.0).key != context(2.0).key
