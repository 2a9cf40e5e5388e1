"""Downloading pictures: what is taken, what is given up, what is tried again."""

import datetime
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from catalog.conf import EnsembleSettings
from catalog.fetching import connection
from catalog.fetching.base import FetchError
from catalog.fetching.fetch import Download, fetch_address, read_retry_after
from catalog.fetching.slots import hold_slot
from tests.catalog.picture_server import PictureServer, answer, resolve_to, run_server


@pytest.fixture
def server() -> Iterator[PictureServer]:
    with run_server() as running:
        yield running


@pytest.fixture
def config(server: PictureServer) -> EnsembleSettings:
    return EnsembleSettings(
        FETCH_ALLOW_PRIVATE=True,
        FETCH_ALLOWED_PORTS=[server.port, 80],
        FETCH_TIMEOUT_SECONDS=3.0,
        IMAGE_MAX_BYTES=100_000,
    )


def test_a_picture_is_fetched(server: PictureServer, config: EnsembleSettings) -> None:
    server.answers["/a.jpg"] = answer(200, b"picture", ETag='"v1"')
    assert fetch_address(server.url("/a.jpg"), config=config) == Download(b"picture", '"v1"')
    assert server.asked[0][1]["accept-encoding"] == "identity"


def test_the_name_is_resolved_once_and_sent_along(
    server: PictureServer, config: EnsembleSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = resolve_to(monkeypatch, "127.0.0.1")
    server.answers["/a.jpg"] = answer(200, b"picture")
    fetch_address(f"http://x.example:{server.port}/a.jpg", config=config)
    assert asked == ["x.example"]
    assert server.asked[0][1]["host"] == f"x.example:{server.port}"


def test_the_next_address_of_a_host_is_tried(
    server: PictureServer, config: EnsembleSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve_to(monkeypatch, "127.0.0.2", "127.0.0.1")
    server.answers["/a.jpg"] = answer(200, b"picture")
    assert fetch_address(f"http://x.example:{server.port}/a.jpg", config=config).data == b"picture"


def test_no_proxy_of_the_environment_is_used(
    server: PictureServer, config: EnsembleSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    server.answers["/a.jpg"] = answer(200, b"picture")
    assert fetch_address(server.url("/a.jpg"), config=config).data == b"picture"


def test_redirects_are_followed(server: PictureServer, config: EnsembleSettings) -> None:
    server.answers["/a.jpg"] = answer(302, Location="/b.jpg")
    server.answers["/b.jpg"] = answer(308, Location=server.url("/c.jpg"))
    server.answers["/c.jpg"] = answer(200, b"picture")
    assert fetch_address(server.url("/a.jpg"), config=config).data == b"picture"


@pytest.mark.parametrize(
    "location",
    [
        *("http://169.254.169.254/latest/meta-data/", "file:///etc/passwd", "//0.0.0.0/"),
        *("http://[fe80::1]/", "http://127.0.0.1:22/", "http://u:p@x.example/"),
        *("http://[::1/", "http://x.example:port/", "http://2130706433/"),
    ],
)
def test_a_redirect_is_checked_like_any_address(
    server: PictureServer, config: EnsembleSettings, location: str
) -> None:
    server.answers["/a.jpg"] = answer(302, Location=location)
    with pytest.raises(FetchError) as caught:
        fetch_address(server.url("/a.jpg"), config=config)
    assert not caught.value.retryable
    assert len(server.asked) == 1


def test_a_circle_of_redirects_ends(server: PictureServer, config: EnsembleSettings) -> None:
    server.answers["/a.jpg"] = answer(302, Location="/a.jpg")
    with pytest.raises(FetchError, match="more than 5 times"):
        fetch_address(server.url("/a.jpg"), config=config)
    assert len(server.asked) == 6


def test_a_picture_over_the_limit_is_refused_by_its_declared_length(
    server: PictureServer, config: EnsembleSettings
) -> None:
    server.answers["/a.jpg"] = answer(200, b"x", Content_Length="9999999")
    with pytest.raises(FetchError, match="larger than"):
        fetch_address(server.url("/a.jpg"), config=config)


def _send_for_ever(handler: BaseHTTPRequestHandler, pause: float, chunk: bytes) -> None:
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(chunk)
        time.sleep(pause)


def test_a_body_without_end_is_cut_off_at_the_limit(
    server: PictureServer, config: EnsembleSettings
) -> None:
    server.answers["/a.jpg"] = lambda handler: _send_for_ever(handler, 0, b"x" * 10_000)
    with pytest.raises(FetchError, match="larger than"):
        fetch_address(server.url("/a.jpg"), config=config)


def test_a_body_that_drips_is_given_up_when_the_time_is_over(
    server: PictureServer, config: EnsembleSettings
) -> None:
    server.answers["/a.jpg"] = lambda handler: _send_for_ever(handler, 0.05, b"x")
    start = time.monotonic()
    with pytest.raises(FetchError, match="in time") as caught:
        fetch_address(server.url("/a.jpg"), config=replace(config, FETCH_TIMEOUT_SECONDS=1.0))
    assert caught.value.retryable
    assert time.monotonic() - start < 2


def test_headers_that_drip_are_given_up_as_well(
    server: PictureServer, config: EnsembleSettings
) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-A: ")
        while True:
            handler.wfile.write(b"a")
            time.sleep(0.05)

    server.answers["/a.jpg"] = drip
    with pytest.raises(FetchError, match="in time"):
        fetch_address(server.url("/a.jpg"), config=replace(config, FETCH_TIMEOUT_SECONDS=1.0))


def test_a_body_shorter_than_declared_is_tried_again(
    server: PictureServer, config: EnsembleSettings
) -> None:
    server.answers["/a.jpg"] = answer(200, b"half", Content_Length="8")
    with pytest.raises(FetchError) as caught:
        fetch_address(server.url("/a.jpg"), config=config)
    assert caught.value.retryable


def test_a_packed_body_is_refused(server: PictureServer, config: EnsembleSettings) -> None:
    server.answers["/a.jpg"] = answer(200, b"x", Content_Encoding="gzip")
    with pytest.raises(FetchError, match="packs the picture"):
        fetch_address(server.url("/a.jpg"), config=config)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_troubles_that_pass_are_tried_again(
    server: PictureServer, config: EnsembleSettings, status: int
) -> None:
    server.answers["/a.jpg"] = answer(status, Retry_After="7")
    with pytest.raises(FetchError, match=str(status)) as caught:
        fetch_address(server.url("/a.jpg"), config=config)
    assert (caught.value.retryable, caught.value.retry_after) == (True, 7)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 206, 204])
def test_what_will_not_pass_is_not_tried_again(
    server: PictureServer, config: EnsembleSettings, status: int
) -> None:
    server.answers["/a.jpg"] = answer(status)
    with pytest.raises(FetchError, match=str(status)) as caught:
        fetch_address(server.url("/a.jpg"), config=config)
    assert not caught.value.retryable


def test_a_server_that_is_down_is_tried_again(config: EnsembleSettings) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        closed = replace(config, FETCH_ALLOWED_PORTS=[port])
        with pytest.raises(FetchError, match="failed") as caught:
            fetch_address(f"http://127.0.0.1:{port}/a.jpg", config=closed)
    assert caught.value.retryable


def test_an_etag_is_sent_along_and_not_changed_is_understood(
    server: PictureServer, config: EnsembleSettings
) -> None:
    server.answers["/a.jpg"] = answer(304)
    assert fetch_address(server.url("/a.jpg"), etag='"v1"', config=config).data is None
    assert server.asked[0][1]["if-none-match"] == '"v1"'


def test_a_time_to_retry_may_be_a_date() -> None:
    soon = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=100)
    assert 90 < read_retry_after(soon.strftime("%a, %d %b %Y %H:%M:%S GMT")) <= 100


