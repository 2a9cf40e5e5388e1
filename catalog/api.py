"""The feed API, for a nightly job that pushes a shop's products: thin views over the services."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.authentication import FeedPusher, FeedTokenAuthentication, IsFeedPusher
from catalog.feeds.base import FeedError
from catalog.models import FeedImport, FeedSource
from catalog.receiving import receive_body
from catalog.serializers import (
    FeedSerializer,
    ImportDetailSerializer,
    ImportSerializer,
    PageQuerySerializer,
    PushedSerializer,
)
from catalog.services.push import feed_push

PROBLEMS_PER_PAGE = 100

_REFUSALS = {
    400: OpenApiResponse(description="The body cannot be read as a feed; 'detail' says why."),
    401: OpenApiResponse(description="No token, or one that is not this feed's."),
    411: OpenApiResponse(description="No Content-Length."),
    413: OpenApiResponse(description="Larger than FEED_MAX_BYTES."),
}
_DIGEST = OpenApiParameter(
    "Content-Digest",
    str,
    OpenApiParameter.HEADER,
    description="RFC 9530, sha-256=:BASE64:. A body that it does not fit is refused.",
)


class _FeedAPIView(APIView):
    authentication_classes = [FeedTokenAuthentication]
    permission_classes = [IsFeedPusher]
    throttle_scope = "feeds"

    @property
    def feed(self) -> FeedSource:
        pusher = self.request.user
        assert isinstance(pusher, FeedPusher)  # noqa: S101 - IsFeedPusher let nobody else in
        return pusher.feed


class FeedView(_FeedAPIView):
    """One feed, as the job that pushes it sees it."""

    @extend_schema(operation_id="feed_retrieve", responses={200: FeedSerializer})
    def get(self, request: Request, name: str) -> Response:
        """``checksum`` is the SHA-256 of what was imported last; the ETag is the same."""
        feed = self.feed
        headers = _etag(feed.checksum)
        if feed.checksum and request.headers.get("If-None-Match") == headers["ETag"]:
            return Response(status=304, headers=headers)
        return Response(FeedSerializer(feed, context={"request": request}).data, headers=headers)

    @extend_schema(
        operation_id="feed_push",
        parameters=[_DIGEST],
        request={"*/*": OpenApiTypes.BINARY},
        responses={202: PushedSerializer, 200: PushedSerializer, **_REFUSALS},
    )
    def put(self, request: Request, name: str) -> Response:
        """Imports the file in the body, in any format that an upload may have.

        202: it was queued, and ``Location`` tells how it goes. 200: it is what was imported last,
        so nothing is done.
        """
        received = receive_body(request._request, self.feed.name)
        with received.file:
            try:
                row = feed_push(feed=self.feed, file=received.file, checksum=received.checksum)
            except FeedError as error:
                raise ValidationError({"detail": str(error)}) from error
        return _tell(request, row, received.checksum)


def _tell(request: Request, row: FeedImport | None, checksum: str) -> Response:
    told = ImportSerializer(row, context={"request": request}).data if row else None
    detail = "It is being imported." if row else "This is what was imported last; nothing to do."
    body = {
        "status": "accepted" if row else "unchanged",
        "detail": detail,
        "checksum": checksum,
        "feed_import": told,
    }
    headers = _etag(checksum) | ({"Location": told["url"]} if told else {})
    return Response(body, status=202 if row else 200, headers=headers)


def _etag(checksum: str) -> dict[str, str]:
    return {"ETag": f'"{checksum}"'} if checksum else {"ETag": '""'}


class FeedImportView(_FeedAPIView):
    """One import of a feed."""

    @extend_schema(
        operation_id="feed_import_retrieve",
        parameters=[PageQuerySerializer],
        responses={
            200: ImportDetailSerializer,
            401: _REFUSALS[401],
            404: OpenApiResponse(description="No such import of this feed."),
        },
    )
    def get(self, request: Request, name: str, import_id: int) -> Response:
        """How it goes; what it refused comes a hundred at a time, ``next`` is the next page."""
        query = PageQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        row = self.feed.imports.select_related("feed").filter(pk=import_id).first()
        if row is None:
            raise NotFound(f"The feed {name!r} has no import {import_id}; it may be deleted.")
        page = query.validated_data["page"]
        context = {
            "request": request,
            "page": page,
            "page_size": PROBLEMS_PER_PAGE,
            "offset": (page - 1) * PROBLEMS_PER_PAGE,
        }
        return Response(ImportDetailSerializer(row, context=context).data)
