"""Connections to addresses that were checked, and to no other.

The host's name is resolved once. The connection is made to what was checked then, so that a
second answer of its name server changes nothing; the name still goes into the Host header and is
what the certificate has to be for.
"""

import ssl
import time
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import httpcore
import httpx


@lru_cache(maxsize=1)
def _tls_context() -> ssl.SSLContext:
    """Verifies certificates; the environment has no say in it."""
    return httpx.create_ssl_context(trust_env=False)


def open_connection(ips: Sequence[str], deadline: float) -> httpcore.ConnectionPool:
    """A pool of one connection to the first of ``ips`` that answers, no proxy in between.

    Whatever is not done at ``deadline`` (`time.monotonic`) ends in a timeout.
    """
    return httpcore.ConnectionPool(
        ssl_context=_tls_context(),
        max_connections=1,
        network_backend=_CheckedBackend(ips, deadline),
    )


class _CheckedBackend(httpcore.NetworkBackend):
    def __init__(self, ips: Sequence[str], deadline: float) -> None:
        self._ips = ips
        self._deadline = deadline
        self._real = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        problem: Exception = httpcore.ConnectError("the host has no address")
        for ip in self._ips:
            try:
                limit = _limit(timeout, self._deadline, httpcore.ConnectTimeout)
                stream = self._real.connect_tcp(ip, port, limit, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
            else:
                return _Stream(stream, self._deadline)
        raise problem

    def sleep(self, seconds: float) -> None:
        self._real.sleep(seconds)


class _Stream(httpcore.NetworkStream):
    """A stream on which no single wait, and so no drip of bytes, goes past the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        limit = _limit(timeout, self._deadline, httpcore.ReadTimeout)
        return self._stream.read(max_bytes, limit)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _limit(timeout, self._deadline, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        limit = _limit(timeout, self._deadline, httpcore.ConnectTimeout)
        stream = self._stream.start_tls(ssl_context, server_hostname, limit)
        return _Stream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _limit(timeout: float | None, deadline: float, too_late: type[Exception]) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise too_late("the time is up")
    return left if timeout is None else min(timeout, left)
