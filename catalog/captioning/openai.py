"""Captions from any server that speaks the OpenAI chat API and sees pictures (vLLM and others)."""

import base64
import io
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import httpx
from PIL import Image

from catalog.captioning.base import CaptionDraft, CaptioningError
from catalog.captioning.fallback import EMBEDDED, Fallback
from catalog.captioning.prompting import QUESTION_ID, RESPONSE_FORMAT, write_question
from catalog.captioning.reply import ReplyError, parse_reply

_ATTEMPTS: Final = 2
#: The server refuses this one request; the next picture may pass.
_REFUSED: Final = (400, 413, 415, 422)
#: The server is in trouble or busy; the same request may pass later.
_LATER: Final = (408, 425, 429)


class OpenAICaptioner:
    """Asks ``model`` at ``base_url`` (such as ``http://127.0.0.1:8000/v1``) about each picture.

    ``timeout`` is in seconds, for one answer; ``concurrency`` pictures are asked about at once;
    ``max_side`` is the longest side sent, in pixels: more costs prompt tokens and shows no more
    garment. Pictures go as base64 data URLs, so the server needs no way to the shop's storage.
    ``fallback`` (a dotted path, "" for none) captions pictures to which no usable answer came.
    The API: https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html
    """

    def __init__(
        self,
        base_url: str,
        model: str,
        api_key: str = "",
        timeout: float = 60.0,
        *,
        concurrency: int = 4,
        max_side: int = 768,
        max_tokens: int = 300,
        fallback: str = EMBEDDED,
        fallback_options: Mapping[str, Any] | None = None,
    ) -> None:
        self.fallback = Fallback(fallback, fallback_options)
        self._url = base_url.rstrip("/") + "/chat/completions"
        self._model = model
        self._concurrency = max(1, concurrency)
        self._max_side = max_side
        self._max_tokens = max_tokens
        self._schema = True  # until the server turns out not to know schemas
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._client = httpx.Client(timeout=timeout, headers=headers)

    @property
    def captioner_id(self) -> str:
        """The model's name and what it is asked: a new question is a new captioner."""
        return f"openai-{self._model}-{QUESTION_ID}"

    def caption(self, images: Sequence[Image.Image]) -> list[CaptionDraft]:
        """Caption ``images``, several at once; one draft each, in order.

        Raises `CaptioningError`: retryable when the server could not be reached or is overloaded,
        not when it lets nobody in or has no such model.
        """
        with ThreadPoolExecutor(self._concurrency, "captioner") as pool:
            answers = list(pool.map(self._try, images))
        return [
            answer if isinstance(answer, CaptionDraft) else self._caption_instead(image, answer)
            for image, answer in zip(images, answers, strict=True)
        ]

    def _caption_instead(self, image: Image.Image, problem: ReplyError) -> CaptionDraft:
        # Here and not in the pool: the embedded captioner uses all cores by itself.
        reason = f"the vision model's reply was not usable ({problem})"
        return self.fallback.caption([image], captioner_id=self.captioner_id, reason=reason)[0]

    def _try(self, image: Image.Image) -> CaptionDraft | ReplyError:
        """The draft, or why none of the answers was one."""
        url = encode_picture(image, self._max_side)
        problem = ReplyError()
        for _ in range(_ATTEMPTS):
            try:
                return parse_reply(self._ask(url, str(problem)))
            except ReplyError as error:
                problem = error
        return problem

    def _ask(self, picture: str, problem: str) -> str:
        request = self._request(picture, problem)
        schema = self._schema
        response = self._post(
            {**request, "response_format": RESPONSE_FORMAT} if schema else request
        )
        if schema and response.status_code in _REFUSED:
            # Perhaps it knows no schemas; only if it answers without one was that the reason.
            response = self._post(request)
            self._schema = response.is_error and self._schema
        self._raise_for(response)
        return _read_content(response)

    def _post(self, request: dict[str, Any]) -> httpx.Response:
        try:
            return self._client.post(self._url, json=request)
        except httpx.TransportError as error:
            raise CaptioningError(f"no answer from {self._url}: {error}", retryable=True) from error

    def _raise_for(self, response: httpx.Response) -> None:
        if not response.is_error:
            return
        status = response.status_code
        if status in _REFUSED:
            raise ReplyError(f"the server refused the request with HTTP {status}")
        raise CaptioningError(
            f"{self._url} answered {status}: {response.text[:200]}",
            retryable=status >= 500 or status in _LATER,
        )

    def _request(self, picture: str, problem: str) -> dict[str, Any]:
        content = [
            {"type": "image_url", "image_url": {"url": picture}},
            {"type": "text", "text": write_question(problem)},
        ]
        return {
            "model": self._model,
            "messages": [{"role": "user", "content": content}],
            "temperature": 0,
            "max_tokens": self._max_tokens,
        }


def encode_picture(image: Image.Image, max_side: int) -> str:
    """A JPEG data URL of ``image``, scaled down until its longest side is ``max_side`` pixels."""
    small = image.convert("RGB")
    small.thumbnail((max_side, max_side))
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=90)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()


def _read_content(response: httpx.Response) -> str:
    """What the model wrote. Raises `ReplyError`."""
    try:
        content = response.json()["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError) as error:
        raise ReplyError("the server's answer is no chat completion") from error
    if not isinstance(content, str):
        raise ReplyError("the server's answer holds no text")
    return content
