"""Adapters in the admin: what there is, what serves, and the two buttons that change it."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm

from outfits.adapters import PromotionRefused, adapter_promote, adapter_rollback
from outfits.admin_looks import ReadOnlyAdmin
from outfits.models import Adapter, Promotion

#: What of a manifest is worth a line on the page; the rest is in the folder.
_MANIFEST_LINES = (
    "stage",
    "parent",
    "base_model",
    "counts",
    "data",
    "seed",
    "recipe",
    "metrics",
    "git_revision",
)


def render_lines(rows: list[tuple[str, Any]]) -> SafeString:
    """Names and values, one below the other; a nested mapping in one line."""
    return format_html(
        '<dl style="display:grid;grid-template-columns:max-content 1fr;gap:2px 16px">{}</dl>',
        format_html_join(
            "",
            '<dt style="opacity:.6">{}</dt><dd>{}</dd>',
            ((name, _in_words(value)) for name, value in rows),
        ),
    )


def render_verdict(verdict: dict[str, Any]) -> SafeString:
    """The gate's reasons, and both stylists' figures beside each other."""
    reasons = format_html_join("", "<li>{}</li>", ((text,) for text in verdict.get("reasons", [])))
    candidate, serving = verdict.get("candidate", {}), verdict.get("serving", {})
    figures = format_html_join(
        "",
        "<tr><td style='padding-inline-end:16px'>{}</td><td style='padding-inline-end:16px'>{}</td>"
        "<td>{}</td></tr>",
        (
            (name.replace("_", " "), _in_words(serving.get(name)), _in_words(value))
            for name, value in candidate.items()
        ),
    )
    return format_html(
        "<ul style='list-style:disc;margin-inline-start:18px'>{}</ul><table style='margin-top:8px'>"
        "<thead><tr><th></th><th style='text-align:start;padding-inline-end:16px'>Served then</th>"
        "<th style='text-align:start'>This adapter</th></tr></thead><tbody>{}</tbody></table>",
        reasons,
        figures,
    )


def redirect_from_dialog(request: HttpRequest, url: str) -> HttpResponse:
    """Leave a dialog: its form is sent by htmx, which follows a header and no redirect."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def acting_user(request: HttpRequest) -> User | None:
    """Who pressed the button, for the record."""
    return request.user if isinstance(request.user, User) else None


@admin.register(Adapter)
class AdapterAdmin(ReadOnlyAdmin):
    list_display = ("name", "status_label", "serving_label", "held_out", "parent", "created_at")
    list_filter = ("status", "serving", "created_at")
    search_fields = ("name",)
    fields = ("name", "status", "serving_label", "verdict_shown", "manifest_shown", "path")
    readonly_fields = ("serving_label", "verdict_shown", "manifest_shown")
    actions_list = ["roll_back"]
    actions_detail = ["promote"]
    list_disable_select_all = True

    def has_promote_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("ensemble_outfits.add_promotion"))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @action(
        description="Promote",
        url_path="promote",
        icon="rocket_launch",
        permissions=["promote"],
        dialog={
            "title": "Promote this adapter?",
            "description": "It is loaded into every replica and asked a question first. Shoppers "
            "then see its looks; looks that are not built yet show in retrieval order meanwhile.",
            "form_class": BaseDialogForm,
            "form_submit_text": "Promote",
        },
    )
    def promote(self, request: HttpRequest, form: Any, object_id: int) -> HttpResponse:
        adapter = get_object_or_404(Adapter, pk=object_id)
        return self._change(
            request, lambda: adapter_promote(adapter=adapter, actor=acting_user(request))
        )

    @action(
        description="Roll back",
        url_path="roll-back",
        icon="undo",
        variant=ActionVariant.DANGER,
        permissions=["promote"],
        dialog={
            "title": "Roll back?",
            "description": "What served before the serving adapter serves again, maybe the base "
            "model. The adapter stays, and can be promoted again.",
            "form_class": BaseDialogForm,
            "form_submit_text": "Roll back",
        },
    )
    def roll_back(self, request: HttpRequest, form: Any) -> HttpResponse:
        return self._change(request, lambda: adapter_rollback(actor=acting_user(request)))

    def _change(self, request: HttpRequest, change: Callable[[], Promotion]) -> HttpResponse:
        try:
            promotion = change()
        except PromotionRefused as refusal:
            messages.error(request, f"Nothing was changed. {refusal}")
        else:
            messages.success(request, f"{promotion.adapter or 'The base model'} serves now.")
        return redirect_from_dialog(request, reverse("admin:ensemble_outfits_adapter_changelist"))

    @display(
        description="Status",
        label={"ready": "success", "rejected": "danger", "trained": "info"},
    )
    def status_label(self, adapter: Adapter) -> tuple[str, str]:
        return adapter.status, adapter.get_status_display()

    @display(description="Serves", boolean=True)
    def serving_label(self, adapter: Adapter) -> bool:
        return adapter.serving

    @display(description="Held-out pairs right")
    def held_out(self, adapter: Adapter) -> str:
        return describe_accuracies(adapter.verdict)

    @display(description="Trained on top of")
    def parent(self, adapter: Adapter) -> str:
        return adapter.manifest.get("parent") or "base model"

    @display(description="The gate")
    def verdict_shown(self, adapter: Adapter) -> SafeString | str:
        return render_verdict(adapter.verdict) if adapter.verdict else "Not judged by the gate."

    @display(description="Manifest")
    def manifest_shown(self, adapter: Adapter) -> SafeString:
        found = [(key, adapter.manifest.get(key)) for key in _MANIFEST_LINES]
        return render_lines([(key.replace("_", " "), value) for key, value in found if value])


@admin.register(Promotion)
class PromotionAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "change", "is_rollback", "actor")
    list_filter = ("is_rollback", "created_at")
    list_select_related = ("adapter", "previous", "actor")
    fields = ("created_at", "change", "is_rollback", "actor", "canary_shown")
    readonly_fields = ("change", "canary_shown")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description="From and to")
    def change(self, promotion: Promotion) -> str:
        return str(promotion)

    @display(description="What each replica answered before")
    def canary_shown(self, promotion: Promotion) -> SafeString:
        return render_lines(list(promotion.canary.items()))


def describe_accuracies(verdict: dict[str, Any]) -> str:
    """Held-out accuracy before and after, in words."""
    if not verdict:
        return "-"
    before, after = verdict["serving"]["accuracy"], verdict["candidate"]["accuracy"]
    return f"{before:.0%} to {after:.0%} of {verdict['held_out']}"


def _in_words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key.replace('_', ' ')} {_in_words(v)}" for key, v in value.items())
    if isinstance(value, float):
        return f"{value:.4g}"
    return "-" if value is None else str(value)
