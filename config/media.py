"""Pictures served by Django itself, while DEBUG is on."""

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe
from django.views.static import serve

#: A stored file never changes under its name.
CACHE_CONTROL = "public, max-age=31536000, immutable"


@require_safe
def serve_picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """A stored picture, to be kept by browsers for good. Feeds beside it are not served."""
    response = serve(request, name, document_root=str(Path(settings.MEDIA_ROOT) / "products"))
    etag = quote_etag(name)
    response["Cache-Control"], response["ETag"] = CACHE_CONTROL, etag
    # Its stub knows no FileResponse, which it only hands back.
    found = get_conditional_response(request, etag=etag, response=response)  # type: ignore[arg-type]
    return found or response
