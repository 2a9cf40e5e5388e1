"""The API's shapes; `drf_spectacular` writes the documentation from them."""

from collections.abc import Iterable
from dataclasses import asdict
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog import conf
from catalog.captioning.alt_text import describe_caption
from catalog.captioning.base import CAPTION_FIELDS
from catalog.models import Caption, Product
from catalog.slots import Slot
from catalog.vocabulary import Occasion
from outfits.circumstances.context import Context
from outfits.circumstances.regions import find_region
from outfits.composing.wishes import MAX_LOOKS
from outfits.presentation import ShownItem, ShownLook
from outfits.why.explanation import translate_sentence
from outfits.why.factors import translate_label


class MoneySerializer(serializers.Serializer[Any]):
    amount = serializers.DecimalField(max_digits=12, decimal_places=2)
    currency = serializers.CharField(help_text="ISO 4217")


class ImageSourceSerializer(serializers.Serializer[Any]):
    url = serializers.CharField()
    width = serializers.IntegerField(help_text="Pixels.")


class ImageSerializer(serializers.Serializer[Any]):
    url = serializers.CharField(help_text="The full picture. A signed address ends some day.")
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    alt = serializers.CharField(help_text="What the picture shows, for people who cannot see it.")
    sources = ImageSourceSerializer(many=True, help_text="For srcset, narrowest first.")


class ProductCardSerializer(serializers.ModelSerializer[Product]):
    """A product as a look shows it; takes ``captions`` (by product id) from the context."""

    price = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()
    image = serializers.SerializerMethodField()
    available = serializers.BooleanField(source="is_available")

    class Meta:
        model = Product
        fields = ["sku", "title", "brand", "category", "price", "url", "image", "available"]

    @extend_schema_field(MoneySerializer(allow_null=True))
    def get_price(self, product: Product) -> dict[str, str] | None:
        if product.private:
            return None
        return {"amount": f"{product.price:.2f}", "currency": product.currency}

    def get_url(self, product: Product) -> str:
        return "" if product.private else product_url(product)

    @extend_schema_field(ImageSerializer(allow_null=True))
    def get_image(self, product: Product) -> dict[str, Any] | None:
        image = product.main_image
        if image is None:
            return None
        caption = self.context.get("captions", {}).get(product.pk)
        return {
            "url": image.image.url,
            "width": image.width,
            "height": image.height,
            "alt": _describe(caption) if caption else product.title,
            "sources": [asdict(source) for source in image.sources],
        }


def _describe(caption: Caption) -> str:
    """What the picture shows, in the language in which the request is answered."""
    fields = {name: str(getattr(caption, name)) for name in ("sentence", *CAPTION_FIELDS)}
    return describe_caption(fields, get_language() or "en")


class FactorSerializer(serializers.Serializer[Any]):
    """A stored factor, said in the language in which the request is answered."""

    name = serializers.CharField()
    label = serializers.SerializerMethodField()  # type: ignore[assignment]  # as DRF allows
    weight = serializers.FloatField(
        help_text="Below 0 speaks against, above speaks for; logits where the context added it."
    )
    trend = serializers.CharField(default="", help_text="The trend that it comes from, if any.")

    def get_label(self, factor: dict[str, Any]) -> str:
        return translate_label(factor)


class ChoiceSerializer(serializers.Serializer[Any]):
    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # shadows Field.label, as DRF allows


class ContextSerializer(serializers.Serializer[Context]):
    """The circumstances that the look was made for; empty where nothing is known."""

    occasion = serializers.CharField()
    season = serializers.CharField()
    weather = serializers.CharField(help_text="Such as: hot, mild wet.")
    region = serializers.CharField(help_text="A country or its part (ISO 3166-2).")
    trends = serializers.ListField(child=serializers.CharField())
    events = serializers.ListField(child=serializers.CharField())
    personal = serializers.BooleanField(
        source="is_personal", help_text="Whether the shopper's taste is part of it."
    )


class LookItemSerializer(serializers.Serializer[ShownItem]):
    id = serializers.IntegerField(allow_null=True)
    slot = serializers.CharField()
    slot_label = serializers.CharField(source="slot.label")
    product = ProductCardSerializer()
    explanation = serializers.SerializerMethodField()
    factors = FactorSerializer(many=True)
    alternatives = ProductCardSerializer(many=True)
    locked = serializers.BooleanField(help_text="The shopper asked for it to stay.")
    stand_in = serializers.BooleanField(
        help_text="It stands in for what was chosen, kept or shared and cannot be shown now."
    )

    def get_explanation(self, item: ShownItem) -> str:
        return translate_sentence(item.explanation, item.factors)


