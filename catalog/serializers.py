"""The feed API's shapes; `drf_spectacular` writes the documentation from them."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from catalog.models import FeedImport, FeedSource


class ProblemSerializer(serializers.Serializer[Any]):
    line = serializers.IntegerField()
    sku = serializers.CharField(allow_blank=True)
    reason = serializers.CharField()


class ImportSerializer(serializers.ModelSerializer[FeedImport]):
    """How an import goes or went."""

    url = serializers.SerializerMethodField()
    waiting_for_confirmation = serializers.IntegerField(
        source="unpublish_waiting",
        help_text="Products that it would unpublish once a person says so in the admin.",
    )

    class Meta:
        model = FeedImport
        fields = [
            *("id", "url", "status", "format", "is_full", "checksum", "total", "processed"),
            *("created", "updated", "unchanged", "unpublished", "refused", "pictures"),
            *("picture_problems", "waiting_for_confirmation", "error", "created_at"),
            "finished_at",
        ]

    def get_url(self, row: FeedImport) -> str:
        return import_url(row, self.context)


class ImportDetailSerializer(ImportSerializer):
    """An import with one page of what it refused."""

    problems = serializers.SerializerMethodField()
    next = serializers.SerializerMethodField()

    class Meta(ImportSerializer.Meta):
        fields = [*ImportSerializer.Meta.fields, "problems", "next"]

    @extend_schema_field(ProblemSerializer(many=True))
    def get_problems(self, row: FeedImport) -> list[dict[str, Any]]:
        start = self.context["offset"]
        return list(row.problems[start : start + self.context["page_size"]])

    def get_next(self, row: FeedImport) -> str | None:
        page, size = self.context["page"], self.context["page_size"]
        if page * size >= len(row.problems):
            return None
        return f"{import_url(row, self.context)}?page={page + 1}"


class PushedSerializer(serializers.Serializer[Any]):
    """What became of a push."""

    status = serializers.ChoiceField(["accepted", "unchanged"])
    detail = serializers.CharField()
    checksum = serializers.CharField(help_text="SHA-256 of the body, in hexadecimal.")
    feed_import = ImportSerializer(allow_null=True, help_text="Null when it is unchanged.")


class FeedSerializer(serializers.ModelSerializer[FeedSource]):
    """A feed, and its last import."""

    last_import = serializers.SerializerMethodField()

    class Meta:
        model = FeedSource
        fields = ["name", "is_full", "mapping", "checksum", "last_import"]

    @extend_schema_field(ImportSerializer(allow_null=True))
    def get_last_import(self, feed: FeedSource) -> dict[str, Any] | None:
        row = feed.imports.first()
        return dict(ImportSerializer(row, context=self.context).data) if row else None


class PageQuerySerializer(serializers.Serializer[Any]):
    page = serializers.IntegerField(min_value=1, default=1, help_text="Of the problems.")


def import_url(row: FeedImport, context: Mapping[str, Any]) -> str:
    """The address of an import, absolute where a request is known."""
    name = row.feed.name if row.feed else ""
    return reverse(
        "ensemble_catalog:feed-import",
        kwargs={"name": name, "import_id": row.pk},
        request=context.get("request"),
    )
