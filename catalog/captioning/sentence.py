"""One plain sentence from what was seen. Nothing is claimed that no attribute says."""

import re
from typing import Final

from catalog.captioning.labels import Kind

_WHOSE: Final = {"Men": "men's", "Women": "women's", "Boys": "boys'", "Girls": "girls'"}
#: What these do not need saying about: plain is what one expects.
_UNSAID_PATTERNS: Final = {"", "Solid"}

#: These nouns say a style themselves; a second one could only repeat or contradict it.
_STYLED: Final = re.compile("casual|sports|formal")


def write_sentence(kind: Kind, *, gender: str, style: str, colour: str, pattern: str) -> str:
    """ "A pair of women's black formal shoes." Empty attributes are left out.

    The noun always ends the sentence; `catalog.captioning.evaluation` reads it back.
    """
    words = [
        _WHOSE.get(gender, ""),
        "" if _STYLED.search(kind.noun) else style.lower(),
        _colour_word(colour),
        "" if pattern in _UNSAID_PATTERNS else _pattern_word(pattern),
        kind.noun,
    ]
    phrase = " ".join(word for word in words if word)
    return f"{_start(phrase, pair=kind.pair)} {phrase}."


def _start(phrase: str, *, pair: bool) -> str:
    if pair:
        return "A pair of"
    # "a unisex", "a uniform": no word that can come first starts with a spoken "you".
    return "An" if phrase[0].lower() in "aeiou" else "A"


def _colour_word(colour: str) -> str:
    return "multicoloured" if colour == "Multi" else colour.lower()


def _pattern_word(pattern: str) -> str:
    return "polka-dot" if pattern == "Polka dots" else pattern.lower()
