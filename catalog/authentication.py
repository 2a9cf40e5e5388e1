"""Who may push a feed: whoever has the token made for it in the admin."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from catalog.models import FeedSource
from catalog.services.sources import find_feed_by_token

_ADVICE = (
    "Send 'Authorization: Bearer TOKEN' with the token of this feed. "
    "A new one is made in the admin: Catalog, Feeds, the feed, New push token."
)


class FeedPusher:
    """Stands where DRF expects a user: a feed's own nightly job."""

    is_authenticated = True
    is_active = True

    def __init__(self, feed: FeedSource) -> None:
        self.feed = feed
        self.pk = f"feed-{feed.pk}"


class FeedTokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer TOKEN``, for the feed that the address names."""

    def authenticate(self, request: Request) -> tuple[Any, Any]:
        scheme, _, token = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise AuthenticationFailed(f"No token was sent. {_ADVICE}")
        name = (request.parser_context or {})["kwargs"]["name"]
        feed = find_feed_by_token(name, token.strip())
        if feed is None:
            raise AuthenticationFailed(f"This token is not valid for the feed {name!r}. {_ADVICE}")
        return FeedPusher(feed), None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="feeds"'


class IsFeedPusher(BasePermission):
    """Only for requests that a feed's token let in."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.user, FeedPusher)


class _FeedTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "catalog.authentication.FeedTokenAuthentication"
    name = "feedToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "The feed's push token."}
