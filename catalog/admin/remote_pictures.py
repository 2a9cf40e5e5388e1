"""Fetched pictures in the admin: which addresses feeds name, and what became of each."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from catalog.models import RemotePicture
from catalog.services import remote_pictures_fetch_again


@admin.register(RemotePicture)
class RemotePictureAdmin(ModelAdmin):
    list_display = ("product", "address", "status_label", "attempts", "error", "tried_at")
    list_display_links = ("product", "address")
    list_filter = ("status",)
    list_select_related = ("product",)
    list_per_page = 50
    search_fields = ("product__sku", "product__title", "url")
    search_help_text = "SKU, title or address"
    actions = ("fetch_again",)
    fields = ("product", "url", "position", "status", "attempts", "error", "image", "tried_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # feeds name them

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_fetch_permission(self, request: HttpRequest) -> bool:
        """Whoever may change the products' pictures may have them fetched."""
        return request.user.has_perm("ensemble_catalog.change_productimage")

    @display(description="Address", ordering="url")
    def address(self, picture: RemotePicture) -> str:
        return (
            picture.url if len(picture.url) <= 80 else f"{picture.url[:79]}\N{HORIZONTAL ELLIPSIS}"
        )

    @display(
        description="Status",
        ordering="status",
        label={"waiting": "info", "fetched": "success", "failed": "danger"},
    )
    def status_label(self, picture: RemotePicture) -> tuple[str, str]:
        return picture.status, picture.get_status_display()

    @action(description="Fetch again", permissions=["fetch"])
    def fetch_again(self, request: HttpRequest, queryset: QuerySet[RemotePicture]) -> None:
        count = remote_pictures_fetch_again(pictures=queryset)
        messages.success(request, f"{count} pictures wait to be fetched.")
