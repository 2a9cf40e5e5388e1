"""A real HTTP server on this machine that replays recorded vLLM answers and remembers requests."""

import json
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

#: What vLLM 0.32 said, word for word.
ALREADY_LOADED = (
    "The lora adapter 'stylist-0001' has already been loaded. If you want to load the adapter in "
    "place, set 'load_inplace' to True."
)
NOT_LOADED = "The lora adapter 'stylist-0001' cannot be found."
UNKNOWN_MODEL = "The model `nope` does not exist. Valid aliases: smollm2-135m-instruct."


def answer_of(*scores: float) -> dict[str, Any]:
    """Probabilities of yes, in the shape that vLLM gives them."""
    rows = [{"index": i, "object": "score", "score": score} for i, score in enumerate(scores)]
    return {"object": "list", "data": rows}


def tokens_of(*tokens: int) -> dict[str, Any]:
    """A tokenized text."""
    return {"count": len(tokens), "max_model_len": 2048, "tokens": list(tokens)}


def refusal_of(message: str, kind: str = "NotFoundError") -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": None, "code": 0}}


@dataclass
class Recorded:
    """One answer: its status, its body, and how long the server thinks about it (seconds)."""

    body: Any
    status: int = 200
    delay: float = 0.0


@dataclass
class Request:
    """One request as it arrived."""

    method: str
    path: str
    body: Any
    headers: dict[str, str]


@dataclass
class FakeServer:
    """Answers each path with what `answers` holds for it; 404 without."""

    answers: dict[str, Recorded] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    port: int = 0

    def __post_init__(self) -> None:
        self.answers.setdefault("/health", Recorded({}))
        self.answers.setdefault("/v1/models", Recorded({"data": [{"id": "base"}]}))
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def asked(self, path: str) -> list[Request]:
        return [request for request in self.requests if request.path == path]

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(fake: FakeServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = json.loads(self.rfile.read(length)) if length else None
            fake.requests.append(Request(self.command, self.path, body, dict(self.headers)))
            recorded = fake.answers.get(self.path, Recorded(refusal_of("Not Found"), 404))
            time.sleep(recorded.delay)
            data = (
                recorded.body
                if isinstance(recorded.body, bytes)
                else json.dumps(recorded.body).encode()
            )
            self.send_response(recorded.status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            with suppress(BrokenPipeError):  # the client gave up waiting
                self.wfile.write(data)

        do_GET = do_POST = _answer  # noqa: N815 - the names that http.server calls

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    return Handler
