import pytest
from pytest_django import Settings

from outfits.checks import check_default_region


@pytest.mark.parametrize(("region", "hint"), [("XX", "such as"), ("DE-XX", "'DE'"), ("de", "'DE'")])
def test_a_default_region_that_is_not_listed_stops_the_start(
    settings: Settings, region: str, hint: str
) -> None:
    settings.ENSEMBLE = {**settings.ENSEMBLE, "DEFAULT_REGION": region}
    [error] = check_default_region()
    assert hint in str(error.hint)


@pytest.mark.parametrize("region", ["", "DE", "DE-BE"])
def test_a_listed_region_or_none_is_fine(settings: Settings, region: str) -> None:
    settings.ENSEMBLE = {**settings.ENSEMBLE, "DEFAULT_REGION": region}
    assert check_default_region() == []
