"""For templates of a shop: a look beside a product, without JavaScript or with it."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import get_language

from catalog.models import Product
from outfits.circumstances.current import current_context
from outfits.presentation import present
from outfits.serializers import LookSerializer
from outfits.services import look_recommend
from outfits.shoppers.asking import who_opens
from outfits.shoppers.identity import ask_hook

register = template.Library()

_SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$", "INR": "₹", "JPY": "¥"}
#: Currencies whose prices have other than two decimals, as browsers write them for the widget: the
#: minor units of ISO 4217's list one, which SIX Group keeps
#: (https://www.six-group.com/en/products-services/financial-information/data-standards.html).
_DECIMALS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_DECIMALS_OF = {code: number for number, codes in _DECIMALS.items() for code in codes.split()}
_NO_BREAK = "\N{NO-BREAK SPACE}"


@register.inclusion_tag("ensemble/complete_the_look.html", takes_context=True)
def complete_the_look(
    context: Mapping[str, Any], product: Product, occasion: str = "", region: str = ""
) -> dict[str, Any]:
    """``{% complete_the_look product occasion="work" %}``: the look that completes a product.

    What is there is written into the page, and ``<complete-the-look>`` takes its place where there
    is JavaScript. Never waits for the stylist; nothing is shown where nothing completes the
    product. A shopper whom the shop knows, and who agreed to be remembered, gets a look of their
    taste: leave it out of pages that are cached for everybody. Raises `ValueError` for an occasion
    or region that does not exist.
    """
    if not product.published:
        return {"look": None}
    request = context.get("request")
    asking = who_opens(request)
    circumstances = current_context(
        occasion=occasion, region=region or asking.region, preferences=asking.preferences
    )
    shown = present(look_recommend(anchor=product, context=circumstances), asking.hidden)
    known = {"captions": shown.captions, "request": request}
    return {
        "look": LookSerializer(shown, context=known).data if shown.items else None,
        "api": reverse("ensemble_outfits:looks").removesuffix("/looks/"),
        "asked": {"occasion": occasion, "region": region},
        # Written for nobody else: it would set a cookie, and keep the page out of caches.
        "known": bool(request and ask_hook(request)),
    }


@register.filter
def price(money: Mapping[str, str]) -> str:
    """``{{ product.price|price }}`` of an API's price, as the active language writes it.

    >>> price({"amount": "1290.00", "currency": "EUR"})
    '€1,290.00'
    >>> price({"amount": "4900.00", "currency": "JPY"})
    '¥4,900'
    """
    decimals = _DECIMALS_OF.get(money["currency"], 2)
    # Django would cut off what is too fine; a browser rounds it.
    amount = Decimal(money["amount"]).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    written = number_format(amount, decimals, use_l10n=True, force_grouping=True)
    symbol = _SYMBOLS.get(money["currency"], money["currency"])
    before = (get_language() or "en").startswith("en") and symbol != money["currency"]
    return f"{symbol}{written}" if before else f"{written}{_NO_BREAK}{symbol}"
