"""The page "Data quality": what is wrong with the catalog, with the way to put it right."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from catalog.admin.quality_rows import build_rows, find_page, read_filter
from catalog.models import QualityFinding
from catalog.quality import progress
from catalog.services import (
    count_findings,
    product_save,
    quality_check_start,
    quality_finding_caption,
    quality_finding_dismiss,
    quality_finding_restore,
    quality_recheck,
)
from catalog.slots import Slot

_REFRESH_SECONDS = 2
_LIST = "admin:ensemble_catalog_qualityfinding_changelist"


@admin.register(QualityFinding)
class QualityAdmin(ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # findings come from checks

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # and go with what they find

    def get_urls(self) -> list[URLPattern]:
        check = self.admin_site.admin_view(require_POST(self._check))
        answer = self.admin_site.admin_view(require_POST(self._answer))
        return [
            path("check/", check, name="quality_check"),
            path("<int:pk>/answer/", answer, name="quality_answer"),
            *super().get_urls(),
        ]

    def change_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse(_LIST))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked, counts = read_filter(request.GET), count_findings()
        page = find_page(asked)
        active = progress.is_active()
        context = {
            **self.admin_site.each_context(request),
            "title": "Data quality",
            "opts": self.opts,
            "asked": asked,
            "query": request.GET.urlencode(),
            "undo": self._find_undo(request),
            "kinds": [(kind, counts[kind]) for kind in QualityFinding.Kind],
            "total": counts.total(),
            "dismissed": QualityFinding.objects.exclude(dismissed_at=None).count(),
            "page": page,
            "rows": build_rows(page.object_list, request.user),
            "slots": Slot.choices,
            "progress": progress.read_progress(),
            "active": active,
            "can_change": self.has_change_permission(request),
        }
        request.current_app = self.admin_site.name
        response = TemplateResponse(request, "ensemble/admin/quality.html", context)
        if active:
            response["Refresh"] = str(_REFRESH_SECONDS)
        return response

    def _find_undo(self, request: HttpRequest) -> QualityFinding | None:
        pk = request.GET.get("undo", "")
        known = QualityFinding.objects.exclude(dismissed_at=None).select_related("product")
        return known.filter(pk=int(pk)).first() if pk.isascii() and pk.isdigit() else None

    def _check(self, request: HttpRequest) -> HttpResponse:
        self._demand_change(request)
        if not quality_check_start():
            messages.info(request, "A check is under way already.")
        return _go_back(request)

    def _answer(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do what the pressed button of a row says."""
        self._demand_change(request)
        finding = get_object_or_404(QualityFinding.objects.select_related("product"), pk=pk)
        if "dismiss" in request.POST:
            quality_finding_dismiss(finding=finding, user=request.user)
            return _go_back(request, undo=str(pk))
        if "restore" in request.POST:
            quality_finding_restore(finding=finding)
        elif "slot" in request.POST:
            self._set_slot(request, finding)
        elif "caption" in request.POST:
            _demand(request, "ensemble_catalog.change_caption")
            quality_finding_caption(finding=finding)
            messages.success(request, f"The picture of {finding.product} waits to be captioned.")
        return _go_back(request)

    def _set_slot(self, request: HttpRequest, finding: QualityFinding) -> None:
        _demand(request, "ensemble_catalog.change_product")
        slot, product = request.POST["slot"], finding.product
        if slot not in Slot.values:
            messages.warning(request, "Choose a slot first.")
            return
        product.slot = slot
        product_save(product=product)
        quality_recheck(product_ids=[product.pk])
        messages.success(request, f"{product} is now a {product.get_slot_display().lower()}.")

    def _demand_change(self, request: HttpRequest) -> None:
        if not self.has_change_permission(request):
            raise PermissionDenied


def _demand(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def _go_back(request: HttpRequest, **extra: str) -> HttpResponse:
    """To the page that the button was on; ``query`` is only ever a query string of this page."""
    query = QueryDict(request.POST.get("query", ""), mutable=True)
    query.pop("undo", None)
    for name, value in extra.items():
        query[name] = value
    return HttpResponseRedirect(f"{reverse(_LIST)}?{query.urlencode()}".removesuffix("?"))


def badge_count(request: HttpRequest) -> str:
    """How many findings wait, for the menu; empty when there are none."""
    count = QualityFinding.objects.filter(dismissed_at=None).count()
    return f"{count:,}" if count else ""
