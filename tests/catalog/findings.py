"""Products with and without something to find."""

from typing import Any

from catalog.models import Product, ProductImage, QualityFinding
from catalog.services import quality_check
from tests.factories import make_caption, make_image, make_product

Kind = QualityFinding.Kind


def make_good(**fields: Any) -> tuple[Product, ProductImage]:
    """A product with nothing to find, unless ``fields`` or its caption say otherwise."""
    product = make_product(embedded=False, **fields)
    return product, make_image(product)


def seen(image: ProductImage, captioner: str = "fake-captioner", **fields: str) -> None:
    make_caption(image, captioner, **fields)


def kinds_of(product: Product) -> list[str]:
    quality_check()
    return list(product.findings.order_by("kind").values_list("kind", flat=True))


def finding_of(kind: Kind) -> QualityFinding:
    return QualityFinding.objects.get(kind=kind)


def contradiction(colour: str = "Red", **fields: Any) -> QualityFinding:
    _, image = make_good(colour="Blue", **fields)
    seen(image, colour=colour)
    quality_check()
    return finding_of(Kind.CONTRADICTION)
