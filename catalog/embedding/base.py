"""The embedding seam: what every embedder takes, gives back and raises."""

from collections.abc import Sequence
from typing import Protocol


class EmbeddingError(Exception):
    """A text could not be embedded; ``retryable`` says whether trying again can help."""

    def __init__(self, message: str, *, retryable: bool) -> None:
        super().__init__(message)
        self.retryable = retryable


class Embedder(Protocol):
    """Turns texts into unit vectors. ``model_id`` names the model; vectors are keyed by it."""

    @property
    def model_id(self) -> str: ...

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Embed ``texts``: one vector each, of Euclidean length 1. Raises `EmbeddingError`."""
        ...
