"""What the profile page shows: facts by kind, in words, and saved looks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy

from catalog.models import Product
from outfits.models import ForgottenFact, LookItem, ProfileFact, SavedLook, Shopper
from outfits.presentation import ShownLook
from outfits.serializers import page_url
from outfits.shared import Shared, present_each
from outfits.shoppers.catalog_words import say_value
from outfits.shoppers.facts import STATED, FactKind

#: What a redirect's ``done`` says.
NOTICES = {
    "quiz": gettext_lazy("Thank you: your answers are part of your style now."),
    "granted": gettext_lazy("Your style is remembered from now on."),
    "withdrawn": gettext_lazy("Your style is erased, and nothing is remembered any more."),
    "erased": gettext_lazy("Everything that was stored of you is erased."),
    "added": gettext_lazy("Added."),
    "changed": gettext_lazy("Changed."),
    "restored": gettext_lazy("It is back."),
    "allowed": gettext_lazy("It may be learned again."),
    "removed": gettext_lazy("The look is no longer kept."),
    "photo": gettext_lazy("The photo is deleted."),
    "placeless": gettext_lazy("Your region is forgotten."),
}
_AMOUNTS = (FactKind.SIZE, FactKind.BUDGET)


@dataclass(frozen=True, slots=True)
class ShownFact:
    """All that is known of one thing, from each source; what counts most stands first in ``rows``.

    ``may_change`` says whether it has another stance, ``has_amount`` whether its value is typed.
    """

    word: str
    rows: list[ProfileFact]
    may_change: bool
    has_amount: bool

    @property
    def row(self) -> ProfileFact:
        return self.rows[0]


@dataclass(frozen=True, slots=True)
class ShownForgotten:
    """Something that is not to be learned again; ``word`` is empty where it is all of a kind."""

    row: ForgottenFact
    kind: str
    word: str


@dataclass(frozen=True, slots=True)
class ShownSaved:
    """A look that is kept, what is shown of it, and the address of its page, if it has one."""

    saved: SavedLook
    look: ShownLook
    address: str | None

    @property
    def stand_ins(self) -> int:
        """How many pieces have sold out since, and have something in their place."""
        return sum(item.stand_in for item in self.look.items)


@dataclass(frozen=True, slots=True)
class FactGroup:
    """The facts of one kind."""

    label: str
    facts: list[ShownFact]


def show_facts(rows: Iterable[ProfileFact]) -> list[FactGroup]:
    """Facts by kind, in the order of `FactKind`; one query where products are named."""
    rows = list(rows)
    titles = _read_titles(rows)
    shown = [FactGroup(str(kind.label), _show_kind(rows, kind, titles)) for kind in FactKind]
    return [group for group in shown if group.facts]


def say_fact(row: ProfileFact) -> str:
    """What one fact is about, as people read it; a query where that is a product."""
    return _say(row.kind, row.value, _read_titles([row]))


def show_forgotten(shopper: Shopper) -> list[ShownForgotten]:
    """What a shopper told us to forget, in words; two queries at most."""
    rows = list(shopper.forgotten.all())
    titles = _read_titles(rows)
    return [
        ShownForgotten(
            row=row,
            kind=row.get_kind_display(),
            word=_say(row.kind, row.value, titles) if row.value else "",
        )
        for row in rows
    ]


def _read_titles(rows: Iterable[ProfileFact | ForgottenFact]) -> dict[str, str]:
    """SKU -> title of the products that rows are about."""
    skus = [row.value for row in rows if row.kind == FactKind.PRODUCT]
    found = Product.objects.filter(sku__in=skus)
    return dict(found.values_list("sku", "title")) if skus else {}


def show_saved_looks(shopper: Shopper) -> list[ShownSaved]:
    """The looks that a shopper keeps, as they were shown when they were kept."""
    items = LookItem.objects.select_related("stylist_choice").order_by("position")
    saved = list(
        shopper.saved_looks.select_related("look__anchor").prefetch_related(
            "look__anchor__images", Prefetch("look__items", queryset=items)
        )
    )
    shares = [Shared(row.look, tuple(row.pieces)) for row in saved]
    return [
        ShownSaved(row, shown, page_url(row.look_id, row.pieces))
        for row, shown in zip(saved, present_each(shares), strict=True)
    ]


def _show_kind(
    rows: Sequence[ProfileFact], kind: str, titles: Mapping[str, str]
) -> list[ShownFact]:
    by_value: dict[str, list[ProfileFact]] = {}
    for row in rows:
        if row.kind == kind:
            by_value.setdefault(row.value, []).append(row)
    return [
        ShownFact(
            word=_say(kind, value, titles),
            # What was stated decides, whatever follows from deeds.
            rows=sorted(each, key=lambda row: (row.source not in STATED, row.source)),
            may_change=kind not in (*_AMOUNTS, FactKind.PRODUCT),
            has_amount=kind in _AMOUNTS,
        )
        for value, each in by_value.items()
    ]


def _say(kind: str, value: str, titles: Mapping[str, str]) -> str:
    return titles.get(value, value) if kind == FactKind.PRODUCT else say_value(kind, value)
