"""What a finding says to the person who looks after the catalog."""

from collections.abc import Callable
from typing import Any

from catalog.models import QualityFinding

Kind = QualityFinding.Kind
_NAMES = {"colour": "colour", "gender": "gender", "kind": "kind of product"}


def describe_finding(finding: QualityFinding) -> str:
    """One or two plain sentences: what is wrong, and why it matters."""
    return _SENTENCES[Kind(finding.kind)](finding.detail)


def _describe_contradiction(detail: dict[str, Any]) -> str:
    parts = [
        f"the {_NAMES.get(name, name)} is {said} by the feed and {seen} in the picture"
        for name, (said, seen) in detail.items()
    ]
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."


def _describe_duplicate(detail: dict[str, Any]) -> str:
    return "Two different products show nearly the same picture. One of them may be wrong."


def _describe_no_slot(detail: dict[str, Any]) -> str:
    category = detail.get("category")
    why = f"The category “{category}” names no slot" if category else "There is no category"
    return f"{why}, so the product is never part of a look."


def _describe_stale(detail: dict[str, Any]) -> str:
    if not detail.get("captioner"):
        return "The main picture has no caption yet, so looks know the product by its title only."
    return f"The caption is by {detail['captioner']}, which is no longer in use."


def _describe_failed(detail: dict[str, Any]) -> str:
    count = detail.get("count", 0)
    first = detail["pictures"][0]
    start = "A picture" if count == 1 else f"{count} pictures"
    return f"{start} could not be fetched: {first['url']} ({first['error'] or 'no reason given'})."


_SENTENCES: dict[Kind, Callable[[dict[str, Any]], str]] = {
    Kind.NO_PICTURE: lambda detail: "The product has no picture; shoppers see its first letter.",
    Kind.CONTRADICTION: _describe_contradiction,
    Kind.DUPLICATE: _describe_duplicate,
    Kind.NO_SLOT: _describe_no_slot,
    Kind.STALE_CAPTION: _describe_stale,
    Kind.PICTURE_FAILED: _describe_failed,
}
