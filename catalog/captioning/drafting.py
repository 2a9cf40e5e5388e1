"""From the heads' probabilities to a caption: what is likeliest, what is sure, the sentence."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from catalog.captioning.base import CaptionDraft
from catalog.captioning.labels import KINDS, UNKNOWN_KIND, Kind, sort_of
from catalog.captioning.sentence import write_sentence

Floats = NDArray[np.float32]
#: A value's probability, the likeliest value first.
Ranked = dict[str, float]

_ALTERNATIVES: Final = 3
#: What a picture gives away about cloth, and all that it does: jeans are denim, sweaters knitted.
_MATERIALS: Final = {"Jeans": "Denim", "Jeggings": "Denim", "Sweaters": "Knit"}
#: Things whose pattern nobody means, so that none is claimed.
_NO_PATTERN: Final = frozenset(
    "Watches;Sunglasses;Cufflinks;Bracelet;Ring;Earrings;Pendant;Necklace and Chains".split(";")
)


def draft_caption(
    shares: Mapping[str, Floats],
    labels: Mapping[str, Sequence[str]],
    thresholds: Mapping[str, float],
) -> CaptionDraft:
    """One photo's caption from each head's probabilities (in the order of its ``labels``)."""
    ranked = {name: _rank(labels[name], row) for name, row in shares.items() if name != "kind"}
    ranked["article_type"] = _rank_types(shares["kind"])
    best = {name: next(iter(order)) for name, order in ranked.items()}
    kind = _best_kind(shares["kind"], best["article_type"])
    if kind.article_type in _NO_PATTERN:
        ranked.pop("pattern", None)
        best["pattern"] = ""
    likely = {name: order[best[name]] for name, order in ranked.items()}
    unsure = frozenset(name for name, p in likely.items() if p < thresholds.get(name, 0.0))
    said = {name: "" if name in unsure else value for name, value in best.items()}
    named = kind
    if "article_type" in unsure:
        named = _sure_sort(ranked["article_type"], thresholds["article_type"])
    return CaptionDraft(
        sentence=write_sentence(
            named,
            **{name: said.get(name, "") for name in ("gender", "style", "colour", "pattern")},
        ),
        colour=best.get("colour", ""),
        style=best.get("style", ""),
        material="" if "article_type" in unsure else _MATERIALS.get(kind.article_type, ""),
        pattern=best.get("pattern", ""),
        article_type=best["article_type"],
        confidence={name: round(share, 4) for name, share in likely.items()},
        alternatives={name: tuple(order)[1 : _ALTERNATIVES + 1] for name, order in ranked.items()},
        unsure=unsure,
        gender=best.get("gender", ""),
        noun=kind.noun,
    )


def _rank(labels: Sequence[str], shares: Floats) -> Ranked:
    return {labels[i]: float(shares[i]) for i in np.argsort(-shares, kind="stable")}


def _rank_types(shares: Floats) -> Ranked:
    """Article types, each as likely as its kinds together."""
    total: Ranked = {}
    for kind, share in zip(KINDS, shares, strict=True):
        total[kind.article_type] = total.get(kind.article_type, 0.0) + float(share)
    return dict(sorted(total.items(), key=lambda item: -item[1]))


def _best_kind(shares: Floats, article_type: str) -> Kind:
    """The likeliest kind of the article type that was chosen."""
    of_type = [i for i, kind in enumerate(KINDS) if kind.article_type == article_type]
    return KINDS[max(of_type, key=lambda i: shares[i])]


def _sure_sort(types: Ranked, threshold: float) -> Kind:
    """The sort of thing that an unsure article type surely is, or else just an item."""
    sort = sort_of(next(iter(types)))
    share = sum(p for name, p in types.items() if sort_of(name) == sort)
    return sort if share >= threshold else UNKNOWN_KIND
