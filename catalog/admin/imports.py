"""Feed imports in the admin: upload, map the columns, check, watch it run, stop it."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display

from catalog.admin import import_pages as pages
from catalog.admin.import_forms import FeedUploadForm, MappingForm
from catalog.admin.page_admin import PageAdmin
from catalog.feeds.base import FeedError
from catalog.models import FeedImport, FeedSource, PlannedChange
from catalog.selectors import preview_feed
from catalog.services import (
    feed_import_cancel,
    feed_import_check,
    feed_import_confirm,
    feed_import_create,
    feed_import_delete,
    feed_import_edit,
    feed_import_resume,
    feed_import_start,
    feed_source_get,
)
from catalog.services.full_feeds import is_too_many
from catalog.services.import_jobs import can_resume

_PREVIEW_ROWS = 8
_REFRESH_SECONDS = "2"
_Status = FeedImport.Status


@admin.register(FeedImport)
class FeedImportAdmin(PageAdmin):
    list_display = ("name", "feed", "status_label", "progress", "result", "created_at")
    list_filter = ("status", "feed")
    list_select_related = ("feed",)
    search_fields = ("name", "feed__name")
    search_help_text = "Name of the file or feed"
    list_per_page = 50

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # What happened is not edited; starting and stopping ask for the right to add.
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
            "checking": "info",
            "checked": "info",
            "queued": "info",
            "running": "primary",
            "done": "success",
            "cancelled": "warning",
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
        if row.status in (_Status.CHECKING, _Status.CHECKED):
            return "Nothing stored yet"
        named = {"created", "updated", "unchanged", "unpublished", "refused"}
        counts = {name.lower(): n for name, n in pages.count_results(row) if name.lower() in named}
        return ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "-"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        context = {"title": "Feed imports", **(extra_context or {})}
        response: HttpResponse = super().changelist_view(request, context)
        active = FeedImport.objects.filter(
            status__in=[_Status.CHECKING, _Status.QUEUED, _Status.RUNNING]
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
        initial = {"feed": request.GET.get("feed", "")}
        form = FeedUploadForm(request.POST or None, request.FILES or None, initial=initial)
        if request.method == "POST" and form.is_valid():
            try:
                return _go_to(_create(form))
            except FeedError as error:
                form.add_error(None, str(error))
        names = FeedSource.objects.values_list("name", flat=True)
        return self.render_page(request, "feed_upload", "Import a feed", form=form, names=names)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """Draft: the columns. Checked: what would happen. Afterwards: how it goes or went."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if not isinstance(row, FeedImport):
            raise Http404("There is no such import; it may have been deleted.")
        acts = request.method == "POST" or row.status == _Status.DRAFT
        if acts and not self.has_add_permission(request):
            raise PermissionDenied
        act = next((act for name, act in _ACTIONS.items() if name in request.POST), None)
        if act:
            return self._act(request, row, act)
        if row.status == _Status.DRAFT:
            return self._map_columns(request, row)
        if row.status == _Status.CHECKED:
            return self._show_plan(request, row)
        return self._show_progress(request, row)

    def _act(
        self, request: HttpRequest, row: FeedImport, act: Callable[[FeedImport], bool]
    ) -> HttpResponse:
        try:
            if not act(row):
                messages.info(request, "The import had gone on already; nothing was done.")
        except (FeedError, OSError) as error:
            messages.error(request, str(error))
        return _go_to(row)

    def _map_columns(self, request: HttpRequest, row: FeedImport) -> HttpResponse:
        try:
            columns = preview_feed(row, {}, 0).columns
            form = MappingForm(columns, row.mapping, request.POST or None)
            wanted = {"check", "start"} & request.POST.keys()
            if wanted and form.is_valid():
                begin = feed_import_check if "check" in wanted else feed_import_start
                begin(feed_import=row, mapping=form.mapping)
                return _go_to(row)
            preview = preview_feed(row, form.mapping, _PREVIEW_ROWS)
        except (FeedError, OSError) as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(reverse("admin:ensemble_catalog_feedimport_changelist"))
        return self.render_page(
            request,
            "feed_mapping",
            f"Import {row.name}",
            row=row,
            heading=f"2 of 3: which column of {row.name} is what",
            form=form,
            preview=preview,
            table=pages.draw_preview(preview),
            defaults=pages.list_defaults(form.mapping),
        )

    def _show_plan(self, request: HttpRequest, row: FeedImport) -> HttpResponse:
        action = request.GET.get("action", "")
        action = action if action in PlannedChange.Action.values else ""
        shown = pages.page_plan(row, action, request.GET.get("page", "1"))
        too_many = row.feed is not None and is_too_many(
            row.feed, row.unpublished, is_empty=row.refused == row.processed
        )
        return self.render_page(
            request,
            "feed_plan",
            f"Import {row.name}",
            row=row,
            heading=f"3 of 3: what importing {row.name} would do",
            tabs=pages.list_tabs(row, action),
            action=action,
            shown=shown,
            table=pages.draw_plan(shown),
            too_many=too_many,
            may_act=self.has_add_permission(request),
        )

    def _show_progress(self, request: HttpRequest, row: FeedImport) -> HttpResponse:
        hidden = row.refused + row.picture_problems - len(row.problems[: pages.PROBLEMS_SHOWN])
        response = self.render_page(
            request,
            "feed_progress",
            row.name,
            row=row,
            heading=str(row),
            counts=pages.count_results(row),
            problems=pages.draw_problems(row),
            hidden_problems=hidden if row.problems else 0,
            may_act=self.has_add_permission(request),
            can_resume=can_resume(row) and not row.unpublish_waiting,
        )
        if row.is_active:
            response["Refresh"] = _REFRESH_SECONDS
        return response


#: Name of a button -> what it does to an import; each says whether there was anything to do.
_ACTIONS: dict[str, Callable[[FeedImport], bool]] = {
    "import": lambda row: feed_import_start(feed_import=row, mapping=row.mapping),
    "import_and_unpublish": lambda row: feed_import_start(
        feed_import=row, mapping=row.mapping, unpublish_confirmed=row.unpublished
    ),
    "edit": lambda row: feed_import_edit(feed_import=row),
    "cancel": lambda row: feed_import_cancel(feed_import=row),
    "resume": lambda row: feed_import_resume(feed_import=row),
    "unpublish_anyway": lambda row: feed_import_confirm(feed_import=row),
}


def _create(form: FeedUploadForm) -> FeedImport:
    data = form.cleaned_data
    with transaction.atomic():  # no feed is left behind by a file that cannot be read
        return feed_import_create(
            name=data["file"].name,
            file=data["file"],
            images=data["images"],
            feed=feed_source_get(name=data["feed"], is_full=data["is_full"]),
            is_full=data["is_full"],
        )


def _go_to(row: FeedImport) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:ensemble_catalog_feedimport_change", args=[row.pk]))
