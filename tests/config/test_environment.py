import pytest
from django.core.exceptions import ImproperlyConfigured

from config.environment import Environment


@pytest.mark.parametrize(
    ("method", "value", "expected"),
    [("int", "many", "a whole number"), ("float", "fast", "a number"), ("json", "{x", "JSON")],
)
def test_a_variable_that_cannot_be_read_is_named_with_what_to_write(
    method: str, value: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENSEMBLE_SOMETHING", value)
    with pytest.raises(ImproperlyConfigured, match=f"ENSEMBLE_SOMETHING is .* write {expected}"):
        getattr(Environment(), method)("ENSEMBLE_SOMETHING", default=None)


def test_a_variable_that_is_not_set_has_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ENSEMBLE_SOMETHING", raising=False)
    assert Environment().int("ENSEMBLE_SOMETHING", default=7) == 7
