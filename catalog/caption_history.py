"""What people said of a picture, in plain sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from catalog.captioning.base import CAPTION_FIELDS
from catalog.models import PERSON, Caption

#: Field -> what people call it; in the order in which they are shown.
LABELS = {
    "colour": "Colour",
    "style": "Style",
    "material": "Material",
    "pattern": "Design",
    "article_type": "Article type",
}
_TEXTS = (*CAPTION_FIELDS, "sentence")


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """ "Ana changed colour from Red to Maroon", and when."""

    who: str
    what: str
    at: datetime


def read_history(content_hash: str) -> list[HistoryLine]:
    """What people did to the caption of a picture, the newest first."""
    rows = Caption.history.filter(content_hash=content_hash, captioner_id=PERSON)
    ordered = list(rows.select_related("history_user").order_by("history_id"))
    lines = [_describe(before, row) for before, row in pairwise(ordered)]
    return [line for line in reversed(lines) if line.what]


def _describe(before: Any, row: Any) -> HistoryLine:
    user = row.history_user
    who = (user.get_full_name() or user.get_username()) if user else "Somebody"
    return HistoryLine(who, _tell(before, row), row.history_date)


def _tell(before: Any, row: Any) -> str:
    if row.history_type == "-":
        return "took the correction back"
    if row.history_type == "+":
        return ""  # the machine's words, which the next row changes
    return _list_changes(before, row) or "found it right"


def _list_changes(before: Any, row: Any) -> str:
    changes = [
        f"{LABELS.get(name, name).lower()} from {old or 'nothing'} to {new or 'nothing'}"
        for name in _changed(_TEXTS, before, row)
        for old, new in [(getattr(before, name), getattr(row, name))]
    ]
    verb = "set back" if row.history_change_reason == "undone" else "changed"
    return f"{verb} {', '.join(changes)}" if changes else ""


def _changed(names: Sequence[str], before: Any, row: Any) -> list[str]:
    return [name for name in names if getattr(before, name) != getattr(row, name)]
