"""What could stand in an item's place, were one of its reasons left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.models import Caption, Product
from catalog.selectors import captions_for
from outfits.circumstances.context import Context
from outfits.cooccurrence import FIGURES
from outfits.models import LookItem
from outfits.retrieval import LOGITS_PER_PLACE
from outfits.selectors import stylist_of
from outfits.why.explanation import describe_candidate

_SLOT, _STYLIST = "slot", "stylist"


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Available candidates that a reason does not hold for, the best first without it."""

    factor: Mapping[str, Any]
    products: list[Product]
    captions: Mapping[int, Caption]


def alternatives_without(item: LookItem, name: str) -> Alternatives | None:
    """The other candidates for ``item`` without its factor ``name``; None if it has none such.

    What the factor added to a score is taken off it; candidates that the same is true of are left
    out, so that a click on "navy goes with white" shows other colours than navy. Without the
    stylist, nearness and the context decide; the slot is one that all of them fill.
    """
    factor = next((each for each in item.factors if each["name"] == name), None)
    if factor is None:
        return None
    others = [c for c in item.candidates if c["product"] != item.chosen.pk]
    available = Product.objects.available().prefetch_related("images")
    products = available.in_bulk([c["product"] for c in others])
    left = [c for c in others if c["product"] in products]
    captions = captions_for([item.look.anchor, *products.values()])
    weight = _counted_weight(item) if name in FIGURES else 0.0
    ranked = sorted(left, key=lambda c: -_score_without(c, name, weight))
    found = [products[c["product"]] for c in ranked]
    if name != _SLOT:
        offered = [item.chosen, *products.values()]
        label = factor["label"]
        found = [p for p in found if label not in _labels(item, p, captions, offered, name)]
    return Alternatives(factor, found, captions)


def _score_without(candidate: Mapping[str, Any], name: str, counted: float) -> float:
    if name == _STYLIST:
        near = LOGITS_PER_PLACE * candidate.get("retrieval_rank", 0)
        return float(sum(candidate.get("context", {}).values()) - near)
    added: float = candidate.get("context", {}).get(name, 0.0)
    score: float = candidate["score"] - added - counted * candidate.get("cooccurrence", 0.0)
    return score


def _counted_weight(item: LookItem) -> float:
    """What counting was multiplied by, as far as that is still known."""
    stylist = stylist_of(item.look)
    return stylist.taste.mix.cooccurrence if stylist else 0.0


def _labels(
    item: LookItem,
    product: Product,
    captions: Mapping[int, Caption],
    offered: Sequence[Product],
    name: str,
) -> set[str]:
    """What would be said of ``product`` under ``name``."""
    context = Context(**item.look.context)
    found = describe_candidate(product, offered, item.look.anchor, captions, context)
    return {factor.label for factor in found if factor.name == name}
