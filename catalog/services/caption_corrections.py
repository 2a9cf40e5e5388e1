"""Writes what people say about pictures: corrections, confirmations, and taking them back.

A person's caption is one `Caption` with the captioner_id `PERSON` for each picture content; it
wins over every captioner's (`catalog.serving`). Its history begins with what the machine saw, so
that two neighbouring rows always say what a person changed.
"""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction

from catalog import tasks
from catalog.captioning.base import CAPTION_FIELDS
from catalog.models import PERSON, Caption, ProductImage
from catalog.queueing import queue_task
from catalog.services.captions import clean_text
from catalog.serving import machine_caption
from catalog.wording import rewrite_sentence

TEXTS = ("sentence", *CAPTION_FIELDS)
CONFIRMED = "confirmed"


class CorrectionRefused(Exception):
    """The correction was not stored; says why, for the person who made it."""


def caption_correct(
    *,
    content_hash: str,
    values: Mapping[str, str],
    user: AbstractBaseUser | None,
    seen: int | None = None,
) -> Caption:
    """Store what a person says of a picture; fields that ``values`` leaves out stay as they are.

    Where fields change and the sentence does not, it is written anew from the fields, so that
    the two never contradict each other. ``seen`` is `history_position` as the person's page knew
    it. Raises `CorrectionRefused` when somebody else was faster, or no captioner saw the picture.
    """
    with transaction.atomic():
        caption = _lock(content_hash, user, seen)
        before = {name: getattr(caption, name) for name in TEXTS}
        after = before | {name: clean_text(name, values[name]) for name in TEXTS if name in values}
        _save(caption, _agree(before, after), user, _reason(before, after))
    return caption


def caption_confirm(
    *, content_hash: str, user: AbstractBaseUser | None, seen: int | None = None
) -> Caption:
    """Store that a person looked and found the caption right, blanks included."""
    return caption_correct(content_hash=content_hash, values={}, user=user, seen=seen)


def caption_withdraw(*, content_hash: str, user: AbstractBaseUser | None) -> bool:
    """Take back what people said of a picture, so that a machine's caption serves again.

    Whether there was anything to take back. The history stays.
    """
    with transaction.atomic():
        caption = _find_locked(content_hash)
        if caption is None:
            return False
        _attribute(caption, user, "withdrawn")
        caption.delete()
        _refresh(content_hash)
    return True


def caption_delete(*, caption: Caption, user: AbstractBaseUser | AnonymousUser | None) -> None:
    """Remove one caption; another of the same picture serves then, if there is any."""
    if caption.captioner_id == PERSON:
        person = user if isinstance(user, AbstractBaseUser) else None
        caption_withdraw(content_hash=caption.content_hash, user=person)
        return
    with transaction.atomic():
        gone = Caption.objects.filter(pk=caption.pk)
        # Raw: a plain delete would write a history row, and history is of people.
        gone._raw_delete(gone.db)
        gone.tell([caption.content_hash])
        _refresh(caption.content_hash)


def caption_undo(*, content_hash: str, user: AbstractBaseUser) -> bool:
    """Take back the last thing that ``user`` said of a picture; whether there was anything.

    The words before it are stored again, or nothing if it was the first. Raises
    `CorrectionRefused` when somebody else has changed the caption since.
    """
    with transaction.atomic():
        caption = _find_locked(content_hash)
        if caption is None:
            return False
        newest, *older = caption.history.order_by("-history_id")[:3]
        if newest.history_user_id != user.pk:
            raise CorrectionRefused("Somebody else has changed this caption since.")
        if len(older) < 2:  # only the machine's words came before
            return caption_withdraw(content_hash=content_hash, user=user)
        _save(caption, {name: getattr(older[0], name) for name in TEXTS}, user, "undone")
    return True


def history_position(content_hash: str) -> int:
    """Where the history of what people said of a picture stands; 0 if nobody said anything."""
    rows = Caption.history.filter(content_hash=content_hash, captioner_id=PERSON)
    newest: int | None = rows.order_by("-history_id").values_list("history_id", flat=True).first()
    return newest or 0


def _lock(content_hash: str, user: AbstractBaseUser | None, seen: int | None) -> Caption:
    caption = _find_locked(content_hash)
    if seen is not None and seen != history_position(content_hash):
        raise CorrectionRefused("Somebody else has reviewed this picture meanwhile. Look again.")
    return caption or _take_over(content_hash, user)


def _find_locked(content_hash: str) -> Caption | None:
    """The person's caption, with the picture's captions locked until the commit.

    All of them: the person's may not be there yet, and two people may be about to make it.
    """
    captions = Caption.objects.filter(content_hash=content_hash).order_by("pk")
    list(captions.select_for_update().values_list("pk"))
    # Asked again: the first question does not see what another transaction made meanwhile.
    return captions.filter(captioner_id=PERSON).first()


def _take_over(content_hash: str, user: AbstractBaseUser | None) -> Caption:
    """The person's caption to be, with the machine's words."""
    machine = machine_caption(content_hash)
    if machine is None:
        raise CorrectionRefused("No captioner has looked at this picture yet.")
    words = {name: getattr(machine, name) for name in TEXTS}
    caption = Caption(content_hash=content_hash, captioner_id=PERSON, **words)
    _attribute(caption, user, f"taken over from {machine.captioner_id}"[:100])
    caption.save()
    return caption


def _agree(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    changed = any(before[name] != after[name] for name in CAPTION_FIELDS)
    reworded = after["sentence"] not in ("", before["sentence"])
    if reworded or not (changed or not after["sentence"]):
        return dict(after)
    sentence = rewrite_sentence(before["sentence"], before["article_type"], after)
    return {**after, "sentence": clean_text("sentence", sentence)}


def _reason(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    return CONFIRMED if before == after else ""


def _save(
    caption: Caption, values: Mapping[str, str], user: AbstractBaseUser | None, reason: str
) -> None:
    for name, value in values.items():
        setattr(caption, name, value)
    _attribute(caption, user, reason)
    caption.save()
    _refresh(caption.content_hash)


def _attribute(caption: Any, user: AbstractBaseUser | None, reason: str) -> None:
    """Tell simple_history who does it and why."""
    caption._history_user = user
    caption._change_reason = reason


def _refresh(content_hash: str) -> None:
    """Bring up to date what is derived from the serving caption."""
    images = ProductImage.objects.filter(content_hash=content_hash)
    product_ids = sorted(set(images.values_list("product_id", flat=True)))
    queue_task(tasks.embed_products, product_ids)
