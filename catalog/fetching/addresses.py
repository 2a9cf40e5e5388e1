"""Which addresses may be asked: public ones, so that a feed cannot reach into the network.

An address is checked twice: as it is written, and by every IP address that its host resolves to.
"""

import ipaddress
import re
import socket
from collections.abc import Collection
from dataclasses import dataclass

import httpx

from catalog.fetching.base import FetchError

_IP = ipaddress.IPv4Address | ipaddress.IPv6Address
_DEFAULT_PORTS = {"http": 80, "https": 443}
#: What `catalog.models.RemotePicture` holds.
URL_MAX_CHARS = 2000
#: What ends like a number is one to the resolver: 2130706433, 0x7f.1 and 0177.1 are 127.0.0.1.
_NUMBER_AT_END = re.compile(r"(^|\.)(0x[0-9a-f]*|\d+)\.?$", re.IGNORECASE)

#: Not for the public internet, and no `ipaddress` property says so in every Python version.
_REFUSED_V4 = [
    ipaddress.ip_network(network)
    for network in ("100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15")
]
_GLOBAL_V6 = ipaddress.ip_network("2000::/3")
#: IETF assignments with Teredo, documentation twice; 6to4 is judged by the IPv4 address in it.
_REFUSED_V6 = [
    ipaddress.ip_network(network) for network in ("2001::/23", "2001:db8::/32", "3fff::/20")
]
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Address:
    """An address that may be asked, taken apart; ``url`` is how it is written on the wire."""

    url: httpx.URL
    host: str
    port: int


def is_address(name: str) -> bool:
    """Whether a picture's name is an address: http, https, or "//" for either.

    >>> is_address("HTTPS://x.example/a.jpg"), is_address("//x.example/a.jpg"), is_address("a.jpg")
    (True, True, False)
    """
    return name.lower().startswith(("http://", "https://", "//"))


def read_address(url: str, ports: Collection[int]) -> Address:
    """Take ``url`` apart. Raises `FetchError` for what is not asked, whatever it resolves to."""
    if len(url) > URL_MAX_CHARS:
        raise FetchError(f"The address has more than {URL_MAX_CHARS} characters.")
    if "\\" in url or any(ord(letter) < 0x20 or ord(letter) == 0x7F for letter in url):
        raise FetchError("The address has a backslash or a control character in it.")
    parsed = _parse("https:" + url if url.startswith("//") else url)
    if parsed.scheme not in _DEFAULT_PORTS:
        raise FetchError(f"Only http and https are asked, not {parsed.scheme!r}.")
    if parsed.userinfo or "@" in url.split("//", 1)[1].split("/", 1)[0]:
        raise FetchError("The address has a user name or password in it; give one without.")
    host = parsed.raw_host.decode("ascii")
    _check_host(host)
    port = parsed.port or _DEFAULT_PORTS[parsed.scheme]
    if port not in ports:
        allowed = ", ".join(str(port) for port in sorted(ports))
        raise FetchError(f"Port {port} is not asked, only {allowed}.")
    return Address(parsed.copy_with(fragment=None), host, port)


def join_address(address: Address, location: str) -> str:
    """Where a redirect leads, which is yet to be checked. Raises `FetchError`."""
    try:
        return str(address.url.join(location))
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError(f"The address redirects to what is none: {error}") from error


def _parse(url: str) -> httpx.URL:
    try:
        return httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError(f"This is no address: {error}") from error


def _check_host(host: str) -> None:
    if not host or "%" in host:
        raise FetchError("The address names no host.")
    if ":" not in host and _NUMBER_AT_END.search(host):
        try:
            ipaddress.IPv4Address(host)
        except ValueError:
            raise FetchError(f"{host!r} is neither a name nor an IP address.") from None


def resolve_address(address: Address, *, allow_private: bool) -> list[str]:
    """The IP addresses of its host, every one of which may be asked. Raises `FetchError`."""
    try:
        answers = socket.getaddrinfo(
            address.host.strip("[]"), address.port, type=socket.SOCK_STREAM
        )
    except socket.gaierror as error:
        is_unknown = error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", -5))
        raise FetchError(
            f"The host {address.host} cannot be found.", retryable=not is_unknown
        ) from error
    except (OSError, UnicodeError) as error:
        raise FetchError(f"The host {address.host} cannot be found: {error}") from error
    found = list(dict.fromkeys(str(answer[4][0]) for answer in answers))
    for ip in found:
        if not may_ask(ip, allow_private=allow_private):
            raise FetchError(f"{address.host} is at {ip}, which is not a public address.")
    return found


def may_ask(ip: str, *, allow_private: bool) -> bool:
    """Whether a server may be asked that has this IP address.

    ``allow_private`` lets private and loopback addresses in, never link-local ones, at which
    clouds hand out credentials.

    >>> may_ask("93.184.216.34", allow_private=False), may_ask("::1", allow_private=False)
    (True, False)
    """
    try:
        parsed = ipaddress.ip_address(ip)
    except ValueError:  # an IPv6 address with a zone
        return False
    inner = _unwrap(parsed)
    if allow_private and (inner.is_private or _is_shared(inner)) and not _is_never_asked(inner):
        return True
    return _is_public(inner) and not _is_never_asked(inner)


def _unwrap(ip: _IP) -> _IP:
    """The IPv4 address that an IPv6 one stands for."""
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in _NAT64:
            return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        return ip.ipv4_mapped or ip.sixtofour or ip
    return ip


def _is_public(ip: _IP) -> bool:
    if not ip.is_global:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in network for network in _REFUSED_V4)
    return ip in _GLOBAL_V6 and not any(ip in network for network in _REFUSED_V6)


def _is_shared(ip: _IP) -> bool:
    return ip in _REFUSED_V4[0]


def _is_never_asked(ip: _IP) -> bool:
    is_reserved = ip.is_reserved and not ip.is_loopback
    return ip.is_link_local or ip.is_multicast or ip.is_unspecified or is_reserved
