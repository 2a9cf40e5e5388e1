"""Which colours go together, by the colour wheel.

Harmony follows the schemes every colour-theory text teaches (Itten, "The Art of Color", 1961):
neutrals go with anything; equal hues are tone on tone, near ones analogous, opposite ones
complementary; what lies between competes.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

_NEUTRALS = frozenset(
    "black white grey gray charcoal navy beige cream ivory ecru tan taupe camel nude stone silver "
    "brown khaki denim".split()
)
#: Degrees on the painters' (red, yellow, blue) wheel.
_HUES = {
    "red": 0, "burgundy": 350, "maroon": 350, "wine": 350, "coral": 20, "rust": 25, "copper": 30,
    "orange": 40, "peach": 40, "bronze": 50, "mustard": 70, "gold": 75, "yellow": 90,
    "lime": 130, "olive": 120, "green": 170, "mint": 180, "teal": 210, "turquoise": 215,
    "blue": 240, "lavender": 285, "purple": 290, "violet": 290, "mauve": 300, "magenta": 325,
    "rose": 340, "pink": 335,
}  # fmt: skip
#: Every word that is known to be a colour.
COLOUR_WORDS = _NEUTRALS | frozenset(_HUES)


@dataclass(frozen=True, slots=True)
class Harmony:
    """How two colours go together: ``score`` from -1 (they compete) to 1, and the scheme's name."""

    score: float
    scheme: str


#: Every colour that has a name here; "gray" is written "grey".
COLOURS = tuple(sorted((_NEUTRALS | _HUES.keys()) - {"gray"}))


@lru_cache(maxsize=4096)
def find_colour(text: str) -> str | None:
    """The name of the colour in a text, a neutral before a hue; None where none is known.

    >>> find_colour("Navy Blue"), find_colour("Off White"), find_colour("Multi")
    ('navy', 'white', None)
    """
    found = _word(text, _NEUTRALS) or _word(text, _HUES)
    return "grey" if found == "gray" else found


def is_neutral(colour: str) -> bool:
    """Whether a name of `COLOURS` goes with anything."""
    return colour in _NEUTRALS


def _word(colour: str, known: "frozenset[str] | dict[str, int]") -> str | None:
    return next((w for w in re.findall(r"[a-z]+", colour.lower()) if w in known), None)


def colour_harmony(first: str, second: str) -> Harmony | None:
    """How two colour names go together, or None when a name is not known.

    >>> colour_harmony("Navy Blue", "mustard").scheme
    'neutral'
    """
    neutrals = [_word(first, _NEUTRALS), _word(second, _NEUTRALS)]
    hues = [_word(first, _HUES), _word(second, _HUES)]
    if not all(neutral or hue for neutral, hue in zip(neutrals, hues, strict=True)):
        return None
    if any(neutrals):
        same = first.strip().lower() == second.strip().lower()
        return Harmony(0.5, "tone on tone") if same else Harmony(0.6, "neutral")
    return _hue_harmony(_HUES[hues[0] or ""], _HUES[hues[1] or ""])


def _hue_harmony(first: int, second: int) -> Harmony:
    distance = min((first - second) % 360, (second - first) % 360)
    if distance <= 15:
        return Harmony(0.5, "tone on tone")
    if distance <= 60:
        return Harmony(0.4, "analogous")
    if distance >= 150:
        return Harmony(0.6, "complementary")
    return Harmony(-0.3, "competing")
