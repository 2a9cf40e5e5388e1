"""The captioning seam: what every captioner takes, gives back and raises."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from PIL import Image

#: The five attributes of a caption, in the order in which they are shown.
CAPTION_FIELDS = ("colour", "style", "material", "pattern", "article_type")


@dataclass(frozen=True, slots=True)
class CaptionDraft:
    """What a captioner saw in one picture, before it is stored.

    An attribute the captioner cannot tell is the empty string. ``confidence`` holds a probability
    (0 to 1) for each attribute that the captioner is able to be unsure about; ``alternatives`` the
    likeliest other values, best first, for people who correct captions. ``captioner_id`` names who
    really answered where another captioner stood in, and ``note`` says why it did.

    ``unsure`` names the attributes whose value is only the likeliest, not likely enough to be
    filled in unseen: the sentence leaves them out. ``gender`` (whom it is for) and ``noun`` (what
    people call the garment, finer than its article type) are told apart from the sentence for
    those who judge captioners; where they are empty, the sentence has them.
    """

    sentence: str
    colour: str = ""
    style: str = ""
    material: str = ""
    pattern: str = ""
    article_type: str = ""
    confidence: Mapping[str, float] = field(default_factory=dict)
    alternatives: Mapping[str, Sequence[str]] = field(default_factory=dict)
    captioner_id: str = ""
    note: str = ""
    unsure: frozenset[str] = frozenset()
    gender: str = ""
    noun: str = ""


class CaptioningError(Exception):
    """A picture could not be captioned.

    ``retryable`` says whether the same call may work later (a server that is down) or never will
    (a checkpoint that is no image model).
    """

    def __init__(self, message: str, *, retryable: bool) -> None:
        super().__init__(message)
        self.retryable = retryable


class Captioner(Protocol):
    """Turns pictures into captions.

    ``captioner_id`` names the captioner and the version of its weights; stored captions are keyed
    by it, so two captioners that may answer differently never share one.
    """

    @property
    def captioner_id(self) -> str: ...

    def caption(self, images: Sequence[Image.Image]) -> list[CaptionDraft]:
        """Caption RGB ``images``; one draft each, in order. Raises `CaptioningError`."""
        ...
