"""Caption runs in the admin: what one would cost, how one goes, and its buttons."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display

from catalog.admin.page_admin import PageAdmin
from catalog.models import CaptionRun
from catalog.services import (
    CaptionRunRefused,
    caption_run_cancel,
    caption_run_pause,
    caption_run_resume,
    caption_run_start,
)
from catalog.services.caption_estimates import (
    captioner_measure_again,
    estimate_caption_run,
    seconds_left,
)
from catalog.services.caption_runs import MOVING, OPEN, RESUMABLE

_REFRESH_SECONDS = "2"


@admin.register(CaptionRun)
class CaptionRunAdmin(PageAdmin):
    list_display = ("captioner_id", "status_label", "progress", "failed", "created_at", "by")
    list_filter = ("status", "captioner_id")
    list_select_related = ("started_by",)
    list_per_page = 50

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Which captions are held back is read from the runs.
        return False

    @display(
        description="Status",
        ordering="status",
        label={
            "queued": "info",
            "running": "primary",
            "paused": "warning",
            "done": "success",
            "cancelled": "default",
            "failed": "danger",
        },
    )
    def status_label(self, run: CaptionRun) -> tuple[str, str]:
        return run.status, run.get_status_display()

    @display(description="Pictures")
    def progress(self, run: CaptionRun) -> SafeString:
        return format_html("{} of {} ({}&thinsp;%)", run.processed, run.total, run.percent)

    @display(description="Started by", empty_value="the command line")
    def by(self, run: CaptionRun) -> str | None:
        return run.started_by.get_username() if run.started_by else None

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What a run would cost, and the button that starts it."""
        if not self.has_add_permission(request) or not isinstance(request.user, User):
            raise PermissionDenied
        if request.method == "POST":
            return self._start(request, request.user)
        estimate = estimate_caption_run()
        measuring = estimate.measured is None and "measuring" in request.GET
        response = self.render_page(
            request,
            "caption_run_start",
            "Caption everything again",
            estimate=estimate,
            measuring=measuring,
            open_run=CaptionRun.objects.filter(status__in=OPEN).first(),
        )
        if measuring:
            response["Refresh"] = _REFRESH_SECONDS
        return response

    def _start(self, request: HttpRequest, user: User) -> HttpResponse:
        if "measure" in request.POST:
            captioner_measure_again()
            return HttpResponseRedirect(f"{request.path}?measuring=1")
        try:
            return _go_to(caption_run_start(user=user))
        except CaptionRunRefused as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(request.path)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """How a run goes, with the buttons that its state allows."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        run = self.get_object(request, object_id)
        if not isinstance(run, CaptionRun):
            raise Http404("There is no such caption run.")
        may_change = self.has_change_permission(request, run)
        if request.method == "POST":
            if not may_change:
                raise PermissionDenied
            _act(request, run)
            return _go_to(run)
        response = self.render_page(
            request,
            "caption_run",
            f"Captions by {run.captioner_id}",
            run=run,
            left=seconds_left(run),
            is_moving=run.status in MOVING,
            buttons=_list_buttons(run) if may_change else [],
        )
        if run.status in MOVING:
            response["Refresh"] = _REFRESH_SECONDS
        return response


def _list_buttons(run: CaptionRun) -> list[tuple[str, str]]:
    """(action, label) of what can be done with a run now."""
    allowed = {
        ("pause", "Pause"): MOVING,
        ("resume", "Resume"): RESUMABLE,
        ("cancel", "Cancel"): OPEN,
    }
    return [button for button, statuses in allowed.items() if run.status in statuses]


def _act(request: HttpRequest, run: CaptionRun) -> None:
    deeds: dict[str, Callable[[], object]] = {
        "pause": lambda: caption_run_pause(run_id=run.pk),
        "resume": lambda: caption_run_resume(run=run),
        "cancel": lambda: caption_run_cancel(run_id=run.pk),
    }
    deed = deeds.get(request.POST.get("action", ""))
    try:
        if deed is not None:
            deed()
    except CaptionRunRefused as error:
        messages.error(request, str(error))


def _go_to(run: CaptionRun) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:ensemble_catalog_captionrun_change", args=[run.pk]))
