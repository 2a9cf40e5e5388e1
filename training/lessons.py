"""What each step of stage 1 learns from: questions about a few outfits, ready as token ids.

A lesson follows from the recipe's seed and its step alone, so that any process can make any of
them: on an accelerator, which is faster than the making, workers make them ahead. torch is imported
inside the functions.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from outfits.cooccurrence import Cooccurrence
from training.polyvore import Outfit
from training.questions import ItemPool, ask_outfit
from training.scoring import MatchQuestion, encode_texts

if TYPE_CHECKING:
    from training.sft import StylistConfig

#: Lessons that each worker keeps ready.
_AHEAD = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """All that is asked about one outfit.

    ``prompts`` holds token ids, a prompt a candidate, question after question. ``counted`` is what
    counting says: a list a question, the worn candidate first.
    """

    prompts: list[list[int]]
    counted: list[list[float]]


class Lessons:
    """The lessons of one run, by step; picklable, for workers."""

    def __init__(
        self,
        config: StylistConfig,
        outfits: Sequence[Outfit],
        cooccurrence: Cooccurrence,
        tokenizer: Any,
    ) -> None:
        self._config, self._outfits = config, outfits
        self._cooccurrence, self._tokenizer = cooccurrence, tokenizer
        self._pool = ItemPool(outfits)

    def __len__(self) -> int:
        return self._config.steps

    def __getitem__(self, step: int) -> list[Asked]:
        return [self._ask(questions) for questions in self.questions(step) if questions]

    def questions(self, step: int) -> list[list[MatchQuestion]]:
        """The questions of a step, outfit by outfit; the worn candidate is the first of each."""
        config, count = self._config, len(self._outfits)
        rng = random.Random(f"{config.seed}/step/{step}")  # noqa: S311
        asked = []
        for place in range(step * config.outfits, (step + 1) * config.outfits):
            epoch, index = divmod(place, count)
            order = random.Random(f"{config.seed}/epoch/{epoch}").sample(range(count), count)  # noqa: S311
            outfit = self._outfits[order[index]]
            asked.append(
                ask_outfit(outfit, config.questions, config.wrong, self._pool, config.wording, rng)
            )
        return asked

    def _ask(self, questions: Sequence[MatchQuestion]) -> Asked:
        texts = [question.build_texts() for question in questions]
        return Asked(
            prompts=[prompt for text in texts for prompt in encode_texts(self._tokenizer, *text)],
            counted=[
                self._cooccurrence.scores(q.partial_outfit, q.candidates, worn=q.correct)
                for q in questions
            ],
        )


def read_lessons(lessons: Lessons, start: int, workers: int) -> Iterator[list[Asked]]:
    """The lessons from step ``start`` on; made in ``workers`` processes, or in this one with 0."""
    from torch.utils.data import DataLoader

    loader: Any = DataLoader(
        lessons,  # type: ignore[arg-type]  # a map from step to lesson, which is all it asks of one
        batch_size=None,
        sampler=range(start, len(lessons)),
        num_workers=workers,
        prefetch_factor=_AHEAD if workers else None,
    )
    return iter(loader)
