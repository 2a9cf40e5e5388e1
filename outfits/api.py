"""The looks API: thin views over `outfits.services`."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, get_supported_language_variant, override
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.models import Product
from outfits.asking import TASTE_HEADER, WhoAsks, who_asks
from outfits.authentication import WidgetView
from outfits.circumstances import current_context
from outfits.context import Context
from outfits.photos import find_photo
from outfits.presentation import hide_products, present
from outfits.serializers import LookQuerySerializer, LookSerializer
from outfits.services import look_recommend
from outfits.weather.base import Weather

_TASTE = OpenApiParameter(
    TASTE_HEADER,
    str,
    OpenApiParameter.HEADER,
    description="What was said in this tab: like.colour=navy&never.material=leather&like.budget=80",
)


class LookView(WidgetView):
    """The look that completes a product."""

    throttle_scope = "looks"

    @extend_schema(
        operation_id="look_retrieve",
        parameters=[LookQuerySerializer, _TASTE],
        responses={200: LookSerializer, 404: OpenApiResponse(description="No such product.")},
    )
    def get(self, request: Request) -> Response:
        """Answers at once; ``status`` is ``provisional`` while the stylist is still choosing."""
        query = LookQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        anchor = find_anchor(query.validated_data)
        asking = who_asks(request)
        context = get_context(query.validated_data, asking)
        recommended = look_recommend(anchor=anchor, context=context)
        shown = hide_products(present(recommended), asking.hidden)
        language = choose_language(query.validated_data["lang"])
        with override(language):
            data = LookSerializer(shown, context={"captions": shown.captions}).data
        headers = {"Content-Language": language}
        if asking.is_known:
            headers["Cache-Control"] = "private, no-store"
        return Response(data, headers=headers)


def find_anchor(asked: Mapping[str, Any]) -> Product:
    """The product or the own piece that a look is asked for. Raises `NotFound`."""
    if asked["photo"] is None:
        return get_anchor(asked["product"])
    photo = find_photo(asked["photo"])
    if photo is None or photo.anchor is None:
        raise NotFound("No look can be made for this photo (yet). Ask for the photo to see why.")
    return photo.anchor


def get_context(asked: Mapping[str, Any], asking: WhoAsks) -> Context:
    """The context of a validated `LookQuerySerializer` and of whoever asks."""
    degrees, wet = asked["temperature"], asked["wet"]
    weather = Weather(degrees, wet=wet) if wet or degrees is not None else None
    return current_context(
        occasion=asked["occasion"],
        region=asked["region"] or asking.region,
        weather=weather,
        preferences=asking.preferences,
    )


def choose_language(asked: str) -> str:
    """The language that was asked for, if it is spoken here; else that of the request."""
    try:
        return get_supported_language_variant(asked)
    except LookupError:
        return get_language() or "en"


def get_anchor(sku: str) -> Product:
    """The published product with ``sku``. Raises `NotFound` with what to check."""
    anchor = Product.objects.filter(sku=sku, published=True).prefetch_related("images").first()
    if anchor is None:
        raise NotFound(
            f"No published product has the SKU {sku!r}. Check the SKU, or import the feed again."
        )
    return anchor
