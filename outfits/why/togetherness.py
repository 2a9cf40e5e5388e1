"""What others kept together, as a factor; feedback writes the table that it is read from."""

from collections.abc import Mapping

from django.core.cache import cache
from django.utils.translation import gettext_noop

from catalog.models import Product
from outfits.models import KeptTogether
from outfits.why.factors import Factor, make_factor

#: How long what is read of one anchor is kept; a build asks once a candidate.
_SECONDS = 300

#: (kept, shoppers, weight)
_Row = tuple[int, int, float]


def kept_together_factors(product: Product, anchor: Product | None) -> list[Factor]:
    """What shoppers did with ``product`` in looks of ``anchor``, if enough of them said so."""
    if anchor is None or anchor.pk is None:
        return []
    row = _read(anchor.pk).get(product.pk)
    if row is None:
        return []
    kept, shoppers, weight = row
    message = gettext_noop("{kept} of {count} shoppers kept the two together")
    return [make_factor("kept_together", weight, message, kept=str(kept), count=str(shoppers))]


def _read(anchor_id: int) -> Mapping[int, _Row]:
    key = f"ensemble:kept-together:{anchor_id}"
    found: Mapping[int, _Row] | None = cache.get(key)
    if found is None:
        rows = KeptTogether.objects.filter(anchor=anchor_id)
        found = {row.product_id: (row.kept, row.shoppers, row.weight) for row in rows}
        cache.set(key, found, _SECONDS)
    return found
