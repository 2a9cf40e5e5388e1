"""The looks API: thin views over `outfits.services`."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language, get_supported_language_variant, override
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.compiled import CompiledQuery
from catalog.models import Product
from outfits.circumstances.context import Context
from outfits.circumstances.current import current_context
from outfits.composing.offering import locked_products
from outfits.composing.wishes import Wish
from outfits.models import Look
from outfits.photos.services import find_photo
from outfits.presentation import ShownLook, present
from outfits.selectors import shared_look
from outfits.serializers import LookQuerySerializer, LookSerializer, StoredLookQuerySerializer
from outfits.served import Place, recall_answer
from outfits.services import look_recommend
from outfits.shared import check_pieces, present_shared
from outfits.shoppers.asking import WhoAsks, shop_id_of, who_asks
from outfits.shoppers.authentication import TASTE_HEADER, WidgetView
from outfits.shoppers.personal_looks import look_keep
from outfits.weather.base import Weather

GONE = "There is no such look any more. Open its product to see a new one."
TASTE = OpenApiParameter(
    TASTE_HEADER,
    str,
    OpenApiParameter.HEADER,
    description="What was said in this tab: like.colour=navy&never.material=leather&like.budget=80",
)


class LookView(WidgetView):
    """The look that completes a product."""

    throttle_scope = "looks"
    _known: HttpResponse | Place | None = None

    def check_throttles(self, request: Request) -> None:
        """Count a request, unless its answer is there already: giving it again costs nothing."""
        language = choose_language(request.query_params.get("lang", "").strip())
        self._known = recall_answer(request, language)
        if not isinstance(self._known, HttpResponse):
            super().check_throttles(request)

    @extend_schema(
        operation_id="look_retrieve",
        parameters=[LookQuerySerializer, TASTE],
        responses={200: LookSerializer, 404: OpenApiResponse(description="No such product.")},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Answers at once; ``status`` is ``provisional`` while the stylist is still choosing."""
        if isinstance(self._known, HttpResponse):
            return self._known
        query = LookQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        anchor = find_anchor(query.validated_data, shop_id_of(request))
        asking = who_asks(request)
        context = get_context(query.validated_data, asking)
        wish = get_wish(query.validated_data, anchor)
        recommended = look_recommend(
            anchor=anchor, context=context, wish=wish, session_only=asking.session_only
        )
        shown = present(recommended, asking.hidden)
        response = answer(request, shown, query.validated_data["lang"])
        if anchor.private:
            response["Cache-Control"] = "private, no-store"
        elif self._known is not None and shown.id is not None and shown.wish == wish:
            # A look that stands for one that there is not depends on all that could be in that one.
            self._known.keep(response, anchor.pk, shown.depends_on)
        return response


class KeptLookView(WidgetView):
    """That somebody has a look's address, whom the API does not know."""

    throttle_scope = "feedback"

    @extend_schema(
        operation_id="look_keep",
        request=None,
        responses={204: None, 404: OpenApiResponse(description="No look that can be kept.")},
    )
    def post(self, request: Request, look_id: UUID) -> Response:
        """For a look that is shared or kept in a browser: it stays, the taste in it does not."""
        if not look_keep(look_id=look_id):
            raise NotFound(GONE)
        return Response(status=204)


class StoredLookView(WidgetView):
    """A stored look, for who was given its address."""

    throttle_scope = "looks"

    @extend_schema(
        operation_id="stored_look_retrieve",
        parameters=[StoredLookQuerySerializer],
        responses={200: LookSerializer, 404: OpenApiResponse(description="No such look.")},
    )
    def get(self, request: Request, look_id: UUID) -> Response:
        """As it was shared; for what has sold out since, the next best stands in, if there is one.

        ``stand_in`` says where. What nothing can stand in for has ``available`` false.
        """
        query = StoredLookQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        look, pieces = shared_look(look_id), query.validated_data["piece"]
        if look is None:
            raise NotFound(GONE)
        refuse_strange(look, pieces, "piece", since_deleted=True)
        if not look.shared:
            look_keep(look_id=look.pk)
        return answer(request, present_shared(look, pieces), query.validated_data["lang"])


def refuse_strange(
    look: Look, pieces: Sequence[str], field: str, *, since_deleted: bool = False
) -> None:
    """`check_pieces` that raises `ValidationError` of ``field``."""
    try:
        check_pieces(look, pieces, since_deleted=since_deleted)
    except ValueError as error:
        raise ValidationError({field: [str(error)]}) from error


def answer(request: Request, shown: ShownLook, lang: str) -> Response:
    """What is shown, in the language that was asked for."""
    language = choose_language(lang)
    with override(language):
        known = {"captions": shown.captions, "request": request}
        data = LookSerializer(shown, context=known).data
    return Response(data, headers={"Content-Language": language})


def find_anchor(asked: Mapping[str, Any], shop_id: str) -> Product:
    """The product or the own piece that ``shop_id`` asks a look for. Raises `NotFound`."""
    if asked["photo"] is None:
        return get_anchor(asked["product"])
    photo = find_photo(asked["photo"], shop_id)
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


def get_wish(asked: Mapping[str, Any], anchor: Product) -> Wish:
    """The wish of a validated `LookQuerySerializer`.

    Raises `ValidationError` for an item that cannot be locked.
    """
    wish = Wish(asked["budget"], tuple(asked["lock"]), asked["number"])
    stay = {product.sku for product in locked_products(anchor, wish).values()}
    unusable = sorted(set(wish.locks) - stay)
    if unusable:
        raise ValidationError(
            {
                "lock": [
                    f"{sku!r} cannot stay: it is not for sale now, or cannot be worn with the "
                    "product and what else stays."
                    for sku in unusable
                ]
            }
        )
    return wish


def choose_language(asked: str) -> str:
    """The language that was asked for, if it is spoken here; else that of the request."""
    try:
        return get_supported_language_variant(asked)
    except LookupError:
        return get_language() or "en"


def _published(sku: str) -> QuerySet[Product]:
    return Product.objects.filter(sku=sku, published=True)


_PUBLISHED = CompiledQuery(_published)


def get_anchor(sku: str) -> Product:
    """The published product with ``sku``. Raises `NotFound` with what to check."""
    anchor = next(iter(_PUBLISHED.find(sku=sku)), None)
    if anchor is None:
        raise NotFound(
            f"No published product has the SKU {sku!r}. Check the SKU, or import the feed again."
        )
    return anchor
