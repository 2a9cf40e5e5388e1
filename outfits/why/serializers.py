"""The shapes of "why this": reasons, what leaving one thing out changed, and where reasons lead."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from outfits.models import LookItem, MeasuredInfluence
from outfits.serializers import (
    FactorSerializer,
    LanguageQuerySerializer,
    ProductCardSerializer,
    RegionField,
)
from outfits.shoppers.personal import PROFILE
from outfits.why.alternatives import Alternatives
from outfits.why.factors import translate_label
from outfits.why.left_out_words import translate_left_out
from outfits.why.reasons import Why
from outfits.why.trend_products import TrendPage

#: How long a panel waits before it asks again whether a measurement is there.
_RETRY_AFTER_SECONDS = 3


class LeadSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(["alternatives", "profile", "occasion", "trend"])
    href = serializers.CharField()


class WhyFactorSerializer(FactorSerializer):
    """A factor, and where a click on it leads; takes ``item`` from the context."""

    terms = serializers.ListField(
        child=serializers.CharField(), default=list, help_text="The words that it is about."
    )
    scored = serializers.BooleanField(
        default=False,
        help_text="Whether the weight (in logits) was added to the score; else it describes.",
    )
    leads_to = serializers.SerializerMethodField()

    @extend_schema_field(LeadSerializer(allow_null=True))
    def get_leads_to(self, factor: dict[str, Any]) -> dict[str, str] | None:
        return find_lead(factor, self.context["item"])


def find_lead(factor: dict[str, Any], item: LookItem) -> dict[str, str] | None:
    """Where a factor leads: its trend, the profile, the occasion, or alternatives without it.

    Nowhere (None) where there is no alternative at all.
    """
    name = factor["name"]
    looks = reverse("ensemble_outfits:looks")
    if factor.get("trend"):
        asked = {"name": factor["trend"], "region": item.look.context.get("region", "")}
        href = f"{reverse('ensemble_outfits:trends')}?{urlencode(asked)}"
        return {"kind": "trend", "href": href}
    if name == PROFILE:
        return {"kind": "profile", "href": f"{looks.removesuffix('looks/')}shopper/"}
    if name == "occasion" and not item.look.anchor.private:
        return {"kind": "occasion", "href": f"{looks}?{urlencode(_other_occasion(item))}"}
    if len(item.candidates) < 2:
        return None
    href = reverse("ensemble_outfits:alternatives", args=[item.look_id, item.pk])
    return {"kind": "alternatives", "href": f"{href}?{urlencode({'without': name})}"}


def _other_occasion(item: LookItem) -> dict[str, str]:
    """The same anchor's look without the occasion that was asked for, or for one that both suit."""
    anchor, context = item.look.anchor, item.look.context
    asked = {"product": anchor.sku, "region": context.get("region", "")}
    if not context.get("occasion"):
        shared = [tag for tag in anchor.occasions if tag in item.chosen.occasions]
        asked["occasion"] = shared[0] if shared else ""
    return {key: value for key, value in asked.items() if value}


class ChangeSerializer(serializers.Serializer[Any]):
    """One thing left out of the stylist's question, and what that changed."""

    left_out = serializers.ChoiceField(
        ["context", "look", "colour", "material", "category", "detail"]
    )
    label = serializers.SerializerMethodField()  # type: ignore[assignment]  # as DRF allows
    change = serializers.FloatField(
        help_text="Of the item's log-odds (natural); below 0: what was left out spoke for it."
    )
    logprob_change = serializers.FloatField(
        help_text="Of its log-probability among the candidates (natural)."
    )

    def get_label(self, change: dict[str, Any]) -> str:
        return translate_left_out(change)


class MeasuredSerializer(serializers.Serializer[MeasuredInfluence]):
    """What the language model's choice hung on, by asking it again."""

    status = serializers.SerializerMethodField()
    changes = ChangeSerializer(many=True)
    noise = serializers.FloatField(
        source="drift",
        help_text="How far the same question's answer lay from the stored one: changes that are "
        "not larger mean nothing.",
    )
    reason = serializers.SerializerMethodField(help_text="Why it is unavailable; else empty.")
    retry_after_seconds = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField(["ready", "pending", "unavailable"]))
    def get_status(self, influence: MeasuredInfluence) -> str:
        settled = (MeasuredInfluence.Status.READY, MeasuredInfluence.Status.UNAVAILABLE)
        return str(influence.status) if influence.status in settled else "pending"

    def get_reason(self, influence: MeasuredInfluence) -> str:
        # An empty msgid would be answered with the catalogue's head.
        said = gettext(influence.reason) if influence.reason else ""
        return said.replace("{stylist}", influence.item.look.stylist)

    def get_retry_after_seconds(self, influence: MeasuredInfluence) -> int | None:
        return _RETRY_AFTER_SECONDS if self.get_status(influence) == "pending" else None


class WhySerializer(serializers.Serializer[Why]):
    """Why an item was chosen."""

    item = serializers.IntegerField(source="item.pk")
    stylist = serializers.CharField(
        help_text="Name and version; empty where somebody of the shop chose."
    )
    sku = serializers.CharField(
        source="product.sku",
        help_text="What the reasons speak of. Beside another candidate they say nothing.",
    )
    sentence = serializers.CharField()
    confidence = serializers.FloatField(
        source="confidence.share",
        allow_null=True,
        help_text="The probability (0 to 1) that the stylist gave its choice among all candidates; "
        "null where it did not choose.",
    )
    confidence_words = serializers.SerializerMethodField()
    candidates = serializers.IntegerField(source="confidence.candidates")
    chance = serializers.FloatField(
        source="confidence.chance", help_text="The share that a blind choice would have."
    )
    factors = WhyFactorSerializer(many=True)
    measured = MeasuredSerializer(source="influence")
    used = serializers.ListField(child=serializers.CharField())
    not_used = serializers.ListField(child=serializers.CharField())

    def get_confidence_words(self, why: Why) -> str:
        return gettext(why.confidence.words)


class AlternativesSerializer(serializers.Serializer[Alternatives]):
    """Other candidates that a reason does not hold for, the best first."""

    without = serializers.CharField(source="factor.name")
    label = serializers.SerializerMethodField()  # type: ignore[assignment]  # as DRF allows
    detail = serializers.SerializerMethodField(help_text="What to do where there are none.")
    products = ProductCardSerializer(many=True)

    def get_label(self, found: Alternatives) -> str:
        return translate_label(found.factor)

    def get_detail(self, found: Alternatives) -> str:
        if found.products:
            return ""
        return gettext("The same is true of all others. Choose another occasion or product.")


class AlternativesQuerySerializer(LanguageQuerySerializer):
    without = serializers.CharField(max_length=40, help_text="The name of a factor of the item.")


class TrendQuerySerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=60)
    region = RegionField()


class TrendSerializer(serializers.Serializer[TrendPage]):
    """A trend that is in force, and products that are part of it."""

    detail = serializers.SerializerMethodField(help_text="Where no product is part of it.")

    name = serializers.CharField(source="trend.name")
    words = serializers.ListField(source="trend.words", child=serializers.CharField())
    colours = serializers.ListField(source="trend.colours", child=serializers.CharField())
    categories = serializers.ListField(source="trend.categories", child=serializers.CharField())
    starts = serializers.DateField(source="trend.period.starts", allow_null=True)
    ends = serializers.DateField(source="trend.period.ends", allow_null=True)
    products = ProductCardSerializer(many=True)

    def get_detail(self, page: TrendPage) -> str:
        return "" if page.products else gettext("Nothing in the shop is part of it now.")
