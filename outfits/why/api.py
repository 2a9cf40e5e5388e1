"""The "why this" API: thin views over what was stored of a choice."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext, override
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from outfits.api import TASTE, choose_language
from outfits.circumstances.current import curation_in_force
from outfits.models import LookItem
from outfits.serializers import LanguageQuerySerializer
from outfits.shoppers.asking import WhoAsks, who_asks
from outfits.shoppers.authentication import WidgetView
from outfits.why.alternatives import alternatives_without
from outfits.why.factors import fill_in
from outfits.why.reasons import factors_for, why_request
from outfits.why.serializers import (
    AlternativesQuerySerializer,
    AlternativesSerializer,
    TrendQuerySerializer,
    TrendSerializer,
    WhySerializer,
)
from outfits.why.trend_products import read_trend

_NO_ITEM = OpenApiResponse(description="No such item in such a look.")


class WhyView(WidgetView):
    """Why one item is in a look."""

    # Less often than looks: the first time, each costs the model server some dozens of questions.
    throttle_scope = "why"

    @extend_schema(
        operation_id="look_item_why",
        parameters=[LanguageQuerySerializer, TASTE],
        responses={200: WhySerializer, 404: _NO_ITEM},
    )
    def get(self, request: Request, look_id: uuid.UUID, item_id: int) -> Response:
        """The reasons as stored. What they hung on is measured once, when it is first asked for."""
        asked = _read(LanguageQuerySerializer, request.query_params)
        asking = who_asks(request)
        item = get_item(look_id, item_id, asking)
        language = choose_language(asked["lang"])
        with override(language):
            why = why_request(item=item, asking=asking)
            data = WhySerializer(why, context={"item": item}).data
        return Response(data, headers={"Content-Language": language})


class AlternativesView(WidgetView):
    """What else could stand in an item's place, without one of its reasons."""

    throttle_scope = "looks"

    @extend_schema(
        operation_id="look_item_alternatives",
        parameters=[AlternativesQuerySerializer, TASTE],
        responses={200: AlternativesSerializer, 404: _NO_ITEM},
    )
    def get(self, request: Request, look_id: uuid.UUID, item_id: int) -> Response:
        """Candidates that can be bought and that the reason does not hold for, the best first."""
        asked = _read(AlternativesQuerySerializer, request.query_params)
        asking = who_asks(request)
        found = alternatives_without(get_item(look_id, item_id, asking), asked["without"])
        if found is None:
            raise NotFound(f"This item has no factor {asked['without']!r}. Ask why it was chosen.")
        found = replace(found, products=asking.keep_wanted(found.products))
        language = choose_language(asked["lang"])
        with override(language):
            data = AlternativesSerializer(found, context={"captions": found.captions}).data
        return Response(data, headers={"Content-Language": language})


class TrendView(WidgetView):
    """A trend that a factor names."""

    throttle_scope = "looks"

    @extend_schema(
        operation_id="trend_retrieve",
        parameters=[TrendQuerySerializer, TASTE],
        responses={200: TrendSerializer, 404: OpenApiResponse(description="Not in force.")},
    )
    def get(self, request: Request) -> Response:
        """What a trend that is in force is about, and products that are part of it."""
        asked = _read(TrendQuerySerializer, request.query_params)
        in_force = curation_in_force(asked["region"], datetime.now(UTC).date())
        trend = next((each for each in in_force.trends if each.name == asked["name"]), None)
        if trend is None:
            said = gettext("The trend {title} is not in force here. It may be over.")
            raise NotFound(fill_in(said, {"title": asked["name"]}))
        page = read_trend(trend, in_force.rules)
        page = replace(page, products=who_asks(request).keep_wanted(page.products))
        return Response(TrendSerializer(page, context={"captions": page.captions}).data)


def get_item(look_id: uuid.UUID, item_id: int, asking: WhoAsks) -> LookItem:
    """An item of a look, with the reasons that are for whoever asks. Raises `NotFound`."""
    items = LookItem.objects.select_related("look__anchor", "product", "stylist_choice")
    item = items.filter(pk=item_id, look=look_id).first()
    if item is None:
        raise NotFound("There is no such item in this look (any more). Load the look again.")
    item.factors = factors_for(item, asking.preferences)
    return item


def _read(serializer: Any, params: Mapping[str, Any]) -> dict[str, Any]:
    query = serializer(data=params)
    query.is_valid(raise_exception=True)
    data: dict[str, Any] = query.validated_data
    return data
