"""Who asks, and what of their taste counts: read from a request of a page or of the API."""

from django.http import HttpRequest
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from outfits.authentication import KnownShopper
from outfits.consent import find_consenting
from outfits.models import Shopper
from outfits.preferences import SaidFact, choose_preferences, read_session_taste
from outfits.profile import preferences_of
from outfits.shoppers import ask_hook

TASTE_HEADER = "X-Ensemble-Taste"


def shop_id_of(request: Request) -> str:
    """The id that the shop gave whoever asks the API; empty for somebody unknown."""
    return request.user.shop_id if isinstance(request.user, KnownShopper) else ""


def consenting_shopper(request: Request) -> Shopper | None:
    """Who asks the API, if they agreed to be remembered."""
    return find_consenting(shop_id_of(request))


def page_shopper_id(request: HttpRequest) -> str:
    """The id of whoever opens a page, by the shop's hook; empty for somebody unknown."""
    return ask_hook(request)


def preferences_for(request: Request, shopper: Shopper | None) -> tuple[str, ...]:
    """What counts for looks: the profile, if there is one, and what was said in this browser tab.

    Raises `ValidationError` for a taste that cannot be read.
    """
    said = _said_now(request)
    return preferences_of(shopper, said) if shopper else choose_preferences(said)


def _said_now(request: Request) -> list[SaidFact]:
    try:
        return read_session_taste(request.headers.get(TASTE_HEADER, ""))
    except ValueError as error:
        raise ValidationError({"taste": [str(error)]}) from error
