"""Thresholds for every attribute of a draft, fitted on photos that nothing was learnt from."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from catalog.captioning.base import CaptionDraft
from catalog.captioning.drafting import draft_caption
from catalog.captioning.examples import Example
from catalog.captioning.heads import Head
from catalog.captioning.labels import KINDS
from catalog.captioning.thresholds import fit_threshold

Floats = NDArray[np.float32]

_FIELDS: Final = ("article_type", "colour", "style", "pattern", "gender")


def fit_thresholds(
    heads: Mapping[str, Head], inputs: Floats, examples: Sequence[Example]
) -> dict[str, float]:
    """How likely each attribute's value must be, judged by ``examples`` that have a label."""
    if not examples:
        return {}
    read = {name: head.probabilities(inputs) for name, head in heads.items()}
    labels = {name: head.labels for name, head in heads.items()}
    drafts = [
        draft_caption({name: rows[i] for name, rows in read.items()}, labels, {})
        for i in range(len(examples))
    ]
    return {name: _fit_one(name, drafts, examples) for name in _FIELDS}


def _fit_one(name: str, drafts: Sequence[CaptionDraft], examples: Sequence[Example]) -> float:
    judged = [
        (draft.confidence[name], right)
        for draft, example in zip(drafts, examples, strict=True)
        if name in draft.confidence and (right := _is_right(name, draft, example)) is not None
    ]
    likely = np.array([p for p, _ in judged], dtype=np.float32)
    return fit_threshold(likely, np.array([right for _, right in judged], dtype=np.bool_))


def _is_right(name: str, draft: CaptionDraft, example: Example) -> bool | None:
    """None where the example does not tell. Only shops say for whom and what for."""
    if name == "article_type":
        return draft.article_type in {KINDS[i].article_type for i in example.kinds}
    if example.source != "catalogue" or name not in example.labels:
        return None
    answer = draft.gender if name == "gender" else getattr(draft, name)
    return bool(answer == example.labels[name])
