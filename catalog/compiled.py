"""Query sets of one shape whose SQL is made once, for pages that wait.

Django compiles a query set anew at each use, which takes longer than PostgreSQL needs to find one
row by an index (`benchmarks/provisional_look.py`).
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from inspect import signature
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db.models import Model, QuerySet

if TYPE_CHECKING:
    from django.db.models.query import RawQuerySet

_M = TypeVar("_M", bound=Model)
#: By the type of a value, what stands for the n-th one while SQL is made, and for nothing else.
_MARKS: Mapping[type, Callable[[int], Any]] = {
    str: "ensemble:value:{}".format,
    int: lambda place: 2_000_000_000 + place,
}


class CompiledQuery(Generic[_M]):
    """Finds rows as ``build(**values)`` does, which must do the same whatever the values are.

    ``build`` says the types of its values, str or int.
    """

    def __init__(self, build: Callable[..., QuerySet[_M]]) -> None:
        self._build = build

    def find(self, **values: str | int) -> "RawQuerySet[_M]":
        """The rows with these values."""
        model, sql, order = self._compiled
        return model._default_manager.raw(sql, [values.get(name, fixed) for name, fixed in order])

    @cached_property
    def _compiled(self) -> tuple[type[_M], str, list[tuple[str, Any]]]:
        """The model, its SQL, and of each value its name, or ("") what it always is."""
        asked = signature(self._build, eval_str=True).parameters.values()
        marks = {each.name: _MARKS[each.annotation](place) for place, each in enumerate(asked)}
        names = {mark: name for name, mark in marks.items()}
        found = self._build(**marks)
        sql, values = found.query.sql_with_params()
        return found.model, sql, [(names.get(value, ""), value) for value in values]
