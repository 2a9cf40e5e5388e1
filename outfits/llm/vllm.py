"""vLLM, over its OpenAI-compatible HTTP API; one or more replicas.

The server must run with ``--enable-lora`` and ``VLLM_ALLOW_RUNTIME_LORA_UPDATING=True``;
`outfits.llm.server` starts one so. Adapter folders are named by path: every replica must see them
under the same one.
"""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx

from outfits.llm.base import LanguageModelError
from outfits.prompts import NO, YES

#: Seconds to wait for a connection; a replica that is down should not hold up the next one.
CONNECT_TIMEOUT = 3.0

#: Probabilities nearer to 0 or 1 than this are rounding; their log-odds would be infinite.
_NEAREST = 1e-12

#: Refusals that mean "not now": the engine is busy, starting or dead.
_PASSING = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})

#: A model server on this machine is never behind a proxy, whatever the environment says.
_NO_PROXY = dict.fromkeys(("all://localhost", "all://127.0.0.1", "all://[::1]"))


class VLLMLanguageModel:
    """Every replica of a vLLM server; questions go round, adapters go to all of them.

    ``timeout`` is seconds for one answer. Connections are kept and shared between threads.
    """

    def __init__(
        self,
        urls: Sequence[str],
        model_name: str,
        api_key: str = "",
        timeout: float = 20.0,
    ) -> None:
        if not urls:
            raise ValueError("at least one address of a model server is needed")
        self._urls = [url.rstrip("/") for url in urls]
        self._model_name = model_name
        self._api_key = api_key
        self._timeout = timeout
        self._turns = itertools.count()
        self._answers: list[int] | None = None

    @property
    def model_name(self) -> str:
        return self._model_name

    def match(self, query: str, questions: Sequence[str], *, adapter: str = "") -> list[float]:
        """Ask the next replica, and those after it while one cannot answer.

        Raises `LanguageModelError`, retryable unless a replica refused the questions themselves.
        """
        failure: LanguageModelError | None = None
        for url in self._next_urls():
            try:
                return self._match(url, query, questions, adapter)
            except LanguageModelError as error:
                if not error.retryable:
                    raise
                failure = error
        assert failure is not None  # noqa: S101 - there is at least one address
        raise failure

    def load_adapter(self, name: str, path: Path) -> None:
        """Load an adapter folder into every replica; one that has it already is left alone.

        Nothing is validated: vLLM also takes halved or NaN weights. Raises `LanguageModelError`.
        """
        body = {"lora_name": name, "lora_path": str(path.resolve())}
        for url in self._urls:
            if name not in self._list_models(url):
                self._post(url, "/v1/load_lora_adapter", body, already_done="already been loaded")

    def unload_adapter(self, name: str) -> None:
        """Unload an adapter from every replica that has it. Raises `LanguageModelError`."""
        for url in self._urls:
            self._post(
                url, "/v1/unload_lora_adapter", {"lora_name": name}, already_done="cannot be found"
            )

    def canary(
        self, query: str, questions: Sequence[str], *, adapter: str
    ) -> Mapping[str, list[float]]:
        """Ask every replica the same; raises `LanguageModelError` if one cannot answer."""
        return {url: self._match(url, query, questions, adapter) for url in self._urls}

    def is_healthy(self) -> bool:
        """Whether every replica answers and its engine lives."""
        try:
            return all(
                self._client.get(f"{url}/health", timeout=CONNECT_TIMEOUT).is_success
                for url in self._urls
            )
        except httpx.HTTPError:
            return False

    @cached_property
    def _client(self) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self._api_key}"} if self._api_key else {}
        timeout = httpx.Timeout(self._timeout, connect=min(CONNECT_TIMEOUT, self._timeout))
        return httpx.Client(headers=headers, timeout=timeout, mounts=_NO_PROXY)

    def _next_urls(self) -> Iterator[str]:
        """Every replica once, each call beginning with another one."""
        start = next(self._turns) % len(self._urls)
        yield from self._urls[start:]
        yield from self._urls[:start]

    def _match(self, url: str, query: str, questions: Sequence[str], adapter: str) -> list[float]:
        body = {
            "model": adapter or self._model_name,
            "query": query,
            "items": list(questions),
            "label_token_ids": self._find_answers(url),
        }
        return read_log_odds(self._post(url, "/generative_scoring", body), len(questions))

    def _find_answers(self, url: str) -> list[int]:
        """The tokens of yes and no; all replicas serve one model, so one is asked, once."""
        if self._answers is None:
            self._answers = [self._find_token(url, answer) for answer in (YES, NO)]
        return self._answers

    def _find_token(self, url: str, answer: str) -> int:
        body = {"model": self._model_name, "prompt": answer, "add_special_tokens": False}
        found = self._post(url, "/tokenize", body)
        try:
            tokens = [int(token) for token in found.json()["tokens"]]
        except (ValueError, KeyError, TypeError) as error:
            raise LanguageModelError(f"{url} is not a vLLM server", retryable=False) from error
        if len(tokens) != 1:
            raise LanguageModelError(
                f"{self._model_name} has no single token for {answer!r}: the stylist's questions "
                "cannot be put to it. Serve another base model.",
                retryable=False,
            )
        return tokens[0]

    def _list_models(self, url: str) -> set[str]:
        answer = self._request(url, "GET", "/v1/models", None)
        try:
            return {str(model["id"]) for model in answer.json()["data"]}
        except (ValueError, KeyError, TypeError) as error:
            raise LanguageModelError(f"{url} is not a vLLM server", retryable=False) from error

    def _post(
        self, url: str, path: str, body: Mapping[str, Any], *, already_done: str = ""
    ) -> httpx.Response:
        return self._request(url, "POST", path, body, already_done=already_done)

    def _request(
        self,
        url: str,
        method: str,
        path: str,
        body: Mapping[str, Any] | None,
        *,
        already_done: str = "",
    ) -> httpx.Response:
        try:
            answer = self._client.request(method, url + path, json=body)
        except httpx.TimeoutException as error:
            raise LanguageModelError(
                f"{url} gave no answer within {self._timeout:g} seconds "
                "(ENSEMBLE['LLM_TIMEOUT_SECONDS'])",
                retryable=True,
            ) from error
        except httpx.HTTPError as error:
            raise LanguageModelError(f"{url} cannot be reached: {error}", retryable=True) from error
        if answer.is_success or (already_done and already_done in answer.text):
            return answer
        raise explain_refusal(url, answer)


