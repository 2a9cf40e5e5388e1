"""What shoppers of a region like, from what many of them said.

A region counts only with `REGION_MIN_SHOPPERS` shoppers, so that nobody can be told from it: people
whom the shop knows and who agreed to be remembered, each once. What strangers say counts for none.
A value (a colour, a category, a brand) needs `_VALUE_MIN_SHOPPERS` of them.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db import transaction

from catalog.models import Product
from feedback.models import FeedbackEvent
from outfits.circumstances.current import curation_forget
from outfits.circumstances.regions import enclosing_regions
from outfits.models import REGION_MIN_SHOPPERS, RegionalTaste

_VALUE_MIN_SHOPPERS = 10
#: Likes and dislikes that every value is given beforehand: a few thumbs move it little.
_PRIOR = 5.0
#: What a region likes is a hint: never more than this, in logits.
_MOST = 1.0

Kind = FeedbackEvent.Kind


@dataclass
class Tally:
    """What was said of one value in one region, and by whom."""

    likes: int = 0
    dislikes: int = 0
    shoppers: set[int] = field(default_factory=set)

    @property
    def weight(self) -> float:
        """Log-odds of a like over those of a dislike, in tenths of a logit.

        Tenths, because looks of a region are made anew whenever its taste changes.
        """
        odds = math.log((self.likes + _PRIOR) / (self.dislikes + _PRIOR))
        return round(max(-_MOST, min(_MOST, odds / 2)), 1)


@dataclass
class RegionTally:
    """All that was said in one region."""

    shoppers: set[int] = field(default_factory=set)
    values: dict[tuple[str, str], Tally] = field(default_factory=lambda: defaultdict(Tally))


def regional_taste_update() -> int:
    """Replace regional taste by what all feedback says now; how many values there are."""
    rows = list(_rows(_count(_said())))
    with transaction.atomic():
        RegionalTaste.objects.all().delete()
        RegionalTaste.objects.bulk_create(rows)
    # Rows made in bulk send no signals.
    transaction.on_commit(curation_forget)
    return len(rows)


def _said() -> "Iterable[FeedbackEvent]":
    """What known shoppers said of products; stylists of the shop are no shoppers."""
    events = FeedbackEvent.objects.filter(shopper__isnull=False).exclude(region="")
    return events.select_related("product", "replacement").iterator(chunk_size=2000)


def _count(events: "Iterable[FeedbackEvent]") -> dict[str, RegionTally]:
    regions: dict[str, RegionTally] = defaultdict(RegionTally)
    for event in events:
        if event.shopper_id is None:
            continue
        for region in enclosing_regions(event.region):
            regions[region].shoppers.add(event.shopper_id)
            for product, liked in _opinions(event):
                _add(regions[region], product, event.shopper_id, liked=liked)
    return regions


def _opinions(event: FeedbackEvent) -> Iterator[tuple[Product, bool]]:
    """The products that an event speaks of, and whether it speaks for them."""
    if event.product:
        yield event.product, event.kind == Kind.LIKE
    if event.replacement:
        yield event.replacement, True


def _add(region: RegionTally, product: Product, shopper: int, *, liked: bool) -> None:
    for kind in RegionalTaste.Kind.values:
        value = getattr(product, kind).strip().casefold()
        if value:
            tally = region.values[kind, value]
            tally.shoppers.add(shopper)
            tally.likes += liked
            tally.dislikes += not liked


def _rows(regions: dict[str, RegionTally]) -> Iterator[RegionalTaste]:
    for code, region in regions.items():
        if len(region.shoppers) < REGION_MIN_SHOPPERS:
            continue
        for (kind, value), tally in region.values.items():
            if len(tally.shoppers) >= _VALUE_MIN_SHOPPERS and tally.weight:
                yield RegionalTaste(
                    region=code,
                    kind=kind,
                    value=value,
                    weight=tally.weight,
                    shoppers=len(region.shoppers),
                )
