"""Trends, events and rules in the admin, which merchandisers write, and regional taste to read."""

from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.decorators import display

from catalog.slots import Slot
from catalog.vocabulary import Gender
from outfits.admin_looks import ReadOnlyAdmin
from outfits.models import Event, RegionalTaste, Rule, Trend
from outfits.models.curation import Dated

_WHEN = ("When", {"fields": (("starts", "ends"),)})


class InForceFilter(admin.SimpleListFilter):
    """Rows by whether they are in force today."""

    title = "in force"
    parameter_name = "force"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("now", "Now"), ("later", "Not yet"), ("over", "No more")]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        day = _today()
        begun = Q(starts__isnull=True) | Q(starts__lte=day)
        lasting = Q(ends__isnull=True) | Q(ends__gte=day)
        wanted = {"now": begun & lasting, "later": ~begun, "over": ~lasting}.get(self.value() or "")
        return queryset.filter(wanted) if wanted is not None else queryset


class TrendForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """A trend's form, with boxes to tick for what has a fixed list."""

    slots = forms.MultipleChoiceField(
        choices=Slot.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    genders = forms.MultipleChoiceField(
        choices=Gender.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Trend
        fields = "__all__"  # noqa: DJ007  # the admin's fieldsets choose


class DatedAdmin(ModelAdmin):
    """Rows that are in force for some time."""

    @display(description="In force", label={"now": "success", "not yet": "info", "no more": ""})
    def in_force(self, row: Dated) -> str:
        day = _today()
        if row.starts and day < row.starts:
            return "not yet"
        return "no more" if row.ends and row.ends < day else "now"


@admin.register(Trend)
class TrendAdmin(DatedAdmin):
    form = TrendForm
    list_display = ("name", "in_force", "starts", "ends", "regions", "weight")
    list_filter = (InForceFilter,)
    search_fields = ("name",)
    fieldsets = (
        (None, {"fields": ("name", "weight")}),
        (
            "What it is about (all that is filled in has to hold)",
            {"fields": ("words", "colours", "categories", "slots", "genders")},
        ),
        _WHEN,
        ("Where", {"fields": ("regions",)}),
    )


@admin.register(Event)
class EventAdmin(DatedAdmin):
    list_display = ("name", "in_force", "starts", "ends", "regions", "occasion", "weight")
    list_filter = (InForceFilter, "occasion")
    search_fields = ("name",)
    fieldsets = (
        (None, {"fields": ("name", "weight")}),
        ("What suits it (either)", {"fields": ("occasion", "words")}),
        _WHEN,
        ("Where", {"fields": ("regions",)}),
    )


@admin.register(Rule)
class RuleAdmin(DatedAdmin):
    list_display = ("__str__", "action", "in_force", "starts", "ends", "note")
    list_filter = (InForceFilter, "action", "slot")
    search_fields = ("note", "brand", "category")
    fieldsets = (
        (None, {"fields": ("action", "weight", "note")}),
        (
            "Which products (all that is filled in has to hold)",
            {"fields": ("skus", "brand", "category", "slot", "words")},
        ),
        (
            "Beside which products (empty: all)",
            {"fields": ("anchor_skus", "anchor_brand", "anchor_category", "anchor_slot")},
        ),
        _WHEN,
    )


@admin.register(RegionalTaste)
class RegionalTasteAdmin(ReadOnlyAdmin):
    list_display = ("region", "kind", "value", "weight", "shoppers", "updated_at")
    list_filter = ("kind", "region")
    search_fields = ("region", "value")
    fields = ("region", "kind", "value", "weight", "shoppers", "updated_at")


def _today() -> date:
    return datetime.now(UTC).date()
