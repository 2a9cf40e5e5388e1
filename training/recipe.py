"""A recipe with some of it changed, as somebody says it on a command line."""

from collections.abc import Sequence
from dataclasses import fields, replace
from math import isfinite, nan
from typing import Any

from training.sft import StylistConfig


def change_recipe(recipe: StylistConfig, changes: Sequence[str]) -> StylistConfig:
    """``recipe`` with ``changes`` such as ``rank=8`` or ``targets=q_proj,v_proj``.

    Raises `ValueError` for a name that is none, or a value of another type.
    """
    changed: dict[str, Any] = dict(_read(recipe, change) for change in changes)
    return replace(recipe, **changed)


def changeable(recipe: StylistConfig) -> list[str]:
    """The names that may be changed: all that are a number, a text or a list of texts."""
    simple = (int, float, str, tuple)
    return [f.name for f in fields(recipe) if isinstance(getattr(recipe, f.name), simple)]


def _read(recipe: StylistConfig, change: str) -> tuple[str, object]:
    name, _, text = change.partition("=")
    if name not in changeable(recipe):
        raise ValueError(
            f"{name!r} is not in the recipe; there are {', '.join(changeable(recipe))}"
        )
    before = getattr(recipe, name)
    if isinstance(before, tuple):
        return name, tuple(filter(None, text.split(",")))
    if isinstance(before, str):
        return name, text
    try:
        value = float(text)
    except ValueError:
        value = nan
    # 8.5 is no rank, and neither 8.5 nor NaN equals what it would be cut down to.
    if not isfinite(value) or type(before)(value) != value:
        raise ValueError(f"{name} takes a number such as {before}, not {text!r}")
    return name, type(before)(value)
