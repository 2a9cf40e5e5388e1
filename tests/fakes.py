"""Stand-ins for models in fast tests: they answer as told and remember what they were asked."""

from collections.abc import Mapping, Sequence
from math import log
from pathlib import Path
from typing import Any

from PIL import Image

from catalog.captioning.base import CaptionDraft
from catalog.models import EMBEDDING_DIMENSIONS
from outfits.llm.base import Choice, LanguageModelError
from outfits.prompts import Message


class FakeCaptioner:
    """Says of every picture what ``draft`` says."""

    def __init__(self, captioner_id: str = "fake-captioner") -> None:
        self.captioner_id = captioner_id
        self.draft = CaptionDraft(sentence="A plain thing.", colour="Red", article_type="Tshirts")
        self.error: Exception | None = None
        self.asked: list[Image.Image] = []

    def caption(self, images: Sequence[Image.Image]) -> list[CaptionDraft]:
        if self.error:
            raise self.error
        self.asked.extend(images)
        return [self.draft for _ in images]


class FakeEmbedder:
    """Gives every text a unit vector that depends on its letters, so that like texts are near."""

    def __init__(self, model_id: str = "fake-embedder") -> None:
        self.model_id = model_id
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        self.asked.extend(texts)
        return [unit_vector(text) for text in texts]


def unit_vector(text: str) -> list[float]:
    """Counts of letters, scaled to length 1."""
    counts = [0.0] * EMBEDDING_DIMENSIONS
    for letter in text.lower():
        counts[ord(letter) % EMBEDDING_DIMENSIONS] += 1
    length = sum(count * count for count in counts) ** 0.5 or 1.0
    return [count / length for count in counts]


class FakeLanguageModel:
    """Prefers candidates whose line contains ``taste``; remembers every question.

    ``error`` is raised instead of an answer; ``broken_adapters`` cannot be loaded.
    """

    def __init__(self, model_name: str = "fake-model", **options: Any) -> None:
        self.model_name = model_name
        self.taste = ""
        self.error: LanguageModelError | None = None
        self.broken_adapters: set[str] = set()
        self.loaded: dict[str, Path] = {}
        self.asked: list[tuple[Sequence[Message], Sequence[str], str]] = []

    def choose(
        self, messages: Sequence[Message], letters: Sequence[str], *, adapter: str = ""
    ) -> Choice:
        if self.error:
            raise self.error
        self.asked.append((messages, letters, adapter))
        lines = {line[:1]: line for line in messages[-1]["content"].splitlines() if ". " in line}
        weights = {
            letter: 10.0 if self.taste and self.taste in lines[letter] else 1.0 / (1 + rank)
            for rank, letter in enumerate(letters)
        }
        total = sum(weights.values())
        best = max(weights, key=lambda letter: weights[letter])
        return Choice(best, {letter: log(weight / total) for letter, weight in weights.items()})

    def load_adapter(self, name: str, path: Path) -> None:
        if self.error:
            raise self.error
        if name in self.broken_adapters:
            raise LanguageModelError(f"{name} cannot be loaded", retryable=False)
        self.loaded[name] = path

    def unload_adapter(self, name: str) -> None:
        self.loaded.pop(name, None)

    def canary(
        self, messages: Sequence[Message], letters: Sequence[str], *, adapter: str
    ) -> Mapping[str, Choice]:
        return {"replica-1": self.choose(messages, letters, adapter=adapter)}

    def is_healthy(self) -> bool:
        return self.error is None
