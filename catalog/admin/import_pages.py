"""What the pages of an import show: plain data for the templates, and no decisions."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from catalog import conf
from catalog.admin.pictures import render_picture
from catalog.feeds.base import FeedRow
from catalog.models import FeedImport, PlannedChange, Product
from catalog.selectors import FeedPreview

PROBLEMS_SHOWN = 200
PLAN_ROWS = 50

_Action = PlannedChange.Action
_ACTION_WORDS = {
    _Action.CREATE: "New",
    _Action.UPDATE: "Changed",
    _Action.UNPUBLISH: "Unpublished",
    _Action.REFUSE: "Refused",
    _Action.UNCHANGED: "Left as it is",
}


def count_results(row: FeedImport) -> list[tuple[str, int]]:
    """The figures of an import or its dry run, by name."""
    if row.status == FeedImport.Status.CHECKING:
        return [(tab["name"], tab["count"]) for tab in list_tabs(row, "all")[1:]]
    return [
        ("Created", row.created),
        ("Updated", row.updated),
        ("Unchanged", row.unchanged),
        ("Unpublished", row.unpublished),
        ("Refused", row.refused),
        ("New pictures", row.pictures),
        ("Pictures not taken", row.picture_problems),
    ]


def draw_problems(row: FeedImport) -> dict[str, list[Any]]:
    """Rows and pictures that were not taken, as Unfold's table component takes them."""
    problems = row.problems[:PROBLEMS_SHOWN]
    return {
        "headers": ["line", "SKU", "reason"],
        "rows": [[p["line"], p["sku"] or "-", p["reason"]] for p in problems],
    }


def list_defaults(mapping: Mapping[str, str]) -> list[tuple[str, object]]:
    """What stands in for columns that this feed does not have."""
    config = conf.current()
    defaults = {
        "price": f"{config.DEFAULT_PRICE} {config.DEFAULT_CURRENCY}",
        "currency": config.DEFAULT_CURRENCY,
        "stock": config.DEFAULT_STOCK,
        "gender": "unisex",
    }
    return [(field, value) for field, value in defaults.items() if field not in mapping]


def draw_preview(preview: FeedPreview) -> dict[str, list[Any]]:
    """The first rows of a feed, as Unfold's table component takes them."""
    headers = (
        *("line", "SKU", "title", "category", "slot", "gender", "colour", "price", "stock"),
        *("seasons", "occasions", "note"),
    )
    rows = []
    for row in preview.rows:
        if not isinstance(row, FeedRow):
            blanks = [""] * (len(headers) - 3)
            rows.append([row.line, row.sku, *blanks, f"Refused: {row.reason}"])
            continue
        rows.append(
            [
                *(row.line, row.sku, row.title, row.category, row.slot or "-", row.gender),
                *(row.colour, f"{row.price}\N{NO-BREAK SPACE}{row.currency}", row.stock),
                *(", ".join(row.seasons), ", ".join(row.occasions), "; ".join(row.notes)),
            ]
        )
    return {"headers": list(headers), "rows": rows}


def list_tabs(row: FeedImport, chosen: str) -> list[dict[str, Any]]:
    """One tab an action, with its count out of the import itself."""
    counts = {
        _Action.CREATE: row.created,
        _Action.UPDATE: row.updated,
        _Action.UNPUBLISH: row.unpublished,
        _Action.REFUSE: row.refused,
        _Action.UNCHANGED: row.unchanged,
    }
    tabs = [{"value": "", "name": "All", "count": sum(counts.values())}]
    tabs += [
        {"value": action.value, "name": _ACTION_WORDS[action], "count": count}
        for action, count in counts.items()
    ]
    return [{**tab, "active": tab["value"] == chosen} for tab in tabs]


def page_plan(row: FeedImport, action: str, number: str) -> "Page[PlannedChange]":
    """One page of a dry run's rows, all or those of one action."""
    plan = row.plan.all()
    if action:
        plan = plan.filter(action=action)
    return Paginator(plan, PLAN_ROWS).get_page(number)


def draw_plan(changes: Iterable[PlannedChange]) -> dict[str, list[Any]]:
    """Planned changes, with the pictures of products that are stored."""
    shown = list(changes)
    stored = Product.objects.filter(sku__in=[change.sku for change in shown])
    products = {product.sku: product for product in stored.prefetch_related("images")}
    return {
        "headers": ["line", "", "product", "what happens", "change", "note"],
        "rows": [_draw_change(change, products.get(change.sku)) for change in shown],
    }


def _draw_change(change: PlannedChange, product: Product | None) -> list[Any]:
    title = change.title or (product.title if product else "")
    return [
        change.line or "-",
        render_picture(product.main_image, 40, product.title) if product else "",
        format_html("{}<br><span style='opacity:.7'>{}</span>", title or "-", change.sku or "-"),
        _ACTION_WORDS[_Action(change.action)],
        _draw_fields(change),
        change.reason,
    ]


def _draw_fields(change: PlannedChange) -> SafeString:
    if change.action == _Action.CREATE:
        given = {name: after for name, (_, after) in change.changes.items() if after}
        return format_html("{}", ", ".join(f"{k}: {_word(v)}" for k, v in given.items()))
    return format_html_join(
        "",
        "<div>{}: <del style='opacity:.6'>{}</del> &rarr; <strong>{}</strong></div>",
        ((name, _word(old), _word(new)) for name, (old, new) in change.changes.items()),
    )


def _word(value: Any) -> str:
    """A stored value as people read it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "none" if value in ("", None) else str(value)
