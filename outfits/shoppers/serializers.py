"""The shopper API's shapes."""

from typing import Any

from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from outfits.models import ForgottenFact, ProfileFact, SavedLook, Shopper, ShopperEvent
from outfits.serializers import PiecesField, ProductCardSerializer, RegionField, page_url
from outfits.shoppers.catalog_words import say_value
from outfits.shoppers.facts import Fact, FactKind, Source, Stance
from outfits.shoppers.identity import MAX_ID_CHARS
from outfits.shoppers.quiz import Option, Question

MAX_EVENTS = 500


class FactSerializer(serializers.ModelSerializer[ProfileFact]):
    """A fact of a profile, and where it is from."""

    label = serializers.SerializerMethodField()  # type: ignore[assignment]  # as DRF allows
    source_label = serializers.CharField(source="get_source_display")

    class Meta:
        model = ProfileFact
        fields = [
            "id",
            "kind",
            "value",
            "stance",
            "label",
            "source",
            "source_label",
            "times",
            "created_at",
            "updated_at",
        ]

    def get_label(self, fact: ProfileFact) -> str:
        return say_fact(fact)


def say_fact(fact: ProfileFact | ForgottenFact) -> str:
    """A fact in one short phrase, in the active language."""
    if not fact.value:
        return fact.get_kind_display()
    word = say_value(fact.kind, fact.value)
    phrases = {
        Stance.LIKE: gettext("Likes: {what}"),
        Stance.DISLIKE: gettext("Less of: {what}"),
        Stance.NEVER: gettext("Never: {what}"),
    }
    phrase = phrases[Stance(fact.stance)]
    if fact.kind in (FactKind.BUDGET, FactKind.SIZE):
        phrase = f"{fact.get_kind_display()}: {{what}}"
    return phrase.replace("{what}", word)


class ForgottenFactSerializer(serializers.ModelSerializer[ForgottenFact]):
    """What a shopper deleted, and what is therefore not learned of them again."""

    label = serializers.SerializerMethodField()  # type: ignore[assignment]  # as DRF allows

    class Meta:
        model = ForgottenFact
        fields = ["id", "kind", "value", "stance", "label", "created_at"]

    def get_label(self, fact: ForgottenFact) -> str:
        return say_fact(fact)


class ShopperSerializer(serializers.Serializer[Any]):
    """What is stored of whoever asks; ``consent`` is null where they were never asked."""

    id = serializers.CharField()
    consent = serializers.ChoiceField(Shopper.Consent.choices, allow_null=True)
    consent_at = serializers.DateTimeField(allow_null=True)
    region = serializers.CharField()
    facts = FactSerializer(many=True)
    forgotten = ForgottenFactSerializer(many=True)


class ConsentSerializer(serializers.Serializer[Any]):
    granted = serializers.BooleanField(help_text="False erases the profile.")
    region = RegionField(
        default=None,
        help_text="ISO 3166-2, such as DE or DE-BE; empty forgets it, left out it stays as it is.",
    )


class NewFactSerializer(serializers.Serializer[Any]):
    """A fact that the shopper says, or ``undo`` as a deletion gave it."""

    kind = serializers.ChoiceField(FactKind.choices, required=False)
    value = serializers.CharField(max_length=64, required=False)
    stance = serializers.ChoiceField(Stance.choices, required=False, default=Stance.LIKE)
    undo = serializers.CharField(max_length=2000, required=False, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs["undo"] and not ("kind" in attrs and "value" in attrs):
            raise serializers.ValidationError({"kind": "Send kind and value, or undo."})
        return attrs


class CorrectionSerializer(serializers.Serializer[Any]):
    value = serializers.CharField(max_length=64, required=False)
    stance = serializers.ChoiceField(Stance.choices, required=False)


class DeletedFactSerializer(serializers.Serializer[Any]):
    undo = serializers.CharField(help_text="Post it to facts/ within 15 minutes to undo.")


class PushedEventSerializer(serializers.Serializer[Any]):
    id = serializers.CharField(max_length=128, help_text="The shop's; sent twice, stored once.")
    shopper = serializers.CharField(max_length=MAX_ID_CHARS)
    kind = serializers.ChoiceField(ShopperEvent.Kind.choices)
    product = serializers.CharField(max_length=64, help_text="SKU")
    at = serializers.DateTimeField()


class EventsSerializer(serializers.Serializer[Any]):
    events = PushedEventSerializer(many=True, allow_empty=False)

    def validate_events(self, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len(value) > MAX_EVENTS:
            raise serializers.ValidationError(f"Send up to {MAX_EVENTS} events at once.")
        return value


class RecordedSerializer(serializers.Serializer[Any]):
    stored = serializers.IntegerField()
    repeated = serializers.IntegerField(help_text="Stored by an earlier push.")
    without_consent = serializers.IntegerField(help_text="Not stored: the shopper did not agree.")
    unknown_products = serializers.ListField(child=serializers.CharField())


class QuizOptionSerializer(serializers.Serializer[Option]):
    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # as DRF allows
    product = ProductCardSerializer(allow_null=True)


class QuestionSerializer(serializers.Serializer[Question]):
    id = serializers.CharField()
    title = serializers.CharField()
    hint = serializers.CharField()
    kind = serializers.ChoiceField(FactKind.choices)
    stance = serializers.ChoiceField(Stance.choices)
    multiple = serializers.BooleanField()
    options = QuizOptionSerializer(many=True)


class QuizSerializer(serializers.Serializer[Any]):
    questions = QuestionSerializer(many=True)


class AnswersSerializer(serializers.Serializer[Any]):
    answers = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField(max_length=64)),
        help_text="Question id to values; what is left out was skipped.",
    )


class SaidFactSerializer(serializers.Serializer[Fact]):
    kind = serializers.CharField()
    value = serializers.CharField()
    stance = serializers.CharField()
    source = serializers.SerializerMethodField()  # type: ignore[assignment]  # as DRF allows

    def get_source(self, fact: Fact) -> str:
        return Source.QUIZ


class QuizStoredSerializer(serializers.Serializer[Any]):
    stored = serializers.BooleanField(help_text="False: nothing is kept, send `taste` yourself.")
    facts = SaidFactSerializer(many=True)
    taste = serializers.CharField(help_text="For the header X-Ensemble-Taste, while the tab lives.")


class UnsaveLookSerializer(serializers.Serializer[Any]):
    look = serializers.UUIDField()


class SaveLookSerializer(UnsaveLookSerializer):
    pieces = PiecesField()


class SavedLookSerializer(serializers.ModelSerializer[SavedLook]):
    look = serializers.UUIDField(source="look_id")
    anchor = serializers.SerializerMethodField()
    saved_at = serializers.DateTimeField(source="created_at")
    pieces = serializers.ListField(
        child=serializers.CharField(), help_text="SKUs of what was shown; empty: as it was stored."
    )
    share_url = serializers.SerializerMethodField(help_text="The page that shows it so.")

    class Meta:
        model = SavedLook
        fields = ["look", "anchor", "saved_at", "pieces", "share_url"]

    @extend_schema_field(ProductCardSerializer)
    def get_anchor(self, saved: SavedLook) -> Any:
        return ProductCardSerializer(saved.look.anchor, context=self.context).data

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_share_url(self, saved: SavedLook) -> str | None:
        return page_url(saved.look_id, saved.pieces, self.context.get("request"))
