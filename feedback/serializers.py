"""The feedback API's shapes."""

from typing import Any

from rest_framework import serializers

from feedback.models import FeedbackEvent


class FeedbackSerializer(serializers.Serializer[Any]):
    """What was said. ``id`` is made by the sender, so that sending twice stores once."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(
        [FeedbackEvent.Kind.LIKE, FeedbackEvent.Kind.DISLIKE, FeedbackEvent.Kind.SWAP]
    )
    item = serializers.IntegerField(
        required=False, allow_null=True, default=None, help_text="Null: about the whole look."
    )
    product = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=64,
        help_text="SKU of what the slot showed.",
    )
    reasons = serializers.ListField(
        child=serializers.ChoiceField(FeedbackEvent.Reason.choices),
        required=False,
        default=list,
        max_length=len(FeedbackEvent.Reason),
        help_text="Why; of a swap, why the replaced item had to go.",
    )
    replacement = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=64,
        help_text="With a swap: SKU of what was taken instead.",
    )


class FeedbackStoredSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    detail = serializers.CharField()
