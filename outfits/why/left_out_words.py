"""What was left out of a stylist's question, said in the language of whoever asks why."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import get_language, pgettext

from catalog.captioning.alt_text import translate_value
from outfits.why.factors import translate_label

#: Where the words of each kind are looked up: contexts of the message catalogue, in this order.
#: Pieces of the look go by the shop's own names, which nobody translates.
_LOOKED_UP: Mapping[str, Sequence[str]] = {
    "colour": ("factor", "colour"),
    "material": ("factor", "material"),
    "category": ("article_type",),
    "detail": ("pattern", "style"),
}
#: Lines of the context that say words of ours; trends and events have names of the shop's.
_OUR_LINES = ("occasion", "season", "weather")


def translate_left_out(change: Mapping[str, Any]) -> str:
    """The label of a stored change in the active language; words that are not known stay."""
    kind, what = change["left_out"], change.get("values", {}).get("title", "")
    said = _say_line(what) if kind == "context" else _say_words(kind, what)
    return translate_label({**change, "values": {"title": said}})


def _say_line(line: str) -> str:
    """A line of the context, such as "occasion work"."""
    name, _, value = line.partition(" ")
    if name == "weather":
        value = " ".join(pgettext("weather", word) for word in value.split())
    elif name in _OUR_LINES and value:
        value = pgettext("factor", value.replace("-", " "))
    return f"{pgettext('factor', name)} {value}".strip() if name else line


def _say_words(kind: str, what: str) -> str:
    return ", ".join(_say_word(_LOOKED_UP.get(kind, ()), word) for word in what.split(", "))


def _say_word(contexts: Sequence[str], word: str) -> str:
    language = get_language() or "en"
    found = (translate_value(context, word, language) for context in contexts)
    return next((each for each in found if each != word), word)
