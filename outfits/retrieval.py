"""Candidates for slots: what is near the anchor, can be bought, and suits wearer and context.

All slots of a look are read by one statement, each by index scans of its own.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from itertools import chain
from operator import and_

from catalog.models import Product
from catalog.slots import Slot
from catalog.vocabulary import Gender
from outfits.circumstances.context import Context
from outfits.circumstances.curated import is_excluded, rule_applies
from outfits.circumstances.curation import Curation, Match
from outfits.circumstances.current import recall_curation
from outfits.circumstances.suitability import suit
from outfits.nearest import Condition, Slice, read_slices
from outfits.shoppers.personal import leave_out_never, never_shown

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
    read = dict(zip(wanted, read_slices(anchor, list(wanted.values())), strict=True))
    wearable = leave_out_never(_once(chain.from_iterable(read.values())), context)
    ids = {product.pk for product in wearable}
    read = {key: [p for p in products if p.pk in ids] for key, products in read.items()}
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
) -> dict[str, Slice]:
    """What is read for one slot: what is pinned, near, near for other occasions, and cheap."""
    fitting = Condition(
        "p.published AND p.stock > 0 AND p.slot = %s AND p.gender = ANY(%s) AND p.id <> %s",
        (slot.value, wearable_by(anchor.gender), anchor.pk),
    )
    if purse:
        affordable = Condition("p.price <= %s AND p.currency = %s", (purse.most, purse.currency))
        fitting &= affordable
    for match in _matches(curation, "exclude", anchor):
        fitting &= ~_narrow(match)
    if (forbidden := never_shown(context)) is not None:
        fitting &= ~forbidden
    found = {
        f"pinned {number}": Slice(fitting & _narrow(match), limit, "id")
        for number, match in enumerate(_matches(curation, "pin", anchor))
    }
    pool = limit * _POOL if _is_wide(context) else limit
    if context.occasion:
        tagged = Condition("p.occasions @> ARRAY[%s]::varchar[]", (context.occasion,))
        suits = tagged | Condition("p.occasions = '{}'")
        found["near"] = Slice(fitting & suits, pool)
        found["other"] = Slice(fitting & ~suits, limit)
    else:
        found["near"] = Slice(fitting, pool)
    if purse:
        share = Condition("p.price <= %s", (purse.share,))
        found["cheap"] = Slice(fitting & share, limit)
        found["cheapest"] = Slice(fitting, 1, "price")
    return found


def _is_wide(context: Context) -> bool:
    """Whether the context has a say in which of the nearest are offered."""
    return bool(context.occasion or context.weather or context.curated or context.preferences)


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


def _narrow(match: Match) -> Condition:
    """`outfits.circumstances.curated.matches` as a condition of a query."""
    words = "|".join(re.escape(word.strip()) for word in match.words if word.strip())
    pattern = rf"\y({words})(s|es)?\y"
    said = Condition("p.title ~* %s", (pattern,)) | Condition("p.category ~* %s", (pattern,))
    wanted = (
        (match.skus, Condition("p.sku = ANY(%s)", (list(match.skus),))),
        (match.brand, Condition("upper(p.brand) = upper(%s)", (match.brand,))),
        (match.category, Condition("upper(p.category) = upper(%s)", (match.category,))),
        (match.slot, Condition("p.slot = %s", (match.slot,))),
        (words, said),
    )
    asked = [condition for given, condition in wanted if given]
    # A rule about nothing is about every product, in SQL; `Rule.clean` refuses it.
    return reduce(and_, asked, Condition("TRUE"))


def _once(products: Iterable[Product]) -> list[Product]:
    return list({product.pk: product for product in products}.values())