@pytest.mark.parametrize(
    "text", ["", "soon", "-5", "Mon, 99 Foo 2020", "Wed, 21 Oct 2015 07:28:00 GMT"]
)
def test_a_time_to_retry_that_is_none_is_now(text: str) -> None:
    assert read_retry_after(text) == 0


@pytest.fixture
def tls_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PictureServer]:
    """A server over TLS, with a certificate for pictures.example that is trusted."""
    certificate, key = _make_certificate(tmp_path, "pictures.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    trusting = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(connection, "_tls_context", lambda: trusting)
    with run_server(context) as running:
        yield running


def _make_certificate(folder: Path, name: str) -> tuple[Path, Path]:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


def test_a_certificate_has_to_be_for_the_name_and_not_the_ip(
    tls_server: PictureServer, config: EnsembleSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve_to(monkeypatch, "127.0.0.1")
    tls_server.answers["/a.jpg"] = answer(200, b"picture")
    secure = replace(config, FETCH_ALLOWED_PORTS=[tls_server.port])
    url = f"https://pictures.example:{tls_server.port}/a.jpg"
    assert fetch_address(url, config=secure).data == b"picture"
    with pytest.raises(FetchError, match="certificate") as caught:
        fetch_address(url.replace("pictures.", "other."), config=secure)
    assert not caught.value.retryable


def test_no_more_slots_are_held_than_there_are() -> None:
    most: list[int] = []
    lock, running = threading.Lock(), [0]

    def work() -> None:
        with hold_slot("threads", count=3, seconds=30) as is_held:
            if not is_held:
                return
            with lock:
                running[0] += 1
                most.append(running[0])
            time.sleep(0.05)
            with lock:
                running[0] -= 1

    threads = [threading.Thread(target=work) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == 3


def test_a_slot_is_free_again_after_its_use() -> None:
    for _ in range(2):
        with hold_slot("again", count=1, seconds=30) as is_held:
            assert is_held


def test_a_slot_whose_worker_died_is_free_when_its_time_is_over() -> None:
    dead = hold_slot("dead", count=1, seconds=1)
    assert dead.__enter__()
    time.sleep(1.2)
    with hold_slot("dead", count=1, seconds=30) as is_held:
        assert is_held
        dead.__exit__(None, None, None)  # too late: the slot is another's by now
        with hold_slot("dead", count=1, seconds=30) as second:
            assert not second
