from math import log

import pytest
from django.utils.translation import override

from catalog.models import Product
from outfits.circumstances.context import Context
from outfits.why.explanation import Factor, explain_item, translate_sentence, write_sentence
from outfits.why.factors import translate_label


def _factors(anchor: Product, item: Product, **changes: object) -> dict[str, Factor]:
    found = explain_item(
        anchor=(anchor, None),
        item=(item, None),
        context=changes.get("context", Context()),  # type: ignore[arg-type]
        logprob=float(changes.get("logprob", log(0.9))),  # type: ignore[arg-type]
        candidates=4,
    )
    return {factor.name: factor for factor in found}


def test_colours_that_go_together_speak_for_an_item() -> None:
    factors = _factors(Product(colour="Navy"), Product(colour="Mustard"))
    assert factors["colour"].weight > 0


def test_colours_that_compete_speak_against_it() -> None:
    factors = _factors(Product(colour="Purple"), Product(colour="Red"))
    assert factors["colour"].weight < 0


def test_the_wrong_occasion_speaks_against_it() -> None:
    factors = _factors(Product(), Product(occasions=["sport"]), context=Context(occasion="formal"))
    assert factors["occasion"].weight < 0


def test_what_is_not_known_is_no_factor() -> None:
    assert set(_factors(Product(), Product())) == {"stylist"}


def test_a_stylist_that_was_as_good_as_guessing_weighs_nothing() -> None:
    factors = _factors(Product(), Product(), logprob=log(1 / 4))
    assert abs(factors["stylist"].weight) < 1e-9


def test_the_sentence_says_only_what_speaks_for_the_item() -> None:
    factors = [Factor("colour", "Red and purple compete", -0.3), Factor("season", "Both fit", 0.3)]
    assert write_sentence(factors) == "Both fit."


def test_the_sentence_owns_up_when_nothing_speaks_for_the_item() -> None:
    assert "nothing else" in write_sentence([])


def test_the_sentence_passes_over_markup_and_addresses() -> None:
    factors = [
        Factor("colour", "<b>Red</b> suits you", 0.9),
        Factor("trend", "It is part of a trend: www.example.com", 0.8),
        Factor("season", "Both fit", 0.3),
    ]
    assert write_sentence(factors) == "Both fit."


def test_the_sentence_is_never_longer_than_its_column() -> None:
    long = Factor("trend", "It is part of a trend: " + "x" * 200, 0.9)
    assert write_sentence([long, long]) == f"{long.label}."
    endless = Factor("trend", "x" * 400, 0.9)
    assert "nothing else" in write_sentence([endless])


def test_colours_are_named_in_the_language_of_the_page() -> None:
    stored = _factors(Product(colour="White"), Product(colour="Navy Blue"))["colour"].as_json()
    assert stored["label"] == "Navy blue is easy to wear with white"
    with override("de"):
        assert translate_label(stored) == "Leicht zu kombinieren: marineblau und wei\u00df"


def test_a_stored_sentence_is_said_in_the_language_of_the_page() -> None:
    factors = list(_factors(Product(colour="Navy"), Product(colour="Mustard")).values())
    stored = [factor.as_json() for factor in factors]
    sentence = write_sentence(factors)
    assert translate_sentence(sentence, stored) == sentence
    with override("de"):
        said = translate_sentence(sentence, stored)
    assert said == "Erste Wahl des Stylisten unter 4. Leicht zu kombinieren: senfgelb und navy."


@pytest.mark.parametrize("stored", [[], [{"name": "colour", "label": "Red", "weight": 1.0}]])
@pytest.mark.parametrize(
    ("sentence", "german"),
    [
        ("You chose to keep this.", "Du behältst das."),
        ("It fills the slot; nothing else speaks for it yet.", "Es füllt den Platz;"),
        ("A sentence of another time.", "A sentence of another time."),
        ("", ""),
    ],
)
def test_a_sentence_that_was_not_written_from_the_factors_is_translated_as_it_stands(
    stored: list[dict[str, object]], sentence: str, german: str
) -> None:
    with override("de"):
        assert translate_sentence(sentence, stored).startswith(german)
