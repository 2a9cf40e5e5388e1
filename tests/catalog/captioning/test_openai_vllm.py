"""The OpenAI-compatible captioner and a real vLLM that serves a tiny Idefics3: no fakes between."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jsonschema  # type: ignore[import-untyped]
import pytest
from django.conf import settings
from PIL import Image

from catalog.captioning.base import CAPTION_FIELDS, CaptioningError
from catalog.captioning.openai import OpenAICaptioner
from catalog.captioning.prompting import RESPONSE_FORMAT, SCHEMA
from outfits.llm.processes import start_group, stop_groups
from outfits.llm.server import ServerOptions, build_environment
from tests.catalog.captioning.tiny_models import save_tiny_idefics3
from tests.vllm_server import START_TIMEOUT, find_free_port

pytestmark = pytest.mark.services

NAME = "tiny-idefics3"
#: Characters of the longest answer that the schema allows: a token each.
LONGEST = 700
#: A model that knows nothing would otherwise fill its answer with spaces, which JSON allows.
NO_SPACES = '{"backend": "xgrammar", "disable_any_whitespace": true}'
PICTURES = [Image.new("RGB", (48, 64), colour) for colour in ("red", "navy")]


@pytest.fixture(scope="module")
def vision_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The API of a server that sees; skips where vLLM's environment is not installed."""
    default = Path(settings.BASE_DIR) / ".venv-vllm/bin/python"
    python = Path(os.environ.get("ENSEMBLE_VLLM_PYTHON") or default)
    if not python.exists():
        pytest.skip(f"no model server: {python} is missing; run `make setup`")
    folder = tmp_path_factory.mktemp("vision")
    save_tiny_idefics3(folder / NAME)
    options = ServerOptions(python, folder / NAME, NAME, "127.0.0.1", find_free_port())
    with (folder / "server.log").open("wb") as output:
        process = start_group(
            build_vision_command(options),
            env=build_environment(options, os.environ),
            output=output,
        )
    try:
        end = time.monotonic() + START_TIMEOUT
        while not is_ready(options.url):
            if process.poll() is not None or time.monotonic() > end:
                log = (folder / "server.log").read_text(errors="replace")
                pytest.fail(f"vLLM did not start:\n{log[-3000:]}")
            time.sleep(0.5)
        yield f"{options.url}/v1"
    finally:
        stop_groups([process], grace=10)


def build_vision_command(options: ServerOptions) -> list[str]:
    return [
        *(str(options.python), "-m", "vllm.entrypoints.openai.api_server"),
        *("--model", str(options.model), "--served-model-name", options.model_name),
        *("--host", options.host, "--port", str(options.port)),
        *("--max-model-len", "2048", "--limit-mm-per-prompt", '{"image": 1}', "--enforce-eager"),
        *("--structured-outputs-config", NO_SPACES),
        "--disable-uvicorn-access-log",
    ]


def is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health", timeout=2).is_success
    except httpx.TransportError:
        return False


def test_a_real_server_answers_under_the_schema_or_another_captioner_says_so(
    vision_url: str,
) -> None:
    answers: list[httpx.Response] = []
    captioner = OpenAICaptioner(
        vision_url, NAME, timeout=120, max_tokens=LONGEST, fallback="tests.fakes.FakeCaptioner"
    )
    captioner._client.event_hooks["response"] = [answers.append]
    drafts = captioner.caption(PICTURES)

    assert {answer.status_code for answer in answers} == {200}
    for answer in answers:
        asked = json.loads(answer.request.content)
        assert asked["response_format"] == RESPONSE_FORMAT
        choice: dict[str, Any] = answer.json()["choices"][0]
        assert choice["finish_reason"] == "stop"
        jsonschema.validate(json.loads(choice["message"]["content"]), SCHEMA)
    for draft in drafts:
        if draft.captioner_id:
            assert (draft.captioner_id, draft.sentence) == ("fake-captioner", "A plain thing.")
            assert "reply was not usable" in draft.note
        else:
            assert draft.sentence
            assert all(isinstance(getattr(draft, name), str) for name in CAPTION_FIELDS)


def test_a_real_server_without_the_model_is_not_asked_again(vision_url: str) -> None:
    with pytest.raises(CaptioningError, match="answered 404") as caught:
        OpenAICaptioner(vision_url, "another-model").caption(PICTURES[:1])
    assert not caught.value.retryable
