"""Looks made for somebody's taste or wish do not stay for good: both change, and tell of people.

Nor do looks that another look took the place of.

A look for the taste of somebody who did not agree to be remembered goes when their session is over.
Where it has to stay (somebody gave its address away, keeps it, or said something of it), the taste
alone goes.
"""

import uuid
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from catalog import conf
from outfits.models import Look, LookItem
from outfits.shoppers.personal import PROFILE

_BATCH = 500
#: Begins the keys of looks whose taste was forgotten: no context has such a one.
_FORGOTTEN = "forgotten-"


def personal_looks_forget() -> int:
    """Delete old looks of a taste, with a wish or retired, that nothing refers to; how many.

    Retired looks that were shared and are for everybody stay.
    What refers to a look (somebody keeps it, or said something of it) is whatever any app has
    pointing at it: apps after this one are not known here.
    """
    before = timezone.now() - timedelta(days=conf.current().PERSONAL_LOOK_DAYS)
    taste = Q(context__has_key="preferences") | Q(context_key__startswith=_FORGOTTEN)
    personal = taste | ~Q(wish_key="")
    retired = Q(retired_at__lt=before, shared=False)
    of_no_more_use = (personal & Q(created_at__lt=before)) | retired
    return _delete(_unreferred(Look.objects.filter(of_no_more_use)))


def has_or_had_taste(look: Look) -> bool:
    """Whether a look was made for somebody's taste, be it forgotten or not."""
    return "preferences" in look.context or look.context_key.startswith(_FORGOTTEN)


def session_looks_forget() -> int:
    """Delete looks of sessions that are over, and the taste in those that stay; how many."""
    before = timezone.now() - timedelta(seconds=conf.current().SESSION_SECONDS)
    over = Look.objects.filter(session_only=True, created_at__lt=before)
    deleted = _delete(_unreferred(over.filter(shared=False)))
    return deleted + sum(map(_forget_taste, list(over.values_list("pk", flat=True))))


def look_keep(*, look_id: uuid.UUID) -> bool:
    """Let a look stay whose address somebody has; whether there is such a look.

    A session's look outlasts the session, without the taste; one for everybody stays when another
    takes its place. One around somebody's own photo ends with the photo, and is never kept.
    """
    looks = Look.objects.filter(pk=look_id, anchor__private=False)
    return looks.filter(shared=False).update(shared=True) == 1 or looks.exists()


def _unreferred(looks: "QuerySet[Look]") -> "QuerySet[Look]":
    for relation in Look._meta.related_objects:
        if relation.related_model is not LookItem:
            looks = looks.exclude(**{f"{relation.name}__isnull": False})
    return looks


def _delete(looks: "QuerySet[Look]") -> int:
    deleted = 0
    while (some := _delete_some(looks)) is not None:
        deleted += some
    return deleted


@transaction.atomic
def _delete_some(looks: "QuerySet[Look]") -> int | None:
    """Delete a few, passing over those that somebody is just saying something of.

    How many; None where there are none.
    """
    free = looks.select_for_update(of=("self",), skip_locked=True).order_by("pk")
    locked = list(free.values_list("pk", flat=True)[:_BATCH])
    if not locked:
        return None
    # What was stored between the reading of a look and its locking refers to it by now.
    ids = list(looks.filter(pk__in=locked).values_list("pk", flat=True))
    Look.objects.filter(pk__in=ids).delete()
    return len(ids)


@transaction.atomic
def _forget_taste(look_id: uuid.UUID) -> int:
    """Take the taste out of a look, which then is found by its address alone; 0 if it was gone."""
    look = Look.objects.select_for_update().filter(pk=look_id, session_only=True).first()
    if look is None:
        return 0
    look.context.pop("preferences", None)
    look.context_key, look.session_only = f"{_FORGOTTEN}{uuid.uuid4().hex}", False
    look.save(update_fields=["context", "context_key", "session_only"])
    items = list(look.items.all())
    for item in items:
        item.factors = [factor for factor in item.factors if factor["name"] != PROFILE]
        for candidate in item.candidates:
            candidate.get("context", {}).pop(PROFILE, None)
    LookItem.objects.bulk_update(items, ["factors", "candidates"])
    return 1
