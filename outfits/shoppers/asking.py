"""Who asks the API, and what of their taste counts."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from rest_framework.request import Request

from catalog.models import Product
from outfits.circumstances.context import Context
from outfits.models import Shopper
from outfits.shoppers.authentication import TASTE_HEADER, KnownShopper
from outfits.shoppers.consent import find_consenting
from outfits.shoppers.identity import ask_hook
from outfits.shoppers.personal import leave_out_never
from outfits.shoppers.preferences import (
    SaidFact,
    choose_preferences,
    hidden_products,
    read_session_taste,
)
from outfits.shoppers.profile import said_by


def shop_id_of(request: Request) -> str:
    """The id that the shop gave whoever asks the API; empty for somebody unknown."""
    return request.user.shop_id if isinstance(request.user, KnownShopper) else ""


def consenting_shopper(request: Request) -> Shopper | None:
    """Who asks the API, if they agreed to be remembered."""
    return find_consenting(shop_id_of(request))


@dataclass(frozen=True, slots=True)
class WhoAsks:
    """What of whoever asks counts for looks; nothing where nothing is known.

    ``preferences`` go into the context, ``hidden`` holds the SKUs that are not to be shown, and
    ``region`` is one of `outfits.circumstances.regions`. ``agreed`` is whether they agreed to be
    remembered.
    """

    preferences: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()
    region: str = ""
    agreed: bool = False

    @property
    def session_only(self) -> bool:
        """Whether what is stored for their taste has to go when their session is over."""
        return bool(self.preferences) and not self.agreed

    def keep_wanted(self, products: Iterable[Product]) -> list[Product]:
        """The products that may be shown to whoever asks."""
        shown = (product for product in products if product.sku not in self.hidden)
        return leave_out_never(shown, Context(preferences=self.preferences))


def who_opens(request: HttpRequest | None) -> WhoAsks:
    """Who opens a page of the shop, by its hook (`outfits.shoppers.identity.ask_hook`)."""
    return _who_is(find_consenting(ask_hook(request)) if request else None)


def who_asks(request: Request) -> WhoAsks:
    """By the profile, if there is one, and by what was said in this browser tab."""
    return _who_is(consenting_shopper(request), _said_now(request))


def _who_is(shopper: Shopper | None, said_now: Iterable[SaidFact] = ()) -> WhoAsks:
    said = [*(said_by(shopper) if shopper else []), *said_now]
    region = shopper.region if shopper else ""
    agreed = shopper is not None
    return WhoAsks(choose_preferences(said), hidden_products(said), region, agreed)


def _said_now(request: Request) -> list[SaidFact]:
    try:
        return read_session_taste(request.headers.get(TASTE_HEADER, ""))
    except ValueError:
        # A look without the taste is worth more than none: whoever looks at it cannot mend it.
        return []
