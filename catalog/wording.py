"""A caption's sentence, written anew from fields that a person corrected."""

import re
from collections.abc import Mapping

from catalog.captioning.labels import Kind, find_kind
from catalog.captioning.sentence import write_sentence

_WHOSE = {"men's": "Men", "women's": "Women", "boys'": "Boys", "girls'": "Girls"}
#: Not within a word: "women's" holds "men's".
_GENDER = re.compile(r"(?<![a-z])(women's|men's|boys'|girls')(?![a-z])", re.IGNORECASE)
_UNNAMED = Kind("item", "")


def rewrite_sentence(before: str, type_before: str, fields: Mapping[str, str]) -> str:
    """One sentence that says what ``fields`` say, and of whom ``before`` did.

    ``type_before`` is the article type that ``before`` speaks of: while it stays, so does the
    finer noun ("polo shirt" rather than "T-shirt").
    """
    article_type = fields["article_type"]
    noun_phrase = before.rstrip(" .") if article_type == type_before else ""
    kind = find_kind(noun_phrase, article_type) if article_type else _UNNAMED
    whose = _GENDER.search(before.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    words = {
        "gender": _WHOSE[whose.group().lower()] if whose else "",
        **{name: fields[name] for name in ("style", "colour", "pattern")},
    }
    return write_sentence(kind, **words) if kind else _list_words(article_type, fields)


def _list_words(article_type: str, fields: Mapping[str, str]) -> str:
    """For a type that the vocabulary does not know, and so not whether it is one or a pair."""
    words = [fields["style"], fields["colour"], fields["pattern"], article_type]
    phrase = " ".join(word.lower() for word in words if word)
    return f"{phrase[:1].upper()}{phrase[1:]}."
