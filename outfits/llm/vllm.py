"""vLLM, over its OpenAI-compatible HTTP API; one or more replicas.

The server must run with ``--enable-lora``, ``--max-logprobs 20`` and
``VLLM_ALLOW_RUNTIME_LORA_UPDATING=True``; `outfits.llm.server` starts one so. Adapter folders are
named by path: every replica must see them under the same one.
"""

import itertools
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx

from outfits.llm.base import Choice, LanguageModelError
from outfits.prompts import Message

#: Seconds to wait for a connection; a replica that is down should not hold up the next one.
CONNECT_TIMEOUT = 3.0

#: The most log-probabilities that one answer can hold (the server's ``--max-logprobs``).
MAX_LETTERS = 20

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

    @property
    def model_name(self) -> str:
        return self._model_name

    def choose(
        self, messages: Sequence[Message], letters: Sequence[str], *, adapter: str = ""
    ) -> Choice:
        """Ask the next replica, and those after it while one cannot answer.

        Raises `LanguageModelError`, retryable unless a replica refused the question itself.
        """
        body = self._build_question(messages, letters, adapter)
        failure: LanguageModelError | None = None
        for url in self._next_urls():
            try:
                return read_choice(self._post(url, "/v1/chat/completions", body), letters)
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
        self, messages: Sequence[Message], letters: Sequence[str], *, adapter: str
    ) -> Mapping[str, Choice]:
        """Ask every replica the same question; raises `LanguageModelError` if one cannot answer."""
        body = self._build_question(messages, letters, adapter)
        return {
            url: read_choice(self._post(url, "/v1/chat/completions", body), letters)
            for url in self._urls
        }

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

    def _build_question(
        self, messages: Sequence[Message], letters: Sequence[str], adapter: str
    ) -> dict[str, Any]:
        if not 1 <= len(letters) <= MAX_LETTERS or len(set(letters)) != len(letters):
            raise LanguageModelError(
                f"1 to {MAX_LETTERS} different letters can be offered, got {list(letters)}",
                retryable=False,
            )
        return {
            "model": adapter or self._model_name,
            "messages": list(messages),
            "structured_outputs": {"choice": list(letters)},
            "max_tokens": 1,
            "temperature": 0,
            "logprobs": True,
            "top_logprobs": len(letters),
        }

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


def read_choice(answer: httpx.Response, letters: Sequence[str]) -> Choice:
    """Read the chosen letter and every letter's log-probability out of a chat completion.

    vLLM renormalises over the choices; other servers, and choices that the tokenizer splits, do
    not, so it is done again. Raises `LanguageModelError` when a letter has no log-probability.
    """
    try:
        choice = answer.json()["choices"][0]
        ranked = choice["logprobs"]["content"][0]["top_logprobs"]
        said = str(choice["message"]["content"])
        given = {str(entry["token"]): float(entry["logprob"]) for entry in ranked}
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise LanguageModelError(
            f"{answer.url} gave an answer without log-probabilities: {answer.text[:300]}",
            retryable=False,
        ) from error
    missing = [letter for letter in letters if not math.isfinite(given.get(letter, math.nan))]
    if missing or said not in letters:
        raise LanguageModelError(_describe_missing(answer, missing, said), retryable=False)
    return Choice(said, renormalise({letter: given[letter] for letter in letters}))


def _describe_missing(answer: httpx.Response, missing: Sequence[str], said: str) -> str:
    problem = f"no log-probability for {', '.join(missing)}" if missing else f"the answer {said!r}"
    return (
        f"{answer.url} gave {problem}. Each letter must be one token of the model, and the server "
        f"must know structured_outputs and run with --max-logprobs {MAX_LETTERS}. "
        f"Model: {json.loads(answer.request.content)['model']}"
    )


def renormalise(logprobs: Mapping[str, float]) -> dict[str, float]:
    """Shift natural log-probabilities so that the probabilities add up to 1.

    >>> renormalise({"A": math.log(0.2), "B": math.log(0.2)})["A"] == math.log(0.5)
    True
    """
    highest = max(logprobs.values())
    total = highest + math.log(sum(math.exp(value - highest) for value in logprobs.values()))
    return {letter: value - total for letter, value in logprobs.items()}
