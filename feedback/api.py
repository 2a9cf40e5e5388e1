"""The feedback API: thin views over `feedback.services`."""

import uuid
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.models import Product
from feedback.errors import FeedbackRefused
from feedback.models import FeedbackEvent
from feedback.serializers import FeedbackSerializer, FeedbackStoredSerializer
from feedback.services import feedback_record, feedback_retract
from outfits.models import Look, LookItem
from outfits.shoppers.asking import consenting_shopper
from outfits.shoppers.authentication import WidgetView

_NO_LOOK = "There is no such look (any more). Load the look again and repeat."
VISITOR_HEADER = "X-Ensemble-Visitor"
_VISITOR = OpenApiParameter(
    VISITOR_HEADER, str, OpenApiParameter.HEADER, description="A random id of the browser tab."
)


class LookFeedbackView(WidgetView):
    """What someone says of a look, or of one item in it."""

    throttle_scope = "feedback"

    @extend_schema(
        operation_id="feedback_create",
        parameters=[_VISITOR],
        request=FeedbackSerializer,
        responses={201: FeedbackStoredSerializer, 200: FeedbackStoredSerializer},
    )
    def post(self, request: Request, look_id: uuid.UUID) -> Response:
        """Stores it once: the same ``id`` again answers 200 and changes nothing."""
        serializer = FeedbackSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        said = _resolve(_get_look(look_id), serializer.validated_data)
        try:
            event, created = feedback_record(
                visitor=visitor_of(request), shopper=consenting_shopper(request), **said
            )
        except FeedbackRefused as error:
            raise ValidationError({"detail": str(error)}) from error
        except IntegrityError as error:
            # The look was forgotten while this was said of it.
            raise NotFound(_NO_LOOK) from error
        thanks = gettext("Thank you: the stylist learns from this.")
        detail = thanks if created else gettext("Stored already.")
        return Response({"id": event.pk, "detail": detail}, status=201 if created else 200)


class FeedbackEventView(WidgetView):
    """Something said earlier."""

    throttle_scope = "feedback"

    @extend_schema(operation_id="feedback_delete", parameters=[_VISITOR], responses={204: None})
    def delete(self, request: Request, look_id: uuid.UUID, event_id: uuid.UUID) -> Response:
        """Takes it back; only whoever said it can. What is gone already answers 204 too."""
        found = FeedbackEvent.objects.filter(pk=event_id, look=look_id).select_related("shopper")
        event = found.first()
        if event is not None and _said_it(event, request):
            feedback_retract(event=event)
        return Response(status=204)


def visitor_of(request: Request) -> str:
    """The random id that the widget made for this browser tab; empty when it sent none."""
    return request.headers.get(VISITOR_HEADER, "")[:64]


def _said_it(event: FeedbackEvent, request: Request) -> bool:
    """Whether whoever asks said it: in this tab, or as the same shopper elsewhere.

    When a stranger's session is over, the event's random id, which nobody else was told, has to do.
    """
    if event.shopper_id is None and not event.visitor:
        return event.kind != FeedbackEvent.Kind.EDIT
    shopper = consenting_shopper(request)
    if event.visitor and event.visitor == visitor_of(request):
        return True
    return shopper is not None and event.shopper_id == shopper.pk


def _get_look(look_id: uuid.UUID) -> Look:
    look = Look.objects.select_related("anchor").filter(pk=look_id).first()
    if look is None:
        raise NotFound(_NO_LOOK)
    return look


def _resolve(look: Look, data: dict[str, Any]) -> dict[str, Any]:
    """Turn the request's ids and SKUs into rows. Raises `ValidationError`."""
    item = None
    if data["item"] is not None:
        items = LookItem.objects.select_related("look__anchor", "product")
        item = items.filter(pk=data["item"]).first()
        if item is None:
            raise ValidationError({"item": "There is no such item in this look."})
    return {
        "id": data["id"],
        "kind": data["kind"],
        "reasons": data["reasons"],
        "look": look,
        "item": item,
        "product": _get_product("product", data["product"]),
        "replacement": _get_product("replacement", data["replacement"]),
    }


def _get_product(name: str, sku: str) -> Product | None:
    if not sku:
        return None
    product = Product.objects.filter(sku=sku).first()
    if product is None:
        raise ValidationError({name: f"No product has the SKU {sku!r}."})
    return product
