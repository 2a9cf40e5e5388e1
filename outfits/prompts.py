"""The only prompt text of the project.

What many prompts share comes first (instruction, context, the look so far), so that a server with
prefix caching reads it once; what differs, the slot and the lettered candidates, comes last.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypedDict

#: Labels of candidates. Each is one token in every tokenizer that Ensemble was tried with, which
#: is what makes their log-probabilities comparable. Also the most candidates one prompt can hold.
LETTERS = "ABCDEFGHIJKLMNOPQRST"

STYLIST_INSTRUCTION = (
    "You are a fashion stylist. Choose the one item that best completes the look. "
    "Answer with its letter only."
)

#: The longest description of one item, in characters; a hostile title cannot crowd out the rest.
ITEM_MAX_CHARS = 90

_UNSAFE = re.compile(r"<\|.*?\|>|[^\w\s&'/.,%+-]")
_SPACES = re.compile(r"\s+")


class Message(TypedDict):
    """One chat message, as the OpenAI-compatible API and TRL both take it."""

    role: Literal["system", "user", "assistant"]
    content: str


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


def build_choice_messages(
    partial_outfit: Sequence[PromptItem],
    slot: str,
    candidates: Sequence[PromptItem],
    context: Sequence[str] = (),
) -> list[Message]:
    """Ask which lettered candidate completes ``partial_outfit``; answered by one letter.

    ``context`` holds lines such as ``"occasion: work"``. Raises `ValueError` when there are no
    candidates, or more than `LETTERS` can label.
    """
    if not 1 <= len(candidates) <= len(LETTERS):
        raise ValueError(f"1 to {len(LETTERS)} candidates can be lettered, got {len(candidates)}")
    lines = [*map(clean_text, context), "look:"]
    lines += [f"- {describe_item(item)}" for item in partial_outfit]
    lines.append(f"missing: {clean_text(slot)}")
    lines += [
        f"{letter}. {describe_item(item)}"
        for letter, item in zip(LETTERS, candidates, strict=False)
    ]
    return [
        Message(role="system", content=STYLIST_INSTRUCTION),
        Message(role="user", content="\n".join(lines)),
    ]
