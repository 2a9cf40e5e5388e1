"""Who can be asked what completes a look: sanity scorers, baselines and the served stylist.

Every scorer answers the same questions (`FillIn`), so that `training.comparison` can put them side
by side. Higher is better; a score means nothing across questions unless ``is_absolute`` says so.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import log
from random import Random
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from catalog.embedding.base import Embedder
from outfits.llm.base import LanguageModel
from outfits.prompts import LETTERS, build_choice_messages, describe_item
from training.polyvore import Item, Outfit, to_prompt_item
from training.questions import SLOT_NAMES
from training.teacher import Teacher

#: Questions that wait at the model server at once: enough for it to batch them.
CONCURRENCY = 16


@dataclass(frozen=True, slots=True)
class FillIn:
    """What completes ``look``? One of ``candidates``, all of one semantic type."""

    look: tuple[Item, ...]
    candidates: tuple[Item, ...]


class Scorer(Protocol):
    """Scores candidates; ``name`` goes into reports."""

    name: str
    #: Whether a single candidate's score can be compared with those of other questions.
    is_absolute: bool

    def score(self, questions: Sequence[FillIn]) -> list[list[float]]:
        """One score a candidate, in the order offered."""
        ...


class RandomScorer:
    """Throws dice: FITB must come out at one in the number of answers, AUC at 0.5."""

    name, is_absolute = "random", True

    def __init__(self, seed: int = 0) -> None:
        self._rng = Random(seed)  # noqa: S311 - reproducible, nothing secret

    def score(self, questions: Sequence[FillIn]) -> list[list[float]]:
        return [[self._rng.random() for _ in question.candidates] for question in questions]


class CategoryScorer:
    """Knows which semantic types are worn, and nothing else.

    Wrong answers share the right one's type, so it must come out at random: if it does not, the
    questions give something away.
    """

    name, is_absolute = "category", True

    def __init__(self, outfits: Sequence[Outfit]) -> None:
        self._counts = Counter(item.semantic_type for outfit in outfits for item in outfit.items)

    def score(self, questions: Sequence[FillIn]) -> list[list[float]]:
        return [
            [log(1 + self._counts[item.semantic_type]) for item in question.candidates]
            for question in questions
        ]


class PopularityScorer:
    """The more often things of a candidate's fine category are worn, the better."""

    name, is_absolute = "popularity", True

    def __init__(self, outfits: Sequence[Outfit]) -> None:
        self._counts = Counter(item.category for outfit in outfits for item in outfit.items)

    def score(self, questions: Sequence[FillIn]) -> list[list[float]]:
        return [
            [log(1 + self._counts[item.category]) for item in question.candidates]
            for question in questions
        ]


class CosineScorer:
    """Mean cosine between a candidate's text and the look's, as the catalog's embedder sees it."""

    name, is_absolute = "cosine", True

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, NDArray[np.float64]] = {}

    def score(self, questions: Sequence[FillIn]) -> list[list[float]]:
        self._embed({i for q in questions for i in (*q.look, *q.candidates)})
        return [self._score_one(question) for question in questions]

    def _score_one(self, question: FillIn) -> list[float]:
        if not question.look:
            return [0.0 for _ in question.candidates]
        centre = np.mean([self._known[_text(item)] for item in question.look], axis=0)
        return [float(self._known[_text(item)] @ centre) for item in question.candidates]

    def _embed(self, items: set[Item]) -> None:
        texts = sorted({_text(item) for item in items} - self._known.keys())
        vectors = np.asarray(self._embedder.embed(texts), dtype=np.float64)
        self._known.update(zip(texts, vectors, strict=True))


class CountingScorer:
    """The conditional logit of `training.teacher`: words and categories worn together."""

    name, is_absolute = "counting", True

    def __init__(self, outfits: Sequence[Outfit], seed: int = 7) -> None:
        self._teacher = Teacher(outfits, seed)

    def score(self, questions: Sequence[FillIn]) -> list[list[float]]:
        return [self._teacher.scores(q.look, q.candidates) for q in questions]


class ServedScorer:
    """The stylist behind the model server, asked exactly as `outfits.services` asks it.

    ``orders`` is over how many shuffled orders an answer is averaged, since models prefer some
    letters. Raises `outfits.llm.base.LanguageModelError`.
    """

    is_absolute = False

    def __init__(
        self,
        model: LanguageModel,
        adapter: str = "",
        *,
        orders: int = 1,
        seed: int = 0,
        on_answer: Callable[[], None] = lambda: None,
    ) -> None:
        self.name = adapter or model.model_name
        self._model, self._adapter = model, adapter
        self._orders, self._seed, self._on_answer = orders, seed, on_answer

    def score(self, questions: Sequence[FillIn]) -> list[list[float]]:
        with ThreadPoolExecutor(CONCURRENCY) as pool:
            return list(pool.map(self._ask, range(len(questions)), questions))

    def _ask(self, number: int, question: FillIn) -> list[float]:
        rng = Random(f"{self._seed}/{number}")  # noqa: S311 - reproducible, nothing secret
        count = len(question.candidates)
        totals = [0.0] * count
        for _ in range(self._orders):
            order = rng.sample(range(count), count)
            for place, logprob in zip(order, self._ask_in_order(question, order), strict=True):
                totals[place] += logprob / self._orders
        self._on_answer()
        return totals

    def _ask_in_order(self, question: FillIn, order: Sequence[int]) -> list[float]:
        semantic_type = question.candidates[0].semantic_type
        messages = build_choice_messages(
            [to_prompt_item(item) for item in question.look],
            SLOT_NAMES.get(semantic_type, semantic_type),
            [to_prompt_item(question.candidates[place]) for place in order],
        )
        letters = LETTERS[: len(order)]
        answer = self._model.choose(messages, letters, adapter=self._adapter)
        return [answer.logprobs[letter] for letter in letters]


def _text(item: Item) -> str:
    return describe_item(to_prompt_item(item))
