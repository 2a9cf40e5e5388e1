"""What is wrong with the catalog, as found by the checks of `catalog.quality`."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from catalog.models.picture import ProductImage
from catalog.models.product import Product


class QualityFinding(models.Model):
    """One thing that somebody should look at; it goes when a check no longer finds it."""

    class Kind(models.TextChoices):
        NO_PICTURE = "no-picture", "No picture"
        CONTRADICTION = "contradiction", "Caption and feed disagree"
        DUPLICATE = "duplicate", "Nearly the same picture"
        NO_SLOT = "no-slot", "No slot"
        STALE_CAPTION = "stale-caption", "Stale or missing caption"
        PICTURE_FAILED = "picture-failed", "Picture could not be fetched"

    product = models.ForeignKey(Product, models.CASCADE, related_name="findings")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    image = models.ForeignKey(ProductImage, models.CASCADE, null=True, blank=True, related_name="+")
    other_image = models.ForeignKey(
        ProductImage, models.CASCADE, null=True, blank=True, related_name="+"
    )
    detail = models.JSONField(default=dict, help_text="What the sentence on the page is made of.")
    found_at = models.DateTimeField(auto_now_add=True)
    dismissed_at = models.DateTimeField(null=True, blank=True)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["-found_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["product", "kind", "image", "other_image"],
                nulls_distinct=False,
                name="quality_finding_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.product_id}"