class LookSerializer(serializers.Serializer[ShownLook]):
    id = serializers.UUIDField(allow_null=True, help_text="Null: nothing stored to comment on yet.")
    status = serializers.ChoiceField(["ranked", "provisional", "unranked"])
    message = serializers.CharField(allow_null=True)
    retry_after_seconds = serializers.IntegerField(allow_null=True)
    stylist = serializers.CharField(allow_null=True)
    anchor = ProductCardSerializer()
    items = LookItemSerializer(many=True)
    total = serializers.SerializerMethodField()
    number = serializers.IntegerField(source="wish.number", help_text="Which look this is, from 1.")
    count = serializers.IntegerField(help_text="How many looks there are.")
    budget = serializers.DecimalField(
        source="wish.budget", max_digits=12, decimal_places=2, allow_null=True
    )
    over_budget = serializers.BooleanField(help_text="Nothing within the budget completes it.")
    share_url = serializers.SerializerMethodField(
        help_text="The page of this look as it is shown; null while nothing is stored, for a photo "
        "of one's own, and where pages are off. Name other pieces that are shown as ``piece``."
    )
    context = ContextSerializer()  # type: ignore[assignment]  # DRF takes it off the class
    occasions = serializers.SerializerMethodField(help_text="What ``occasion`` may be.")

    @extend_schema_field(ChoiceSerializer(many=True))
    def get_occasions(self, look: ShownLook) -> list[dict[str, str]]:
        return [{"value": value, "label": str(label)} for value, label in Occasion.choices]

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_share_url(self, look: ShownLook) -> str | None:
        request = self.context.get("request")  # type: ignore[attr-defined]  # not the field
        return look_page_url(look, request)

    @extend_schema_field(MoneySerializer(allow_null=True))
    def get_total(self, look: ShownLook) -> dict[str, str] | None:
        if look.total is None:
            return None
        amount, currency = look.total
        return {"amount": f"{amount:.2f}", "currency": currency}


def look_page_url(look: ShownLook, request: HttpRequest | None) -> str | None:
    """The address of the page that shows a look as it is shown now; None if it has none.

    What somebody owns is shown to nobody else, so a look around it has none.
    """
    if look.id is None or look.anchor.private:
        return None
    return page_url(look.id, look.pieces, request)


def product_url(product: Product) -> str:
    """The address of a product's page in the shop."""
    return conf.current().PRODUCT_URL.format(sku=quote(product.sku))


def page_url(
    look_id: UUID | str, pieces: Iterable[str], request: HttpRequest | None = None
) -> str | None:
    """The address of a look's page, which shows ``pieces`` (SKUs), if any are named.

    Absolute where a request says whose; None where pages are off.
    """
    try:
        path = reverse("ensemble_pages:look", args=[look_id])
    except NoReverseMatch:
        return None
    shown = urlencode([("piece", sku) for sku in pieces])
    path = f"{path}?{shown}" if shown else path
    return request.build_absolute_uri(path) if request else path


class RegionField(serializers.CharField):
    """A region as `outfits.circumstances.regions` knows it, or nothing; refuses what is none."""

    def __init__(self, **kwargs: Any) -> None:
        said = "Where the shopper is: a country or its part (ISO 3166-2), such as DE or DE-BE."
        about = {"required": False, "default": "", "allow_blank": True, "help_text": said}
        super().__init__(**{"max_length": 6, **about, **kwargs})

    def to_internal_value(self, data: Any) -> str:
        value = super().to_internal_value(data)
        try:
            return find_region(value) if value else ""
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from error


class LanguageQuerySerializer(serializers.Serializer[Any]):
    """In which language an answer is wanted."""

    lang = serializers.CharField(
        max_length=35,
        required=False,
        default="",
        allow_blank=True,
        help_text="Language of the page, such as de; without it, Accept-Language decides.",
    )


class PiecesField(serializers.ListField):
    """The SKUs of what a look shows, one for each slot at most; optional."""

    child = serializers.CharField(max_length=64)

    def __init__(self, **kwargs: Any) -> None:
        said = "SKUs of what is shown: items of the look or alternatives. Without any: as stored."
        about = {"required": False, "default": list, "help_text": said}
        super().__init__(**{"max_length": len(Slot), **about, **kwargs})


class StoredLookQuerySerializer(LanguageQuerySerializer):
    """Which pieces of a stored look are shown."""

    piece = PiecesField()


class LookQuerySerializer(LanguageQuerySerializer):
    """What a look is asked for."""

    product = serializers.CharField(
        max_length=64, required=False, default="", allow_blank=True, help_text="SKU of the anchor."
    )
    photo = serializers.UUIDField(
        required=False,
        default=None,
        allow_null=True,
        help_text="Id of a shopper's own photo, to be the anchor instead.",
    )
    occasion = serializers.ChoiceField(Occasion.choices, required=False, default="")
    region = RegionField()
    temperature = serializers.IntegerField(
        min_value=-60,
        max_value=60,
        required=False,
        default=None,
        allow_null=True,
        help_text="°C, where the shop knows it; else the region's weather, if it is known.",
    )
    wet = serializers.BooleanField(required=False, default=False, help_text="It rains or snows.")
    budget = serializers.DecimalField(
        max_digits=12,
        decimal_places=2,
        min_value=Decimal("0.01"),
        required=False,
        default=None,
        allow_null=True,
        help_text="What all items may cost together, without the product itself, in its currency.",
    )
    lock = serializers.ListField(
        child=serializers.CharField(max_length=64),
        max_length=len(Slot),
        required=False,
        default=list,
        help_text="SKU of an item that stays while the rest is chosen anew; can be repeated.",
    )
    number = serializers.IntegerField(
        min_value=1,
        max_value=MAX_LOOKS,
        required=False,
        default=1,
        help_text="Which of the looks; the last, where there are fewer.",
    )

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Refuses a look of nothing."""
        if not asked["product"] and asked["photo"] is None:
            raise serializers.ValidationError({"product": "Name a product, or a photo."})
        return asked
