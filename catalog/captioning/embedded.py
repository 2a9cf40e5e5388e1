"""The captioner that ships with the project: no server, no GPU, no download."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from catalog import conf
from catalog.captioning.backbone import WEIGHTS_DIR, Backbone, Floats, backbone_path
from catalog.captioning.base import CaptionDraft
from catalog.captioning.drafting import draft_caption
from catalog.captioning.heads import Heads, load_heads, weights_hash
from catalog.captioning.looks import LOOKS, head_inputs, look_colours, two_looks
from catalog.captioning.photo import opaque

_BATCH: Final = 8


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

        ``confidence`` also holds ``gender``, which the sentence tells where it is sure.
        """
        heads = self._heads
        labels = {name: head.labels for name, head in heads.by_attribute.items()}
        drafts: list[CaptionDraft] = []
        for start in range(0, len(images), _BATCH):
            inputs = self._look(images[start : start + _BATCH])
            read = {name: head.probabilities(inputs) for name, head in heads.by_attribute.items()}
            drafts += [
                draft_caption({n: rows[i] for n, rows in read.items()}, labels, heads.thresholds)
                for i in range(len(inputs))
            ]
        return drafts

    def _look(self, images: Sequence[Image.Image]) -> Floats:
        looks = [two_looks(opaque(image)) for image in images]
        photos = np.stack([look.photo for pair in looks for look in pair])
        features = self._backbone.features(photos).reshape(len(images), LOOKS, -1)
        colours = np.stack([look_colours(pair, self._heads.anchors) for pair in looks])
        return head_inputs(features, colours)
