"""How many downloads may run at once, counted over all workers in the shared cache.

A slot that its worker took with it when it died is free again when its time is over.
"""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.cache import cache


@contextmanager
def hold_slot(name: str, *, count: int, seconds: float) -> Iterator[bool]:
    """Hold one of ``count`` slots called ``name``, ``seconds`` at most; False if none is free."""
    token = secrets.token_hex(8)
    key = _take(name, count, seconds, token)
    try:
        yield key is not None
    finally:
        # Not one that expired and is another's by now.
        if key is not None and cache.get(key) == token:
            cache.delete(key)


def _take(name: str, count: int, seconds: float, token: str) -> str | None:
    digest = hashlib.sha256(name.encode()).hexdigest()[:32]
    for number in range(count):
        key = f"fetch-slot:{digest}:{number}"
        if cache.add(key, token, timeout=seconds):
            return key
    return None
