"""The language model seam: what every model server takes, gives back and raises."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from outfits.prompts import Message


@dataclass(frozen=True, slots=True)
class Choice:
    """The answer to a lettered question.

    ``logprobs`` holds the natural log-probability of every offered letter, renormalised over them
    (their probabilities add up to 1); ``completion`` is the letter the model said.
    """

    completion: str
    logprobs: Mapping[str, float]


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

    def choose(
        self, messages: Sequence[Message], letters: Sequence[str], *, adapter: str = ""
    ) -> Choice:
        """Ask for one of ``letters``, of one replica; an empty ``adapter`` asks the base model."""
        ...

    def load_adapter(self, name: str, path: Path) -> None:
        """Load an adapter folder into every replica; one that has it already is left alone."""
        ...

    def unload_adapter(self, name: str) -> None:
        """Unload an adapter from every replica that has it."""
        ...

    def canary(
        self, messages: Sequence[Message], letters: Sequence[str], *, adapter: str
    ) -> Mapping[str, Choice]:
        """Ask every replica the same question; the answers by replica address."""
        ...

    def is_healthy(self) -> bool:
        """Whether every replica answers."""
        ...
