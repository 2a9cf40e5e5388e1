"""Answers as Open-Meteo's forecast API does, from a real web server on this machine.

``berlin.json`` has the form of a real answer; its figures are made up.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

ANSWER = json.loads((Path(__file__).parent / "berlin.json").read_text(encoding="utf-8"))


class ForecastServer(ThreadingHTTPServer):
    """Answers ``status`` and ``body`` after ``delay`` seconds; ``asked`` holds the queries."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status, self.delay = 200, 0.0
        self.body = json.dumps(ANSWER)
        self.asked: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1/forecast"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that gives up waiting is what a test is about."""


class _Handler(BaseHTTPRequestHandler):
    server: ForecastServer

    def do_GET(self) -> None:
        self.server.asked.append(dict(parse_qsl(urlsplit(self.path).query)))
        time.sleep(self.server.delay)
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.server.body.encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


@contextmanager
def serve_forecasts() -> Iterator[ForecastServer]:
    """Run one until the block ends."""
    server = ForecastServer()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
