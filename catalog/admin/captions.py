"""Captions in the admin: what was seen, by whom, and which of a picture's captions serves."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from catalog.admin.pictures import render_picture
from catalog.admin.review_captions import CaptionReview
from catalog.caption_history import read_history
from catalog.models import PERSON, Caption, ProductImage
from catalog.services import caption_delete
from catalog.serving import rank_captions


class ServingFilter(admin.SimpleListFilter):
    title = "use"
    parameter_name = "serves"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Serves"), ("no", "Does not serve")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Caption]
    ) -> QuerySet[Caption] | None:
        if self.value() is None:
            return None
        serves = Q(serving_pk=F("pk"))
        return queryset.filter(serves if self.value() == "yes" else ~serves)


class CorrectedFilter(admin.SimpleListFilter):
    title = "people"
    parameter_name = "corrected"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Checked by people"), ("no", "Not checked")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Caption]
    ) -> QuerySet[Caption] | None:
        if self.value() == "yes":
            return queryset.filter(captioner_id=PERSON)
        people = Caption.objects.filter(captioner_id=PERSON, content_hash=OuterRef("content_hash"))
        return queryset.filter(~Exists(people)) if self.value() == "no" else None


@admin.register(Caption)
class CaptionAdmin(CaptionReview, ModelAdmin):
    list_display = (
        *("thumbnail", "sentence", "colour", "style", "material", "pattern", "article_type"),
        *("by", "serves"),
    )
    list_display_links = ("thumbnail", "sentence")
    list_filter = (
        *(CorrectedFilter, ServingFilter, "captioner_id"),
        ("note", admin.EmptyFieldListFilter),
    )
    search_fields = ("sentence", "colour", "article_type", "pattern", "material", "style")
    search_help_text = "Any word of the caption"
    ordering = ("-pk",)
    list_per_page = 50
    actions_detail = ("correct",)
    actions_list = ("review_all",)
    fields = (
        *("picture", "sentence", ("colour", "pattern"), ("style", "material"), "article_type"),
        *("shown_confidence", "shown_unsure", "by", "note", "serves", "created_at"),
    )
    readonly_fields = (
        *("picture", "shown_confidence", "shown_unsure", "by", "note", "serves", "created_at"),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # captions come from captioners

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # what a captioner said stays; a person's words are another caption

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        seen: bool = super().has_view_permission(request, obj)
        return seen or self.has_review_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Caption]:
        same = Caption.objects.filter(content_hash=OuterRef("content_hash"))
        said = Caption.history.filter(id=OuterRef("pk")).order_by("-history_id")
        captions: QuerySet[Caption] = super().get_queryset(request)
        return captions.annotate(
            serving_pk=Subquery(rank_captions(same).values("pk")[:1]),
            person=Subquery(said.values("history_user__username")[:1]),
        )

    def delete_model(self, request: HttpRequest, obj: Caption) -> None:
        caption_delete(caption=obj, user=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Caption]) -> None:
        for caption in Caption.objects.filter(pk__in=list(queryset.values_list("pk", flat=True))):
            caption_delete(caption=caption, user=request.user)

    def get_urls(self) -> list[URLPattern]:
        review = self.admin_site.admin_view(self.review_view)
        own = [path("review/", review, name="ensemble_catalog_caption_review")]
        return own + list(super().get_urls())

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        caption = self.get_object(request, object_id)
        if not isinstance(caption, Caption):
            raise Http404("There is no such caption; it may have been made anew.")
        context = {
            **self.admin_site.each_context(request),
            "title": "What people said of this picture",
            "opts": self.opts,
            "caption": caption,
            "history": read_history(caption.content_hash),
        }
        return TemplateResponse(request, "ensemble/admin/caption_history.html", context)

    @action(description="Correct", permissions=["review"])
    def correct(self, request: HttpRequest, object_id: int) -> HttpResponse:
        caption = self.get_object(request, str(object_id))
        if not isinstance(caption, Caption):
            raise Http404("There is no such caption; it may have been made anew.")
        query = urlencode({"picture": caption.content_hash})
        return HttpResponseRedirect(f"{_review_url()}?{query}")

    @action(description="Review captions", permissions=["review"])
    def review_all(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(_review_url())

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

    @display(description="Left blank, not sure enough")
    def shown_unsure(self, caption: Caption) -> str:
        return ", ".join(caption.unsure) or "-"

    @display(description="By", ordering="captioner_id")
    def by(self, caption: Caption) -> str:
        person = getattr(caption, "person", None) if caption.captioner_id == PERSON else None
        return person or caption.captioner_id

    @display(description="Serves", boolean=True)
    def serves(self, caption: Caption) -> bool:
        return getattr(caption, "serving_pk", None) == caption.pk

    def _find_image(self, caption: Caption) -> ProductImage | None:
        # One query a row; a page shows fifty, and the hash is indexed.
        return ProductImage.objects.filter(content_hash=caption.content_hash).first()


def _review_url() -> str:
    return reverse("admin:ensemble_catalog_caption_review")
