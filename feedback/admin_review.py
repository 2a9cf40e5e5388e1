"""The review page: a stylist of the shop improves a look, and the stylist model learns from it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.decorators import display

from catalog.models import Product
from feedback.errors import FeedbackRefused
from feedback.models import LookReview
from feedback.review import look_item_edit
from outfits.admin_looks import render_look
from outfits.models import Look, LookItem
from outfits.presentation import present
from outfits.selectors import Stylist
from outfits.services import Recommendation


class LookReviewAdmin(ModelAdmin):
    """Looks with their pictures; each opens a page on which every slot can be edited."""

    list_display = ("pictures", "thumbs", "edited", "created_at")
    list_filter = ("adapter_name", "created_at")
    search_fields = ("anchor__sku", "anchor__title")
    search_help_text = "SKU or title of the anchor"
    list_per_page = 12

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> "QuerySet[LookReview]":
        found: QuerySet[LookReview] = super().get_queryset(request)
        # What no page serves any more, or serves for one session, nobody would see improved.
        found = found.filter(anchor__private=False, retired_at__isnull=True, session_only=False)
        return found.select_related("anchor").prefetch_related("items__events", "events")

    @display(description="Look")
    def pictures(self, look: LookReview) -> SafeString:
        return render_look(look)

    @display(description="Thumbs")
    def thumbs(self, look: LookReview) -> str:
        kinds = [event.kind for event in look.events.all()]
        return f"{kinds.count('like')} up, {kinds.count('dislike')} down"

    @display(description="Edited", boolean=True)
    def edited(self, look: LookReview) -> bool:
        return any(item.stylist_choice_id for item in look.items.all())

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        look = self.get_object(request, object_id)
        if look is None:
            raise Http404("There is no such look (any more).")
        if not self.has_view_or_change_permission(request, look):
            raise PermissionDenied
        if request.method == "POST":
            return self._edit(request, look)
        return self._show(request, look)

    def _show(self, request: HttpRequest, look: Look) -> HttpResponse:
        stylist = Stylist(look.model_name, look.adapter_name)
        shown = present(Recommendation(look.anchor, stylist, look=look))
        context = {
            **self.admin_site.each_context(request),
            "title": f"Review: {look.anchor.title}",
            "opts": self.opts,
            "look": shown,
            "stylist": stylist.name,
            "has_change_permission": self.has_change_permission(request, look),
        }
        return TemplateResponse(request, "ensemble/admin/look_review.html", context)

    def _edit(self, request: HttpRequest, look: Look) -> HttpResponse:
        """Put the named product into the named slot; says what could not be done, and why."""
        if not self.has_change_permission(request, look):
            raise PermissionDenied
        sku = request.POST.get("replacement", "").strip()
        replacement = Product.objects.available().filter(sku=sku).first()
        item = LookItem.objects.select_related("look__anchor", "product", "stylist_choice")
        chosen = item.filter(look=look, pk=request.POST.get("item") or 0).first()
        if chosen is None or replacement is None:
            messages.error(request, f"No available product has the SKU {sku!r}. Check the SKU.")
        elif replacement.slot != chosen.slot:
            messages.error(
                request,
                f"{replacement} is no {chosen.get_slot_display().lower()}; pick one that is.",
            )
        else:
            self._apply(request, chosen, replacement)
        return HttpResponseRedirect(request.path)

    def _apply(self, request: HttpRequest, item: LookItem, replacement: Product) -> None:
        if not isinstance(request.user, User):
            raise PermissionDenied
        try:
            look_item_edit(item=item, replacement=replacement, actor=request.user)
        except FeedbackRefused as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"{replacement.title} is shown from now on.")
