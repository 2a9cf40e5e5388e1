"""Tells whose products look different from now on, whichever way their rows are written.

Saving and deleting rows sends Django's signals; writing many at once does not, so the managers of
what a shopper sees tell it themselves. What is written by SQL around Django, nobody tells.
"""

from collections.abc import Collection, Iterable
from typing import Any, ClassVar, TypeVar

from django.db import models
from django.dispatch import Signal

#: Sent with ``product_ids``: those of the products that look different, or None for any; and with
#: ``using``: the alias of the database that was written to, or None for the usual one.
products_changed = Signal()

#: Of more products at once it is not told which.
_MOST = 1000

_M = TypeVar("_M", bound=models.Model)


def tell_products_changed(product_ids: Collection[int] | None, *, using: str | None = None) -> None:
    """Say that products look different once the transaction is over (None: any product may)."""
    if product_ids is None or product_ids:
        products_changed.send(sender=None, product_ids=product_ids, using=using)


class TellingQuerySet(models.QuerySet[_M]):
    """Rows that products are shown with: tells of what is written around ``save``.

    ``update`` reads first which rows it is about.
    """

    #: The field that leads to the product, and the fields that no shopper sees.
    leads: ClassVar[str] = "pk"
    unseen: ClassVar[frozenset[str]] = frozenset()

    def products_of(self, keys: Collection[Any]) -> Collection[int]:
        """The ids of the products that rows with these values of ``leads`` belong to."""
        return keys

    def tell(self, keys: Collection[Any]) -> None:
        """Say that the products of these rows look different."""
        known = set(keys)
        are_few = len(known) <= _MOST and None not in known
        tell_products_changed(self.products_of(known) if are_few else None, using=self.db)

    def update(self, **values: Any) -> int:
        """As Django does, and tells."""
        if self.query.is_sliced or self.unseen.issuperset(values):
            return super().update(**values)
        keys = list(self.values_list(self.leads, flat=True)[: _MOST + 1])
        count = super().update(**values)
        # Not as many as before: somebody else wrote meanwhile, and it is not known which they were.
        self.tell(keys if len(keys) == count else [None])
        return count

    update.alters_data = True  # type: ignore[attr-defined]  # read by templates

    def bulk_create(self, objs: Iterable[_M], *args: Any, **options: Any) -> list[_M]:
        """As Django does, and tells."""
        made = super().bulk_create(objs, *args, **options)
        self.tell([getattr(row, self.leads) for row in made])
        return made

    bulk_create.alters_data = True  # type: ignore[attr-defined]


def row_tell(
    sender: type[models.Model], instance: models.Model, using: str, **kwargs: object
) -> None:
    """Tell of one row that was saved or deleted; a receiver of Django's signals."""
    rows = sender._default_manager.using(using)
    if isinstance(rows, TellingQuerySet):
        rows.tell([getattr(instance, rows.leads)])
