"""How the API says no: one shape, and a sentence that says what to do."""

from typing import Any

from django.utils.translation import gettext
from rest_framework.response import Response
from rest_framework.views import exception_handler


def handle_exception(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Give every refusal a ``detail`` sentence; DRF's field errors go under ``fields``."""
    response = exception_handler(exc, context)
    if response is not None and not (isinstance(response.data, dict) and "detail" in response.data):
        response.data = {
            "detail": gettext("Some values cannot be used; 'fields' says which and why."),
            "fields": response.data,
        }
    return response
