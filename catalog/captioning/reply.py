"""What of a vision model's answer is let in.

The answer is untrusted: it may be prose, half a sentence, or text that was printed on the garment
to be read back (prompt injection). Only six short plain strings get through; other keys are
dropped. `ReplyError` never quotes the answer, since what it says is told to the model.
"""

import json
import re
from typing import Any, Final

from catalog.captioning.base import CAPTION_FIELDS, CaptionDraft
from catalog.captioning.labels import KINDS, PATTERN_WORDS
from catalog.captioning.prompting import KEYS, MAX_CHARS

_EMPHASIS: Final = re.compile(r"[*_`#]+")
_MARKUP: Final = re.compile(
    r"[<>{}\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\]\(|javascript:|data:",
    re.IGNORECASE,
)
_LINK: Final = re.compile(
    r"\b[a-z][a-z0-9+.-]*://|\bwww\.|\bmailto:|\w@\w+\.\w"
    r"|\b[a-z0-9-]+\.(?:com|net|org|io|shop|info|biz|co|ru|de)\b",
    re.IGNORECASE,
)
#: What models write where they were asked for an empty string.
_NOTHING: Final = re.compile(
    r"(?:n/?a|none|null|nil|unknown|unclear|unspecified|not (?:visible|shown|clear|applicable)|-+)",
    re.IGNORECASE,
)
#: Other words for values that the embedded captioner knows, too: filters then find both.
_SYNONYMS: Final = {
    "colour": {
        "gray": "Grey",
        "navy": "Navy Blue",
        "turquoise": "Turquoise Blue",
        "multicolor": "Multi",
        "multicolour": "Multi",
        "multicolored": "Multi",
        "multicoloured": "Multi",
    },
    "style": {"sporty": "Sports", "sport": "Sports", "athletic": "Sports"},
    "material": {"knitted": "Knit"},
    "pattern": {
        **{name.lower(): name for name in PATTERN_WORDS},
        "plain": "Solid",
        "stripes": "Striped",
        "plaid": "Checked",
        "polka dot": "Polka dots",
    },
    "article_type": {
        **{kind.noun.lower(): kind.article_type for kind in KINDS},
        **{kind.article_type.lower(): kind.article_type for kind in KINDS},
        "t-shirts": "Tshirts",
        "tshirt": "Tshirts",
    },
}


class ReplyError(ValueError):
    """The answer is no caption; says why, without repeating any of it."""


def parse_reply(text: str) -> CaptionDraft:
    """Read a model's answer into a draft. Raises `ReplyError`."""
    answer = _find_object(text)
    missing = [name for name in KEYS if name not in answer]
    if missing:
        raise ReplyError(f"no {', '.join(missing)} in the answer")
    sentence = _clean("sentence", answer["sentence"])
    if not sentence:
        raise ReplyError("the sentence is empty")
    fields: dict[str, Any] = {
        name: _normalise(name, _clean(name, answer[name])) for name in CAPTION_FIELDS
    }
    return CaptionDraft(sentence=sentence, **fields)


def _find_object(text: str) -> dict[str, Any]:
    """The first JSON object in ``text``: models like to wrap theirs in a fence or a greeting."""
    decoder = json.JSONDecoder()
    for brace in re.finditer(r"\{", text):
        try:
            found, _ = decoder.raw_decode(text, brace.start())
        except (json.JSONDecodeError, RecursionError):
            continue
        if isinstance(found, dict):
            return found
    raise ReplyError("no JSON object in the answer")


def _clean(name: str, value: object) -> str:
    """``value`` as one plain line. Raises `ReplyError` for markup, links and what is too long."""
    if not isinstance(value, str):
        raise ReplyError(f"{name} is no text")
    kept = " ".join(_EMPHASIS.sub(" ", value).split())
    if _MARKUP.search(kept):
        raise ReplyError(f"{name} holds markup")
    if _LINK.search(kept):
        raise ReplyError(f"{name} holds a link")
    if len(kept) > MAX_CHARS[name]:
        raise ReplyError(f"{name} is longer than {MAX_CHARS[name]} characters")
    return kept


def _normalise(name: str, value: str) -> str:
    """``value`` as the embedded captioner spells it; "" for words that say nothing."""
    value = value.strip(" .,;\"'")
    if _NOTHING.fullmatch(value):
        return ""
    return _SYNONYMS[name].get(value.lower(), value[:1].upper() + value[1:])
