"""The OpenAI-compatible captioner against a real HTTP server that keeps what it was asked."""

import base64
import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from PIL import Image

from catalog.captioning.base import CAPTION_FIELDS, CaptioningError
from catalog.captioning.openai import OpenAICaptioner

GOOD = json.dumps(
    {"sentence": "A red shirt.", **dict.fromkeys(CAPTION_FIELDS, ""), "colour": "Red"}
)
RED = Image.new("RGB", (1200, 900), "red")


class Recorder(HTTPServer):
    """Plays back ``replies`` (status, content) in turn and keeps the requests."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.replies: list[tuple[int, str]] = []
        self.requests: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: Recorder

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append(
            {"path": self.path, "key": self.headers.get("Authorization"), **body}
        )
        status, content = self.server.replies.pop(0)
        answer = json.dumps({"choices": [{"message": {"content": content}}]}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Recorder]:
    recorder = Recorder()
    thread = threading.Thread(target=recorder.serve_forever, args=(0.01,))
    thread.start()
    yield recorder
    recorder.shutdown()
    thread.join()
    recorder.server_close()


def test_the_servers_answer_becomes_a_draft(server: Recorder) -> None:
    server.replies = [(200, GOOD)]
    (draft,) = OpenAICaptioner(server.url, "vlm").caption([RED])
    assert (draft.sentence, draft.colour) == ("A red shirt.", "Red")


def test_the_request_carries_the_picture_the_schema_and_the_key(server: Recorder) -> None:
    server.replies = [(200, GOOD)]
    OpenAICaptioner(server.url, "vlm", api_key="secret").caption([RED])
    (request,) = server.requests
    assert (request["path"], request["key"], request["model"]) == (
        "/v1/chat/completions",
        "Bearer secret",
        "vlm",
    )
    schema = request["response_format"]["json_schema"]["schema"]
    assert set(schema["required"]) == {"sentence", *CAPTION_FIELDS}
    url = request["messages"][0]["content"][0]["image_url"]["url"]
    sent = Image.open(io.BytesIO(base64.b64decode(url.removeprefix("data:image/jpeg;base64,"))))
    assert sent.size == (768, 576)


def test_nonsense_is_asked_about_once_more(server: Recorder) -> None:
    server.replies = [(200, "no idea"), (200, GOOD)]
    assert OpenAICaptioner(server.url, "vlm").caption([RED])[0].colour == "Red"


def test_nonsense_twice_is_given_up_for_good(server: Recorder) -> None:
    server.replies = [(200, "no idea"), (200, "none")]
    with pytest.raises(CaptioningError) as caught:
        OpenAICaptioner(server.url, "vlm").caption([RED])
    assert not caught.value.retryable
    assert len(server.requests) == 2


@pytest.mark.parametrize(("status", "retryable"), [(503, True), (429, True), (400, False)])
def test_only_a_server_in_trouble_is_worth_another_try(
    server: Recorder, status: int, retryable: bool
) -> None:
    server.replies = [(status, "")]
    with pytest.raises(CaptioningError) as caught:
        OpenAICaptioner(server.url, "vlm").caption([RED])
    assert caught.value.retryable is retryable


def test_a_server_that_is_down_is_worth_another_try() -> None:
    with pytest.raises(CaptioningError) as caught:
        OpenAICaptioner("http://127.0.0.1:9/v1", "vlm").caption([RED])
    assert caught.value.retryable


def test_its_id_names_the_model() -> None:
    first, second = (OpenAICaptioner("http://localhost/v1", name) for name in ("a", "b"))
    assert first.captioner_id != second.captioner_id
