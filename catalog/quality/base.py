"""What checks are given, and what they give back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalog.models import Caption, Product, ProductImage, QualityFinding
from catalog.selectors import captions_for

#: What the checks read of a product.
_FIELDS = ("pk", "title", "slot", "gender", "colour", "category", "published")


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that is wrong. ``detail`` is JSON: while it is the same, so is the finding."""

    product_id: int
    kind: QualityFinding.Kind
    image_id: int | None = None
    other_image_id: int | None = None
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[int, str, int | None, int | None]:
        return self.product_id, self.kind.value, self.image_id, self.other_image_id


@dataclass(frozen=True, slots=True)
class Batch:
    """Some published products, the ids of their main pictures, and the captions that serve."""

    products: Sequence[Product]
    main_images: Mapping[int, int]
    captions: Mapping[int, Caption]


def read_batch(product_ids: Sequence[int]) -> Batch:
    """The facts about those of these products that are published; three queries."""
    products = list(Product.objects.filter(pk__in=product_ids, published=True).only(*_FIELDS))
    images = (
        ProductImage.objects.filter(product__in=products)
        .order_by("product_id", "position", "pk")
        .distinct("product_id")
    )
    return Batch(products, dict(images.values_list("product_id", "pk")), captions_for(products))
