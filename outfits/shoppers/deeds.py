"""What shoppers did, as their page lists it: each app registers the kinds of deeds that it holds.

As with `outfits.shoppers.consent.Holder`, this module does not know the apps after it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core import signing
from django.utils.functional import Promise
from django.utils.translation import gettext

from catalog.models import Product
from outfits.models import Shopper
from outfits.serializers import product_url
from outfits.shoppers.profile import UNDO_SECONDS, FactRefused

#: So many of each kind, the newest, are on the page; the export has all.
SHOWN = 50
_UNDO_SALT = "ensemble.undo-deed"


@dataclass(frozen=True, slots=True)
class Named:
    """A product that a deed was about; ``word`` says how, ``address`` is empty without a page."""

    title: str
    address: str
    word: str = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that a shopper did; ``what`` and ``note`` say it in the active language."""

    key: str
    what: str
    at: datetime
    products: list[Named]
    note: str = ""

    @property
    def name(self) -> str:
        """The deed in one phrase."""
        words = [f"{each.word} {each.title}".strip() for each in self.products]
        return f"{self.what}: {', '.join(words)}"


@dataclass(frozen=True, slots=True)
class DeedKind:
    """A kind of thing that shoppers do; ``none`` is said where there is nothing of it.

    ``read`` gives up to so many, the newest first. ``delete`` takes one back with what it taught;
    it gives what that was and what ``restore`` needs to bring it back, ready for JSON, and None
    where there is no such deed. ``restore`` raises `ValueError` where that cannot be.
    """

    name: str
    label: str | Promise
    none: str | Promise
    read: Callable[[Shopper, int], list[Deed]]
    delete: Callable[[Shopper, str], tuple[Deed, dict[str, Any]] | None]
    restore: Callable[[Shopper, dict[str, Any]], object]


@dataclass(frozen=True, slots=True)
class ShownDeeds:
    """The newest deeds of a kind; ``more`` says that there are others."""

    kind: DeedKind
    deeds: Sequence[Deed]
    more: bool


_kinds: dict[str, DeedKind] = {}


def deeds_register(kind: DeedKind) -> None:
    """Have the profile page list what ``kind`` reads; for an app's ``ready()``."""
    _kinds[kind.name] = kind


def show_deeds(shopper: Shopper) -> list[ShownDeeds]:
    """What a shopper did, by kind."""
    found = [(kind, kind.read(shopper, SHOWN + 1)) for kind in _kinds.values()]
    return [ShownDeeds(kind, deeds[:SHOWN], len(deeds) > SHOWN) for kind, deeds in found]


def name_product(product: Product, word: str = "") -> Named:
    """A product with its page in the shop, if it has one."""
    if product.private:
        return Named(gettext("your photo"), "", word)
    return Named(product.title, product_url(product) if product.published else "", word)


def deed_delete(*, shopper: Shopper, kind: str, key: str) -> tuple[Deed, str] | None:
    """Take back one deed, and what it taught; (the deed, what brings it back for 15 minutes).

    None where there is no such deed (any more).
    """
    known = _kinds.get(kind)
    taken = known.delete(shopper, key) if known else None
    if taken is None:
        return None
    deed, held = taken
    said = {"shopper": shopper.pk, "kind": kind, "held": held}
    return deed, signing.dumps(said, salt=_UNDO_SALT)


def deed_restore(*, shopper: Shopper, undo: str) -> None:
    """Bring back what `deed_delete` took back. Raises `FactRefused` when that cannot be."""
    too_late = FactRefused(gettext("This can no longer be undone."))
    try:
        said = signing.loads(undo, salt=_UNDO_SALT, max_age=UNDO_SECONDS)
    except signing.BadSignature as error:
        raise too_late from error
    if said["shopper"] != shopper.pk or said["kind"] not in _kinds:
        raise too_late
    try:
        _kinds[said["kind"]].restore(shopper, said["held"])
    except ValueError as error:
        raise too_late from error
