"""What of a language model's answer is let in."""

import json

import pytest

from catalog.captioning.reply import MAX_ATTRIBUTE, MAX_SENTENCE, ReplyError, parse_reply

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
        parse_reply(reply(sentence="red " * MAX_SENTENCE))


def test_an_attribute_that_is_too_long_is_refused() -> None:
    with pytest.raises(ReplyError, match="longer than"):
        parse_reply(reply(material="x" * (MAX_ATTRIBUTE + 1)))


@pytest.mark.parametrize("sentence", ["", "   ", "<b></b>", "https://example.com/buy"])
def test_a_sentence_of_which_nothing_is_left_is_refused(sentence: str) -> None:
    with pytest.raises(ReplyError, match="empty"):
        parse_reply(reply(sentence=sentence))


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("A <b>red</b> shirt.", "A red shirt."),
        ("A [red shirt](https://evil.example/a).", "A red shirt."),
        ("A **red** shirt from www.evil.example", "A red shirt from"),
        ("A red\n\tshirt.", "A red shirt."),
        ("<script>alert(1)</script>A red shirt.", "alert(1) A red shirt."),
    ],
)
def test_markup_and_links_are_taken_out(written: str, kept: str) -> None:
    assert parse_reply(reply(sentence=written)).sentence == kept


@pytest.mark.parametrize("written", ["A < b", "a > b", "<img src=x onerror", "javascript:x()"])
def test_markup_that_cannot_be_taken_out_is_refused(written: str) -> None:
    with pytest.raises(ReplyError, match="markup"):
        parse_reply(reply(colour=written))
