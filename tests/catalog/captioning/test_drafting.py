"""From probabilities to a caption."""

from collections.abc import Mapping

import numpy as np
import pytest

from catalog.captioning.base import CaptionDraft
from catalog.captioning.drafting import draft_caption
from catalog.captioning.labels import KINDS, sort_of

LABELS = {
    "kind": tuple(kind.noun for kind in KINDS),
    "gender": ("Men", "Women"),
    "style": ("Casual", "Formal"),
    "colour": ("Black", "Blue", "Navy Blue", "Red"),
    "pattern": ("Solid", "Striped"),
}
CERTAIN = {
    "gender": (0.9, 0.1),
    "style": (0.1, 0.9),
    "colour": (0.1, 0.3, 0.6, 0.0),
    "pattern": (0.2, 0.8),
}


def kinds(**likely: float) -> tuple[float, ...]:
    """Probabilities by noun, spaces written as underscores."""
    return tuple(likely.get(kind.noun.replace(" ", "_"), 0.0) for kind in KINDS)


def draft(
    kind: tuple[float, ...], thresholds: Mapping[str, float] = {}, **shares: tuple[float, ...]
) -> CaptionDraft:
    rows = {name: np.array(row) for name, row in (CERTAIN | shares | {"kind": kind}).items()}
    return draft_caption(rows, LABELS, thresholds)


def test_without_thresholds_everything_is_sure_and_said() -> None:
    found = draft(kinds(shirt=0.7, kurta=0.3))
    assert found.sentence == "A men's formal navy blue striped shirt."
    assert found.unsure == frozenset()


def test_an_unsure_attribute_keeps_its_value_and_is_not_claimed() -> None:
    found = draft(kinds(shirt=1.0), {"colour": 0.7, "pattern": 0.5})
    assert (found.colour, found.unsure) == ("Navy Blue", frozenset({"colour"}))
    assert found.alternatives["colour"] == ("Blue", "Black", "Red")
    assert found.sentence == "A men's formal striped shirt."


def test_an_unsure_gender_is_told_beside_the_sentence() -> None:
    found = draft(kinds(shirt=1.0), {"gender": 0.95})
    assert (found.gender, "gender" in found.unsure) == ("Men", True)
    assert "men" not in found.sentence


def test_an_unsure_article_type_is_named_by_its_sort() -> None:
    found = draft(kinds(shirt=0.5, kurta=0.45, skirt=0.05), {"article_type": 0.9})
    assert (found.article_type, found.noun) == ("Shirts", "shirt")
    assert found.sentence == "A men's formal navy blue striped top."


def test_where_not_even_the_sort_is_sure_it_is_an_item() -> None:
    found = draft(kinds(shirt=0.4, skirt=0.3, handbag=0.3), {"article_type": 0.9})
    assert found.sentence.endswith(" item.")


def test_an_unsure_type_says_nothing_of_cloth() -> None:
    assert draft(kinds(jeans=1.0)).material == "Denim"
    assert draft(kinds(jeans=0.6, trousers=0.4), {"article_type": 0.9}).material == ""


def test_a_watch_has_no_pattern_and_is_not_unsure_of_it() -> None:
    found = draft(kinds(watch=1.0), {"pattern": 0.99})
    assert (found.pattern, found.unsure) == ("", frozenset())


@pytest.mark.parametrize("article_type", sorted({kind.article_type for kind in KINDS}))
def test_every_article_type_has_a_sort(article_type: str) -> None:
    assert sort_of(article_type).noun
