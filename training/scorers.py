"""Who can be asked what completes a look: sanity scorers, baselines and the served stylist.

Every scorer answers the same questions (`FillIn`), so that `training.comparison` can put them side
by side. Higher is better, also across questions.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import log
from pathlib import Path
from random import Random
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from catalog.embedding.base import Embedder
from outfits.llm.base import LanguageModel, LanguageModelError
from outfits.prompts import PromptItem, build_query, build_question, describe_item
from outfits.scoring import Taste
from training.counting import fit_cooccurrence
from training.policy import pick_precision
from training.polyvore import Item, Outfit, to_prompt_item
from training.scoring import match_texts
from training.stylist_model import load_stylist

#: Candidates of one question that the model is asked about at most; counting chooses them. A shop
#: retrieves before it ranks, too.
SHORTLIST = 50
#: The score of those it is not asked about.
_UNASKED = -1e9

#: What is asked about one look: a query, and a question a candidate.
Text = tuple[str, Sequence[str]]
#: Gives the language model's log-odds of every question of every text.
AskAll = Callable[[Sequence[Text]], Sequence[Sequence[float]]]

#: Questions that wait at the model server at once: enough for it to batch them.
CONCURRENCY = 16
#: Seconds until a server that did not answer is asked again.
_PAUSES = (1.0, 5.0)


@dataclass(frozen=True, slots=True)
class FillIn:
    """What completes ``look``? One of ``candidates``, all of one semantic type."""

    look: tuple[Item, ...]
    candidates: tuple[Item, ...]


class Scorer(Protocol):
    """Scores candidates; ``name`` goes into reports."""

    name: str

    def score(self, questions: Sequence[FillIn]) -> list[list[float]]:
        """One score a candidate, in the order offered."""
        ...


class RandomScorer:
    """Throws dice: FITB must come out at one in the number of answers, AUC at 0.5."""

    name = "random"

    def __init__(self, seed: int = 0) -> None:
        self._rng = Random(seed)  # noqa: S311 - reproducible, nothing secret

    def score(self, questions: Sequence[FillIn]) -> list[list[float]]:
        return [[self._rng.random() for _ in question.candidates] for question in questions]


class CategoryScorer:
    """Knows which semantic types are worn, and nothing else.

    Wrong answers share the right one's type, so it must come out at random: if it does not, the
    questions give something away.
    """

    name = "category"

    def __init__(self, outfits: Sequence[Outfit]) -> None:
        self._counts = Counter(item.semantic_type for outfit in outfits for item in outfit.items)

    def score(self, questions: Sequence[FillIn]) -> list[list[float]]:
        return [
            [log(1 + self._counts[item.semantic_type]) for item in question.candidates]
            for question in questions
        ]


class PopularityScorer:
    """The more often things of a candidate's fine category are worn, the better."""

    name = "popularity"

    def __init__(self, outfits: Sequence[Outfit]) -> None:
        self._counts = Counter(item.category for outfit in outfits for item in outfit.items)

    def score(self, questions: Sequence[FillIn]) -> list[list[float]]:
        return [
            [log(1 + self._counts[item.category]) for item in question.candidates]
            for question in questions
        ]


class CosineScorer:
    """Mean cosine between a candidate's text and the look's, as the catalog's embedder sees it."""

    name = "cosine"

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
    """What counting alone says: words and categories worn together, over ``outfits``."""

    name = "counting"

    def __init__(self, outfits: Sequence[Outfit], seed: int = 7) -> None:
        self._cooccurrence = fit_cooccurrence(outfits, seed)

    def score(self, questions: Sequence[FillIn]) -> list[list[float]]:
        return [
            self._cooccurrence.scores(
                [to_prompt_item(item) for item in q.look],
                [to_prompt_item(item) for item in q.candidates],
            )
            for q in questions
        ]


class StylistScorer:
    """A stylist, both halves, asked exactly as `outfits.services` asks it.

    ``ask`` puts texts to the language model: `ask_served` or `ask_in_process`.
    """

    def __init__(self, name: str, taste: Taste, ask: AskAll) -> None:
        self.name, self._taste, self._ask = name, taste, ask

    @property
    def can_retrieve(self) -> bool:
        """Whether it can narrow thousands of candidates down before it asks the model."""
        return self._taste.cooccurrence is not None

    def score(self, questions: Sequence[FillIn]) -> list[list[float]]:
        looks = [[to_prompt_item(item) for item in q.look] for q in questions]
        offered = [[to_prompt_item(item) for item in q.candidates] for q in questions]
        asked = [self._shortlist(*pair) for pair in zip(looks, offered, strict=True)]
        texts = [
            (build_query(look), [build_question(items[place]) for place in places])
            for look, items, places in zip(looks, offered, asked, strict=True)
        ]
        return [
            self._score_one(*each)
            for each in zip(looks, offered, asked, self._ask(texts), strict=True)
        ]

    def _shortlist(self, look: Sequence[PromptItem], items: Sequence[PromptItem]) -> list[int]:
        """The places of the candidates that the model is asked about: all, or the best counted."""
        if len(items) <= SHORTLIST:
            return list(range(len(items)))
        counted = self._taste.count(look, items)
        return sorted(range(len(items)), key=lambda place: -counted[place])[:SHORTLIST]

    def _score_one(
        self,
        look: Sequence[PromptItem],
        items: Sequence[PromptItem],
        places: Sequence[int],
        logits: Sequence[float],
    ) -> list[float]:
        totals = [_UNASKED] * len(items)
        scores = self._taste.score(look, [items[place] for place in places], logits)
        for place, score in zip(places, scores, strict=True):
            totals[place] = score.total
        return totals


def ask_served(
    model: LanguageModel, adapter: str, on_answered: Callable[[int], None] = lambda count: None
) -> AskAll:
    """Ask the model server; it raises `outfits.llm.base.LanguageModelError` where it cannot.

    One that is busy is asked again: of thousands of answers, none is worth losing the others for.
    """

    def put(text: Text) -> list[float]:
        for seconds in _PAUSES:
            try:
                answer = model.match(*text, adapter=adapter)
            except LanguageModelError as error:
                if not error.retryable:
                    raise
                time.sleep(seconds)
            else:
                break
        else:
            answer = model.match(*text, adapter=adapter)
        on_answered(1)
        return answer

    def ask(texts: Sequence[Text]) -> list[list[float]]:
        with ThreadPoolExecutor(CONCURRENCY) as pool:
            return list(pool.map(put, texts))

    return ask


def ask_in_process(
    base_model: Path,
    adapter: Path | None,
    on_answered: Callable[[int], None] = lambda count: None,
) -> AskAll:
    """Load the weights into this process: several times as fast as a server on the same CPU,
    because questions about one look share their beginning.
    """
    model, tokenizer = load_stylist(base_model, adapter, precision=pick_precision())

    def ask(texts: Sequence[Text]) -> list[list[float]]:
        return match_texts(model, tokenizer, texts, on_answered=on_answered)

    return ask


def _text(item: Item) -> str:
    return describe_item(to_prompt_item(item))
