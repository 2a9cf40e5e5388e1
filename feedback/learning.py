"""What a shopper's feedback on a look says of their taste."""

from collections.abc import Iterator

from catalog import conf
from catalog.models import Product
from catalog.selectors import captions_for
from feedback.models import FeedbackEvent
from outfits.colours import find_colour
from outfits.describing import colour_of
from outfits.garments import read_garment
from outfits.shoppers.facts import Fact, FactKind, Stance

Kind, Reason = FeedbackEvent.Kind, FeedbackEvent.Reason


def facts_from_feedback(event: FeedbackEvent) -> list[Fact]:
    """Facts from the reasons that were given, about the product that the slot showed.

    A thumb without a reason says how products go together, not what somebody likes: no fact. Nor do
    occasion, fit and likeness, which are about this look and this piece.
    """
    if event.product is None or not event.reasons:
        return []
    return list(_read(event, event.product))


def _read(event: FeedbackEvent, product: Product) -> Iterator[Fact]:
    caption = captions_for([product]).get(product.pk)
    liked = event.kind == Kind.LIKE
    stance = Stance.LIKE if liked else Stance.DISLIKE
    if Reason.COLOUR in event.reasons and (colour := find_colour(colour_of(product, caption))):
        yield Fact(FactKind.COLOUR, colour, stance)
    if Reason.STYLE in event.reasons:
        for manner in sorted(read_garment(product, caption).manners):
            yield Fact(FactKind.STYLE, manner, stance)
    if Reason.PRICE in event.reasons and not liked:
        yield from _too_dear(product)
    if Reason.OWNED in event.reasons:
        yield Fact(FactKind.PRODUCT, product.sku, Stance.NEVER)


def _too_dear(product: Product) -> Iterator[Fact]:
    if product.currency == conf.current().DEFAULT_CURRENCY and product.price > 1:
        # What was too dear is the least that is: the budget lies below.
        yield Fact(FactKind.BUDGET, str(int(product.price) - 1))
