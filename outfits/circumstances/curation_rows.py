"""Reads the tables of `outfits.models.curation` into plain values."""

from outfits.circumstances.curation import (
    Curation,
    EventInForce,
    Match,
    Period,
    RuleInForce,
    TasteInForce,
    TrendInForce,
)
from outfits.models import Event, RegionalTaste, Rule, Trend
from outfits.models.curation import Dated


def read_curation() -> Curation:
    """All there is, whenever and wherever it holds, in a stable order; four queries."""
    return Curation(
        trends=tuple(map(_trend, Trend.objects.order_by("name"))),
        events=tuple(map(_event, Event.objects.order_by("name"))),
        rules=tuple(map(_rule, Rule.objects.order_by("pk"))),
        tastes=tuple(
            TasteInForce(taste.region, taste.kind, taste.value, taste.weight)
            for taste in RegionalTaste.objects.order_by("region", "kind", "value")
        ),
    )


def _period(row: Dated) -> Period:
    return Period(row.starts, row.ends)


def _trend(row: Trend) -> TrendInForce:
    return TrendInForce(
        name=row.name,
        words=tuple(row.words),
        colours=tuple(row.colours),
        categories=tuple(row.categories),
        slots=tuple(row.slots),
        genders=tuple(row.genders),
        regions=tuple(row.regions),
        period=_period(row),
        weight=row.weight,
    )


def _event(row: Event) -> EventInForce:
    return EventInForce(
        name=row.name,
        occasion=row.occasion,
        words=tuple(row.words),
        regions=tuple(row.regions),
        period=_period(row),
        weight=row.weight,
    )


def _rule(row: Rule) -> RuleInForce:
    anchor = Match(tuple(row.anchor_skus), row.anchor_brand, row.anchor_category, row.anchor_slot)
    match = Match(tuple(row.skus), row.brand, row.category, row.slot, tuple(row.words))
    return RuleInForce(row.action, match, anchor, _period(row), row.weight)
