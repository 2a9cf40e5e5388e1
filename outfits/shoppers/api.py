"""The shopper's API: thin views over consent, profile, quiz and events."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import NotFound, PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from outfits.api import refuse_strange
from outfits.models import Look, ProfileFact, SavedLook, Shopper
from outfits.shoppers.asking import consenting_shopper, shop_id_of
from outfits.shoppers.authentication import (
    HasPublishableKey,
    IsShop,
    IsShopper,
    ShopperTokenAuthentication,
    WidgetView,
)
from outfits.shoppers.consent import (
    export_shopper,
    find_shopper,
    shopper_consent,
    shopper_erase,
)
from outfits.shoppers.events import PushedEvent, shopper_events_record
from outfits.shoppers.facts import read_fact
from outfits.shoppers.preferences import write_session_taste
from outfits.shoppers.profile import (
    FactRefused,
    fact_allow,
    fact_correct,
    fact_delete,
    fact_restore,
    fact_say,
    look_save,
    look_unsave,
    quiz_answer,
)
from outfits.shoppers.quiz import Answers, build_quiz, read_answers
from outfits.shoppers.serializers import (
    AnswersSerializer,
    ConsentSerializer,
    CorrectionSerializer,
    DeletedFactSerializer,
    EventsSerializer,
    FactSerializer,
    NewFactSerializer,
    QuizSerializer,
    QuizStoredSerializer,
    RecordedSerializer,
    SavedLookSerializer,
    SaveLookSerializer,
    ShopperSerializer,
    UnsaveLookSerializer,
)

_NO_LOOK = "There is no such look (any more). Load the look again and repeat."
_NO_CONSENT = "Nothing is stored without consent. PUT {'granted': true} to shopper/consent/ first."


@method_decorator(never_cache, name="dispatch")
class _ShopperView(WidgetView):
    permission_classes = [HasPublishableKey, IsShopper]
    throttle_scope = "shopper"

    def consenting(self) -> Shopper:
        shopper = consenting_shopper(self.request)
        if shopper is None:
            raise PermissionDenied(_NO_CONSENT)
        return shopper


class ShopperView(_ShopperView):
    """Everything that is known of whoever asks."""

    @extend_schema(operation_id="shopper_retrieve", responses={200: ShopperSerializer})
    def get(self, request: Request) -> Response:
        return Response(_show(shop_id_of(request)))

    @extend_schema(operation_id="shopper_erase", responses={204: None})
    def delete(self, request: Request) -> Response:
        """Erases everything, feedback and saved looks included; it cannot be undone."""
        shopper_erase(shop_id=shop_id_of(request))
        return Response(status=204)


class ExportView(_ShopperView):
    """Everything that is stored, to take along."""

    @extend_schema(
        operation_id="shopper_export", responses={200: OpenApiResponse(description="JSON.")}
    )
    def get(self, request: Request) -> Response:
        name = 'attachment; filename="my-style.json"'
        return Response(export_shopper(shop_id_of(request)), headers={"Content-Disposition": name})


class ConsentView(_ShopperView):
    """Whether anything may be stored."""

    @extend_schema(
        operation_id="shopper_consent",
        request=ConsentSerializer,
        responses={200: ShopperSerializer},
    )
    def put(self, request: Request) -> Response:
        """Withdrawing erases the profile; only that it was withdrawn, and when, is kept."""
        asked = _read(ConsentSerializer, request)
        shop_id = shop_id_of(request)
        shopper_consent(shop_id=shop_id, granted=asked["granted"], region=asked["region"])
        return Response(_show(shop_id))


class FactsView(_ShopperView):
    """Facts that a shopper says."""

    @extend_schema(
        operation_id="fact_create", request=NewFactSerializer, responses={201: FactSerializer}
    )
    def post(self, request: Request) -> Response:
        """Replaces what was said of the same before; with ``undo``, brings a deleted fact back."""
        asked, shopper = _read(NewFactSerializer, request), self.consenting()
        try:
            if asked["undo"]:
                row = fact_restore(shopper=shopper, undo=asked["undo"])
            else:
                fact = read_fact(asked["kind"], asked["value"], asked["stance"])
                row = fact_say(shopper=shopper, fact=fact)
        except ValueError as error:
            raise ValidationError({"detail": str(error)}) from error
        return Response(FactSerializer(row).data, status=201)


class FactView(_ShopperView):
    """One fact of whoever asks."""

    @extend_schema(
        operation_id="fact_correct", request=CorrectionSerializer, responses={200: FactSerializer}
    )
    def patch(self, request: Request, fact_id: int) -> Response:
        """Puts the shopper's own word in its place; the answer has another id."""
        asked, fact = _read(CorrectionSerializer, request), self._fact(fact_id)
        try:
            row = fact_correct(
                fact=fact,
                value=asked.get("value", fact.value),
                stance=asked.get("stance", fact.stance),
            )
        except FactRefused as error:
            raise ValidationError({"detail": str(error)}) from error
        return Response(FactSerializer(row).data)

    @extend_schema(operation_id="fact_delete", responses={200: DeletedFactSerializer})
    def delete(self, request: Request, fact_id: int) -> Response:
        """It is not learned again either, until the shopper says it or takes that back."""
        return Response({"undo": fact_delete(fact=self._fact(fact_id))})

    def _fact(self, fact_id: int) -> ProfileFact:
        fact = self.consenting().facts.filter(pk=fact_id).select_related("shopper").first()
        if fact is None:
            raise NotFound("Your profile has no such fact (any more).")
        return fact


