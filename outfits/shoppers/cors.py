"""Which other sites may call the API: those that ``ALLOWED_ORIGINS`` lists, and only our paths."""

from typing import Any

from django.http import HttpRequest
from django.urls import Resolver404, resolve

from catalog import conf


def is_allowed_origin(sender: object, request: HttpRequest, **kwargs: Any) -> bool:
    """A receiver of corsheaders' ``check_request_enabled``."""
    if request.headers.get("Origin") not in conf.current().ALLOWED_ORIGINS:
        return False
    try:
        namespaces = resolve(request.path_info).app_names
    except Resolver404:
        return False
    return any(name in ("ensemble_outfits", "ensemble_feedback") for name in namespaces)
