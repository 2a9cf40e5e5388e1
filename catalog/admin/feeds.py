"""Feeds in the admin: what comes again and again, and who may push it."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from catalog.models import FeedSource
from catalog.services import (
    feed_source_delete,
    feed_source_save,
    feed_token_create,
    feed_token_delete,
)


@admin.register(FeedSource)
class FeedSourceAdmin(ModelAdmin):
    list_display = ("name", "lists", "products_count", "last_import", "has_token")
    search_fields = ("name",)
    list_filter = ("is_full",)
    fields = ("name", "is_full", "columns", "push", "last_import")
    readonly_fields = ("columns", "push", "last_import")
    actions_detail = ("push_token",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[FeedSource]:
        feeds: QuerySet[FeedSource] = super().get_queryset(request)
        return feeds.annotate(listed=Count("products")).prefetch_related("imports")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.token_view)
        name = "ensemble_catalog_feedsource_token"
        urls: list[URLPattern] = super().get_urls()
        return [path("<int:feed_id>/token/", view, name=name), *urls]

    def save_model(self, request: HttpRequest, obj: FeedSource, form: Any, change: bool) -> None:
        feed_source_save(feed=obj)

    def delete_model(self, request: HttpRequest, obj: FeedSource) -> None:
        feed_source_delete(feed=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[FeedSource]) -> None:
        for feed in queryset:
            feed_source_delete(feed=feed)

    @display(description="Lists")
    def lists(self, feed: FeedSource) -> str:
        return "everything" if feed.is_full else "what changed"

    @display(description="Products")
    def products_count(self, feed: FeedSource) -> int:
        return getattr(feed, "listed", 0)

    @display(description="May be pushed", boolean=True)
    def has_token(self, feed: FeedSource) -> bool:
        return bool(feed.token_hash)

    @display(description="Last import")
    def last_import(self, feed: FeedSource) -> str | SafeString:
        last = next(iter(feed.imports.all()), None) if feed.pk else None
        if last is None:
            return "none yet"
        url = reverse("admin:ensemble_catalog_feedimport_change", args=[last.pk])
        return format_html('<a href="{}" class="underline">{}</a>', url, last)

    @display(description="Columns")
    def columns(self, feed: FeedSource) -> str | SafeString:
        if not feed.mapping:
            return "Chosen when a file of this feed is uploaded; until then they are guessed."
        return format_html_join(
            "", "<div>{} &larr; {}</div>", ((ours, its) for ours, its in feed.mapping.items())
        )

    @display(description="Push")
    def push(self, feed: FeedSource) -> str:
        if not feed.pk:
            return "Save the feed first."
        if not feed.token_hash:
            return 'Nobody can push it yet: make a token with "New push token".'
        return f"PUT {reverse('ensemble_catalog:feed', args=[feed.name])} with the token."

    @action(description="New push token", permissions=["change"], url_path="push-token")
    def push_token(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.token_view(request, int(object_id))

    def token_view(self, request: HttpRequest, feed_id: int) -> HttpResponse:
        """Asks, and on POST makes the token and shows it: the only time that it can be seen."""
        feed = self.get_object(request, str(feed_id))
        if not isinstance(feed, FeedSource):
            raise Http404("There is no such feed; it may have been deleted.")
        if not self.has_change_permission(request, feed):
            raise PermissionDenied
        token = ""
        if request.method == "POST" and "delete" in request.POST:
            feed_token_delete(feed=feed)
        elif request.method == "POST":
            token = feed_token_create(feed=feed)
        address = request.build_absolute_uri(reverse("ensemble_catalog:feed", args=[feed.name]))
        context = {
            **self.admin_site.each_context(request),
            "title": f"Push token of {feed.name}",
            "opts": self.opts,
            "feed": feed,
            "token": token,
            "address": address,
            "form_url": reverse("admin:ensemble_catalog_feedsource_token", args=[feed.pk]),
        }
        response = TemplateResponse(request, "ensemble/admin/feed_token.html", context)
        response["Cache-Control"] = "no-store"
        return response
