"""Feed imports in the admin: upload, map the columns, watch it run."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.decorators import display

from catalog import conf
from catalog.admin.import_forms import FeedUploadForm, MappingForm
from catalog.feeds.base import FeedError, FeedRow
from catalog.models import FeedImport
from catalog.selectors import FeedPreview, preview_feed
from catalog.services import feed_import_create, feed_import_delete, feed_import_start

_PREVIEW_ROWS = 8
_REFRESH_SECONDS = "2"
_PROBLEMS_SHOWN = 200


@admin.register(FeedImport)
class FeedImportAdmin(ModelAdmin):
    list_display = ("name", "status_label", "progress", "result", "created_at")
    list_filter = ("status",)
    search_fields = ("name",)
    search_help_text = "Name of the file"
    list_per_page = 50

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # What happened is not edited; starting a draft asks for the right to add.
        return False

    def delete_model(self, request: HttpRequest, obj: FeedImport) -> None:
        feed_import_delete(feed_import=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[FeedImport]) -> None:
        for row in queryset:
            feed_import_delete(feed_import=row)

    @display(
        description="Status",
        ordering="status",
        label={
            "draft": "default",
            "queued": "info",
            "running": "primary",
            "done": "success",
            "failed": "danger",
        },
    )
    def status_label(self, row: FeedImport) -> tuple[str, str]:
        return row.status, row.get_status_display()

    @display(description="Progress")
    def progress(self, row: FeedImport) -> SafeString:
        return format_html(
            '<span style="display:flex;align-items:center;gap:10px">'
            '<span style="width:120px;height:6px;border-radius:3px;overflow:hidden;'
            'background:rgba(128,128,128,.25)"><span style="display:block;height:6px;width:{}%;'
            'background:var(--color-primary-600)"></span></span>'
            '<span style="white-space:nowrap">{} of {}</span></span>',
            row.percent,
            row.processed,
            row.total or "?",
        )

    @display(description="Result")
    def result(self, row: FeedImport) -> str:
        if row.error:
            return row.error
        counts = {
            "created": row.created,
            "updated": row.updated,
            "unchanged": row.unchanged,
            "refused": row.refused,
        }
        return ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "-"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        context = {"title": "Feed imports", **(extra_context or {})}
        response: HttpResponse = super().changelist_view(request, context)
        active = FeedImport.objects.filter(
            status__in=[FeedImport.Status.QUEUED, FeedImport.Status.RUNNING]
        )
        if request.method == "GET" and active.exists():
            response["Refresh"] = _REFRESH_SECONDS
        return response

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """First page: the files."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = FeedUploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            try:
                row = feed_import_create(
                    name=form.cleaned_data["file"].name,
                    file=form.cleaned_data["file"],
                    images=form.cleaned_data["images"],
                )
            except FeedError as error:
                form.add_error(None, str(error))
            else:
                return _go_to(row)
        return self._render(request, "feed_upload", "Import a feed", form=form)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """Second page while it is a draft, afterwards how it goes or went."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if not isinstance(row, FeedImport):
            raise Http404("There is no such import; it may have been deleted.")
        if row.status == FeedImport.Status.DRAFT:
            return self._map_columns(request, row)
        response = self._render(
            request,
            "feed_progress",
            row.name,
            row=row,
            heading=str(row),
            counts=_count(row),
            problems=_draw_problems(row),
            hidden_problems=row.refused
            + row.picture_problems
            - len(row.problems[:_PROBLEMS_SHOWN]),
        )
        if row.is_active:
            response["Refresh"] = _REFRESH_SECONDS
        return response

    def _map_columns(self, request: HttpRequest, row: FeedImport) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        try:
            columns = preview_feed(row, {}, 0).columns
            form = MappingForm(columns, row.mapping, request.POST or None)
            if request.method == "POST" and "start" in request.POST and form.is_valid():
                feed_import_start(feed_import=row, mapping=form.mapping)
                return _go_to(row)
            preview = preview_feed(row, form.mapping, _PREVIEW_ROWS)
        except (FeedError, OSError) as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(reverse("admin:ensemble_catalog_feedimport_changelist"))
        return self._render(
            request,
            "feed_mapping",
            f"Import {row.name}",
            row=row,
            heading=f"2 of 2: which column of {row.name} is what",
            form=form,
            preview=preview,
            table=_draw_preview(preview),
            defaults=_list_defaults(form.mapping),
        )

    def _render(
        self, request: HttpRequest, page: str, title: str, **context: Any
    ) -> TemplateResponse:
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


def _go_to(row: FeedImport) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:ensemble_catalog_feedimport_change", args=[row.pk]))


def _count(row: FeedImport) -> list[tuple[str, int]]:
    return [
        ("Created", row.created),
        ("Updated", row.updated),
        ("Unchanged", row.unchanged),
        ("Refused", row.refused),
        ("New pictures", row.pictures),
        ("Pictures not taken", row.picture_problems),
    ]


def _draw_problems(row: FeedImport) -> dict[str, list[Any]]:
    problems = row.problems[:_PROBLEMS_SHOWN]
    return {
        "headers": ["line", "SKU", "reason"],
        "rows": [[p["line"], p["sku"] or "-", p["reason"]] for p in problems],
    }


def _list_defaults(mapping: dict[str, str]) -> list[tuple[str, object]]:
    """What stands in for columns that this feed does not have."""
    config = conf.current()
    defaults = {
        "price": f"{config.DEFAULT_PRICE} {config.DEFAULT_CURRENCY}",
        "currency": config.DEFAULT_CURRENCY,
        "stock": config.DEFAULT_STOCK,
        "gender": "unisex",
    }
    return [(field, value) for field, value in defaults.items() if field not in mapping]


def _draw_preview(preview: FeedPreview) -> dict[str, list[Any]]:
    """The first rows as Unfold's table component takes them."""
    headers = (
        *("line", "SKU", "title", "category", "slot", "gender", "colour", "price", "stock"),
        *("seasons", "occasions", "note"),
    )
    rows = []
    for row in preview.rows:
        if not isinstance(row, FeedRow):
            blanks = [""] * (len(headers) - 3)
            rows.append([row.line, row.sku, *blanks, f"Refused: {row.reason}"])
            continue
        rows.append(
            [
                *(row.line, row.sku, row.title, row.category, row.slot or "-", row.gender),
                *(row.colour, f"{row.price}\N{NO-BREAK SPACE}{row.currency}", row.stock),
                *(", ".join(row.seasons), ", ".join(row.occasions), "; ".join(row.notes)),
            ]
        )
    return {"headers": list(headers), "rows": rows}
