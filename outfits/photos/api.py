"""The photos API: thin views over `outfits.photos.services`."""

import uuid
from typing import Any

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import NotFound, PermissionDenied, ValidationError
from rest_framework.metadata import SimpleMetadata
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from catalog import conf
from catalog.images import ImageRefused
from catalog.receiving import LengthRequiredError, TooLargeError
from outfits.models import Shopper
from outfits.photos.addresses import PROOF_SECONDS, find_pictured
from outfits.photos.keeping import MAX_KEPT_PHOTOS, TooManyPhotos, find_kept
from outfits.photos.serializers import PhotoSerializer, PhotoUploadSerializer
from outfits.photos.services import find_photo, photo_delete, photo_receive
from outfits.shoppers.asking import consenting_shopper, shop_id_of
from outfits.shoppers.authentication import HasPublishableKey, IsShopper, WidgetView

#: What a form's other fields and boundaries may take.
_FORM_BYTES = 16 * 1024
#: What belongs to one shopper is no proxy's business, and no other page's.
_PRIVATE = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_GONE = "There is no such photo (any more). Photos are deleted after a while; send it again."
_NO_PHOTO = OpenApiResponse(description="No such photo, or its time is over.")


class InMemoryUpload(MemoryFileUploadHandler):
    """Keeps an upload of any size in memory: not even a temporary file of it is written."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        """The view has checked how much comes."""
        self.activated = True


class PhotosMetadata(SimpleMetadata):
    """What OPTIONS says: besides what DRF does, whether a photo of whoever asks can be kept."""

    def determine_metadata(self, request: Request, view: Any) -> dict[str, Any]:
        said: dict[str, Any] = super().determine_metadata(request, view)
        return said | {"keeps": consenting_shopper(request) is not None}


class PhotosView(WidgetView):
    """Photos of what a shopper wears or owns."""

    parser_classes = [MultiPartParser]
    metadata_class = PhotosMetadata

    def get_throttles(self) -> list[BaseThrottle]:
        """Looking whether photos are taken (OPTIONS) costs nothing of what may be sent."""
        self.throttle_scope = "photos" if self.request.method == "POST" else "looks"
        return super().get_throttles()

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        # Before anything reads the form, as a session's CSRF check does.
        request.upload_handlers = [InMemoryUpload(request)]
        return super().initialize_request(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if request.method == "POST":
            _check_length(request)
        super().initial(request, *args, **kwargs)

    @extend_schema(
        operation_id="photo_create",
        request={"multipart/form-data": PhotoUploadSerializer},
        responses={
            202: PhotoSerializer,
            400: OpenApiResponse(description="Not a picture that is taken; 'detail' says why."),
            403: OpenApiResponse(description="It was to be kept, and nobody agreed to that."),
            413: OpenApiResponse(description="Larger than IMAGE_MAX_BYTES."),
        },
    )
    def post(self, request: Request) -> Response:
        """Takes a photo and looks at it in the background; ``GET`` its address until it is ready.

        Whoever knows the id may see and delete what came of it. With ``keep``, the photo itself is
        stored for a shopper who agreed to be remembered; then they alone may.
        """
        asked = PhotoUploadSerializer(data=request.data)
        if not asked.is_valid():
            # Whoever filled the form in is shown ``detail`` alone.
            detail = next(iter(asked.errors.values()))[0]
            raise ValidationError({"detail": detail, "fields": asked.errors})
        said = dict(asked.validated_data)
        owner = get_owner(request) if said.pop("keep") else None
        try:
            photo = photo_receive(data=said.pop("photo").read(), owner=owner, **said)
        except ImageRefused as error:
            raise ValidationError({"detail": str(error)}) from error
        except TooManyPhotos as error:
            raise ValidationError({"detail": _say_full()}) from error
        return Response(PhotoSerializer(photo).data, status=202, headers=_PRIVATE)


class PhotoView(WidgetView):
    """One photo, for its owner, or for whoever knows its id where it has none."""

    throttle_scope = "looks"

    @extend_schema(operation_id="photo_retrieve", responses={200: PhotoSerializer, 404: _NO_PHOTO})
    def get(self, request: Request, photo_id: uuid.UUID) -> Response:
        """``anchor`` is null until it was looked at; ``detail`` says what to do if none comes."""
        photo = find_photo(photo_id, shop_id_of(request))
        if photo is None:
            raise NotFound(_GONE)
        return Response(PhotoSerializer(photo).data, headers=_PRIVATE)

    @extend_schema(operation_id="photo_delete", responses={204: None})
    def delete(self, request: Request, photo_id: uuid.UUID) -> Response:
        """Deletes it with all that came of it. What is gone already answers 204 too."""
        photo = find_photo(photo_id, shop_id_of(request))
        if photo is not None:
            photo_delete(photo=photo)
        return Response(status=204, headers=_PRIVATE)


class KeptPhotosView(WidgetView):
    """The photos that whoever asks keeps."""

    permission_classes = [HasPublishableKey, IsShopper]
    throttle_scope = "shopper"

    @extend_schema(operation_id="shopper_photos_list", responses={200: PhotoSerializer(many=True)})
    def get(self, request: Request) -> Response:
        """The newest first; each may be deleted at its address under ``photos/``."""
        kept = find_kept().filter(owner__shop_id=shop_id_of(request))
        return Response([PhotoSerializer(photo).data for photo in kept], headers=_PRIVATE)


class PhotoPictureView(WidgetView):
    """A kept photo itself, for its owner."""

    throttle_scope = "looks"
    # An <img> sends no headers, so no key either.
    permission_classes = []

    @extend_schema(
        operation_id="photo_picture",
        parameters=[
            OpenApiParameter(
                "proof",
                str,
                description="From ``picture`` of the photo: stands for the owner's token for "
                f"{PROOF_SECONDS // 60} minutes.",
            )
        ],
        responses={(200, "image/jpeg"): OpenApiTypes.BINARY, 404: _NO_PHOTO},
    )
    def get(self, request: Request, photo_id: uuid.UUID) -> FileResponse:
        """JPEG, free of everything but its pixels."""
        proof = request.query_params.get("proof", "")
        photo = find_pictured(photo_id, shop_id_of(request), proof)
        try:
            picture = photo.image.open("rb") if photo else None
        except FileNotFoundError:
            picture = None
        if picture is None:
            raise NotFound(_GONE)
        return FileResponse(picture, content_type="image/jpeg", headers=_PRIVATE)


def get_owner(request: Request) -> Shopper:
    """Who asks to keep a photo. Raises `PermissionDenied` for who did not agree to that."""
    shopper = consenting_shopper(request)
    if shopper is None:
        raise PermissionDenied(
            gettext(
                "A photo is kept only for whoever is signed in and agreed to be remembered. Send "
                "it without keeping it, or agree on your style page first."
            )
        )
    return shopper


def _say_full() -> str:
    text = gettext("You keep {count} photos, and more are not kept. Delete one first.")
    return text.replace("{count}", str(MAX_KEPT_PHOTOS))


def _check_length(request: Request) -> None:
    """Refuse a body that is too large before any of it is read."""
    text, limit = request.META.get("CONTENT_LENGTH") or "", conf.current().IMAGE_MAX_BYTES
    if not text.isdigit():
        raise LengthRequiredError("Send a Content-Length header: browsers do.")
    if int(text) > limit + _FORM_BYTES:
        raise TooLargeError(
            f"The photo has {int(text) / 2**20:.1f} MB; up to {limit / 2**20:.1f} MB are taken. "
            "Save it smaller and retry."
        )
