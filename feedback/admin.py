"""Feedback in the admin: what was said, and the preferences that follow from it."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.decorators import display

from feedback.admin_review import LookReviewAdmin
from feedback.models import FeedbackEvent, LookReview, PreferencePair, UnpairedExample
from outfits.admin_looks import ReadOnlyAdmin, render_look

admin.site.register(LookReview, LookReviewAdmin)


def render_asked(query: str, *questions: str) -> SafeString:
    """What the stylist was asked, word for word; several questions after one query."""
    return format_html_join(
        "",
        '<pre style="white-space:pre-wrap;font-size:12px">{}</pre>',
        ((text,) for text in (query, *questions)),
    )


@admin.register(FeedbackEvent)
class FeedbackEventAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "kind_label", "subject", "replacement", "became")
    list_filter = ("kind", "created_at")
    search_fields = ("look__anchor__sku", "product__sku", "replacement__sku")
    search_help_text = "SKU of the anchor, of what was shown or of its replacement"
    list_select_related = ("look__anchor", "product", "replacement", "unpaired")
    date_hierarchy = "created_at"
    list_per_page = 50
    fields = (
        "kind",
        "reasons",
        "look_shown",
        "product",
        "replacement",
        "visitor",
        "actor",
        "created_at",
    )
    readonly_fields = ("look_shown",)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[FeedbackEvent]":
        events: QuerySet[FeedbackEvent] = super().get_queryset(request)
        return events.prefetch_related("pairs")

    @display(
        description="Said",
        label={"like": "success", "dislike": "danger", "swap": "info", "edit": "warning"},
    )
    def kind_label(self, event: FeedbackEvent) -> tuple[str, str]:
        return event.kind, event.get_kind_display()

    @display(description="Of")
    def subject(self, event: FeedbackEvent) -> str:
        what = event.product or "the whole look"
        return f"{what} with {event.look.anchor}"

    @display(description="Became")
    def became(self, event: FeedbackEvent) -> str:
        if hasattr(event, "unpaired"):
            return "unpaired example"
        return "pair" if event.pairs.all() else "-"

    @display(description="Look")
    def look_shown(self, event: FeedbackEvent) -> SafeString:
        return render_look(event.look)


@admin.register(PreferencePair)
class PreferencePairAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "preference", "slot", "source", "adapter_name")
    list_filter = ("source", "slot", "created_at")
    search_fields = ("anchor_sku", "chosen_sku", "rejected_sku")
    search_help_text = "SKU of the anchor, the preferred or the rejected product"
    fields = ("preference", "source", "slot", "asked", "event", "other_event")
    readonly_fields = ("preference", "asked")

    @display(description="Preference")
    def preference(self, pair: PreferencePair) -> SafeString:
        return format_html(
            "<b>{}</b> over {} <span style='opacity:.6'>for {}</span>",
            pair.chosen_sku,
            pair.rejected_sku,
            pair.anchor_sku,
        )

    @display(description="Look, preferred, rejected")
    def asked(self, pair: PreferencePair) -> SafeString:
        return render_asked(pair.query, pair.chosen, pair.rejected)


@admin.register(UnpairedExample)
class UnpairedExampleAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "verdict", "sku", "anchor_sku", "slot", "adapter_name")
    list_filter = ("desirable", "slot", "created_at")
    search_fields = ("anchor_sku", "sku")
    fields = ("verdict", "sku", "anchor_sku", "slot", "asked", "event")
    readonly_fields = ("verdict", "asked")

    @display(description="Said", label={"liked": "success", "disliked": "danger"})
    def verdict(self, example: UnpairedExample) -> str:
        return "liked" if example.desirable else "disliked"

    @display(description="Look and candidate")
    def asked(self, example: UnpairedExample) -> SafeString:
        return render_asked(example.query, example.question)
