"""The language model seam: what every model server takes, gives back and raises."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol


class LanguageModelError(Exception):
    """The model server did not do what was asked.

    ``retryable`` says whether the same call may work later (server down, busy, timed out) or never
    will (unknown adapter, a request it refuses).
    """

    def __init__(self, message: str, *, retryable: bool) -> None:
        super().__init__(message)
        self.retryable = retryable


class LanguageModel(Protocol):
    """A model server, one or more replicas of it. Every call may raise `LanguageModelError`."""

    @property
    def model_name(self) -> str:
        """The name under which the server offers the base model."""
        ...

    def match(self, query: str, questions: Sequence[str], *, adapter: str = "") -> list[float]:
        """Put each question after ``query`` to one replica; an empty ``adapter``: the base model.

        Gives the log-odds of each answer, log P(yes) - log P(no), natural.
        """
        ...

    def load_adapter(self, name: str, path: Path) -> None:
        """Load an adapter folder into every replica; one that has it already is left alone."""
        ...

    def unload_adapter(self, name: str) -> None:
        """Unload an adapter from every replica that has it."""
        ...

    def canary(
        self, query: str, questions: Sequence[str], *, adapter: str
    ) -> Mapping[str, list[float]]:
        """Put the same to every replica; the log-odds by replica address."""
        ...

    def is_healthy(self) -> bool:
        """Whether every replica answers."""
        ...
