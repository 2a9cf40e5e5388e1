"""Answers of the looks API as they were last given, for as long as ``LOOK_CACHE_SECONDS``.

Only what is finished is kept: a look that is stored, for whoever asks without saying who they are.
Whatever is saved that an answer may show has all of them forgotten at once; what changes around the
models (SQL, ``update()``, ``bulk_update()``) is seen when the seconds are over.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import uuid4

from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import get_language
from rest_framework.request import Request
from rest_framework.response import Response

from catalog import conf
from outfits.shoppers.authentication import may_be_personal

#: Changes whenever something is saved that an answer may show; an answer holds for one value.
_VERSION_KEY = "ensemble:looks-version"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the answer to a request is kept, and for which state of the shop."""

    key: str
    version: str

    def keep(self, response: Response) -> None:
        """Keep an answer, once it is rendered."""
        response.add_post_render_callback(self._keep)

    def _keep(self, response: Any) -> None:
        kept = (self.version, response.content, dict(response.headers))
        cache.set(self.key, kept, conf.current().LOOK_CACHE_SECONDS)


def recall_answer(request: Request) -> HttpResponse | Place | None:
    """The answer to the same request, or the place to keep it; None where none is to be kept."""
    if not conf.current().LOOK_CACHE_SECONDS or _is_personal(request):
        return None
    asked = f"{request.build_absolute_uri()} {request.accepted_media_type} {get_language()}"
    key = f"ensemble:look-answer:{hashlib.sha256(asked.encode()).hexdigest()}"
    found = cache.get_many([_VERSION_KEY, key])
    version = found.get(_VERSION_KEY) or _begin()
    kept_version, content, headers = found.get(key, ("", b"", {}))
    return _give(content, headers) if kept_version == version else Place(key, version)


def _is_personal(request: Request) -> bool:
    return "photo" in request.query_params or may_be_personal(request)


def answers_forget(**kwargs: object) -> None:
    """Have every answer given anew, after the commit; a receiver of signals."""
    transaction.on_commit(partial(cache.set, _VERSION_KEY, uuid4().hex, None))


def _begin() -> str:
    cache.add(_VERSION_KEY, uuid4().hex, None)
    version: str = cache.get(_VERSION_KEY)
    return version


def _give(content: bytes, headers: Mapping[str, str]) -> HttpResponse:
    return HttpResponse(content, headers=dict(headers))
