"""Consent: what a shopper agreed to, and everything of theirs exported or erased.

Each app registers the tables in which it holds something of shoppers, so that export and erasure
reach all of them without this module knowing the apps after it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from outfits.models import Shopper

log = structlog.get_logger(__name__)

Consent = Shopper.Consent


class ConsentMissing(Exception):
    """Something was to be stored of a shopper who did not agree to it."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Something that is held of shoppers: what it is called, how it is exported and erased."""

    name: str
    export: Callable[[Shopper], list[dict[str, Any]]]
    erase: Callable[[Shopper], object]


_holders: dict[str, Holder] = {}


def holder_register(holder: Holder) -> None:
    """Have export and erasure reach what ``holder`` holds; for an app's ``ready()``."""
    _holders[holder.name] = holder


def find_shopper(shop_id: str) -> Shopper | None:
    """The shopper with the shop's id, if anything is stored of them."""
    return Shopper.objects.filter(shop_id=shop_id).first() if shop_id else None


def find_consenting(shop_id: str) -> Shopper | None:
    """The shopper, if they agreed to be remembered; nobody else may be stored anything of."""
    found = find_shopper(shop_id)
    return found if found and found.consent == Consent.GRANTED else None


def lock_consenting(shopper: Shopper | None) -> Shopper:
    """The shopper, locked until the transaction ends, so that nothing is stored beside an erasure.

    Raises `ConsentMissing` when they are gone or agree no more.
    """
    pk = shopper.pk if shopper else 0
    locked = Shopper.objects.select_for_update().filter(pk=pk).first()
    if locked is None or locked.consent != Consent.GRANTED:
        raise ConsentMissing("Nothing is stored: the shopper has not agreed to it.")
    return locked


@transaction.atomic
def shopper_consent(*, shop_id: str, granted: bool, region: str | None = None) -> Shopper | None:
    """Grant or withdraw consent; None when nothing is stored of the shopper.

    Withdrawing erases all but the row that says so. ``region`` is one of
    `outfits.circumstances.regions`; empty forgets where the shopper is, None leaves it as it is.
    """
    if not granted:
        return _withdraw(shop_id)
    now = timezone.now()
    defaults = {"consent": Consent.GRANTED, "consent_at": now, "region": region or ""}
    shopper, created = Shopper.objects.select_for_update().get_or_create(
        shop_id=shop_id, defaults=defaults
    )
    if created:
        return shopper
    if shopper.consent != Consent.GRANTED:
        shopper.consent, shopper.consent_at = Consent.GRANTED, now
    if region is not None:
        shopper.region = region
    shopper.save(update_fields=["consent", "consent_at", "region"])
    return shopper


@transaction.atomic
def shopper_erase(*, shop_id: str) -> bool:
    """Erase everything of a shopper, in every app; whether there was anything."""
    shopper = Shopper.objects.select_for_update().filter(shop_id=shop_id).first()
    if shopper is None:
        return False
    _erase_held(shopper)
    shopper.delete()
    log.info("shopper_erased")
    return True


def export_shopper(shop_id: str) -> dict[str, Any]:
    """All that is stored of a shopper, ready for JSON; the same keys when that is nothing."""
    shopper = find_shopper(shop_id)
    about = {
        "id": shop_id,
        "consent": shopper.consent if shopper else None,
        "consent_at": shopper.consent_at.isoformat() if shopper else None,
        "region": shopper.region if shopper else "",
        "known_since": shopper.created_at.isoformat() if shopper else None,
    }
    held = {name: holder.export(shopper) if shopper else [] for name, holder in _holders.items()}
    return {"shopper": about, **held}


def _withdraw(shop_id: str) -> Shopper | None:
    shopper = Shopper.objects.select_for_update().filter(shop_id=shop_id).first()
    if shopper is None or shopper.consent == Consent.WITHDRAWN:
        return shopper
    _erase_held(shopper)
    shopper.consent, shopper.consent_at, shopper.region = Consent.WITHDRAWN, timezone.now(), ""
    shopper.save(update_fields=["consent", "consent_at", "region"])
    log.info("consent_withdrawn")
    return shopper


def _erase_held(shopper: Shopper) -> None:
    for holder in _holders.values():
        holder.erase(shopper)
