"""What the shop curates (trends, events, rules) and what is liked in a region, as plain values.

Pure: `outfits.circumstances.current` reads the tables. A `Curation` in force for a region and a day
has a fingerprint, which is part of a look's context, so that looks are made anew exactly when it
changes.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol, TypeVar

from outfits.circumstances.regions import enclosing_regions


@dataclass(frozen=True, slots=True)
class Period:
    """From and until when (both days included); None: open."""

    starts: date | None = None
    ends: date | None = None

    def holds(self, day: date) -> bool:
        """Whether ``day`` is in it."""
        return (self.starts is None or self.starts <= day) and (
            self.ends is None or day <= self.ends
        )


@dataclass(frozen=True, slots=True)
class TrendInForce:
    """A trend: what it is about (an empty list: anything), and how much it weighs, in logits."""

    name: str
    words: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    genders: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    period: Period = Period()
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class EventInForce:
    """An event: products with one of ``words``, or for ``occasion``, suit it."""

    name: str
    occasion: str = ""
    words: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    period: Period = Period()
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Match:
    """Which products are meant: those that every field names that is not empty."""

    skus: tuple[str, ...] = ()
    brand: str = ""
    category: str = ""
    slot: str = ""
    words: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any((self.skus, self.brand, self.category, self.slot, self.words))


@dataclass(frozen=True, slots=True)
class RuleInForce:
    """A merchandiser's rule: what happens to which products, beside which anchors (none: all)."""

    action: str
    match: Match
    anchor: Match = Match()
    period: Period = Period()
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class TasteInForce:
    """What shoppers of a region like: ``kind`` is a product's field, ``weight`` in logits."""

    region: str
    kind: str
    value: str
    weight: float


class _Placed(Protocol):
    @property
    def regions(self) -> tuple[str, ...]: ...
    @property
    def period(self) -> Period: ...


_P = TypeVar("_P", bound=_Placed)


@dataclass(frozen=True, slots=True)
class Curation:
    """Trends, events, rules and regional tastes; all there are, or those `in_force`."""

    trends: tuple[TrendInForce, ...] = ()
    events: tuple[EventInForce, ...] = ()
    rules: tuple[RuleInForce, ...] = ()
    tastes: tuple[TasteInForce, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Short and equal for equal content; empty when there is nothing.

        Periods are left out: what is in force now is the same whenever it ends.
        """
        if self == NOTHING:
            return ""
        content = repr(
            tuple(
                tuple(_without_period(each) for each in group)
                for group in (self.trends, self.events, self.rules, self.tastes)
            )
        )
        return hashlib.sha256(content.encode()).hexdigest()[:16]

    def in_force(self, region: str, day: date) -> "Curation":
        """What of it holds in a region (empty: unknown) on a day."""
        around = enclosing_regions(region)
        return Curation(
            _select(self.trends, around, day),
            _select(self.events, around, day),
            tuple(rule for rule in self.rules if rule.period.holds(day)),
            _finest(self.tastes, around),
        )


def _without_period(each: object) -> object:
    if isinstance(each, TrendInForce | EventInForce | RuleInForce):
        return replace(each, period=Period())
    return each


def _select(every: Sequence[_P], around: Sequence[str], day: date) -> tuple[_P, ...]:
    """Those that hold on ``day``, everywhere or in a region around the shopper."""
    return tuple(
        each
        for each in every
        if each.period.holds(day) and (not each.regions or set(each.regions) & set(around))
    )


def _finest(tastes: Sequence[TasteInForce], around: Sequence[str]) -> tuple[TasteInForce, ...]:
    """For each value, the taste of the finest region that says something of it."""
    found: dict[tuple[str, str], TasteInForce] = {}
    for region in around:
        found |= {(t.kind, t.value): t for t in tastes if t.region == region}
    return tuple(found[key] for key in sorted(found))


NOTHING = Curation()
