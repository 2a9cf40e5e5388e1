"""Remembers what the language model answered, so that no look asks what another asked before.

Looks of one anchor begin with the same questions, whatever is wished of them, and a build that was
cut short asks them again. Adapters are immutable, so an answer stays true; it is forgotten after an
hour only to keep the cache small.
"""

import hashlib
import json
from collections.abc import Sequence

from django.core.cache import cache

from outfits.llm import get_language_model

_SECONDS = 3600


class RememberedModel:
    """The serving language model, for one adapter; an `outfits.scoring.Ask`."""

    def __init__(self, model_name: str, adapter_name: str) -> None:
        self._model_name = model_name
        self._adapter_name = adapter_name

    def __call__(self, query: str, questions: Sequence[str]) -> list[float]:
        """Log-odds of each answer; raises `LanguageModelError` if what is missing is not answered.

        What is missing is asked in one call.
        """
        keys = {question: self._key(query, question) for question in questions}
        known = cache.get_many(keys.values())
        missing = [question for question in keys if keys[question] not in known]
        if missing:
            answers = get_language_model().match(query, missing, adapter=self._adapter_name)
            fresh = {keys[question]: said for question, said in zip(missing, answers, strict=True)}
            cache.set_many(fresh, _SECONDS)
            known |= fresh
        return [known[keys[question]] for question in questions]

    def _key(self, query: str, question: str) -> str:
        asked = json.dumps([self._model_name, self._adapter_name, query, question])
        return f"ensemble:answer:{hashlib.sha256(asked.encode()).hexdigest()}"
