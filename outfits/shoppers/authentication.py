"""Who may ask the shopper's API what: shoppers, the shop's own server, pages with a key."""

from typing import Any

from django.utils.crypto import salted_hmac
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import (
    BaseAuthentication,
    SessionAuthentication,
    get_authorization_header,
)
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog import conf
from outfits.shoppers.consent import ConsentMissing
from outfits.shoppers.identity import TokenInvalid, ask_hook, read_token

KEY_HEADER = "X-Ensemble-Key"
#: What a browser tab says of its shopper's taste (`read_session_taste` of
#: `outfits.shoppers.preferences`).
TASTE_HEADER = "X-Ensemble-Taste"


class KnownShopper:
    """Stands where DRF expects a user: a shopper, by an id of the shop's.

    ``pk`` is what throttles count by; neither it nor ``id``, which is logged, tells who it is.
    """

    is_authenticated = True
    is_active = True
    id = None

    def __init__(self, shop_id: str) -> None:
        self.shop_id = shop_id
        self.pk = salted_hmac("ensemble.throttle", shop_id).hexdigest()


class ShopServer:
    """Stands where DRF expects a user: the shop's own server."""

    is_authenticated = True
    is_active = True
    id = pk = "shop"


class ShopperTokenAuthentication(BaseAuthentication):
    """``Authorization: Ensemble TOKEN`` (`outfits.shoppers.identity`); others are for others."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        scheme, _, token = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "ensemble":
            return None
        try:
            claim = read_token(token.strip())
        except TokenInvalid as error:
            raise AuthenticationFailed(str(error)) from error
        return (ShopServer() if claim.is_shop else KnownShopper(claim.shopper)), None

    def authenticate_header(self, request: Request) -> str:
        return 'Ensemble realm="shoppers"'


class ShopperHookAuthentication(SessionAuthentication):
    """Whom ``SHOPPER_FROM_REQUEST`` knows, on the shop's own pages.

    A hook reads a cookie, as sessions do, so what changes something needs Django's CSRF token.
    """

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        shop_id = ask_hook(request._request)
        if not shop_id:
            return None
        self.enforce_csrf(request)
        return KnownShopper(shop_id), None


class HasPublishableKey(BasePermission):
    """Where ``PUBLISHABLE_KEYS`` is set, a page names one of them.

    A key is no secret: it tells pages apart, so that one of them can be shut out.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        keys = conf.current().PUBLISHABLE_KEYS
        if keys and request.headers.get(KEY_HEADER, "") not in keys:
            # Raised here: for a False, DRF would ask a stranger to sign in.
            raise PermissionDenied(f"Send one of this shop's publishable keys in {KEY_HEADER}.")
        return True


class IsShopper(BasePermission):
    """Only for a shopper who is known."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return _known_as(
            request, KnownShopper, "Send 'Authorization: Ensemble TOKEN' for a shopper."
        )


class IsShop(BasePermission):
    """Only for the shop's own server."""

    def has_permission(self, request: Request, view: Any) -> bool:
        advice = (
            "Only the shop's server may do this: send 'Authorization: Ensemble TOKEN', its own."
        )
        return _known_as(request, ShopServer, advice)


def may_be_personal(request: Request) -> bool:
    """Whether the answer may be for one shopper alone: they are known, or say what they like."""
    return (
        "Authorization" in request.headers
        or TASTE_HEADER in request.headers
        or isinstance(request.user, KnownShopper)
    )


def _known_as(request: Request, wanted: type, advice: str) -> bool:
    if isinstance(request.user, wanted):
        return True
    if request.successful_authenticator:
        raise PermissionDenied(advice)
    raise NotAuthenticated(advice)


class WidgetView(APIView):
    """What every view does that pages ask: know shoppers by token or cookie, check the key."""

    authentication_classes = [ShopperTokenAuthentication, ShopperHookAuthentication]
    permission_classes = [HasPublishableKey]

    @property
    def default_response_headers(self) -> dict[str, str]:
        """Have caches in front keep apart what depends on who asks."""
        headers: dict[str, str] = super().default_response_headers
        depends_on = ("Authorization", "Cookie", KEY_HEADER, TASTE_HEADER)
        return headers | {"Vary": ", ".join(filter(None, (headers.get("Vary"), *depends_on)))}

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """Have no cache keep what may be for one shopper alone."""
        response = super().finalize_response(request, response, *args, **kwargs)
        if response.status_code < 400 and may_be_personal(request):
            response["Cache-Control"] = "private, no-store"
        return response

    def handle_exception(self, exc: Exception) -> Response:
        """Refuse, too, what a shopper withdrew their consent to while the request was under way."""
        return super().handle_exception(
            PermissionDenied(str(exc)) if isinstance(exc, ConsentMissing) else exc
        )


class _ShopperTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "outfits.shoppers.authentication.ShopperTokenAuthentication"
    name = "shopperToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "'Ensemble TOKEN', a token that the shop signed.",
        }


class _ShopperHookScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "outfits.shoppers.authentication.ShopperHookAuthentication"
    name = "shopperCookie"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
