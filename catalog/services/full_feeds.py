"""Full feeds list everything: what is no longer in one is unpublished, but never most of a shop."""

from collections.abc import Collection, Sequence

from django.utils import timezone

from catalog import conf
from catalog.feeds.base import FeedError
from catalog.models import FeedSource, Product

#: Fewer than this are unpublished without asking, whatever their share.
UNPUBLISH_FREELY = 20


class UnpublishHeldBackError(FeedError):
    """So many products would be unpublished that a person has to say so."""

    def __init__(self, count: int, published: int) -> None:
        super().__init__(
            f"This full feed lists so little that {count} of the feed's {published} published "
            "products would be unpublished. Its rows are stored; nothing was unpublished. If the "
            f'list is right, choose "Unpublish {count} anyway" on the page of this import in the '
            "admin; if it is not, import a complete file."
        )
        self.count, self.published = count, published


def find_missing(feed: FeedSource, seen: Collection[str]) -> list[Product]:
    """The feed's published products that are not in ``seen`` (SKUs); only id, SKU and title."""
    products = Product.objects.filter(feed=feed, published=True).only("sku", "title")
    return [product for product in products.iterator() if product.sku not in seen]


def is_too_many(feed: FeedSource, missing: int, *, is_empty: bool) -> bool:
    """Whether a person should be asked before so many are unpublished."""
    if not missing:
        return False
    published = count_published(feed)
    share = conf.current().FEED_MAX_UNPUBLISH_SHARE
    return is_empty or (missing >= UNPUBLISH_FREELY and missing > share * published)


def count_published(feed: FeedSource) -> int:
    """How many products of ``feed`` are published."""
    return Product.objects.filter(feed=feed, published=True).count()


def products_delist(*, feed: FeedSource, product_ids: Sequence[int]) -> int:
    """Unpublish products that their feed no longer lists; how many there were.

    ``delisted_at`` tells them from those that a person unpublished.
    """
    now = timezone.now()
    return Product.objects.filter(published=True, feed=feed, pk__in=product_ids).update(
        published=False, delisted_at=now, updated_at=now
    )
