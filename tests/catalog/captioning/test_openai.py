"""The OpenAI-compatible captioner against a real HTTP server that keeps what it was asked."""

import base64
import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from PIL import Image

from catalog.captioning.base import CAPTION_FIELDS, CaptioningError
from catalog.captioning.fallback import caption_instead
from catalog.captioning.openai import OpenAICaptioner
from catalog.captioning.prompting import write_question
from tests.fakes import FakeCaptioner

GOOD = json.dumps(
    {"sentence": "A red shirt.", **dict.fromkeys(CAPTION_FIELDS, ""), "colour": "Red"}
)
RED = Image.new("RGB", (1200, 900), "red")
FAKE = "tests.fakes.FakeCaptioner"


class Recorder(ThreadingHTTPServer):
    """Plays back ``replies`` (status, content) in turn and keeps the requests."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.replies: list[tuple[int, str]] = []
        self.requests: list[dict[str, Any]] = []
        #: Nobody is answered until so many wait.
        self.together: threading.Barrier | None = None
        #: Answer with the picture's size instead of `replies`.
        self.answer_by_size = False

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
        if self.server.together:
            self.server.together.wait()
        if self.server.answer_by_size:
            colour = f"Size {sent_picture(body).width}"
            status, content = 200, json.dumps({**json.loads(GOOD), "colour": colour})
        else:
            status, content = self.server.replies.pop(0)
        answer = json.dumps({"choices": [{"message": {"content": content}}]}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: Any) -> None:
        pass


def sent_picture(request: dict[str, Any]) -> Image.Image:
    url = request["messages"][0]["content"][0]["image_url"]["url"]
    data = base64.b64decode(url.removeprefix("data:image/jpeg;base64,"))
    return Image.open(io.BytesIO(data))


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
    assert sent_picture(request).size == (768, 576)


def test_how_large_a_picture_is_sent_can_be_chosen(server: Recorder) -> None:
    server.replies = [(200, GOOD)]
    OpenAICaptioner(server.url, "vlm", max_side=300).caption([RED])
    assert sent_picture(server.requests[0]).size == (300, 225)


def test_nonsense_is_asked_about_once_more_and_the_model_is_told_why(server: Recorder) -> None:
    server.replies = [(200, "no idea"), (200, GOOD)]
    (draft,) = OpenAICaptioner(server.url, "vlm").caption([RED])
    assert (draft.colour, draft.note) == ("Red", "")
    assert [write_question(), write_question("no JSON object in the answer")] == [
        request["messages"][0]["content"][1]["text"] for request in server.requests
    ]


def test_nonsense_twice_is_captioned_by_another_who_says_so(server: Recorder) -> None:
    server.replies = [(200, "no idea"), (200, "none")]
    (draft,) = OpenAICaptioner(server.url, "vlm", fallback=FAKE).caption([RED])
    assert (draft.sentence, draft.captioner_id) == ("A plain thing.", "fake-captioner")
    assert draft.note == (
        "The vision model's reply was not usable (no JSON object in the answer); "
        "captioned by FakeCaptioner."
    )


def test_only_the_picture_without_an_answer_is_captioned_by_another(server: Recorder) -> None:
    server.replies = [(200, GOOD), (200, "no idea"), (200, "none"), (200, GOOD)]
    drafts = OpenAICaptioner(server.url, "vlm", concurrency=1, fallback=FAKE).caption([RED] * 3)
    assert [draft.captioner_id for draft in drafts] == ["", "fake-captioner", ""]


def test_nonsense_twice_without_a_fallback_is_given_up_for_good(server: Recorder) -> None:
    server.replies = [(200, "no idea"), (200, "none")]
    with pytest.raises(CaptioningError, match="not usable") as caught:
        OpenAICaptioner(server.url, "vlm", fallback="").caption([RED])
    assert not caught.value.retryable
    assert len(server.requests) == 2


def test_text_printed_on_a_garment_cannot_change_the_form_of_a_caption(server: Recorder) -> None:
    hijacked = {
        **json.loads(GOOD),
        "sentence": "Ignore the shop. Buy at https://evil.example now!",
        "colour": "<img src=x onerror=alert(1)>",
        "price": "0.01",
    }
    server.replies = [(200, json.dumps(hijacked)), (200, json.dumps(hijacked))]
    (draft,) = OpenAICaptioner(server.url, "vlm", fallback=FAKE).caption([RED])
    assert draft.captioner_id == "fake-captioner"
    assert "evil" not in f"{draft} {server.requests[1]['messages']}"


def test_pictures_are_asked_about_at_the_same_time_and_answered_in_order(server: Recorder) -> None:
    server.together = threading.Barrier(3, timeout=10)
    server.answer_by_size = True
    pictures = [Image.new("RGB", (side, side)) for side in (10, 20, 30)]
    drafts = OpenAICaptioner(server.url, "vlm", concurrency=3).caption(pictures)
    assert [draft.colour for draft in drafts] == ["Size 10", "Size 20", "Size 30"]


def test_a_server_that_knows_no_schemas_is_asked_without_one_from_then_on(
    server: Recorder,
) -> None:
    server.replies = [(400, ""), (200, GOOD), (200, GOOD)]
    captioner = OpenAICaptioner(server.url, "vlm", concurrency=1)
    assert [draft.colour for draft in captioner.caption([RED, RED])] == ["Red", "Red"]
    assert ["response_format" in request for request in server.requests] == [True, False, False]


def test_a_refused_picture_is_captioned_by_another_and_the_schema_is_kept(
    server: Recorder,
) -> None:
    server.replies = [(400, "")] * 4 + [(200, GOOD)]
    captioner = OpenAICaptioner(server.url, "vlm", concurrency=1, fallback=FAKE)
    drafts = captioner.caption([RED, RED])
    assert [draft.captioner_id for draft in drafts] == ["fake-captioner", ""]
    assert "HTTP 400" in drafts[0].note
    assert "response_format" in server.requests[-1]


@pytest.mark.parametrize(
    ("status", "retryable"), [(503, True), (429, True), (401, False), (404, False)]
)
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


def test_after_the_last_try_another_captioner_answers_for_a_server_that_is_down() -> None:
    captioner = OpenAICaptioner("http://127.0.0.1:9/v1", "vlm", fallback=FAKE)
    reason = "the vision model could not be reached"
    (draft,) = caption_instead(captioner, [RED], reason=reason)
    assert draft.captioner_id == "fake-captioner"
    assert draft.note == "The vision model could not be reached; captioned by FakeCaptioner."


def test_a_captioner_without_a_fallback_cannot_be_stood_in_for() -> None:
    with pytest.raises(CaptioningError):
        caption_instead(FakeCaptioner(), [RED], reason="it is down")


def test_its_id_names_the_model() -> None:
    first, second = (OpenAICaptioner("http://localhost/v1", name) for name in ("a", "b"))
    assert first.captioner_id != second.captioner_id
