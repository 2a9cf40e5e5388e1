"""Reading: which stylist serves, which look is stored."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from catalog import conf
from catalog.embedding import get_embedder
from catalog.models import Product
from outfits.context import Context
from outfits.models import Adapter, Look, LookItem


@dataclass(frozen=True, slots=True)
class Stylist:
    """What ranks: a base model and the adapter on it (empty: none)."""

    model_name: str
    adapter_name: str

    @property
    def name(self) -> str:
        return self.adapter_name or self.model_name


def serving_stylist() -> Stylist:
    """The stylist that serves now."""
    name = Adapter.objects.filter(serving=True).values_list("name", flat=True).first()
    return Stylist(conf.current().LLM_MODEL, name or "")


def stored_look(anchor: Product, context: Context, stylist: Stylist) -> Look | None:
    """The stored look of one anchor, context and stylist, with its items, or None."""
    items = LookItem.objects.select_related("product").order_by("position")
    return (
        Look.objects.filter(
            anchor=anchor,
            context_key=context.key,
            model_name=stylist.model_name,
            adapter_name=stylist.adapter_name,
        )
        .prefetch_related(Prefetch("items", queryset=items))
        .first()
    )


def products_without_look(context: Context, stylist: Stylist) -> "QuerySet[Product]":
    """Available products with a slot and a vector, but no stored look, oldest first."""
    stored = Look.objects.filter(
        anchor=OuterRef("pk"),
        context_key=context.key,
        model_name=stylist.model_name,
        adapter_name=stylist.adapter_name,
    )
    embedded = Product.objects.available().filter(embeddings__model_id=get_embedder().model_id)
    return embedded.exclude(slot="").exclude(Exists(stored)).order_by("pk")
