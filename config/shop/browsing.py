"""What visitors ask the shop for, and the products that answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.db.models.functions import MD5
from django.http import QueryDict

from catalog.models import Caption, Product
from catalog.selectors import captions_for
from catalog.slots import Slot
from catalog.vocabulary import Gender

PRODUCTS_PER_PAGE = 24
_SEARCH_MAX_CHARS = 100
_SEARCHED = ("title", "brand", "category", "colour", "sku")


@dataclass(frozen=True, slots=True)
class Browsing:
    """One listing: filters that are empty when not set, and a page number from 1."""

    slot: str = ""
    gender: str = ""
    search: str = ""
    page: int = 1

    @property
    def is_filtered(self) -> bool:
        return bool(self.slot or self.gender or self.search)

    @property
    def title(self) -> str:
        """What the listing shows, in words."""
        if self.search:
            return f"Results for “{self.search}”"
        words = [str(Gender(self.gender).label)] if self.gender else []
        words += [str(Slot(self.slot).label)] if self.slot else []
        return " · ".join(words) or "Everything we keep"


def read_browsing(query: QueryDict) -> Browsing:
    """The listing that a query string asks for; what makes no sense in it is passed over."""
    slot, gender, page = query.get("slot", ""), query.get("gender", ""), query.get("page", "")
    return Browsing(
        slot=slot if slot in Slot.values else "",
        gender=gender if gender in Gender.values else "",
        search=" ".join(query.get("q", "").replace("\0", "").split())[:_SEARCH_MAX_CHARS],
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
    )


def published() -> QuerySet[Product]:
    """Everything the shop shows, with pictures; sold-out products, too."""
    return Product.objects.filter(published=True).prefetch_related("images")


def products_of(browsing: Browsing) -> Page[Product]:
    """One page of products; a page past the end is the last one."""
    products = published()
    if not browsing.is_filtered:
        # Shuffled, always alike: by SKU, the first page would show one department only.
        products = products.order_by(MD5("sku"))
    if browsing.slot:
        products = products.filter(slot=browsing.slot)
    if browsing.gender:
        products = products.filter(gender__in=[browsing.gender, Gender.UNISEX])
    for word in browsing.search.split():
        named = (Q(**{f"{field}__icontains": word}) for field in _SEARCHED)
        products = products.filter(reduce(or_, named))
    return Paginator(products, PRODUCTS_PER_PAGE).get_page(browsing.page)


def has_square_pictures(products: Iterable[Product]) -> bool:
    """Whether the first picture is about square (drawings) or tall (photographs of fashion)."""
    image = next((product.main_image for product in products if product.main_image), None)
    return image is None or image.width > 0.9 * image.height


def slots_in_shop() -> list[Slot]:
    """The slots that have anything published, in their usual order."""
    with_products = set(
        Product.objects.filter(published=True).order_by().values_list("slot", flat=True).distinct()
    )
    return [slot for slot in Slot if slot in with_products]


def facts_about(product: Product) -> list[tuple[str, str]]:
    """What was seen in the product's picture, as (name, value); what the shop knows stands first.

    Needs a caption of the current captioner for everything but colour and occasion.
    """
    seen: Caption | None = captions_for([product]).get(product.pk)
    facts = [
        ("Colour", product.colour or (seen.colour if seen else "")),
        ("Design", seen.pattern if seen else ""),
        ("Material", seen.material if seen else ""),
        ("Style", seen.style if seen else ""),
        ("For", ", ".join(product.occasions).replace("-", " ")),
        ("Season", ", ".join(product.seasons)),
    ]
    return [(name, value) for name, value in facts if value]
