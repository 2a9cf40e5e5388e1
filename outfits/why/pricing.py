"""How an item's price compares with those of the other candidates: it describes; pure."""

import math
from collections.abc import Sequence
from statistics import median

from django.utils.translation import gettext_noop

from catalog.models import Product
from outfits.why.factors import Factor, make_factor

#: What a price weighs that is e times (2.7 times) the usual one, and the most it ever does.
_SCALE, _MOST = 0.3, 0.3
#: A fifth more or less than usual is neither cheap nor dear.
_USUAL = math.log(1.2)


def price_factors(item: Product, candidates: Sequence[Product]) -> list[Factor]:
    """What the price says for or against ``item``, beside others that could be chosen instead.

    Nothing where there are fewer than two others in its currency.
    """
    others = [
        float(each.price)
        for each in candidates
        if each.pk != item.pk and each.currency == item.currency and each.price > 0
    ]
    if len(others) < 2 or item.price <= 0:
        return []
    dearer = math.log(float(item.price) / median(others))
    if abs(dearer) < _USUAL:
        return []
    weight = max(-_MOST, min(_MOST, -_SCALE * dearer))
    cheap = gettext_noop("It costs less than most of the others")
    dear = gettext_noop("It costs more than most of the others")
    return [make_factor("price", weight, cheap if weight > 0 else dear)]
