"""From what a captioner saw in a shopper's photo to the piece that looks are made for; pure."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext_noop, pgettext

from catalog.captioning.base import CaptionDraft
from catalog.captioning.labels import KINDS
from catalog.slots import Slot, guess_slot
from catalog.vocabulary import Gender

_ARTICLE = re.compile(r"^(a pair of|an?|the)\s+", re.IGNORECASE)
#: Not within a word: "women's" holds "men's".
_GENDER = re.compile(r"(?<![a-z])(women|men|boys|girls)['\u2019]", re.IGNORECASE)
_NOTHING_TO_WEAR = gettext_noop(
    "This looks like {title}, which is nothing that a look could be made for. Send a photo of one "
    "piece of clothing, or say what it is, such as: shirt."
)
_UNCLEAR = gettext_noop(
    "What this shows could not be told. Send a photo of one piece of clothing, whole, in good "
    "light and in front of something plain; or say what it is, such as: shirt."
)
_WORDLESS = "Piece of your own"


class PhotoRefused(Exception):
    """No look can be made for a photo.

    The message (an English msgid, with ``{title}`` for what was ``seen``) says what to do, for the
    person who sent it.
    """

    def __init__(self, message: str, seen: str = "") -> None:
        super().__init__(message)
        self.seen = seen


@dataclass(frozen=True, slots=True)
class OwnPiece:
    """A piece that a shopper owns, in the words that a product has."""

    title: str
    category: str
    slot: Slot
    gender: Gender
    colour: str
    sentence: str


def read_piece(draft: CaptionDraft, said: str = "", gender: str = "") -> OwnPiece:
    """The piece that a draft describes; ``said`` is what the shopper calls it, and wins.

    Raises `PhotoRefused` where it is nothing to wear, or cannot be told.
    """
    sentence = " ".join(draft.sentence.split())
    category = said or ("" if "article_type" in draft.unsure else draft.article_type)
    slot = guess_slot(category) if category else guess_slot(sentence)
    if slot is None:
        raise PhotoRefused(_NOTHING_TO_WEAR, category) if category else PhotoRefused(_UNCLEAR)
    seen = _GENDER.search(sentence)
    worn_by = gender or ("" if "gender" in draft.unsure else draft.gender)
    return OwnPiece(
        title=_title(sentence) or said or _WORDLESS,
        category=category or slot.value,
        slot=slot,
        gender=_gender(worn_by or (seen[1] if seen else "")),
        colour="" if "colour" in draft.unsure else draft.colour,
        sentence=sentence,
    )


def read_word(said: str) -> str:
    """The English word for what somebody names in the active language; else what they said.

    >>> read_word("Boots")
    'boots'
    """
    known = {str(slot.label).lower(): slot.value for slot in Slot}
    known |= {pgettext("garment", kind.noun).lower(): kind.noun for kind in KINDS}
    return known.get(said.strip().lower(), said)


def _title(sentence: str) -> str:
    words = _ARTICLE.sub("", sentence.rstrip(" ."))
    return words[:1].upper() + words[1:]


def _gender(word: str) -> Gender:
    return Gender(word.lower()) if word.lower() in Gender.values else Gender.UNISEX
