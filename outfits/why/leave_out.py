"""What can be left out of a stored question, one thing at a time; pure.

Works on the text exactly as it was asked (`outfits.prompts` wrote it), so that what is measured is
what the stylist read: lines of the context, items of the look, and the candidate's own colour,
material, category and further attributes. What has no such part is left alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext_noop

from outfits.colours import COLOUR_WORDS
from outfits.garments import FABRICS
from outfits.prompts import clean_text

#: Changed questions about the candidate cost one question each, changed queries one a candidate.
MAX_ATTRIBUTES, MAX_QUERIES = 6, 8

_LOOK, _BETWEEN = "look: ", "; "
_ADD, _MATCH = "add: ", "\nmatch:"
_DESCRIBED = re.compile(r"(?P<name>[^()]*?)(?: \((?P<category>[^()]*)\)(?P<seen>(?:, .*)?))?")
_COLOUR = re.compile(rf"\b(?:{'|'.join(sorted(COLOUR_WORDS))})\b")
_GAPS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A question with one thing left out: ``what`` words, of which ``kind``.

    ``message`` says what it is, with ``{title}`` for the words (an English msgid).
    """

    kind: str
    what: str
    message: str
    query: str
    question: str


def leave_out_each(query: str, question: str) -> list[LeftOut]:
    """Every version of a question that lacks one thing; at most `MAX_ATTRIBUTES` and `MAX_QUERIES`.

    Those that change only the question come first.
    """
    own = [
        LeftOut(kind, what, message, query, changed)
        for kind, what, message, changed in _attributes(question)
        if changed != question
    ]
    shared = [
        LeftOut(kind, what, message, changed, question)
        for kind, what, message, changed in (*_context_lines(query), *_look_items(query))
    ]
    return [*own[:MAX_ATTRIBUTES], *shared[:MAX_QUERIES]]


_Version = tuple[str, str, str, str]


def _context_lines(query: str) -> Iterator[_Version]:
    lines = query.split("\n")
    message = gettext_noop("Context: {title}")
    for place, line in enumerate(lines):
        if line and not line.startswith(_LOOK):
            yield "context", line, message, "\n".join(lines[:place] + lines[place + 1 :])


def _look_items(query: str) -> Iterator[_Version]:
    before, found, after = query.rpartition(_LOOK)
    items, newline, rest = after.partition("\n")
    if not found:
        return
    message = gettext_noop("In the look: {title}")
    each = items.split(_BETWEEN)
    for place, item in enumerate(each):
        left = _BETWEEN.join(each[:place] + each[place + 1 :])
        yield "look", item, message, f"{before}{_LOOK}{left}{newline}{rest}"


def _attributes(question: str) -> Iterator[_Version]:
    if not (question.startswith(_ADD) and question.endswith(_MATCH)):
        return
    described = question.removeprefix(_ADD).removesuffix(_MATCH)
    for kind, what, message, left in _versions(described):
        if left:
            yield kind, what, message, f"{_ADD}{left}{_MATCH}"


def _versions(described: str) -> Iterator[_Version]:
    """What is left of a description without its colour, material, category and each other word."""
    colour, material = gettext_noop("Colour: {title}"), gettext_noop("Material: {title}")
    yield "colour", ", ".join(_found(_COLOUR, described)), colour, _drop(_COLOUR, described)
    fabric = _fabric()
    yield "material", ", ".join(_found(fabric, described)), material, _drop(fabric, described)
    parts = _DESCRIBED.fullmatch(described)
    if parts is None or not parts["category"]:
        return
    name, category, seen = parts["name"], parts["category"], parts["seen"] or ""
    message = gettext_noop("Category: {title}")
    yield "category", category, message, _drop(_forms(category), name) + seen
    others = [word for word in seen.split(", ") if word]
    for word in others:
        if not (_COLOUR.search(word) or fabric.search(word)):
            message = gettext_noop("Detail: {title}")
            left = "".join(f", {other}" for other in others if other != word)
            yield "detail", word, message, f"{name} ({category}){left}"


@lru_cache(maxsize=1)
def _fabric() -> "re.Pattern[str]":
    return re.compile("|".join(f"(?:{pattern})" for _, pattern in FABRICS.values()))


def _forms(category: str) -> "re.Pattern[str]":
    """The words of a category as a name may hold them, with or without a plural s."""
    words = [re.escape(word.removesuffix("s")) for word in category.split() if len(word) > 2]
    return re.compile(rf"\b(?:{'|'.join(words) or '(?!)'})(?:e?s)?\b")


def _found(pattern: "re.Pattern[str]", text: str) -> list[str]:
    return list(dict.fromkeys(match.group() for match in pattern.finditer(text)))


def _drop(pattern: "re.Pattern[str]", text: str) -> str:
    """``text`` without what the pattern finds, and without the commas that are then left over."""
    parts = (_GAPS.sub(" ", part).strip() for part in pattern.sub(" ", text).split(","))
    left = ", ".join(part for part in parts if part)
    # A name that was nothing but the words is gone, and so is what stood in brackets after it.
    return left if clean_text(left) and not left.startswith("(") else ""
