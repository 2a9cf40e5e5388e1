"""Shares as people read them."""

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def percent(share: float) -> str:
    """A share from 0 to 1 as a percentage without decimals."""
    return f"{number_format(share * 100, 0)} %"
