"""A factor: one reason for or against an item, stored in English and shown in any language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language, gettext, pgettext

from catalog.captioning.alt_text import translate_value


@dataclass(frozen=True, slots=True)
class Factor:
    """One reason: a name for programs, a label for people, a weight (negative speaks against).

    Weights are logits where a factor was added to a candidate's score. ``message`` is what
    ``label`` was made from, with ``values`` for its names, so that it can be said in another
    language; ``trend`` names the trend that it comes from, and ``terms`` are the words that it is
    about. ``scored`` tells what was added to the candidate's score from what only describes it.
    """

    name: str
    label: str
    weight: float
    message: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    trend: str = ""
    terms: tuple[str, ...] = ()
    scored: bool = False

    def as_json(self) -> dict[str, Any]:
        """The factor as it is stored and served; what is empty is left out."""
        more = {
            "message": self.message,
            "values": dict(self.values),
            "trend": self.trend,
            "terms": list(self.terms),
            "scored": self.scored,
        }
        shown = {"name": self.name, "label": self.label, "weight": round(self.weight, 3)}
        return shown | {key: value for key, value in more.items() if value}


def make_factor(
    name: str, weight: float, message: str, *, trend: str = "", **values: str
) -> Factor:
    """A factor whose label is ``message`` (an English msgid) with ``values`` filled in."""
    return Factor(name, fill_in(message, values), weight, message, values, trend)


def fill_in(message: str, values: Mapping[str, str]) -> str:
    """``message`` with each ``{name}`` replaced; other braces stay, whatever a value holds.

    >>> fill_in("{what} is cool", {"what": "linen"})
    'Linen is cool'
    """
    for name, value in values.items():
        message = message.replace("{" + name + "}", value)
    return message[:1].upper() + message[1:]


def translate_label(stored: Mapping[str, Any]) -> str:
    """The label of a stored factor in the active language; in English where it has no message.

    The value ``title`` is a name that somebody gave, and is not translated; values whose names end
    in ``colour`` are colours.
    """
    message = stored.get("message", "")
    if not message:
        return str(stored["label"])
    values = {name: _translate(name, value) for name, value in stored.get("values", {}).items()}
    return fill_in(gettext(message), values)


def _translate(name: str, value: str) -> str:
    if name == "title":
        return value
    if name.endswith("colour"):
        return translate_value("colour", value, get_language() or "en").lower()
    return pgettext("factor", value)
