import ast
from pathlib import Path

import pytest
from django.utils.translation import gettext, override, pgettext

from catalog.slots import Slot
from catalog.vocabulary import Occasion, Season
from outfits.circumstances.suitability import name_tag
from outfits.colours import COLOURS
from outfits.garments import CUTS, FABRICS, MANNERS
from outfits.shoppers.personal import SOURCE_WORDS
from outfits.why.factors import Factor, fill_in, make_factor, translate_label

OUTFITS = Path(__file__).parents[3] / "outfits"
WORDS = [*FABRICS, *CUTS, *Season.values, *(name_tag(tag) for tag in Occasion.values)]
WORDS += [*COLOURS, *MANNERS, *SOURCE_WORDS.values(), *Slot.values, "wedding guest"]
#: The same in both languages.
ALIKE = {"seersucker", "chambray", "canvas", "fleece", "tweed", "denim", "parka", "party", "sport"}
ALIKE |= {"winter"}


def _messages() -> set[str]:
    """Every message that a module of outfits marks for translation."""
    return {
        str(node.args[0].value)
        for path in OUTFITS.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in ("gettext_noop", "gettext")
        and isinstance(node.args[0], ast.Constant)
    }


def test_every_message_is_there_in_german_with_the_same_gaps() -> None:
    messages = _messages()
    assert messages
    with override("de"):
        for message in messages:
            said = gettext(message)
            assert said != message
            assert said.count("{") == message.count("{")


@pytest.mark.parametrize("word", sorted(set(WORDS) - ALIKE))
def test_every_word_that_is_filled_in_is_there_in_german(word: str) -> None:
    with override("de"):
        assert pgettext("factor", word) != word


def test_a_factor_is_stored_in_english_and_said_in_any_language() -> None:
    stored = make_factor("weather", 1.0, "{what} keeps you warm in the cold", what="wool").as_json()
    assert stored["label"] == "Wool keeps you warm in the cold"
    with override("de"):
        assert translate_label(stored) == "Wolle hält in der Kälte warm"


def test_a_factor_stored_before_there_were_messages_keeps_its_label() -> None:
    with override("de"):
        assert (
            translate_label({"name": "season", "label": "Both suit winter"}) == "Both suit winter"
        )


def test_a_trends_name_is_no_word_to_translate() -> None:
    message = "It is part of a trend: {title}"
    stored = make_factor("trend", 1.0, message, title="wool").as_json()
    with override("de"):
        assert translate_label(stored) == "Liegt im Trend: wool"


def test_a_value_with_braces_is_left_as_it_is() -> None:
    assert fill_in("{title} is {here.__class__}", {"title": "{x}"}) == "{x} is {here.__class__}"


def test_what_is_empty_is_not_stored() -> None:
    assert Factor("colour", "Fine", 0.5).as_json() == {
        "name": "colour",
        "label": "Fine",
        "weight": 0.5,
    }