class ForgottenFactView(_ShopperView):
    """Something that whoever asks told us to forget."""

    @extend_schema(operation_id="forgotten_fact_delete", responses={204: None})
    def delete(self, request: Request, forgotten_id: int) -> Response:
        """It may be learned again; what may be already answers 204, too."""
        fact_allow(shopper=self.consenting(), forgotten_id=forgotten_id)
        return Response(status=204)


class EventsView(APIView):
    """Purchases and views, from the shop's server."""

    authentication_classes = [ShopperTokenAuthentication]
    permission_classes = [IsShop]
    throttle_scope = "events"

    @extend_schema(
        operation_id="shopper_events_push",
        request=EventsSerializer,
        responses={200: RecordedSerializer},
    )
    def post(self, request: Request) -> Response:
        """Stores each event once, and only of shoppers who agreed to it."""
        asked = _read(EventsSerializer, request)
        events = [
            PushedEvent(e["id"], e["shopper"], e["kind"], e["product"], e["at"])
            for e in asked["events"]
        ]
        return Response(RecordedSerializer(shopper_events_record(events=events)).data)


class QuizView(WidgetView):
    """The style quiz; anybody may take it, and only consenting shoppers' answers are stored."""

    throttle_scope = "shopper"

    @extend_schema(
        operation_id="quiz_retrieve",
        parameters=[OpenApiParameter("gender", str, description="women or men; else everything.")],
        responses={200: QuizSerializer},
    )
    def get(self, request: Request) -> Response:
        questions = build_quiz(request.query_params.get("gender", ""))
        return Response(QuizSerializer({"questions": questions}).data)

    @extend_schema(
        operation_id="quiz_answer",
        request=AnswersSerializer,
        responses={200: QuizStoredSerializer},
    )
    def post(self, request: Request) -> Response:
        try:
            answers = read_answers(_read(AnswersSerializer, request)["answers"])
        except ValueError as error:
            raise ValidationError({"detail": str(error)}) from error
        shopper = consenting_shopper(request)
        if shopper is not None:
            quiz_answer(shopper=shopper, facts=answers.facts, kinds=answers.kinds)
        stored = {
            "stored": shopper is not None,
            "facts": answers.facts,
            "taste": write_taste(answers),
        }
        return Response(QuizStoredSerializer(stored).data)


class SavedLooksView(_ShopperView):
    """Looks that a shopper keeps."""

    @extend_schema(operation_id="saved_looks_list", responses={200: SavedLookSerializer(many=True)})
    def get(self, request: Request) -> Response:
        saved = SavedLook.objects.filter(shopper__shop_id=shop_id_of(request))
        found = saved.select_related("look__anchor").prefetch_related("look__anchor__images")
        known = {"request": request}
        return Response(SavedLookSerializer(found, many=True, context=known).data)

    @extend_schema(
        operation_id="saved_look_create",
        request=SaveLookSerializer,
        responses={201: SavedLookSerializer, 200: SavedLookSerializer},
    )
    def post(self, request: Request) -> Response:
        """Keeps what is shown; what was shown when the same look was kept before is replaced."""
        asked = _read(SaveLookSerializer, request)
        # A look around a photo goes with the photo, which is linked to nobody.
        looks = Look.objects.filter(anchor__private=False)
        look = looks.filter(pk=asked["look"]).first()
        if look is None:
            raise NotFound(_NO_LOOK)
        refuse_strange(look, asked["pieces"], "pieces")
        try:
            saved, created = look_save(shopper=self.consenting(), look=look, pieces=asked["pieces"])
        except FactRefused as error:
            raise ValidationError({"detail": str(error)}) from error
        except Look.DoesNotExist as error:
            raise NotFound(_NO_LOOK) from error
        data = SavedLookSerializer(saved, context={"request": request}).data
        return Response(data, status=201 if created else 200)

    @extend_schema(
        operation_id="saved_looks_delete", request=UnsaveLookSerializer, responses={204: None}
    )
    def delete(self, request: Request) -> Response:
        """The look is named in the body; what is not kept any more answers 204, too."""
        look_id = _read(UnsaveLookSerializer, request)["look"]
        look_unsave(shopper=self.consenting(), look_id=look_id)
        return Response(status=204)


class SavedLookView(_ShopperView):
    """One look that a shopper keeps."""

    @extend_schema(operation_id="saved_look_delete", responses={204: None})
    def delete(self, request: Request, look_id: uuid.UUID) -> Response:
        """What is not kept any more answers 204, too."""
        look_unsave(shopper=self.consenting(), look_id=look_id)
        return Response(status=204)


def write_taste(answers: Answers) -> str:
    """Answers as the header X-Ensemble-Taste takes them."""
    return urlencode(write_session_taste(answers.facts))


def _read(serializer: Any, request: Request) -> dict[str, Any]:
    read = serializer(data=request.data)
    read.is_valid(raise_exception=True)
    said: dict[str, Any] = read.validated_data
    return said


def _show(shop_id: str) -> dict[str, Any]:
    shopper = find_shopper(shop_id)
    shown = {
        "id": shop_id,
        "consent": shopper.consent if shopper else None,
        "consent_at": shopper.consent_at if shopper else None,
        "region": shopper.region if shopper else "",
        "facts": shopper.facts.all() if shopper else [],
        "forgotten": shopper.forgotten.all() if shopper else [],
    }
    data: dict[str, Any] = ShopperSerializer(shown).data
    return data
