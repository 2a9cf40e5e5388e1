"""Looks in the admin: read-only, with their pictures, the question and every candidate's score."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.decorators import display

from outfits.models import Look
from outfits.presentation import present
from outfits.selectors import Stylist
from outfits.services import Recommendation


class ReadOnlyAdmin(ModelAdmin):
    """Rows that only the program writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def describe_context(context: dict[str, Any]) -> str:
    """A stored context in words; lists one after the other, the fingerprint left out."""
    known = [value for name, value in context.items() if value and name != "curated"]
    return ", ".join(", ".join(value) if isinstance(value, list) else value for value in known)


def describe_wish(wish: dict[str, Any]) -> str:
    """A stored wish in words; empty for the plain look."""
    said = (
        f"budget {wish['budget']}" if "budget" in wish else "",
        f"with {', '.join(wish['locks'])}" if "locks" in wish else "",
        f"look number {wish['number']}" if "number" in wish else "",
    )
    return ", ".join(filter(None, said))


def render_look(look: Look) -> SafeString:
    """The look as a strip of pictures: the anchor, then what completes it."""
    stylist = Stylist(look.model_name, look.adapter_name)
    shown = present(Recommendation(look.anchor, stylist, look=look))
    return render_to_string("ensemble/admin/look_strip.html", {"look": shown})


@admin.register(Look)
class LookAdmin(ReadOnlyAdmin):
    list_display = ("pictures", "context_words", "wish_words", "stylist", "created_at", "in_use")
    list_filter = (
        "adapter_name",
        "model_name",
        "created_at",
        ("retired_at", admin.EmptyFieldListFilter),
    )
    search_fields = ("anchor__sku", "anchor__title")
    search_help_text = "SKU or title of the anchor"
    list_per_page = 12
    date_hierarchy = "created_at"
    readonly_fields = ("pictures", "context_words", "wish_words", "answers")
    fields = ("pictures", "context_words", "wish_words", "stylist_shown", "seconds", "answers")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Look]":
        looks: QuerySet[Look] = super().get_queryset(request)
        # What a shopper's own piece is called is nobody's business.
        return (
            looks.filter(anchor__private=False)
            .select_related("anchor")
            .prefetch_related("anchor__images", "items")
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*self.readonly_fields, "stylist_shown")

    @display(description="Look")
    def pictures(self, look: Look) -> SafeString:
        return render_look(look)

    @display(description="Context")
    def context_words(self, look: Look) -> str:
        return describe_context(look.context) or "any"

    @display(description="Wish")
    def wish_words(self, look: Look) -> str:
        return describe_wish(look.wish)

    @display(description="In use", boolean=True, ordering="retired_at")
    def in_use(self, look: Look) -> bool:
        """Whether no other look has taken its place."""
        return look.retired_at is None

    @display(description="Stylist")
    def stylist_shown(self, look: Look) -> str:
        return look.stylist

    @display(description="What was asked and answered")
    def answers(self, look: Look) -> SafeString:
        return render_to_string("ensemble/admin/look_answers.html", {"items": look.items.all()})
