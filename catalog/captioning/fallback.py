"""The captioner that stands in where a vision model gave no usable answer."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, Final

import structlog
from PIL import Image

from catalog.backends import load_backend
from catalog.captioning.base import CaptionDraft, Captioner, CaptioningError

log = structlog.get_logger(__name__)

EMBEDDED: Final = "catalog.captioning.embedded.EmbeddedCaptioner"


class Fallback:
    """Captions for ``captioner_id`` by the captioner at the dotted path ``path``.

    It is made at its first use, so that it costs nothing where the vision model answers. An empty
    ``path`` means that there is none: then `caption` raises.
    """

    def __init__(self, path: str = EMBEDDED, options: Mapping[str, Any] | None = None) -> None:
        self._path = path
        self._options = options or {}

    @cached_property
    def _captioner(self) -> Captioner:
        captioner: Captioner = load_backend(self._path, **self._options)
        return captioner

    def caption(
        self, images: Sequence[Image.Image], *, captioner_id: str, reason: str
    ) -> list[CaptionDraft]:
        """Drafts that say who really made them and why (``reason``, a clause without a full stop).

        Raises `CaptioningError`, which cannot be retried, without a path.
        """
        if not self._path:
            raise CaptioningError(f"{captioner_id}: {reason}", retryable=False)
        drafts = self._captioner.caption(images)
        made_by = self._captioner.captioner_id
        log.warning(
            "caption_fell_back",
            captioner=captioner_id,
            made_by=made_by,
            reason=reason,
            pictures=len(images),
        )
        note = f"{reason[:1].upper()}{reason[1:]}; captioned by {_name(self._path)}."
        return [replace(draft, captioner_id=made_by, note=note) for draft in drafts]


def _name(path: str) -> str:
    return "the embedded captioner" if path == EMBEDDED else path.rpartition(".")[2]


def caption_instead(
    captioner: Captioner, images: Sequence[Image.Image], *, reason: str
) -> list[CaptionDraft]:
    """``images`` by what stands in for ``captioner``, whose server did not answer to the last.

    Raises `CaptioningError`, which cannot be retried, when nothing stands in for it.
    """
    fallback = getattr(captioner, "fallback", None)
    if not isinstance(fallback, Fallback):
        raise CaptioningError(reason, retryable=False)
    return fallback.caption(images, captioner_id=captioner.captioner_id, reason=reason)
