"""Stand-ins for models in fast tests: they answer as told and remember what they were asked."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from catalog.captioning.base import CaptionDraft
from catalog.models import EMBEDDING_DIMENSIONS
from outfits.llm.base import LanguageModelError


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
    """Likes candidates whose question contains ``taste``; remembers everything it was asked.

    With ``words`` its log-odds are the sum of what those words weigh that query and question hold.
    ``error`` is raised instead of an answer; ``broken_adapters`` cannot be loaded.
    """

    def __init__(self, model_name: str = "fake-model", **options: Any) -> None:
        self.model_name = model_name
        self.taste = ""
        self.words: dict[str, float] = {}
        self.error: LanguageModelError | None = None
        self.broken_adapters: set[str] = set()
        self.loaded: dict[str, Path] = {}
        self.asked: list[tuple[str, Sequence[str], str]] = []

    def match(self, query: str, questions: Sequence[str], *, adapter: str = "") -> list[float]:
        if self.error:
            raise self.error
        self.asked.append((query, questions, adapter))
        if self.words:
            return [
                sum(weight for word, weight in self.words.items() if word in query + question)
                for question in questions
            ]
        return [
            5.0 if self.taste and self.taste in question else -float(rank)
            for rank, question in enumerate(questions)
        ]

    def load_adapter(self, name: str, path: Path) -> None:
        if self.error:
            raise self.error
        if name in self.broken_adapters:
            raise LanguageModelError(f"{name} cannot be loaded", retryable=False)
        self.loaded[name] = path

    def unload_adapter(self, name: str) -> None:
        self.loaded.pop(name, None)

    def canary(
        self, query: str, questions: Sequence[str], *, adapter: str
    ) -> Mapping[str, list[float]]:
        return {"replica-1": self.match(query, questions, adapter=adapter)}

    def is_healthy(self) -> bool:
        return self.error is None
