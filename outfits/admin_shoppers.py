"""Shoppers in the admin: found by the shop's id, seen, exported and erased; nothing is edited."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.contrib.admin.options import get_content_type_for_model
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_POST
from unfold.decorators import display

from catalog.admin.page_admin import PageAdmin
from outfits.models import Shopper
from outfits.photos.keeping import find_kept
from outfits.shoppers.consent import export_shopper, shopper_erase
from outfits.shoppers.facts import Source
from outfits.shoppers.serializers import say_fact

_LIST = "admin:ensemble_outfits_shopper_changelist"
_EVENTS_SHOWN = 50
_CONSENT = {
    Shopper.Consent.GRANTED: pgettext_lazy("consent", "Granted"),
    Shopper.Consent.WITHDRAWN: pgettext_lazy("consent", "Withdrawn"),
}
#: As `Source` has it, but not said to the shopper.
_SOURCES = {
    Source.QUIZ: gettext_lazy("Style quiz"),
    Source.SAID: pgettext_lazy("shopper", "Said so"),
    Source.PURCHASE: gettext_lazy("Purchases"),
    Source.VIEW: gettext_lazy("Views"),
    Source.FEEDBACK: gettext_lazy("Feedback on looks"),
}


@admin.register(Shopper)
class ShopperAdmin(PageAdmin):
    list_display = ("shown_id", "consent_label", "since", "shown_region")
    list_filter = ("consent",)
    search_fields = ("^shop_id",)
    search_help_text = gettext_lazy("The shop's id of the shopper, or how it begins")
    ordering = ("-consent_at",)
    list_per_page = 50
    # All at once would go around `shopper_erase`.
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Whether everything of a shopper may be taken out of the house."""
        may_export: bool = request.user.has_perm("ensemble_outfits.export_shopper")
        return may_export and self.has_view_permission(request)

    def get_urls(self) -> list[URLPattern]:
        export = self.admin_site.admin_view(require_POST(self._export))
        name = "ensemble_outfits_shopper_export"
        return [path("<int:pk>/export/", export, name=name), *super().get_urls()]

    @display(description=gettext_lazy("Shop's id"), ordering="shop_id")
    def shown_id(self, shopper: Shopper) -> str:
        return shopper.shop_id

    @display(
        description=gettext_lazy("Consent"),
        ordering="consent",
        label={"granted": "success", "withdrawn": "warning"},
    )
    def consent_label(self, shopper: Shopper) -> tuple[str, str]:
        return shopper.consent, say_consent(shopper)

    @display(description=pgettext_lazy("consent", "Since"), ordering="consent_at")
    def since(self, shopper: Shopper) -> datetime:
        return shopper.consent_at

    @display(description=gettext_lazy("Region"), ordering="region", empty_value="-")
    def shown_region(self, shopper: Shopper) -> str | None:
        return shopper.region or None

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        response: HttpResponse = super().changelist_view(
            request, {"title": gettext("Shoppers"), **(extra_context or {})}
        )
        return response

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What is known of a shopper, and the buttons; photos are counted, never shown."""
        shopper = self._find(request, object_id)
        return self.render_page(
            request,
            "shopper",
            shopper.shop_id,
            shopper=shopper,
            consent=say_consent(shopper),
            counts=_count(shopper),
            facts=_list_facts(shopper),
            events=_list_events(shopper),
            events_shown=_EVENTS_SHOWN,
            may_export=self.has_export_permission(request),
            may_erase=self.has_delete_permission(request, shopper),
        )

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Ask once more, then erase everything in every app."""
        shopper = self._find(request, object_id)
        if not self.has_delete_permission(request, shopper):
            raise PermissionDenied
        if request.method != "POST":
            title = gettext("Erase everything of this shopper?")
            return self.render_page(
                request, "shopper_erase", title, shopper=shopper, counts=_count(shopper)
            )
        shopper_erase(shop_id=shopper.shop_id)
        _log(request, DELETION, "Erased everything of a shopper")
        messages.success(request, gettext("Everything of this shopper is erased."))
        return HttpResponseRedirect(reverse(_LIST))

    def _export(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_export_permission(request):
            raise PermissionDenied
        shopper = self._find(request, str(pk))
        _log(request, CHANGE, "Exported everything of a shopper")
        answer = JsonResponse(
            export_shopper(shopper.shop_id), json_dumps_params={"indent": 2, "ensure_ascii": False}
        )
        answer["Content-Disposition"] = 'attachment; filename="shopper.json"'
        return answer

    def _find(self, request: HttpRequest, object_id: str) -> Shopper:
        if not self.has_view_permission(request):
            raise PermissionDenied
        shopper = self.get_object(request, object_id)
        if not isinstance(shopper, Shopper):
            raise Http404(gettext("Nothing is stored of this shopper (any more)."))
        return shopper


def say_consent(shopper: Shopper) -> str:
    """A shopper's consent in the active language."""
    return str(_CONSENT[Shopper.Consent(shopper.consent)])


def _count(shopper: Shopper) -> list[tuple[str, int]]:
    return [
        (gettext("Facts"), shopper.facts.count()),
        (gettext("Purchases and views"), shopper.events.count()),
        (gettext("Saved looks"), shopper.saved_looks.count()),
        (gettext("Kept photos"), find_kept().filter(owner=shopper).count()),
    ]


def _list_facts(shopper: Shopper) -> dict[str, Any]:
    """For Unfold's table."""
    rows = [
        [say_fact(fact), _SOURCES[Source(fact.source)], fact.times, _say_time(fact.updated_at)]
        for fact in shopper.facts.all()
    ]
    headers = [gettext("Fact"), gettext("From"), pgettext("fact", "Times"), gettext("Last")]
    return {"headers": headers, "rows": rows}


def _list_events(shopper: Shopper) -> dict[str, Any]:
    kinds = {"purchase": gettext("Bought"), "view": gettext("Looked at")}
    newest = shopper.events.select_related("product")[:_EVENTS_SHOWN]
    rows = [
        [_say_time(event.happened_at), kinds[event.kind], event.product.title, event.product.sku]
        for event in newest
    ]
    headers = [gettext("When"), gettext("What"), gettext("Product"), gettext("SKU")]
    return {"headers": headers, "rows": rows}


def _say_time(when: datetime) -> str:
    return date_format(localtime(when), "SHORT_DATETIME_FORMAT")


def _log(request: HttpRequest, flag: int, what: str) -> None:
    """Who of the staff did it, and when; not to whom, which would outlast an erasure."""
    LogEntry.objects.create(
        user_id=str(request.user.pk),
        content_type=get_content_type_for_model(Shopper),
        object_repr="A shopper",
        action_flag=flag,
        change_message=what,
    )
