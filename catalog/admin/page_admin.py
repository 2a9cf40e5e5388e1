"""Admin pages that are neither a list nor a form of one row, within the admin's frame."""

from typing import Any

from django.http import HttpRequest
from django.template.response import TemplateResponse
from unfold.admin import ModelAdmin


class PageAdmin(ModelAdmin):
    """A model's admin with pages of its own, ``ensemble/admin/<page>.html``."""

    def render_page(
        self, request: HttpRequest, page: str, title: str, **context: Any
    ) -> TemplateResponse:
        """``context`` in the template ``page``, with the menu and the model's breadcrumbs."""
        request.current_app = self.admin_site.name
        return TemplateResponse(
            request,
            f"ensemble/admin/{page}.html",
            {
                **self.admin_site.each_context(request),
                "title": title,
                "opts": self.opts,
                "model_admin": self,
                **context,
            },
        )
