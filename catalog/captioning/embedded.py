"""The captioner that ships with the project: no server, no GPU, no download."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from catalog import conf
from catalog.captioning.backbone import WEIGHTS_DIR, Backbone, Floats, backbone_path
from catalog.captioning.base import CaptionDraft
from catalog.captioning.garment_colour import colour_features
from catalog.captioning.heads import Heads, load_heads, weights_hash
from catalog.captioning.labels import KINDS, Kind
from catalog.captioning.photo import square_photo
from catalog.captioning.sentence import write_sentence

_BATCH: Final = 16
_ALTERNATIVES: Final = 3
#: What a picture gives away about cloth, and all that it does: jeans are denim, sweaters knitted.
_MATERIALS: Final = {"Jeans": "Denim", "Jeggings": "Denim", "Sweaters": "Knit"}
#: Things whose pattern nobody means, so that none is claimed.
_NO_PATTERN: Final = frozenset(
    "Watches;Sunglasses;Cufflinks;Bracelet;Ring;Earrings;Pendant;Necklace and Chains".split(";")
)


class EmbeddedCaptioner:
    """Captions photos with EfficientNet-lite2, a look at the garment's colours and small heads.

    ``weights`` is a folder that `train_captioner` wrote (default: the project's own);
    ``models_dir`` holds the network that ``manage.py prepare_models`` exports (default: the
    setting MODELS_DIR); ``threads`` is how many cores one call may use (0: all). Making one is
    cheap and never fails: what is missing raises `CaptioningError` when captions are asked for.
    """

    def __init__(
        self,
        weights: str | None = None,
        models_dir: str | Path | None = None,
        threads: int = 0,
    ) -> None:
        self._weights = Path(weights) if weights else WEIGHTS_DIR
        self._models_dir = Path(models_dir or conf.current().MODELS_DIR)
        self._threads = threads

    @cached_property
    def captioner_id(self) -> str:
        """Changes with the weights, since captions do."""
        return f"embedded-{weights_hash(self._weights)[:12]}"

    @cached_property
    def _heads(self) -> Heads:
        return load_heads(self._weights)

    @cached_property
    def _backbone(self) -> Backbone:
        path = backbone_path(self._models_dir, self._weights)
        return Backbone(path, threads=self._threads)

    def caption(self, images: Sequence[Image.Image]) -> list[CaptionDraft]:
        """Caption ``images`` of any size; one draft each, in order. Raises `CaptioningError`.

        ``confidence`` also holds ``gender``, which the sentence tells.
        """
        drafts: list[CaptionDraft] = []
        for start in range(0, len(images), _BATCH):
            features = self._look(images[start : start + _BATCH])
            read = {
                name: head.probabilities(features)
                for name, head in self._heads.by_attribute.items()
            }
            drafts += [
                self._draft({name: shares[i] for name, shares in read.items()})
                for i in range(len(features))
            ]
        return drafts

    def _look(self, images: Sequence[Image.Image]) -> Floats:
        photos = np.stack([square_photo(image) for image in images])
        colours = [colour_features(photo, self._heads.anchors) for photo in photos]
        return np.concatenate([self._backbone.features(photos), np.stack(colours)], axis=1)

    def _draft(self, shares: Mapping[str, Floats]) -> CaptionDraft:
        ranked = {
            name: _ranked(self._heads.by_attribute[name].labels, row)
            for name, row in shares.items()
            if name != "kind"
        }
        ranked["article_type"] = _ranked_types(shares["kind"])
        best = {name: next(iter(order)) for name, order in ranked.items()}
        kind = _best_kind(shares["kind"], best["article_type"])
        if kind.article_type in _NO_PATTERN:
            best["pattern"] = ""
            ranked.pop("pattern")
        return CaptionDraft(
            sentence=write_sentence(
                kind,
                gender=best["gender"],
                style=best["style"],
                colour=best["colour"],
                pattern=best["pattern"],
            ),
            colour=best["colour"],
            style=best["style"],
            material=_MATERIALS.get(kind.article_type, ""),
            pattern=best["pattern"],
            article_type=best["article_type"],
            confidence={name: round(order[best[name]], 4) for name, order in ranked.items()},
            alternatives={
                name: tuple(order)[1 : _ALTERNATIVES + 1] for name, order in ranked.items()
            },
        )


def _ranked(labels: Sequence[str], shares: Floats) -> dict[str, float]:
    """Labels with their probabilities, the likeliest first."""
    return {labels[i]: float(shares[i]) for i in np.argsort(-shares, kind="stable")}


def _ranked_types(shares: Floats) -> dict[str, float]:
    """Article types, each as likely as its kinds together."""
    total: dict[str, float] = {}
    for kind, share in zip(KINDS, shares, strict=True):
        total[kind.article_type] = total.get(kind.article_type, 0.0) + float(share)
    return dict(sorted(total.items(), key=lambda item: -item[1]))


def _best_kind(shares: Floats, article_type: str) -> Kind:
    """The likeliest kind of the article type that was chosen."""
    of_type = [i for i, kind in enumerate(KINDS) if kind.article_type == article_type]
    return KINDS[max(of_type, key=lambda i: shares[i])]
