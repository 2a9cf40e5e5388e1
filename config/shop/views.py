"""The demo shop's two pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from catalog.vocabulary import Gender
from config.shop import browsing


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """All published products, filtered, searched and paged."""
    asked = browsing.read_browsing(request.GET)
    page = browsing.products_of(asked)
    shown = {
        "asked": asked,
        "page": page,
        "square": browsing.has_square_pictures(page.object_list),
        "slots": browsing.slots_in_shop(),
        "genders": [Gender.WOMEN, Gender.MEN],
    }
    return render(request, "shop/listing.html", shown)


@require_safe
def product(request: HttpRequest, sku: str) -> HttpResponse:
    """One published product, with the look that completes it."""
    found = get_object_or_404(browsing.published(), sku=sku)
    shown = {
        "product": found,
        "facts": browsing.facts_about(found),
        "square": browsing.has_square_pictures([found]),
    }
    return render(request, "shop/product.html", shown)
