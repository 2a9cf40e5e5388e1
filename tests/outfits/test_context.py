from datetime import date

import pytest

from outfits.context import Context, build_context


def test_equal_contexts_share_a_key() -> None:
    assert Context("work", "winter").key == Context("work", "winter").key


def test_another_occasion_is_another_key() -> None:
    assert Context("work", "winter").key != Context("party", "winter").key


@pytest.mark.parametrize(
    ("month", "season"),
    [(1, "winter"), (2, "winter"), (3, "spring"), (6, "summer"), (9, "autumn"), (12, "winter")],
)
def test_the_season_follows_the_date(month: int, season: str) -> None:
    assert build_context(today=date(2026, month, 1)).season == season


def test_an_occasion_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="brunch-on-mars"):
        build_context(occasion="brunch-on-mars", today=date(2026, 1, 1))


def test_what_is_not_known_is_not_in_the_prompt() -> None:
    assert Context(season="winter").lines() == ["season: winter"]
