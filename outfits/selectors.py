"""Reading: which stylist serves, which look is stored."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from catalog import conf
from catalog.compiled import CompiledQuery
from catalog.embedding import get_embedder
from catalog.models import Product
from outfits.circumstances.context import Context
from outfits.composing.wishes import PLAIN, Wish
from outfits.models import Adapter, Look, LookItem
from outfits.scoring import Taste, read_taste
from outfits.stock import has_spent_slot

log = structlog.get_logger(__name__)

#: The adapter that comes with the package.
SHIPPED = Path(__file__).parent / "stylists" / "ensemble-2"


@dataclass(frozen=True, slots=True)
class Stylist:
    """What ranks: a base model and the adapter on it (empty: none), whose folder holds the rest."""

    model_name: str
    adapter_name: str
    folder: Path | None = None
    manifest: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def name(self) -> str:
        return self.adapter_name or self.model_name

    @property
    def taste(self) -> Taste:
        """What it knows besides the language model; nothing where that cannot be read."""
        try:
            return read_taste(self.folder, self.manifest)
        except (OSError, ValueError) as error:
            # A look by the model alone is worse than one by both, and better than none.
            log.error("taste_unreadable", stylist=self.name, error=str(error))  # noqa: TRY400
            return Taste()


def _serving() -> QuerySet[Adapter]:
    return Adapter.objects.filter(serving=True)


def _in_use(
    anchor_id: int, context_key: str, wish_key: str, model_name: str, adapter_name: str
) -> QuerySet[Look]:
    return Look.objects.filter(
        anchor_id=anchor_id,
        context_key=context_key,
        wish_key=wish_key,
        model_name=model_name,
        adapter_name=adapter_name,
        retired_at__isnull=True,
    )


_SERVING = CompiledQuery(_serving)
_IN_USE = CompiledQuery(_in_use)


def serving_stylist() -> Stylist:
    """The stylist that serves now."""
    model = conf.current().LLM_MODEL
    adapter = next(iter(_SERVING.find()), None)
    if adapter is None:
        return Stylist(model, "")
    return Stylist(model, adapter.name, Path(adapter.path), adapter.manifest)


def stylist_of(look: Look) -> Stylist | None:
    """Whoever chose a stored look; None where its adapter is not known any more."""
    if not look.adapter_name:
        return Stylist(look.model_name, "")
    adapter = Adapter.objects.filter(name=look.adapter_name).first()
    if adapter is None:
        return None
    return Stylist(look.model_name, adapter.name, Path(adapter.path), adapter.manifest)


def shipped_stylist() -> Stylist:
    """The stylist that comes with the package, for the embedded model; it may not be installed."""
    model = conf.current().LLM_MODEL
    if not (SHIPPED / "manifest.json").exists():
        return Stylist(model, "")
    manifest = json.loads((SHIPPED / "manifest.json").read_text(encoding="utf-8"))
    return Stylist(model, SHIPPED.name, SHIPPED, manifest)


def stored_look(
    anchor: Product, context: Context, stylist: Stylist, wish: Wish = PLAIN
) -> Look | None:
    """The look in use of one anchor, context, wish and stylist, with its items, or None."""
    found = _IN_USE.find(
        anchor_id=anchor.pk,
        context_key=context.key,
        wish_key=wish.key,
        model_name=stylist.model_name,
        adapter_name=stylist.adapter_name,
    ).prefetch_related(Prefetch("items", queryset=LookItem.objects.order_by("position")))
    return next(iter(found), None)


def worn_in_earlier_looks(
    anchor: Product, context: Context, stylist: Stylist, wish: Wish
) -> set[int]:
    """The ids of products in the stored looks that come before ``wish.number``."""
    if wish.number == 1:
        return set()
    worn = LookItem.objects.filter(
        look__anchor=anchor,
        look__context_key=context.key,
        look__wish_key__in=[wish.numbered(number).key for number in range(1, wish.number)],
        look__model_name=stylist.model_name,
        look__adapter_name=stylist.adapter_name,
        look__retired_at__isnull=True,
    )
    return set(worn.values_list("product_id", flat=True))


def shared_look(look_id: UUID) -> Look | None:
    """A stored look by its id, with anchor and items; None for what is not for sale."""
    items = LookItem.objects.select_related("stylist_choice").order_by("position")
    return (
        Look.objects.filter(pk=look_id, anchor__published=True)
        .select_related("anchor")
        .prefetch_related("anchor__images", Prefetch("items", queryset=items))
        .first()
    )


def products_without_look(context: Context, stylist: Stylist) -> "QuerySet[Product]":
    """Available products with a slot and a vector, but no look, or a spent one; oldest first."""
    stored = Look.objects.filter(
        ~has_spent_slot(OuterRef("pk")),
        anchor=OuterRef("pk"),
        context_key=context.key,
        wish_key=PLAIN.key,
        model_name=stylist.model_name,
        adapter_name=stylist.adapter_name,
        retired_at__isnull=True,
    )
    embedded = Product.objects.available().filter(embeddings__model_id=get_embedder().model_id)
    return embedded.exclude(slot="").exclude(Exists(stored)).order_by("pk")
