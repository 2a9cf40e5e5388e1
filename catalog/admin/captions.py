"""Captions in the admin: what was seen, beside the picture in which it was seen."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.decorators import display

from catalog.admin.pictures import render_picture
from catalog.models import Caption, ProductImage
from catalog.services import caption_save


@admin.register(Caption)
class CaptionAdmin(ModelAdmin):
    list_display = (
        *("thumbnail", "sentence", "colour", "style", "material", "pattern", "article_type"),
        "captioner_id",
    )
    list_display_links = ("thumbnail", "sentence")
    list_filter = ("captioner_id",)
    search_fields = ("sentence", "colour", "article_type", "pattern", "material", "style")
    search_help_text = "Any word of the caption"
    ordering = ("-pk",)
    list_per_page = 50
    fields = (
        *("picture", "sentence", ("colour", "pattern"), ("style", "material"), "article_type"),
        *("shown_confidence", "captioner_id", "created_at"),
    )
    readonly_fields = ("picture", "shown_confidence", "captioner_id", "created_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # captions come from captioners

    def save_model(self, request: HttpRequest, obj: Caption, form: Any, change: bool) -> None:
        caption_save(caption=obj)

    @display(description="")
    def thumbnail(self, caption: Caption) -> SafeString:
        return render_picture(self._find_image(caption), 56, caption.sentence)

    @display(description="Picture")
    def picture(self, caption: Caption) -> SafeString:
        return render_picture(self._find_image(caption), 320, caption.sentence)

    @display(description="Confidence")
    def shown_confidence(self, caption: Caption) -> str:
        shown = [f"{name} {value:.0%}" for name, value in caption.confidence.items()]
        return ", ".join(shown) or "-"

    def _find_image(self, caption: Caption) -> ProductImage | None:
        # One query a row; a page shows fifty, and the hash is indexed.
        return ProductImage.objects.filter(content_hash=caption.content_hash).first()
