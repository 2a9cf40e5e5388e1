"""What shoppers kept together."""

from typing import ClassVar

from django.db import models

from catalog.models import Product

#: Fewer shoppers than this say nothing, and what one of them did could be read from it.
KEPT_MIN_SHOPPERS = 5


class KeptTogether(models.Model):
    """How many shoppers kept ``product`` in a look with ``anchor``, and how many put it back.

    Made anew of known shoppers' feedback from time to time; holds nothing of a single one.
    """

    anchor = models.ForeignKey(Product, models.CASCADE, related_name="kept_with")
    product = models.ForeignKey(Product, models.CASCADE, related_name="+")
    kept = models.PositiveIntegerField()
    put_back = models.PositiveIntegerField()
    weight = models.FloatField(help_text="In logits, from -1 to 1.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["anchor", "product"], name="kept_together_once")
        ]

    def __str__(self) -> str:
        return f"{self.product_id} with {self.anchor_id}: {self.kept} of {self.shoppers}"

    @property
    def shoppers(self) -> int:
        """How many said something of the two."""
        return self.kept + self.put_back
