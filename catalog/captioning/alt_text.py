"""Alternative texts: what a picture shows, in the language of the person who cannot see it.

English texts are the captions' own sentences. Other languages compose theirs from the caption's
fields: words come from the gettext catalogue, endings and order from a module of `languages`.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from django.utils.translation import override, pgettext

from catalog.captioning.labels import KINDS, Kind
from catalog.captioning.languages import de
from catalog.captioning.languages.words import Words

#: Language code -> its composer. Another language needs a catalogue in ``catalog/locale``, too.
COMPOSERS: Final[Mapping[str, Callable[[Words], str]]] = {"de": de.compose}

#: As in English: plain is what one expects, and these nouns say a style themselves.
_UNSAID_PATTERNS: Final = ("", "Solid")
_STYLED: Final = re.compile("casual|sports|formal")


def describe_caption(fields: Mapping[str, str], language: str) -> str:
    """What a picture shows, in ``language`` (such as "de" or "de-at").

    ``fields`` are a caption's sentence and five fields. The sentence itself is the answer in
    English, in languages that Ensemble does not speak, and where the kind of thing is not known.
    Values that the catalogue does not have stay as they are.
    """
    compose = COMPOSERS.get(language.lower().partition("-")[0])
    if compose is None or not fields.get("article_type"):
        return fields.get("sentence", "")
    with override(language):
        return compose(_translate_fields(fields))


def translate_value(name: str, value: str, language: str) -> str:
    """One field's value in ``language``; as it is where the catalogue does not have it."""
    with override(language):
        return _translate(name, value)


def _translate_fields(fields: Mapping[str, str]) -> Words:
    article_type = fields["article_type"]
    kind = _find_kind(fields.get("sentence", ""), article_type)
    noun = kind.noun if kind else ""
    pattern = fields.get("pattern", "")
    said = {
        "colour": fields.get("colour", ""),
        "pattern": "" if pattern in _UNSAID_PATTERNS else pattern,
    }
    translated = {name: (value, _translate(name, value)) for name, value in said.items() if value}
    return Words(
        noun=pgettext("garment", noun) if noun else article_type,
        gender=pgettext("garment gender", noun) if noun else "",
        adjectives=tuple(new for value, new in translated.values() if new != value),
        material=_translate("material", fields.get("material", "")),
        style="" if _STYLED.search(noun) else _translate("style", fields.get("style", "")),
        others=tuple(new for value, new in translated.values() if new == value),
    )


def _translate(name: str, value: str) -> str:
    """``value`` of the field ``name`` in the active language, whatever its capitals."""
    for spelled in dict.fromkeys((value, value.title(), value.capitalize())):
        # An empty msgid would be answered with the catalogue's head.
        if spelled and (found := pgettext(name, spelled)) != spelled:
            return found
    return value


def _find_kind(sentence: str, article_type: str) -> Kind | None:
    """The kind of ``article_type`` that the sentence names, or the plainest one."""
    kinds = [kind for kind in KINDS if kind.article_type.lower() == article_type.lower()]
    words = sentence.lower()
    named = [k for k in kinds if re.search(rf"\b{re.escape(k.noun.lower())}\b", words)]
    if named:
        return max(named, key=lambda kind: len(kind.noun))
    return min(kinds, key=lambda kind: len(kind.noun), default=None)
