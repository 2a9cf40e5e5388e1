"""What shoppers kept together: each one's last word on a product beside an anchor, counted.

A pair of products counts only with `KEPT_MIN_SHOPPERS` shoppers: people whom the shop knows and who
agreed to be remembered, each once. What strangers say counts for none.
"""

import math
from collections import defaultdict
from collections.abc import Iterator

from django.db import transaction

from feedback.models import FeedbackEvent
from outfits.models import KEPT_MIN_SHOPPERS, KeptTogether

Kind = FeedbackEvent.Kind

#: Shoppers that every pair is given beforehand on either side: a few move it little.
_PRIOR = 5.0
#: What others did is a hint: never more than this, in logits.
_MOST = 1.0

#: (anchor, product) -> shopper -> whether they kept it, by their last word.
_Opinions = dict[tuple[int, int], dict[int, bool]]


def kept_together_update() -> int:
    """Replace what was kept together by what all feedback says now; how many pairs there are."""
    rows = list(_rows(_read()))
    with transaction.atomic():
        KeptTogether.objects.all().delete()
        KeptTogether.objects.bulk_create(rows)
    return len(rows)


def _read() -> _Opinions:
    opinions: _Opinions = defaultdict(dict)
    said = (
        FeedbackEvent.objects.filter(item__isnull=False, shopper__isnull=False)
        .order_by("created_at")
        .values_list("look__anchor", "product", "replacement", "kind", "shopper")
    )
    for anchor, product, replacement, kind, shopper in said.iterator(chunk_size=5000):
        if product is not None:
            opinions[anchor, product][shopper] = kind == Kind.LIKE
        if replacement is not None:
            opinions[anchor, replacement][shopper] = True
    return opinions


def _rows(opinions: _Opinions) -> Iterator[KeptTogether]:
    for (anchor, product), said in opinions.items():
        kept = sum(said.values())
        weight = _weigh(kept, len(said) - kept)
        if len(said) >= KEPT_MIN_SHOPPERS and weight:
            yield KeptTogether(
                anchor_id=anchor,
                product_id=product,
                kept=kept,
                put_back=len(said) - kept,
                weight=weight,
            )


def _weigh(kept: int, put_back: int) -> float:
    """Log-odds of keeping it, halved, in tenths of a logit."""
    odds = math.log((kept + _PRIOR) / (put_back + _PRIOR))
    return round(max(-_MOST, min(_MOST, odds / 2)), 1)
