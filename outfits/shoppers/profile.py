"""A shopper's profile: facts said, corrected, deleted and learned, and looks that they keep.

Nothing here is stored of a shopper who did not agree to it: every service locks their row first and
raises `ConsentMissing` otherwise.
"""

import uuid
from collections.abc import Iterable, Sequence

from django.core import signing
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext, gettext_noop

from catalog.models import Caption, Product
from outfits.colours import find_colour
from outfits.describing import colour_of
from outfits.garments import find_fabrics, read_garment
from outfits.models import Look, ProfileFact, SavedLook, Shopper
from outfits.shoppers.consent import lock_consenting
from outfits.shoppers.facts import STATED, Fact, FactKind, Source, Stance, read_fact
from outfits.shoppers.preferences import SaidFact

MAX_FACTS = 500
MAX_SAVED_LOOKS = 200
UNDO_SECONDS = 15 * 60
_UNDO_SALT = "ensemble.undo"
_TOO_LATE = gettext_noop("This can no longer be undone. Add the fact again.")


class FactRefused(ValueError):
    """A fact that cannot be stored; the message says what to do."""


def said_by(shopper: Shopper) -> list[SaidFact]:
    """A shopper's facts as plain values, the newest word last."""
    return [
        SaidFact(Fact(row.kind, row.value, row.stance), row.source, row.times)
        for row in shopper.facts.order_by("updated_at", "pk")
    ]


def facts_from_product(product: Product, caption: Caption | None, *, bought: bool) -> list[Fact]:
    """What wanting a product says of a taste; what was bought need not be offered again."""
    colour = find_colour(colour_of(product, caption))
    garment = read_garment(product, caption)
    said = [("colour", colour or ""), ("brand", product.brand), ("category", product.category)]
    said += [("style", manner) for manner in sorted(garment.manners)]
    said += [("material", fabric) for fabric in sorted(find_fabrics(product, caption))]
    facts = [_read_quietly(kind, value) for kind, value in said]
    if bought:
        facts.append(Fact(FactKind.PRODUCT, product.sku, Stance.NEVER))
    return [fact for fact in facts if fact is not None]


def _read_quietly(kind: str, value: str) -> Fact | None:
    try:
        return read_fact(kind, value)
    except ValueError:
        return None


@transaction.atomic
def fact_say(*, shopper: Shopper, fact: Fact, source: str = Source.SAID) -> ProfileFact:
    """Store what a shopper says of their taste; it replaces what they said of the same before.

    Raises `FactRefused` for a brand, category or product that the shop does not have.
    """
    locked = lock_consenting(shopper)
    _check_known(fact)
    _stated_about(locked, fact).delete()
    if locked.facts.count() >= MAX_FACTS:
        full = gettext("A profile holds up to %(most)d facts. Delete some first.")
        raise FactRefused(full % {"most": MAX_FACTS})
    return _store(locked, fact, source)


@transaction.atomic
def fact_correct(*, fact: ProfileFact, value: str, stance: str) -> ProfileFact:
    """Put the shopper's own word in place of a fact. Raises `FactRefused`."""
    shopper = lock_consenting(fact.shopper)
    try:
        new = read_fact(fact.kind, value, stance)
    except ValueError as error:
        raise FactRefused(str(error)) from error
    fact.delete()
    return fact_say(shopper=shopper, fact=new)


@transaction.atomic
def fact_delete(*, fact: ProfileFact) -> str:
    """Delete a fact. Nothing of it stays here: what is returned brings it back for 15 minutes."""
    lock_consenting(fact.shopper)
    undo = signing.dumps(
        {
            "shopper": fact.shopper_id,
            "fact": [fact.kind, fact.value, fact.stance, fact.source],
            "times": fact.times,
            "event": fact.event,
            "created_at": fact.created_at.isoformat(),
        },
        salt=_UNDO_SALT,
    )
    fact.delete()
    return undo


