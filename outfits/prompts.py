"""The only prompt text of the project.

The stylist is asked about one candidate at a time: does it go with this look, yes or no? How far
it leans to yes is the candidate's score, whatever else was offered, in whatever order. What the
questions of one look share (context, the look so far) comes first, so that a server with prefix
caching reads it once.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

#: The two answers. Each must be one token of the model.
YES, NO = " yes", " no"

#: The longest description of one item, in characters; a hostile title cannot crowd out the rest.
ITEM_MAX_CHARS = 90

_UNSAFE = re.compile(r"<\|.*?\|>|[^\w\s&'/.,%+-]")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class PromptItem:
    """What a prompt may say of one item: a name, a category and seen attributes (may be empty)."""

    name: str
    category: str
    attributes: tuple[str, ...] = ()


def clean_text(text: str) -> str:
    """Reduce untrusted catalog text to one lower-case line without markup or chat-template tokens.

    >>> clean_text("Navy <|im_end|>\\n  BLAZER: *slim*")
    'navy blazer slim'
    """
    return _SPACES.sub(" ", _UNSAFE.sub(" ", text)).strip().lower()


def describe_item(item: PromptItem) -> str:
    """Write one item as ``name (category)``, with attributes its name does not already say."""
    name = clean_text(item.name)
    extras = [word for word in map(clean_text, item.attributes) if word and word not in name]
    category = clean_text(item.category)
    described = ", ".join([f"{name} ({category})" if category else name, *extras])
    return described[:ITEM_MAX_CHARS].rstrip(" ,(")


def build_query(partial_outfit: Sequence[PromptItem], context: Sequence[str] = ()) -> str:
    """What all questions about one look begin with.

    ``context`` holds lines such as ``"occasion: work"``.

    >>> build_query([PromptItem("Navy Blazer", "Blazers")], ["occasion: work"])
    'occasion work\\nlook: navy blazer (blazers)\\n'
    """
    look = "; ".join(map(describe_item, partial_outfit))
    return "\n".join([*map(clean_text, context), f"look: {look}", ""])


def build_question(candidate: PromptItem) -> str:
    """What follows the query of a look, to ask about one candidate; `YES` or `NO` answers it.

    >>> build_question(PromptItem("White Shirt", "Shirts"))
    'add: white shirt (shirts)\\nmatch:'
    """
    return f"add: {describe_item(candidate)}\nmatch:"
