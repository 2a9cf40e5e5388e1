"""The rows of the page "Data quality": pictures, a sentence, and where the fix is."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString

from catalog.admin.pictures import render_picture
from catalog.models import Product, ProductImage, QualityFinding
from catalog.quality.sentences import describe_finding
from catalog.selectors import captions_for

ROWS_PER_PAGE = 25
_SIDE = 96
_CHANGE_PRODUCT = "ensemble_catalog.change_product"

Kind = QualityFinding.Kind
_DISMISS = {Kind.DUPLICATE: "Keep both", Kind.NO_PICTURE: "It needs none"}
_PICTURES_ANCHOR = "#images-group"


@dataclass(frozen=True, slots=True)
class Filter:
    """What the page is asked for: one kind or all, what waits or what was dismissed."""

    kind: Kind | None
    dismissed: bool
    page: int


@dataclass(frozen=True, slots=True)
class Row:
    """One finding as shown; ``links`` are (label, address) of the pages where it is put right."""

    finding: QualityFinding
    pictures: list[tuple[SafeString, Product]]
    sentence: str
    links: list[tuple[str, str]]
    dismiss: str
    picks_slot: bool
    captions: bool


def read_filter(query: QueryDict) -> Filter:
    """The filter in a query string; what makes no sense in it is passed over."""
    kind, page = query.get("kind", ""), query.get("page", "")
    return Filter(
        kind=Kind(kind) if kind in Kind.values else None,
        dismissed=query.get("dismissed") == "1",
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
    )


def find_page(asked: Filter) -> Page[QualityFinding]:
    """One page of findings, with what `build_rows` reads of them."""
    findings = QualityFinding.objects.filter(dismissed_at__isnull=not asked.dismissed)
    if asked.kind:
        findings = findings.filter(kind=asked.kind)
    related = findings.select_related("product", "image", "other_image__product")
    return Paginator(related.prefetch_related("product__images"), ROWS_PER_PAGE).get_page(
        asked.page
    )


def build_rows(findings: Iterable[QualityFinding], user: Any) -> list[Row]:
    """The rows of some findings, with the buttons that ``user`` may press."""
    findings = list(findings)
    edits, captions = user.has_perm(_CHANGE_PRODUCT), {}
    if user.has_perm("ensemble_catalog.view_caption"):
        captions = {pk: caption.pk for pk, caption in captions_for(_products(findings)).items()}
    may_caption = user.has_perm("ensemble_catalog.change_caption")
    return [
        Row(
            finding=finding,
            pictures=_pictures(finding),
            sentence=describe_finding(finding),
            links=_links(finding, captions.get(finding.product_id), edits),
            dismiss=_DISMISS.get(Kind(finding.kind), "It is right"),
            picks_slot=edits and finding.kind == Kind.NO_SLOT,
            captions=may_caption and finding.kind == Kind.STALE_CAPTION,
        )
        for finding in findings
    ]


def _products(findings: Iterable[QualityFinding]) -> list[Product]:
    return [finding.product for finding in findings if finding.kind == Kind.CONTRADICTION]


def _pictures(finding: QualityFinding) -> list[tuple[SafeString, Product]]:
    product, other = finding.product, finding.other_image
    shown: list[tuple[ProductImage | None, Product]] = [
        (finding.image or product.main_image, product)
    ]
    if other:
        shown.append((other, other.product))
    return [(render_picture(image, _SIDE, owner.title), owner) for image, owner in shown]


def _links(finding: QualityFinding, caption_id: int | None, edits: bool) -> list[tuple[str, str]]:
    links = []
    if finding.kind == Kind.CONTRADICTION and caption_id:
        url = reverse("admin:ensemble_catalog_caption_change", args=[caption_id])
        links.append(("Correct the caption", url))
    if not edits:
        return links
    page = _product_page(finding.product_id)
    if finding.kind in (Kind.NO_PICTURE, Kind.PICTURE_FAILED):
        return [("Upload a picture", page + _PICTURES_ANCHOR)]
    if finding.other_image:
        other = _product_page(finding.other_image.product_id)
        return [("Edit the first", page), ("Edit the second", other)]
    return [*links, ("Edit the product", page)]


def _product_page(pk: int) -> str:
    return reverse("admin:ensemble_catalog_product_change", args=[pk])
