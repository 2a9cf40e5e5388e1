"""Prices as the demo shop writes them."""

from decimal import Decimal

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma

register = template.Library()

_SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$", "INR": "₹", "JPY": "¥"}


@register.filter
def money(amount: Decimal, currency: str) -> str:
    """``{{ product.price|money:product.currency }}``: €1,290.00, or 1,290.00 CHF."""
    written = intcomma(f"{amount:.2f}")
    symbol = _SYMBOLS.get(currency)
    return f"{symbol}{written}" if symbol else f"{written} {currency}"
