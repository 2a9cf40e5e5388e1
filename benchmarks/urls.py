"""The project's addresses, and a bare view to measure them against."""

from django.http import HttpRequest, JsonResponse
from django.urls import path

from config.urls import urlpatterns as project

#: As long as a look, so that both have as much to send.
_PAYLOAD = {"items": ["x" * 64] * 400}


def bare(request: HttpRequest) -> JsonResponse:
    """JSON out of memory."""
    return JsonResponse(_PAYLOAD)


urlpatterns = [*project, path("bare/", bare)]