def explain_refusal(url: str, answer: httpx.Response) -> LanguageModelError:
    """Make the error for an answer that is not a success; 5xx, 408 and 429 may pass."""
    return LanguageModelError(
        f"{url} answered {answer.status_code}: {_read_reason(answer)}",
        retryable=answer.is_server_error or answer.status_code in _PASSING,
    )


def _read_reason(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return answer.text[:300] or answer.reason_phrase


def read_log_odds(answer: httpx.Response, count: int) -> list[float]:
    """Read ``count`` probabilities of yes out of an answer, as log-odds.

    Raises `LanguageModelError` when one is missing or is no probability.
    """
    try:
        scores = {int(row["index"]): float(row["score"]) for row in answer.json()["data"]}
        given = [scores[index] for index in range(count)]
    except (ValueError, KeyError, TypeError) as error:
        raise LanguageModelError(
            f"{answer.url} gave an answer without scores: {answer.text[:300]}", retryable=False
        ) from error
    if not all(0 <= score <= 1 for score in given):
        raise LanguageModelError(
            f"{answer.url} gave scores that are no probabilities: {given}", retryable=False
        )
    return [log_odds(score) for score in given]


def log_odds(probability: float) -> float:
    """log p - log (1 - p), finite also for 0 and 1.

    >>> round(log_odds(0.75), 3)
    1.099
    """
    bounded = min(1 - _NEAREST, max(_NEAREST, probability))
    return math.log(bounded) - math.log1p(-bounded)
