"""Reading the environment, with errors that say which variable and what to write."""

from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

_EXPECTED = {bool: "true or false", int: "a whole number", float: "a number", "json": "JSON"}


class Environment(environ.Env):  # type: ignore[misc]  # django-environ ships no types
    """`environ.Env` that names the variable when its value cannot be read."""

    def get_value(
        self, var: str, cast: Any = None, default: Any = environ.Env.NOTSET, **options: Any
    ) -> Any:
        """The variable's value as ``cast``. Raises `ImproperlyConfigured` when it is no such."""
        try:
            return super().get_value(var, cast=cast, default=default, **options)
        except ValueError as error:
            name = getattr(cast, "__name__", "")
            expected = _EXPECTED.get(cast) or _EXPECTED["json" if name == "loads" else int]
            raise ImproperlyConfigured(
                f"{var} is {self.ENVIRON.get(var)!r}: write {expected}. "
                ".env.example documents every variable."
            ) from error
