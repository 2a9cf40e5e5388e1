"""The shapes of the photos API."""

from typing import Any

from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.slots import guess_slot
from catalog.vocabulary import Gender
from outfits.models import OwnPhoto
from outfits.photos.addresses import write_address
from outfits.photos.understanding import read_word
from outfits.serializers import ProductCardSerializer
from outfits.why.factors import fill_in


class PhotoUploadSerializer(serializers.Serializer[Any]):
    """A photo, and what the shopper says of it."""

    photo = serializers.FileField(
        max_length=None, allow_empty_file=True, help_text="JPEG, PNG or WebP of one piece."
    )
    keep = serializers.BooleanField(
        default=False,
        help_text="The shopper's consent to store the photo; without it, it is not stored. Only "
        "for a shopper who agreed to be remembered (OPTIONS answers ``keeps``).",
    )
    category = serializers.CharField(
        source="said",
        max_length=60,
        default="",
        allow_blank=True,
        help_text="What it is, where the captioner could not tell, such as: shirt.",
    )
    gender = serializers.ChoiceField(
        Gender.choices, default="", allow_blank=True, help_text="Whom it is for."
    )

    def validate_category(self, value: str) -> str:
        """The English word for something to wear that is named in the active language."""
        word = read_word(value)
        if word and guess_slot(word) is None:
            said = gettext(
                "{what} is not known. Say it in one word, such as: shirt, trousers, boots."
            )
            raise serializers.ValidationError(fill_in(said, {"what": value}))
        return word


class PhotoSerializer(serializers.Serializer[OwnPhoto]):
    """What became of a photo."""

    id = serializers.UUIDField(
        help_text="Keep it secret: whoever knows it may see and delete what is not kept."
    )
    status = serializers.SerializerMethodField()
    detail = serializers.SerializerMethodField(help_text="What to do if it is refused or failed.")
    sentence = serializers.CharField(help_text="What was seen.")
    anchor = ProductCardSerializer(
        allow_null=True, help_text="The piece; ask for its look with ``photo=ID``."
    )
    picture = serializers.SerializerMethodField(
        help_text="Null unless it is kept; an address for some minutes, to be asked for anew then."
    )
    expires_at = serializers.DateTimeField(help_text="When all that came of it is deleted.")

    @extend_schema_field(serializers.ChoiceField(["waiting", "ready", "refused", "failed"]))
    def get_status(self, photo: OwnPhoto) -> str:
        reading = photo.status == OwnPhoto.Status.READING
        return str(OwnPhoto.Status.WAITING if reading else photo.status)

    def get_detail(self, photo: OwnPhoto) -> str:
        seen = {"title": photo.sentence.lower()}
        return fill_in(gettext(photo.detail), seen) if photo.detail else ""

    def get_picture(self, photo: OwnPhoto) -> str | None:
        return write_address(photo) if photo.image and photo.owner_id else None
