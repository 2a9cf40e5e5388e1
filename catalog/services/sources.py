"""Feeds that come again and again: their name, their columns, the token that may push them."""

import hashlib
import secrets

from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.text import slugify

from catalog.models import FeedSource
from catalog.services.imports import feed_import_delete

_NAME_MAX_CHARS = 64


def suggest_feed_name(file_name: str) -> str:
    """A feed's name out of a file's: ``Spring shop.csv`` becomes ``spring-shop``."""
    stem = file_name.rsplit("/", 1)[-1].split(".", 1)[0]
    return slugify(stem)[:_NAME_MAX_CHARS].strip("-") or "feed"


def feed_source_get(*, name: str, is_full: bool = False) -> FeedSource:
    """The feed called ``name``, made if there is none; ``is_full`` is for a new one."""
    return FeedSource.objects.get_or_create(name=name, defaults={"is_full": is_full})[0]


def feed_source_save(*, feed: FeedSource) -> None:
    """Store a feed that a person edited; what it lists is read anew next time."""
    feed.checksum = ""
    feed.save()


def feed_source_delete(*, feed: FeedSource) -> None:
    """Remove a feed with its imports and their files; its products stay, and are nobody's."""
    with transaction.atomic():
        for feed_import in feed.imports.all():
            feed_import_delete(feed_import=feed_import)
        feed.delete()


def feed_token_create(*, feed: FeedSource) -> str:
    """Make the token that may push ``feed``, and forget the one before.

    Only its SHA-256 is kept: it has 256 random bits, so a slow password hash would add nothing.
    """
    token = secrets.token_urlsafe(32)
    feed.token_hash = _hash(token)
    feed.save(update_fields=["token_hash"])
    return token


def feed_token_delete(*, feed: FeedSource) -> None:
    """Forget the token: nobody can push ``feed`` until a new one is made."""
    feed.token_hash = ""
    feed.save(update_fields=["token_hash"])


def find_feed_by_token(name: str, token: str) -> FeedSource | None:
    """The feed called ``name``, if ``token`` may push it."""
    feed = FeedSource.objects.filter(name=name).exclude(token_hash="").first()
    # Compared in any case, so that the time taken does not tell which feeds exist.
    expected = feed.token_hash if feed else ""
    return feed if constant_time_compare(_hash(token), expected) and feed else None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
