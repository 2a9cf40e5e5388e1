"""A shopper's profile: facts said, corrected, deleted and forgotten, and looks that they keep.

Nothing here is stored of a shopper who did not agree to it: every service locks their row first and
raises `ConsentMissing` otherwise.
"""

import uuid
from collections.abc import Iterable, Sequence

from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext, gettext_noop

from catalog.models import Product
from outfits.circumstances.regions import find_region
from outfits.models import ForgottenFact, Look, ProfileFact, SavedLook, Shopper
from outfits.shoppers.consent import lock_consenting
from outfits.shoppers.facts import (
    LEARNED_KINDS,
    MAX_FACTS,
    STATED,
    Fact,
    FactKind,
    Source,
    read_fact,
)
from outfits.shoppers.preferences import SaidFact

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


@transaction.atomic
def fact_say(*, shopper: Shopper, fact: Fact, source: str = Source.SAID) -> ProfileFact:
    """Store what a shopper says of their taste; it replaces what they said of the same before.

    What they told us to forget of it may be learned again. Raises `FactRefused` for a brand,
    category or product that the shop does not have.
    """
    locked = lock_consenting(shopper)
    _check_known(fact)
    _stated_about(locked, fact).delete()
    _remember_again(locked, fact)
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
    """Delete a fact, and have it not learned again.

    What is returned brings it back for 15 minutes.
    """
    locked = lock_consenting(fact.shopper)
    undo = signing.dumps(
        {
            "shopper": fact.shopper_id,
            "id": fact.pk,
            "fact": [fact.kind, fact.value, fact.stance, fact.source],
            "times": fact.times,
            "event": fact.event,
            "created_at": fact.created_at.isoformat(),
        },
        salt=_UNDO_SALT,
    )
    fact.delete()
    said = Fact(fact.kind, fact.value, fact.stance)
    if said.kind in LEARNED_KINDS:
        kind, value = said.subject
        ForgottenFact.objects.get_or_create(
            shopper=locked, kind=kind, value=value, stance=said.stance
        )
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
    _remember_again(locked, Fact(kind, value, stance))
    row, created = ProfileFact.objects.get_or_create(
        shopper=locked,
        kind=kind,
        value=value,
        stance=stance,
        source=source,
        # By its id, what taught it can take it back.
        defaults={"pk": said.get("id"), "times": said["times"], "event": said["event"]},
    )
    if created:
        since = parse_datetime(said["created_at"])
        ProfileFact.objects.filter(pk=row.pk).update(created_at=since)
    return row


@transaction.atomic
def fact_allow(*, shopper: Shopper, forgotten_id: int) -> None:
    """Let what was to be forgotten be learned again; what may be already stays so."""
    locked = lock_consenting(shopper)
    locked.forgotten.filter(pk=forgotten_id).delete()


@transaction.atomic
def region_say(*, shopper: Shopper, region: str) -> None:
    """Store where a shopper says they are; an empty ``region`` forgets it. Raises `FactRefused`."""
    locked = lock_consenting(shopper)
    try:
        locked.region = find_region(region) if region.strip() else ""
    except ValueError as error:
        refusal = gettext(
            "%(value)r is no region. Write a country, such as DE, or its part: DE-BE."
        )
        raise FactRefused(refusal % {"value": region}) from error
    locked.save(update_fields=["region"])


@transaction.atomic
def quiz_answer(*, shopper: Shopper | None, facts: Sequence[Fact], kinds: Iterable[str]) -> None:
    """Store a quiz's answers; earlier ones to questions of the same kinds are replaced."""
    locked = lock_consenting(shopper)
    locked.facts.filter(source=Source.QUIZ, kind__in=list(kinds)).delete()
    for fact in facts:
        fact_say(shopper=locked, fact=fact, source=Source.QUIZ)


@transaction.atomic
def look_save(
    *, shopper: Shopper, look: Look, pieces: Sequence[str] = ()
) -> tuple[SavedLook, bool]:
    """Keep a look as it is shown; (the row, whether it is new).

    ``pieces`` are the SKUs that are shown (`outfits.shared.check_pieces`); what was shown when the
    look was kept before is replaced. Raises `FactRefused` when there are too many, and
    `Look.DoesNotExist` when it was forgotten meanwhile.
    """
    locked = lock_consenting(shopper)
    # Foreign keys are checked at the commit: until then, nobody else may delete it.
    Look.objects.select_for_update(no_key=True).get(pk=look.pk)
    if locked.saved_looks.exclude(look=look).count() >= MAX_SAVED_LOOKS:
        raise FactRefused(f"Up to {MAX_SAVED_LOOKS} looks are kept. Remove some first.")
    return SavedLook.objects.update_or_create(
        shopper=locked, look=look, defaults={"pieces": list(pieces)}
    )


def look_unsave(*, shopper: Shopper, look_id: uuid.UUID) -> None:
    """Keep a look no longer."""
    shopper.saved_looks.filter(look=look_id).delete()


def _stated_about(shopper: Shopper, fact: Fact) -> "QuerySet[ProfileFact]":
    about = shopper.facts.filter(kind=fact.kind, source__in=STATED)
    return about if fact.kind == FactKind.BUDGET else about.filter(value=fact.value)


def _remember_again(shopper: Shopper, fact: Fact) -> None:
    kind, value = fact.subject
    shopper.forgotten.filter(kind=kind, value=value).delete()


def _store(shopper: Shopper, fact: Fact, source: str) -> ProfileFact:
    return ProfileFact.objects.create(
        shopper=shopper,
        kind=fact.kind,
        value=fact.value,
        stance=fact.stance,
        source=source,
    )


def _check_known(fact: Fact) -> None:
    """Refuse names that the shop does not have: a profile holds no free text."""
    if fact.kind not in (FactKind.BRAND, FactKind.CATEGORY, FactKind.PRODUCT):
        return
    field = "sku" if fact.kind == FactKind.PRODUCT else f"{fact.kind}__iexact"
    if not Product.objects.filter(**{field: fact.value}).exists():
        raise FactRefused(gettext("The shop does not have %(value)r.") % {"value": fact.value})
