"""Candidates for a slot: what is near the anchor, can be bought, and suits wearer and context."""

import re
from collections.abc import Iterable

from django.db import connection, models, transaction
from django.db.models import Q
from pgvector.django import CosineDistance

from catalog.embedding import get_embedder
from catalog.models import Product, ProductEmbedding
from catalog.selectors import captions_for
from catalog.vocabulary import Gender
from outfits.circumstances import recall_curation
from outfits.context import Context
from outfits.curated import is_excluded, rule_applies
from outfits.curation import Curation, Match
from outfits.personal import is_never_shown, needs_captions, never_shown
from outfits.suitability import suit

#: Where the context says something, so many times more are looked at than are offered: among the
#: nearest alone, all may be of wool on a hot day.
_POOL = 4
#: What a place further from the anchor costs, in logits.
_LOGITS_PER_PLACE = 0.05


def wearable_by(gender: str) -> list[str]:
    """The genders of products that go with an anchor of ``gender``."""
    return list(Gender.values) if gender == Gender.UNISEX else [gender, Gender.UNISEX]


def retrieve_candidates(
    anchor: Product, slot: str, context: Context, *, limit: int
) -> list[Product]:
    """At most ``limit`` available products of ``slot``, the nearest to the anchor first.

    The anchor and its own slot are never among them, nor is what a rule excludes or the shopper
    never wants to see; what a rule pins comes first. Products tagged for the occasion (or not
    tagged at all) come before others, and what suits the context before what does not, unless it is
    much nearer.
    """
    if slot == anchor.slot:
        return []
    curation = recall_curation(context)
    fitting = Product.objects.available().filter(slot=slot, gender__in=wearable_by(anchor.gender))
    fitting = fitting.exclude(pk=anchor.pk)
    for match in _matches(curation, "exclude", anchor):
        fitting = fitting.exclude(pk__in=fitting.filter(_narrow(match)).values("pk"))
    if (forbidden := never_shown(context)) is not None:
        fitting = fitting.exclude(forbidden)
    if not (context.occasion or context.weather or context.curated or context.preferences):
        return _nearest(anchor, fitting, limit)
    pool = [*_pinned(fitting, curation, anchor, limit), *_pool(anchor, fitting, context, limit)]
    pool = [product for product in _once(pool) if not is_excluded(product, curation, anchor)]
    pool = leave_out_never(pool, context)
    return _most_suited(pool, context, curation, anchor)[:limit]


def leave_out_never(products: Iterable[Product], context: Context) -> list[Product]:
    """The products that the shopper does not refuse to see, by their pictures, too."""
    products = list(products)
    captions = captions_for(products) if needs_captions(context) else {}
    return [p for p in products if not is_never_shown(p, captions.get(p.pk), context)]


def _pool(
    anchor: Product, fitting: "models.QuerySet[Product]", context: Context, limit: int
) -> list[Product]:
    """More of the nearest than are asked for, those for the occasion first."""
    if not context.occasion:
        return _nearest(anchor, fitting, limit * _POOL)
    suits = Q(occasions__contains=[context.occasion]) | Q(occasions=[])
    first = _nearest(anchor, fitting.filter(suits), limit * _POOL)
    return first + _nearest(anchor, fitting.exclude(suits), limit - len(first))


def _most_suited(
    pool: list[Product], context: Context, curation: Curation, anchor: Product
) -> list[Product]:
    """The pool by what the context says of it, as far as that outweighs nearness."""
    # Captions are left out here: reading those of a whole pool would cost the page a query a slot.
    worth = {
        product.pk: sum(f.weight for f in suit(product, None, context, curation, anchor))
        - place * _LOGITS_PER_PLACE
        for place, product in enumerate(pool)
    }
    return sorted(pool, key=lambda product: -worth[product.pk])


def _pinned(
    fitting: "models.QuerySet[Product]", curation: Curation, anchor: Product, limit: int
) -> list[Product]:
    return [
        product
        for match in _matches(curation, "pin", anchor)
        for product in fitting.filter(_narrow(match)).order_by("pk")[:limit]
    ]


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


def _nearest(anchor: Product, products: "models.QuerySet[Product]", limit: int) -> list[Product]:
    """``products`` by cosine distance to the anchor; those without a vector come last."""
    if limit <= 0:
        return []
    model_id = get_embedder().model_id
    vector = (
        ProductEmbedding.objects.filter(product=anchor, model_id=model_id)
        .values_list("vector", flat=True)
        .first()
    )
    if vector is None:
        return list(products.order_by("pk")[:limit])
    near = products.filter(embeddings__model_id=model_id).order_by(
        CosineDistance("embeddings__vector", vector)
    )
    with transaction.atomic(), connection.cursor() as cursor:
        # Filters are applied after the index: without this it stops before ``limit`` rows are left.
        cursor.execute("SET LOCAL hnsw.iterative_scan = strict_order")
        found = list(near[:limit])
    if len(found) < limit:
        found += products.exclude(embeddings__model_id=model_id).order_by("pk")[
            : limit - len(found)
        ]
    return found
