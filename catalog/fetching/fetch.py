"""Downloads one picture by its address, within limits of time, size and trust."""

import ssl
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpcore

from catalog.conf import EnsembleSettings
from catalog.fetching.addresses import Address, join_address, read_address, resolve_address
from catalog.fetching.base import FetchError
from catalog.fetching.connection import open_connection

REDIRECTS_MAX = 5
#: A server that asks to be left alone for longer is asked again after this.
RETRY_AFTER_MAX_SECONDS = 3600.0
_ETAG_MAX_CHARS = 255
_REDIRECTS = {301, 302, 303, 307, 308}
#: Too early, too many, or no answer in time: passing troubles.
_PASSING = {408, 425, 429}
_HEADERS = {
    "User-Agent": "Ensemble (fetches product pictures)",
    "Accept": "image/jpeg, image/png, image/webp",
    # Nothing that unfolds to more than was sent.
    "Accept-Encoding": "identity",
}


@dataclass(frozen=True, slots=True)
class Download:
    """What a server sent; ``data`` is None when it says that nothing has changed."""

    data: bytes | None
    etag: str = ""


@dataclass(frozen=True, slots=True)
class _Redirect:
    location: str


def fetch_address(url: str, *, etag: str = "", config: EnsembleSettings) -> Download:
    """Download ``url``, unless what it has is still the one with ``etag``. Raises `FetchError`.

    At most ``IMAGE_MAX_BYTES``, all within ``FETCH_TIMEOUT_SECONDS``; every redirect is checked
    like a new address.
    """
    deadline = time.monotonic() + config.FETCH_TIMEOUT_SECONDS
    for _ in range(REDIRECTS_MAX + 1):
        address = read_address(url, config.FETCH_ALLOWED_PORTS)
        answer = _ask(address, etag, deadline, config)
        if isinstance(answer, Download):
            return answer
        url = join_address(address, answer.location)
    raise FetchError(f"The address redirects more than {REDIRECTS_MAX} times.")


def _ask(
    address: Address, etag: str, deadline: float, config: EnsembleSettings
) -> Download | _Redirect:
    ips = resolve_address(address, allow_private=config.FETCH_ALLOW_PRIVATE)
    headers: list[tuple[bytes | str, bytes | str]] = [*_HEADERS.items()]
    if etag:
        headers.append(("If-None-Match", etag))
    step = config.FETCH_TIMEOUT_SECONDS / 3
    timeouts = {"connect": step, "read": step, "write": step, "pool": step}
    try:
        with (
            open_connection(ips, deadline) as pool,
            pool.stream(
                "GET", str(address.url), headers=headers, extensions={"timeout": timeouts}
            ) as response,
        ):
            return _read(response, config.IMAGE_MAX_BYTES)
    except httpcore.TimeoutException as error:
        raise FetchError(
            f"{address.host} did not send the picture in time.", retryable=True
        ) from error
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
        raise _explain(address.host, error) from error


def _explain(host: str, error: Exception) -> FetchError:
    if _is_about_certificate(error):
        return FetchError(f"The certificate of {host} is not valid: {error}")
    return FetchError(f"The connection to {host} failed: {error}", retryable=True)


def _is_about_certificate(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _read(response: httpcore.Response, limit: int) -> Download | _Redirect:
    headers = {
        name.decode("ascii").lower(): value.decode("latin-1") for name, value in response.headers
    }
    if response.status in _REDIRECTS and "location" in headers:
        return _Redirect(headers["location"])
    if response.status == 304:
        return Download(None)
    _check_status(response.status, headers.get("retry-after", ""))
    if headers.get("content-encoding", "identity").lower() not in ("", "identity"):
        raise FetchError("The server packs the picture although it was asked not to.")
    data = _read_body(response, headers.get("content-length", ""), limit)
    etag = headers.get("etag", "")
    return Download(data, etag if len(etag) <= _ETAG_MAX_CHARS and etag.isprintable() else "")


def _check_status(status: int, retry_after: str) -> None:
    if status in _PASSING or status >= 500:
        raise FetchError(
            f"The server answered {status}.",
            retryable=True,
            retry_after=read_retry_after(retry_after),
        )
    if status != 200:
        raise FetchError(f"The server answered {status} instead of a picture.")


def _read_body(response: httpcore.Response, declared: str, limit: int) -> bytes:
    """Counts what really comes: the declared length may be a lie, or missing."""
    too_large = FetchError(f"The picture is larger than {limit // 1024} KiB.")
    if declared.isascii() and declared.isdigit() and int(declared[:20]) > limit:
        raise too_large
    data = bytearray()
    for chunk in response.iter_stream():
        data += chunk
        if len(data) > limit:
            raise too_large
    return bytes(data)


def read_retry_after(text: str) -> float:
    """Seconds from a Retry-After header, which has them or a date; 0 without a readable one.

    >>> read_retry_after("120"), read_retry_after("soon"), read_retry_after("99999999")
    (120.0, 0.0, 3600.0)
    """
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), RETRY_AFTER_MAX_SECONDS)
    try:
        moment = parsedate_to_datetime(text)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        seconds = (aware - datetime.now(UTC)).total_seconds()
    except (ValueError, OverflowError):
        return 0.0
    return min(max(0.0, seconds), RETRY_AFTER_MAX_SECONDS)
