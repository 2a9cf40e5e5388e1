"""Products in the admin: what they look like, what was seen in them, whether they can be sold."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from catalog.admin.pictures import PictureInline, render_picture, save_pictures
from catalog.models import Caption, Product, ProductImage
from catalog.services import (
    captions_recreate,
    embeddings_recreate,
    product_save,
    products_delete,
    products_publish,
)
from catalog.serving import rank_captions
from catalog.vocabulary import Occasion, Season

# Generic for the type checker only.
if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Product]
else:
    _ModelForm = forms.ModelForm


class _Choices(forms.MultipleChoiceField):
    """Several of a fixed list, as checkboxes."""

    def __init__(self, choices: Any, help_text: str) -> None:
        super().__init__(
            choices=choices,
            required=False,
            help_text=help_text,
            widget=UnfoldAdminCheckboxSelectMultipleWidget,
        )


class ProductForm(_ModelForm):
    seasons = _Choices(Season.choices, "None: it suits all year.")
    occasions = _Choices(Occasion.choices, "None: it suits any.")

    class Meta:
        model = Product
        fields = "__all__"


class StockFilter(admin.SimpleListFilter):
    title = "stock"
    parameter_name = "in_stock"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "In stock"), ("no", "Sold out")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Product]
    ) -> QuerySet[Product] | None:
        if self.value() == "yes":
            return queryset.filter(stock__gt=0)
        return queryset.filter(stock=0) if self.value() == "no" else None


class MissingFilter(admin.SimpleListFilter):
    title = "missing"
    parameter_name = "missing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("slot", "No slot"), ("picture", "No picture"), ("caption", "No caption")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Product]
    ) -> QuerySet[Product] | None:
        conditions = {
            "slot": Q(slot=""),
            "picture": Q(main_hash=None),
            "caption": Q(main_hash__isnull=False, caption=None),
        }
        wanted = conditions.get(self.value() or "")
        return queryset.filter(wanted) if wanted else None


@admin.register(Product)
class ProductAdmin(ModelAdmin):
    form = ProductForm
    list_display = (
        *("thumbnail", "name", "slot_label", "gender", "price_shown", "stock"),
        *("published", "caption_shown"),
    )
    list_display_links = ("thumbnail", "name")
    list_filter = (
        ("slot", ChoicesDropdownFilter),
        ("gender", ChoicesDropdownFilter),
        "published",
        StockFilter,
        MissingFilter,
    )
    search_fields = ("sku", "title", "brand", "category", "colour")
    search_help_text = "SKU, title, brand, category or colour"
    list_per_page = 50
    inlines = (PictureInline,)
    actions = ("publish", "unpublish", "caption_again", "embed_again")
    readonly_fields = ("caption_details", "created_at", "updated_at")
    fieldsets = (
        (None, {"fields": ("sku", "title", "description", ("brand", "colour"))}),
        ("Part of a look", {"fields": (("category", "slot"), "gender", "seasons", "occasions")}),
        ("Sale", {"fields": (("price", "currency"), ("stock", "published"))}),
        ("Seen in the picture", {"fields": ("caption_details",)}),
        ("Dates", {"fields": (("created_at", "updated_at"),), "classes": ("collapse",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        main = ProductImage.objects.filter(product=OuterRef("pk")).order_by("position", "pk")
        captions = rank_captions(Caption.objects.filter(content_hash=OuterRef("main_hash")))
        products: QuerySet[Product] = super().get_queryset(request)
        return (
            products.filter(private=False)
            .prefetch_related("images")
            .annotate(
                main_hash=Subquery(main.values("content_hash")[:1]),
                caption=Subquery(captions.values("sentence")[:1]),
            )
        )

    @display(description="")
    def thumbnail(self, product: Product) -> SafeString:
        return render_picture(product.main_image, 56, product.title)

    @display(description="Product", header=True, ordering="title")
    def name(self, product: Product) -> list[str]:
        return [product.title, product.sku]

    @display(description="Slot", ordering="slot", label={"none": "warning"})
    def slot_label(self, product: Product) -> tuple[str, str]:
        return (product.slot, product.get_slot_display()) if product.slot else ("none", "no slot")

    @display(description="Price", ordering="price")
    def price_shown(self, product: Product) -> str:
        return f"{product.price}\N{NO-BREAK SPACE}{product.currency}"

    @display(description="Caption")
    def caption_shown(self, product: Product) -> str:
        return getattr(product, "caption", None) or ("waiting" if product.main_image else "-")

    @display(description="Caption")
    def caption_details(self, product: Product) -> str:
        return self.caption_shown(product) if product.pk else "Written once there is a picture."

    def save_model(self, request: HttpRequest, obj: Product, form: Any, change: bool) -> None:
        product_save(product=obj)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        save_pictures(form.instance, formset)

    def delete_model(self, request: HttpRequest, obj: Product) -> None:
        products_delete(products=Product.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        products_delete(products=_by_ids(queryset))

    @action(description="Publish", permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        count = products_publish(products=_by_ids(queryset), published=True)
        messages.success(request, f"{count} products are now in the shop.")

    @action(description="Unpublish", permissions=["change"])
    def unpublish(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        count = products_publish(products=_by_ids(queryset), published=False)
        messages.success(request, f"{count} products are no longer in the shop.")

    @action(description="Caption again", permissions=["change"])
    def caption_again(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        images = list(ProductImage.objects.filter(product__in=_by_ids(queryset)))
        captions_recreate(images=images)
        messages.success(request, f"{len(images)} pictures wait to be captioned.")

    @action(description="Embed again", permissions=["change"])
    def embed_again(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        ids = list(queryset.values_list("pk", flat=True))
        embeddings_recreate(product_ids=ids)
        messages.success(request, f"{len(ids)} products wait to be embedded.")


def _by_ids(products: QuerySet[Product]) -> QuerySet[Product]:
    """The same products without what the list annotated, joined or sorted for display."""
    return Product.objects.filter(pk__in=list(products.values_list("pk", flat=True)))
