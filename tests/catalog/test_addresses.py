"""Which addresses may be asked, and which are refused however they are written."""

import socket
from typing import Any

import pytest

from catalog.fetching.addresses import may_ask, read_address, resolve_address
from catalog.fetching.base import FetchError
from tests.catalog.picture_server import resolve_to

PORTS = [80, 443]


@pytest.mark.parametrize(
    "ip",
    [
        *("127.0.0.1", "127.8.8.8", "0.0.0.1", "10.0.0.1", "172.16.5.4", "192.168.1.1"),
        *("169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.8", "192.88.99.1"),
        *("198.18.0.1", "203.0.113.7", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "fec0::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "2002:7f00:1::", "2002:a00:1::"),
        *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2001::1", "2001:db8::1"),
        *("3fff::1", "100::1", "localhost", ""),
    ],
)
def test_an_ip_address_that_is_not_public_is_not_asked(ip: str) -> None:
    assert not may_ask(ip, allow_private=False)


@pytest.mark.parametrize(
    "ip", ["93.184.216.34", "100.63.0.1", "2606:2800:220:1::1", "64:ff9b::5db8:d822"]
)
def test_a_public_ip_address_is_asked(ip: str) -> None:
    assert may_ask(ip, allow_private=False)


@pytest.mark.parametrize("ip", ["127.0.0.1", "10.0.0.1", "100.64.0.1", "::1", "fd12::1"])
def test_a_shop_may_let_its_own_network_be_asked(ip: str) -> None:
    assert may_ask(ip, allow_private=True)


@pytest.mark.parametrize(
    "ip", ["169.254.169.254", "fe80::1", "224.0.0.1", "::", "::ffff:169.254.169.254"]
)
def test_even_then_no_link_local_address_is_asked(ip: str) -> None:
    assert not may_ask(ip, allow_private=True)


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://x.example/a.jpg", "file:///etc/passwd", "gopher://x.example/", "data:image/png,x"),
        *("javascript:alert(1)", "a.jpg", "", "http://", "https:///a.jpg"),
        *("http://user@x.example/", "http://user:pw@x.example/", "http://x.example@127.0.0.1/"),
        *("http://@x.example/", "http://x.example\\@127.0.0.1/", "http://x.example:81/"),
        *("http://x.example:22/", "https://x.example:8443/", "http://x.example:99999/"),
        *("http://2130706433/", "http://0x7f000001/", "http://0x7f.1/", "http://0177.0.0.1/"),
        *("http://127.1/", "http://127.0.0.1.:80/x", "http://[fe80::1%25eth0]/", "http://[::1/"),
        *("http://x.example/a\r\nHost: y", "http://x.example/\0", "https://x/" + "a" * 2000),
    ],
)
def test_an_address_that_is_none_or_a_trick_is_refused(url: str) -> None:
    with pytest.raises(FetchError) as caught:
        read_address(url, PORTS)
    assert not caught.value.retryable


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("https://cdn.x.example/a b.jpg?v=1#top", "cdn.x.example", 443),
        ("HTTP://X.Example:443/a.jpg", "x.example", 443),
        ("//x.example/a.jpg", "x.example", 443),
        ("http://münchen.example/a.jpg", "xn--mnchen-3ya.example", 80),
        ("https://x.example/@user/a.jpg", "x.example", 443),
    ],
)
def test_a_usual_address_is_taken_apart(url: str, host: str, port: int) -> None:
    address = read_address(url, PORTS)
    assert (address.host, address.port) == (host, port)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost"])
def test_this_machine_is_not_asked(host: str) -> None:
    with pytest.raises(FetchError, match="not a public address"):
        resolve_address(read_address(f"http://{host}/", PORTS), allow_private=False)


def test_one_private_answer_among_public_ones_refuses_the_host(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolve_to(monkeypatch, "93.184.216.34", "10.0.0.5")
    with pytest.raises(FetchError, match=r"10\.0\.0\.5"):
        resolve_address(read_address("http://x.example/", PORTS), allow_private=False)


def test_a_host_that_does_not_exist_is_not_asked_for_again() -> None:
    with pytest.raises(FetchError, match="cannot be found") as caught:
        resolve_address(read_address("http://nowhere.invalid/", PORTS), allow_private=False)
    assert isinstance(caught.value.__cause__, socket.gaierror)


def test_a_name_server_that_is_silent_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **options: Any) -> Any:
        raise socket.gaierror(socket.EAI_AGAIN, "try again")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(FetchError) as caught:
        resolve_address(read_address("http://x.example/", PORTS), allow_private=False)
    assert caught.value.retryable
