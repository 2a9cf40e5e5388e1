"""Answers of the looks API, given again until something that they show changes.

Only what is finished is kept: a look that is stored, for whoever asks without saying who they are.
Changes are counted (`outfits.marks`), and the cache knows at which count a product, or the looks of
an anchor, changed last: an answer holds as long as none of the products that its look may show, and
no look of its anchor, has changed since the count at which reading it began. Looks for somebody's
taste are shown in no answer that is kept, so they do not count. What all looks depend on (curation,
the stylist that serves) counts for all.

`catalog.changes` tells of changes, after the commit. What is written by SQL around Django, nobody
tells: it is seen when ``LOOK_CACHE_SECONDS`` are over, or at once after `answers_forget`.
"""

import hashlib
import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache as remember
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.cache import cache, caches
from django.core.files.storage import default_storage
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from catalog import conf
from outfits.marks import (
    ALL_KEY,
    COUNT_KEY,
    DAY,
    begin_counting,
    is_shared,
    looks_key,
    mark_after_commit,
    product_key,
)
from outfits.models import Look, LookItem
from outfits.shoppers.authentication import may_be_personal
from outfits.shoppers.personal_looks import has_or_had_taste
from outfits.weather import NO_WEATHER

#: Signed addresses end, and the weather changes, without anybody's telling (seconds).
_UNTOLD_SECONDS = 300
#: What of a request an answer depends on, besides language and host.
_ASKED = ("product", "occasion", "region", "temperature", "wet", "budget", "lock", "number")
_PACKAGES = (Path(conf.__file__).parent, Path(__file__).parent)


class Kept(NamedTuple):
    """An answer, its anchor, what its look may show, and the count when reading it began."""

    since: int
    anchor_id: int
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

    def keep(self, response: Response, anchor_id: int, product_ids: Iterable[int]) -> None:
        """Keep an answer about an anchor that depends on these products, once it is rendered."""
        response.add_post_render_callback(partial(self._keep, anchor_id, tuple(product_ids)))

    def _keep(self, anchor_id: int, product_ids: tuple[int, ...], response: Any) -> None:
        content = zlib.compress(response.content, 1)
        kept = Kept(self.count, anchor_id, product_ids, content, dict(response.headers))
        cache.set(self.key, tuple(kept), _seconds())


def recall_answer(request: Request, language: str) -> HttpResponse | Place | None:
    """The answer to the same request, or the place to keep it; None where none is to be kept."""
    keeps = conf.current().LOOK_CACHE_SECONDS and is_shared(caches["default"])
    if not keeps or _is_personal(request):
        return None
    key = _key(request, language)
    found = cache.get_many([COUNT_KEY, ALL_KEY, key])
    kept = Kept(*found[key]) if key in found else None
    if COUNT_KEY not in found or ALL_KEY not in found:
        return Place(key, begin_counting())
    count: int = found[COUNT_KEY]
    if kept and kept.since >= found[ALL_KEY] and not (kept.since < count and _is_stale(kept)):
        return kept.give()
    return Place(key, count)


def recall_with_state(key: str) -> tuple[int, Any]:
    """What the cache has under a key (or None), and what changes with `answers_forget`."""
    found = cache.get_many([ALL_KEY, key])
    return found.get(ALL_KEY, 0), found.get(key)


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
    seconds = [config.LOOK_CACHE_SECONDS, DAY]
    if config.WEATHER != NO_WEATHER:
        seconds.append(_UNTOLD_SECONDS)
    if getattr(default_storage, "querystring_auth", False):
        # Of an address's time, half may be over when it is handed out.
        seconds += [_UNTOLD_SECONDS, getattr(default_storage, "querystring_expire", 0) // 4]
    return min(seconds)


def _is_stale(kept: Kept) -> bool:
    """Whether one of the products, or a look of the anchor, has changed since."""
    keys = [looks_key(kept.anchor_id), *map(product_key, kept.product_ids)]
    changed: Mapping[str, int] = cache.get_many(keys)
    return any(count > kept.since for count in changed.values())


def answers_forget(*, using: str | None = None, **kwargs: object) -> None:
    """Have every answer given anew, after the commit; a receiver of signals."""
    mark_after_commit([ALL_KEY], using=using)


def answers_forget_products(
    *, product_ids: Collection[int] | None, using: str | None = None, **kwargs: object
) -> None:
    """Have answers with these products (None: any) given anew; a receiver of signals."""
    keys = [ALL_KEY] if product_ids is None else [product_key(pk) for pk in product_ids]
    mark_after_commit(keys, using=using)


def answers_forget_look(*, instance: Look, using: str | None = None, **kwargs: object) -> None:
    """Have answers about the anchor of a look given anew; a receiver of signals.

    Unless it is a look for somebody's taste: only answers to nobody in particular are kept.
    """
    if not has_or_had_taste(instance):
        mark_after_commit([looks_key(instance.anchor_id)], using=using)


def answers_forget_item(*, instance: LookItem, using: str | None = None, **kwargs: object) -> None:
    """Have answers about the anchor of an item's look given anew; a receiver of ``post_save``.

    Items are deleted with their look or with their product, which both tell by themselves.
    """
    looks = Look.objects.using(using).only("anchor_id", "context", "context_key")
    look = looks.filter(pk=instance.look_id).first()
    if look is not None:
        answers_forget_look(instance=look, using=using)
