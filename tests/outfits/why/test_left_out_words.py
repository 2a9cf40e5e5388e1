"""What was left out of a question, in German."""

import pytest
from django.utils.translation import override

from outfits.why.leave_out import leave_out_each
from outfits.why.left_out_words import translate_left_out

QUERY = "occasion wedding-guest\nseason autumn\nweather mild wet\ntrend soft touch\nlook: a coat\n"
QUESTION = "add: navy wool trousers (trousers), striped\nmatch:"
CHANGES = [
    {"left_out": version.kind, "message": version.message, "values": {"title": version.what}}
    for version in leave_out_each(QUERY, QUESTION)
]


@pytest.mark.parametrize(
    "label",
    [
        "Umstand: Anlass Hochzeitsgast",
        "Umstand: Jahreszeit Herbst",
        "Umstand: Wetter mild nass",
        "Umstand: Trend soft touch",
        "Im Look: a coat",
        "Farbe: Marineblau",
        "Stoff: Wolle",
        "Kategorie: Hosen",
        "Einzelheit: gestreift",
    ],
)
def test_it_is_said_in_german(label: str) -> None:
    with override("de"):
        assert label in [translate_left_out(change) for change in CHANGES]


def test_in_english_it_is_what_was_asked() -> None:
    labels = {translate_left_out(change) for change in CHANGES}
    assert {"Context: weather mild wet", "Colour: navy", "Material: wool"} <= labels


def test_a_change_stored_before_there_were_messages_keeps_its_label() -> None:
    with override("de"):
        assert translate_left_out({"left_out": "colour", "label": "Colour: navy"}) == "Colour: navy"
