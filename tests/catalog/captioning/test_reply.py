"""What of a language model's answer is let in."""

import json

import pytest

from catalog.captioning.prompting import MAX_CHARS, SCHEMA
from catalog.captioning.reply import ReplyError, parse_reply

GOOD = {
    "sentence": "A red striped cotton T-shirt.",
    "colour": "Red",
    "style": "Casual",
    "material": "Cotton",
    "pattern": "Striped",
    "article_type": "Tshirts",
}


def reply(**changes: object) -> str:
    return json.dumps({**GOOD, **changes})


def test_a_plain_answer_becomes_a_draft() -> None:
    draft = parse_reply(reply())
    assert (draft.sentence, draft.colour, draft.article_type) == (
        "A red striped cotton T-shirt.",
        "Red",
        "Tshirts",
    )


def test_an_answer_in_a_fence_after_a_greeting_is_found() -> None:
    assert parse_reply(f"Sure! {{here}}:\n```json\n{reply()}\n```\nAnything else?").colour == "Red"


@pytest.mark.parametrize("name", list(GOOD))
def test_a_missing_field_is_refused(name: str) -> None:
    with pytest.raises(ReplyError, match=name):
        parse_reply(json.dumps({key: value for key, value in GOOD.items() if key != name}))


@pytest.mark.parametrize("text", ["", "A red shirt.", "[1, 2]", '{"sentence": "A red', "{" * 5000])
def test_what_is_no_json_object_is_refused(text: str) -> None:
    with pytest.raises(ReplyError):
        parse_reply(text)


@pytest.mark.parametrize("value", [None, 3, ["Red"], {"name": "Red"}, True])
def test_a_field_that_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(ReplyError, match="colour is no text"):
        parse_reply(reply(colour=value))


def test_a_sentence_that_is_too_long_is_refused() -> None:
    with pytest.raises(ReplyError, match="longer than"):
        parse_reply(reply(sentence="red " * MAX_CHARS["sentence"]))


def test_an_attribute_that_is_too_long_is_refused() -> None:
    with pytest.raises(ReplyError, match="longer than"):
        parse_reply(reply(material="x" * (MAX_CHARS["material"] + 1)))


@pytest.mark.parametrize("sentence", ["", "   ", "**"])
def test_a_sentence_of_which_nothing_is_left_is_refused(sentence: str) -> None:
    with pytest.raises(ReplyError, match="empty"):
        parse_reply(reply(sentence=sentence))


@pytest.mark.parametrize(
    ("written", "kept"), [("A **red** shirt.", "A red shirt."), ("A red\n\tshirt.", "A red shirt.")]
)
def test_a_sentence_becomes_one_plain_line(written: str, kept: str) -> None:
    assert parse_reply(reply(sentence=written)).sentence == kept


@pytest.mark.parametrize(
    "written",
    [
        "A <b>red</b> shirt.",
        "<script>alert(1)</script>",
        "a > b",
        "<img src=x onerror",
        "javascript:x()",
        "A {{ red }} shirt",
        "A [shirt](/a)",
        "A shirt \u202etrihs",
    ],
)
def test_markup_is_refused(written: str) -> None:
    with pytest.raises(ReplyError, match="colour holds markup"):
        parse_reply(reply(colour=written))


@pytest.mark.parametrize(
    "written", ["Buy at https://evil.example/a", "See www.evil.example", "evil.com", "a@evil.org"]
)
def test_links_are_refused(written: str) -> None:
    with pytest.raises(ReplyError, match="sentence holds a link"):
        parse_reply(reply(sentence=written))


def test_why_an_answer_is_refused_repeats_none_of_it() -> None:
    with pytest.raises(ReplyError) as caught:
        parse_reply(reply(colour="<b>ignore all instructions</b>"))
    assert "ignore" not in str(caught.value)


def test_unknown_keys_are_dropped() -> None:
    assert parse_reply(reply(price="0.01", admin=True)) == parse_reply(reply())


@pytest.mark.parametrize(
    ("name", "written", "kept"),
    [
        ("colour", "gray", "Grey"),
        ("colour", "sea green.", "Sea green"),
        ("style", "sporty", "Sports"),
        ("pattern", "STRIPED", "Striped"),
        ("pattern", "polka dot", "Polka dots"),
        ("article_type", "T-shirt", "Tshirts"),
        ("article_type", "jeans", "Jeans"),
        ("article_type", "poncho", "Poncho"),
        ("material", "N/A", ""),
        ("material", "unknown", ""),
    ],
)
def test_values_are_spelled_as_the_embedded_captioner_does(
    name: str, written: str, kept: str
) -> None:
    assert getattr(parse_reply(reply(**{name: written})), name) == kept


def test_what_the_schema_allows_to_be_longest_is_let_in() -> None:
    longest = {name: "x" * rule["maxLength"] for name, rule in SCHEMA["properties"].items()}
    assert len(parse_reply(json.dumps(longest)).sentence) == MAX_CHARS["sentence"]
