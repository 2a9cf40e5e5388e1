"""Candidates for slots: what is near the anchor, can be bought, and suits wearer and context.

All slots of a look are read by one statement, each by index scans of its own.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, models, transaction
from django.db.models import Q, Value
from pgvector.django import CosineDistance

from catalog.embedding import get_embedder
from catalog.models import Product, ProductEmbedding
from catalog.slots import Slot
from catalog.vocabulary import Gender
from outfits.circumstances import recall_curation
from outfits.context import Context
from outfits.curated import is_excluded, rule_applies
from outfits.curation import Curation, Match
from outfits.suitability import suit

#: Where the context says something, so many times more are looked at than are offered: among the
#: nearest alone, all may be of wool on a hot day.
_POOL = 4
#: What a place further from the anchor costs, in logits.
LOGITS_PER_PLACE = 0.05


@dataclass(frozen=True, slots=True)
class Purse:
    """What one item may cost: at most, and where all slots are to get an equal share."""

    most: Decimal
    share: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class _Slice:
    """At most ``limit`` of some products: the nearest to the anchor, or by ``order``."""

    products: "models.QuerySet[Product]"
    limit: int
    order: str = ""


def wearable_by(gender: str) -> list[str]:
    """The genders of products that go with an anchor of ``gender``."""
    return list(Gender.values) if gender == Gender.UNISEX else [gender, Gender.UNISEX]


def retrieve_candidates(
    anchor: Product, slot: str, context: Context, *, limit: int
) -> list[Product]:
    """At most ``limit`` available products of ``slot``, the nearest to the anchor first.

    The anchor and its own slot are never among them, nor is what a rule excludes; what a rule pins
    comes first. Products tagged for the occasion (or not tagged at all) come before others, and
    what suits the context before what does not, unless it is much nearer.
    """
    return retrieve_slots(anchor, [Slot(slot)], context, limit=limit)[Slot(slot)]


def retrieve_slots(
    anchor: Product,
    slots: Sequence[Slot],
    context: Context,
    *,
    limit: int,
    purse: Purse | None = None,
) -> dict[Slot, list[Product]]:
    """`retrieve_candidates` of several slots at once: slot -> products.

    With a ``purse``, what costs too much is left out, and half of the places go to what costs an
    equal share at most, so that a look within the budget is found where there is one.
    """
    curation = recall_curation(context)
    wanted = {
        (slot, name): cut
        for slot in slots
        if slot != anchor.slot
        for name, cut in _slices(anchor, slot, context, curation, limit, purse).items()
    }
    read = dict(zip(wanted, _read(anchor, list(wanted.values())), strict=True))
    found = {}
    for slot in slots:
        parts = {name: products for (of, name), products in read.items() if of == slot}
        found[slot] = _choose(parts, anchor, context, curation, limit)
    return found


def _slices(
    anchor: Product,
    slot: Slot,
    context: Context,
    curation: Curation,
    limit: int,
    purse: Purse | None,
) -> dict[str, _Slice]:
    """What is read for one slot: what is pinned, near, near for other occasions, and cheap."""
    fitting = Product.objects.available().filter(slot=slot, gender__in=wearable_by(anchor.gender))
    fitting = fitting.exclude(pk=anchor.pk)
    if purse:
        fitting = fitting.filter(price__lte=purse.most, currency=purse.currency)
    for match in _matches(curation, "exclude", anchor):
        fitting = fitting.exclude(pk__in=fitting.filter(_narrow(match)).values("pk"))
    found = {
        f"pinned {number}": _Slice(fitting.filter(_narrow(match)), limit, "pk")
        for number, match in enumerate(_matches(curation, "pin", anchor))
    }
    pool = limit * _POOL if _is_wide(context) else limit
    if context.occasion:
        suits = Q(occasions__contains=[context.occasion]) | Q(occasions=[])
        found["near"] = _Slice(fitting.filter(suits), pool)
        found["other"] = _Slice(fitting.exclude(suits), limit)
    else:
        found["near"] = _Slice(fitting, pool)
    if purse:
        found["cheap"] = _Slice(fitting.filter(price__lte=purse.share), limit)
        found["cheapest"] = _Slice(fitting, 1, "price")
    return found


def _is_wide(context: Context) -> bool:
    """Whether the context has a say in which of the nearest are offered."""
    return bool(context.occasion or context.weather or context.curated)


def _choose(
    parts: Mapping[str, list[Product]],
    anchor: Product,
    context: Context,
    curation: Curation,
    limit: int,
) -> list[Product]:
    """The candidates of one slot, out of what was read for it."""
    near, cheap = parts.get("near", []), parts.get("cheap", [])
    other = parts.get("other", [])[: max(0, limit - len(near))]
    pinned = [p for name, found in parts.items() if name.startswith("pinned") for p in found]
    pool = _once([*pinned, *near, *other])
    if _is_wide(context):
        pool = [product for product in pool if not is_excluded(product, curation, anchor)]
        pool = _most_suited(pool, context, curation, anchor)
        cheap = _most_suited(cheap, context, curation, anchor)
    if "cheapest" in parts:
        pool = _once([*pool[: limit - limit // 2], *parts["cheapest"], *cheap, *pool])
    return pool[:limit]


def _most_suited(
    pool: list[Product], context: Context, curation: Curation, anchor: Product
) -> list[Product]:
    """The pool by what the context says of it, as far as that outweighs nearness."""
    # Captions are left out here: they are read for what is offered, not for a whole pool.
    worth = {
        product.pk: sum(f.weight for f in suit(product, None, context, curation, anchor))
        - place * LOGITS_PER_PLACE
        for place, product in enumerate(pool)
    }
    return sorted(pool, key=lambda product: -worth[product.pk])


def _matches(curation: Curation, action: str, anchor: Product) -> list[Match]:
    return [
        rule.match
        for rule in curation.rules
        if rule.action == action and rule_applies(rule, anchor)
    ]


def _narrow(match: Match) -> Q:
    """`outfits.curated.matches` as a condition of a query."""
    wanted = Q()
    if match.skus:
        wanted &= Q(sku__in=match.skus)
    if match.brand:
        wanted &= Q(brand__iexact=match.brand)
    if match.category:
        wanted &= Q(category__iexact=match.category)
    if match.slot:
        wanted &= Q(slot=match.slot)
    if match.words:
        words = "|".join(re.escape(word.strip()) for word in match.words if word.strip())
        pattern = rf"\y({words})(s|es)?\y"
        wanted &= Q(title__iregex=pattern) | Q(category__iregex=pattern)
    return wanted


def _once(products: Iterable[Product]) -> list[Product]:
    return list({product.pk: product for product in products}.values())


def _read(anchor: Product, slices: Sequence[_Slice]) -> list[list[Product]]:
    """The products of every slice, in order; near ones without a vector come last."""
    model_id = get_embedder().model_id
    vectors = ProductEmbedding.objects.filter(product=anchor, model_id=model_id)
    distance = CosineDistance("embeddings__vector", models.Subquery(vectors.values("vector")[:1]))
    ordered = [
        cut.products.annotate(distance=Value(None, models.FloatField())).order_by(cut.order)
        if cut.order
        else cut.products.filter(embeddings__model_id=model_id)
        .annotate(distance=distance)
        .order_by("distance")
        for cut in slices
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        # Filters are applied after the index: without this it stops before the limit is reached.
        cursor.execute("SET LOCAL hnsw.iterative_scan = strict_order")
        found = _unite([each[: cut.limit] for each, cut in zip(ordered, slices, strict=True)])
    if any(_misses_vector(products, cut) for products, cut in zip(found, slices, strict=True)):
        return _unite([cut.products.order_by(cut.order or "pk")[: cut.limit] for cut in slices])
    return _fill_up(found, slices, model_id)


def _misses_vector(products: Sequence[Product], cut: _Slice) -> bool:
    """Whether the anchor has no vector, so that nothing is near it."""
    return not cut.order and any(product.distance is None for product in products)  # type: ignore[attr-defined]  # annotated


def _fill_up(
    found: list[list[Product]], slices: Sequence[_Slice], model_id: str
) -> list[list[Product]]:
    """Add products without a vector where there are too few with one."""
    short = [
        place
        for place, (products, cut) in enumerate(zip(found, slices, strict=True))
        if not cut.order and len(products) < cut.limit
    ]
    plain = (
        slices[place]
        .products.exclude(embeddings__model_id=model_id)
        .order_by("pk")[: slices[place].limit - len(found[place])]
        for place in short
    )
    for place, more in zip(short, _unite(list(plain)), strict=True):
        found[place] += more
    return found


def _unite(queries: "Sequence[models.QuerySet[Product]]") -> list[list[Product]]:
    """The rows of every query, by one statement."""
    if not queries:
        return []
    first, *others = (_number(place, query) for place, query in enumerate(queries))
    united = first.union(*others, all=True) if others else first
    found: list[list[Product]] = [[] for _ in queries]
    for product in united:
        found[product.part].append(product)  # type: ignore[attr-defined]  # annotated
    return found


def _number(place: int, query: "models.QuerySet[Product]") -> "models.QuerySet[Product]":
    numbered: models.QuerySet[Product] = query.annotate(part=Value(place, models.IntegerField()))
    return numbered
