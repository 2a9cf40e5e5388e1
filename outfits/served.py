"""Answers of the looks API, given again until something that they show changes.

Only what is finished is kept: a look that is stored, for whoever asks without saying who they are.
Changes are counted, and the cache knows of every product at which count it changed last: an answer
holds as long as none of the products that its look may show has changed since the count at which
reading it began. What all looks depend on (curation, the stylist that serves) counts for all.

`catalog.changes` tells of changes, after the commit. What is written by SQL around Django, nobody
tells: it is seen when ``LOOK_CACHE_SECONDS`` are over, or at once after `answers_forget`.
"""

import hashlib
import time
import zlib
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache as remember
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.core.signals import setting_changed
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from catalog import conf
from outfits.models import Look, LookItem
from outfits.shoppers.authentication import may_be_personal
from outfits.weather import NO_WEATHER

#: How many changes there were, and at which of them everything changed.
_COUNT_KEY, _ALL_KEY = "ensemble:changes", "ensemble:changed-all"
#: Signed addresses end, and the weather changes, without anybody's telling (seconds).
_UNTOLD_SECONDS = 300
#: What of a request an answer depends on, besides language and host.
_ASKED = ("product", "occasion", "region", "temperature", "wet", "budget", "lock", "number")
_PACKAGES = (Path(conf.__file__).parent, Path(__file__).parent)


class Kept(NamedTuple):
    """An answer, the products that its look may show, and the count when reading it began."""

    since: int
    product_ids: tuple[int, ...]
    compressed: bytes
    headers: dict[str, str]

    def give(self) -> HttpResponse:
        return HttpResponse(zlib.decompress(self.compressed), headers=self.headers)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the answer to a request is kept, and the count of changes before it was read."""

    key: str
    count: int

    def keep(self, response: Response, product_ids: Iterable[int]) -> None:
        """Keep an answer that depends on these products, once it is rendered."""
        response.add_post_render_callback(partial(self._keep, tuple(product_ids)))

    def _keep(self, product_ids: tuple[int, ...], response: Any) -> None:
        content = zlib.compress(response.content, 1)
        kept = Kept(self.count, product_ids, content, dict(response.headers))
        cache.set(self.key, tuple(kept), _seconds())


def recall_answer(request: Request, language: str) -> HttpResponse | Place | None:
    """The answer to the same request, or the place to keep it; None where none is to be kept."""
    if not conf.current().LOOK_CACHE_SECONDS or _is_personal(request):
        return None
    key = _key(request, language)
    found = cache.get_many([_COUNT_KEY, _ALL_KEY, key])
    kept = Kept(*found[key]) if key in found else None
    if _COUNT_KEY not in found or _ALL_KEY not in found:
        return Place(key, _begin())
    count: int = found[_COUNT_KEY]
    if kept and kept.since >= found[_ALL_KEY] and not (kept.since < count and _is_stale(kept)):
        return kept.give()
    return Place(key, count)


def recall_with_state(key: str) -> tuple[int, Any]:
    """What the cache has under a key (or None), and what changes with `answers_forget`."""
    found = cache.get_many([_ALL_KEY, key])
    return found.get(_ALL_KEY, 0), found.get(key)


def _is_personal(request: Request) -> bool:
    return "photo" in request.query_params or may_be_personal(request)


def _key(request: Request, language: str) -> str:
    asked = [(name, request.query_params.getlist(name)) for name in _ASKED]
    today = datetime.now(UTC).date()
    where, media_type = request.build_absolute_uri(request.path), request.accepted_media_type
    said = repr((asked, language, where, media_type, today, _release()))
    return f"ensemble:look-answer:{hashlib.sha256(said.encode()).hexdigest()}"


@remember
def _release() -> str:
    """A hash of the code that makes answers, and of its settings."""
    digest = hashlib.sha256(repr((conf.current(), settings.MEDIA_URL)).encode())
    for package in _PACKAGES:
        for path in sorted(package.rglob("*")):
            if path.suffix in {".py", ".mo"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()


@receiver(setting_changed)
def _forget_release(**kwargs: object) -> None:
    _release.cache_clear()


def _seconds() -> int:
    config = conf.current()
    seconds = [config.LOOK_CACHE_SECONDS]
    if config.WEATHER != NO_WEATHER:
        seconds.append(_UNTOLD_SECONDS)
    if getattr(default_storage, "querystring_auth", False):
        # Of an address's time, half may be over when it is handed out.
        seconds += [_UNTOLD_SECONDS, getattr(default_storage, "querystring_expire", 0) // 4]
    return min(seconds)


def _is_stale(kept: Kept) -> bool:
    """Whether one of the products has changed since."""
    changed: Mapping[str, int] = cache.get_many(map(_product_key, kept.product_ids))
    return any(count > kept.since for count in changed.values())


def _product_key(product_id: int) -> str:
    return f"ensemble:changed:{product_id}"


def answers_forget(**kwargs: object) -> None:
    """Have every answer given anew, after the commit; a receiver of signals."""
    transaction.on_commit(partial(_mark, [_ALL_KEY]))


def answers_forget_products(*, product_ids: Collection[int] | None, **kwargs: object) -> None:
    """Have answers with these products (None: any) given anew; a receiver of signals."""
    keys = [_ALL_KEY] if product_ids is None else [_product_key(pk) for pk in product_ids]
    transaction.on_commit(partial(_mark, keys))


def answers_forget_looks(instance: Look | LookItem, **kwargs: object) -> None:
    """Have answers about the anchor of a look given anew; a receiver of signals."""
    if isinstance(instance, Look):
        anchors = [instance.anchor_id]
    else:
        looks = Look.objects.filter(pk=instance.look_id)
        anchors = list(looks.values_list("anchor_id", flat=True))
    answers_forget_products(product_ids=anchors)


def _mark(keys: Collection[str]) -> None:
    """Write down that these changed now."""
    # A cache that keeps nothing cannot count; it has no answers either.
    with suppress(ValueError):
        count, latest = 0, _next()
        # Whoever counted meanwhile may have written a later count, which must not be undone.
        while count != latest:
            count = latest
            cache.set_many(dict.fromkeys(keys, count), None)
            latest = cache.get(_COUNT_KEY, count)


def _next() -> int:
    try:
        return cache.incr(_COUNT_KEY)
    except ValueError:
        _begin()
        return cache.incr(_COUNT_KEY)


def _begin() -> int:
    """Start counting where the cache has forgotten how far it was; no answer from before holds."""
    # Higher than any count before, as long as there were fewer changes than microseconds.
    cache.add(_COUNT_KEY, time.time_ns() // 1000, None)
    count: int = cache.get(_COUNT_KEY, 0)
    cache.add(_ALL_KEY, count, None)
    return count
