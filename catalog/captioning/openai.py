"""Captions from any server that speaks the OpenAI chat API and sees pictures (vLLM and others)."""

import base64
import hashlib
import io
from collections.abc import Sequence
from typing import Any, Final

import httpx
from PIL import Image

from catalog.captioning.base import CaptionDraft, CaptioningError
from catalog.captioning.reply import QUESTION, SCHEMA, ReplyError, parse_reply

#: Longest side sent, in pixels: more costs prompt tokens and shows no more garment.
_SIDE: Final = 768
_ATTEMPTS: Final = 2


class OpenAICaptioner:
    """Asks ``model`` at ``base_url`` (such as ``http://127.0.0.1:8000/v1``) about each picture.

    ``timeout`` is in seconds, for one answer. Pictures go as base64 data URLs, so the server
    needs no way to the shop's storage. The API:
    https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html
    """

    def __init__(self, base_url: str, model: str, api_key: str = "", timeout: float = 60.0) -> None:
        self._url = base_url.rstrip("/") + "/chat/completions"
        self._model = model
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._client = httpx.Client(timeout=timeout, headers=headers)

    @property
    def captioner_id(self) -> str:
        """The model's name and what it is asked: a new question is a new captioner."""
        return f"openai-{self._model}-{hashlib.sha256(QUESTION.encode()).hexdigest()[:8]}"

    def caption(self, images: Sequence[Image.Image]) -> list[CaptionDraft]:
        """Caption ``images`` one by one. Raises `CaptioningError`: retryable when the server could
        not be reached or is overloaded, not when it answers nonsense twice."""
        return [self._caption(image) for image in images]

    def _caption(self, image: Image.Image) -> CaptionDraft:
        request = self._request(image)
        problem = ""
        for _ in range(_ATTEMPTS):
            try:
                return parse_reply(self._ask(request))
            except ReplyError as error:
                problem = str(error)
        raise CaptioningError(f"{self._model} gave no caption: {problem}", retryable=False)

    def _ask(self, request: dict[str, Any]) -> str:
        try:
            response = self._client.post(self._url, json=request)
        except httpx.TransportError as error:
            raise CaptioningError(f"no answer from {self._url}: {error}", retryable=True) from error
        if response.is_error:
            status = response.status_code
            raise CaptioningError(
                f"{self._url} answered {status}: {response.text[:200]}",
                retryable=status >= 500 or status in (408, 425, 429),
            )
        try:
            content = response.json()["choices"][0]["message"]["content"]
        except (ValueError, LookupError, TypeError) as error:
            raise ReplyError("the server's answer is no chat completion") from error
        if not isinstance(content, str):
            raise ReplyError("the server's answer holds no text")
        return content

    def _request(self, image: Image.Image) -> dict[str, Any]:
        content = [
            {"type": "image_url", "image_url": {"url": _data_url(image)}},
            {"type": "text", "text": QUESTION},
        ]
        return {
            "model": self._model,
            "messages": [{"role": "user", "content": content}],
            "temperature": 0,
            "max_tokens": 300,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "caption", "strict": True, "schema": SCHEMA},
            },
        }


def _data_url(image: Image.Image) -> str:
    small = image.convert("RGB")
    small.thumbnail((_SIDE, _SIDE))
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=90)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()