@transaction.atomic
def fact_restore(*, shopper: Shopper, undo: str) -> ProfileFact:
    """Bring back what `fact_delete` deleted. Raises `FactRefused` when it is too late."""
    locked = lock_consenting(shopper)
    try:
        said = signing.loads(undo, salt=_UNDO_SALT, max_age=UNDO_SECONDS)
    except signing.BadSignature as error:
        raise FactRefused(gettext(_TOO_LATE)) from error
    if said["shopper"] != locked.pk:
        raise FactRefused(gettext(_TOO_LATE))
    kind, value, stance, source = said["fact"]
    row, created = ProfileFact.objects.get_or_create(
        shopper=locked,
        kind=kind,
        value=value,
        stance=stance,
        source=source,
        defaults={"times": said["times"], "event": said["event"]},
    )
    if created:
        since = parse_datetime(said["created_at"])
        ProfileFact.objects.filter(pk=row.pk).update(created_at=since)
    return row


@transaction.atomic
def facts_learn(*, shopper: Shopper, facts: Iterable[Fact], source: str, event: str) -> None:
    """Count what follows from something a shopper did; ``event`` is the id of what they did."""
    locked = lock_consenting(shopper)
    room = MAX_FACTS - locked.facts.count()
    for fact in facts:
        same = locked.facts.filter(
            kind=fact.kind, value=fact.value, stance=fact.stance, source=source
        )
        if row := same.first():
            row.times, row.event = row.times + 1, event
            row.save(update_fields=["times", "event", "updated_at"])
        elif room > 0:
            room -= 1
            _store(locked, fact, source, event)


@transaction.atomic
def facts_unlearn(*, shopper: Shopper, facts: Iterable[Fact], source: str) -> None:
    """Take back once what `facts_learn` counted; what is gone already stays gone."""
    for fact in facts:
        same = shopper.facts.filter(
            kind=fact.kind, value=fact.value, stance=fact.stance, source=source
        )
        same.filter(times=1).delete()
        same.update(times=F("times") - 1)


@transaction.atomic
def quiz_answer(*, shopper: Shopper | None, facts: Sequence[Fact], kinds: Iterable[str]) -> None:
    """Store a quiz's answers; earlier ones to questions of the same kinds are replaced."""
    locked = lock_consenting(shopper)
    locked.facts.filter(source=Source.QUIZ, kind__in=list(kinds)).delete()
    for fact in facts:
        fact_say(shopper=locked, fact=fact, source=Source.QUIZ)


@transaction.atomic
def look_save(*, shopper: Shopper, look: Look) -> tuple[SavedLook, bool]:
    """Keep a look; (the row, whether it is new). Raises `FactRefused` when there are too many."""
    locked = lock_consenting(shopper)
    if locked.saved_looks.exclude(look=look).count() >= MAX_SAVED_LOOKS:
        raise FactRefused(f"Up to {MAX_SAVED_LOOKS} looks are kept. Remove some first.")
    return SavedLook.objects.get_or_create(shopper=locked, look=look)


def look_unsave(*, shopper: Shopper, look_id: uuid.UUID) -> None:
    """Keep a look no longer."""
    shopper.saved_looks.filter(look=look_id).delete()


def _stated_about(shopper: Shopper, fact: Fact) -> "QuerySet[ProfileFact]":
    about = shopper.facts.filter(kind=fact.kind, source__in=STATED)
    return about if fact.kind == FactKind.BUDGET else about.filter(value=fact.value)


def _store(shopper: Shopper, fact: Fact, source: str, event: str = "") -> ProfileFact:
    return ProfileFact.objects.create(
        shopper=shopper,
        kind=fact.kind,
        value=fact.value,
        stance=fact.stance,
        source=source,
        event=event,
    )


def _check_known(fact: Fact) -> None:
    """Refuse names that the shop does not have: a profile holds no free text."""
    if fact.kind not in (FactKind.BRAND, FactKind.CATEGORY, FactKind.PRODUCT):
        return
    field = "sku" if fact.kind == FactKind.PRODUCT else f"{fact.kind}__iexact"
    if not Product.objects.filter(**{field: fact.value}).exists():
        raise FactRefused(gettext("The shop does not have %(value)r.") % {"value": fact.value})
