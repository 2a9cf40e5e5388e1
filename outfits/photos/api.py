"""The photos API: thin views over `outfits.photos.services`."""

import uuid
from typing import Any

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import FileResponse, HttpRequest
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from catalog import conf
from catalog.images import ImageRefused
from catalog.receiving import LengthRequiredError, TooLargeError
from outfits.models import OwnPhoto
from outfits.photos.serializers import PhotoSerializer, PhotoUploadSerializer
from outfits.photos.services import find_photo, photo_delete, photo_receive
from outfits.shoppers.authentication import WidgetView

#: What a form's other fields and boundaries may take.
_FORM_BYTES = 16 * 1024
#: What belongs to one shopper is no proxy's business, and no other page's.
_PRIVATE = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer"}
_GONE = "There is no such photo (any more). Photos are deleted after a while; send it again."
_NO_PHOTO = OpenApiResponse(description="No such photo, or its time is over.")


class InMemoryUpload(MemoryFileUploadHandler):
    """Keeps an upload of any size in memory: not even a temporary file of it is written."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        """The view has checked how much comes."""
        self.activated = True


class PhotosView(WidgetView):
    """Photos of what a shopper wears or owns."""

    parser_classes = [MultiPartParser]

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
            413: OpenApiResponse(description="Larger than IMAGE_MAX_BYTES."),
        },
    )
    def post(self, request: Request) -> Response:
        """Takes a photo and looks at it in the background; ``GET`` its address until it is ready.

        Whoever knows the id may see and delete what came of it. The photo itself is stored only
        with ``keep``.
        """
        asked = PhotoUploadSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        said = dict(asked.validated_data)
        try:
            photo = photo_receive(data=said.pop("photo").read(), **said)
        except ImageRefused as error:
            raise ValidationError({"detail": str(error)}) from error
        return Response(PhotoSerializer(photo).data, status=202, headers=_PRIVATE)


class PhotoView(WidgetView):
    """One photo, for whoever knows its id."""

    throttle_scope = "looks"

    @extend_schema(operation_id="photo_retrieve", responses={200: PhotoSerializer, 404: _NO_PHOTO})
    def get(self, request: Request, photo_id: uuid.UUID) -> Response:
        """``anchor`` is null until it was looked at; ``detail`` says what to do if none comes."""
        return Response(PhotoSerializer(get_photo(photo_id)).data, headers=_PRIVATE)

    @extend_schema(operation_id="photo_delete", responses={204: None})
    def delete(self, request: Request, photo_id: uuid.UUID) -> Response:
        """Deletes it with all that came of it. What is gone already answers 204 too."""
        photo = find_photo(photo_id)
        if photo is not None:
            photo_delete(photo=photo)
        return Response(status=204, headers=_PRIVATE)


class PhotoPictureView(WidgetView):
    """The photo itself, where it was kept."""

    throttle_scope = "looks"
    # An <img> sends no headers, so no key either; the id is what nobody can guess.
    permission_classes = []

    @extend_schema(
        operation_id="photo_picture",
        responses={(200, "image/jpeg"): OpenApiTypes.BINARY, 404: _NO_PHOTO},
    )
    def get(self, request: Request, photo_id: uuid.UUID) -> FileResponse:
        """JPEG, free of everything but its pixels."""
        photo = get_photo(photo_id)
        if not photo.image:
            raise NotFound("This photo was not kept: only what was seen in it is known.")
        return FileResponse(photo.image.open("rb"), content_type="image/jpeg", headers=_PRIVATE)


def get_photo(photo_id: uuid.UUID) -> OwnPhoto:
    """The photo with an id. Raises `NotFound`."""
    photo = find_photo(photo_id)
    if photo is None:
        raise NotFound(_GONE)
    return photo


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
