"""A shop page and an API that answer as the HTTP contract says, and remember what was asked.

For what the widget does with an answer, whatever stands behind it; that the real API answers so is
tested where it is written.
"""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from config.demo.drawing import draw_garment
from config.demo.wardrobe import read_drawings
from outfits.widget.build import BUILT, SOURCE
from tests.browser import fake_looks

API = "/api/v1/"
SHOP_CSS = Path("config/static/shop/shop.css")
PAGE = """<!doctype html>
<html lang="{lang}" dir="{dir}"><head><meta charset="utf-8"><title>A shop</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="/shop.css">
<script type="module" src="/complete-the-look.js"></script></head>
<body class="square"><main><h1>Belted Trench Coat</h1><div style="height: {above}px"></div>
<complete-the-look product="OUT-401" {attributes}></complete-the-look></main>
<footer class="colophon"><p>A shop that was made up.</p></footer></body></html>"""
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "authorization,content-type,x-ensemble-key,x-ensemble-taste,"
    "x-ensemble-visitor",
    "Access-Control-Allow-Methods": "GET,POST,DELETE,OPTIONS",
}


@dataclass(frozen=True)
class Asked:
    """A request to the API; ``path`` without its prefix."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: Any


@dataclass
class Answer:
    """What the API says: a status, JSON, headers."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


Handler = Callable[[Asked], Answer]


class FakeApi:
    """Serves until `close`; ``routes`` (method and pattern) may be replaced, none answers 404."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.page = {"lang": "en", "dir": "ltr", "above": 0, "attributes": ""}
        self.routes: dict[str, Handler] = {
            r"GET looks/": self._look,
            r"POST looks/[^/]+/feedback/": lambda _: Answer(201, {"detail": "Thank you."}),
            r"DELETE looks/[^/]+/feedback/[^/]+/": lambda _: Answer(204),
            r"POST looks/[^/]+/keep/": lambda _: Answer(204),
            r"GET looks/[^/]+/items/\d+/why/": lambda a: Answer(
                body=fake_looks.why(int(a.path.split("/")[3]))
            ),
        }
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.elsewhere = f"http://localhost:{self._server.server_port}"  # another origin
        Thread(target=self._server.serve_forever, daemon=True).start()

    def answer(self, route: str, *answers: Answer) -> None:
        """Give ``answers`` to ``route`` in turn, the last one for ever."""
        left = list(answers)
        newest: dict[str, Handler] = {route: lambda _: left.pop(0) if len(left) > 1 else left[0]}
        self.routes = newest | {key: self.routes[key] for key in self.routes if key != route}

    def asked_for(self, method: str, pattern: str) -> list[Asked]:
        """The requests so far whose path matches, in order."""
        return [a for a in self.asked if a.method == method and re.fullmatch(pattern, a.path)]

    def reply(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        for route, handler in self.routes.items():
            if re.fullmatch(route, f"{asked.method} {asked.path}"):
                return handler(asked)
        return Answer(404, {"detail": "Not found."})

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    @staticmethod
    def _look(asked: Asked) -> Answer:
        number = int(asked.query.get("number", ["1"])[0])
        answer = fake_looks.look(number, asked.query.get("lock"))
        answer["budget"] = asked.query.get("budget", [None])[0]
        return Answer(body=answer)


def _handler(api: FakeApi) -> type[BaseHTTPRequestHandler]:
    class Handle(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            url = urlsplit(self.path)
            data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if not url.path.startswith(API):
                return self._send(*_file(api, url.path))
            if "Access-Control-Request-Method" in self.headers:
                return self._send(204, "text/plain", b"")
            body = json.loads(data) if data[:1] == b"{" else data.decode(errors="replace")
            path = url.path.removeprefix(API)
            asked = Asked(self.command, path, parse_qs(url.query), dict(self.headers.items()), body)
            answer = api.reply(asked)
            return self._send(
                answer.status, "application/json", json.dumps(answer.body).encode(), answer.headers
            )

        def _send(
            self, status: int, kind: str, data: bytes, headers: dict[str, str] | None = None
        ) -> None:
            self.send_response(status)
            for name, value in {"Content-Type": kind, **CORS, **(headers or {})}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0" if status == 204 else str(len(data)))
            self.end_headers()
            if status != 204:
                # A page that was left, or a request that was given up, listens no more.
                with suppress(ConnectionError):
                    self.wfile.write(data)

        do_GET = do_POST = do_DELETE = do_OPTIONS = _serve  # noqa: N815  # the server's names

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing: the tests ask what was asked."""

    return Handle


def _file(api: FakeApi, path: str) -> tuple[int, str, bytes]:
    picture = re.fullmatch(r"/pictures/([\w-]+)\.png", path)
    if picture:
        return 200, "image/png", draw(picture[1])
    if path == "/complete-the-look.js":
        return 200, "text/javascript", BUILT.read_bytes()
    if path.startswith("/widget/"):
        return 200, "text/javascript", (SOURCE.parent / path.removeprefix("/widget/")).read_bytes()
    if path == "/shop.css":
        return 200, "text/css", SHOP_CSS.read_bytes()
    return 200, "text/html", PAGE.format(**api.page).encode()


@cache
def draw(sku: str) -> bytes:
    """A garment's picture."""
    return draw_garment(read_drawings()[sku], size=600)
