"""German alternative texts, and that no word which the embedded captioner can say lacks one."""

import ast
import gettext
import re
from pathlib import Path

import pytest
from django.utils import translation

from catalog.captioning import alt_text
from catalog.captioning.alt_text import describe_caption, translate_value
from catalog.captioning.backbone import WEIGHTS_DIR
from catalog.captioning.drafting import _MATERIALS
from catalog.captioning.heads import load_heads
from catalog.captioning.labels import KINDS, Kind
from catalog.slots import Slot
from catalog.vocabulary import Gender, Occasion, Season

CATALOGUES = Path(alt_text.__file__).parent.parent / "locale"
GERMAN = CATALOGUES / "de" / "LC_MESSAGES"
#: A message of a catalogue: its quoted strings may go on over several lines.
MESSAGE = re.compile(
    r'(?:^msgctxt (?P<context>"[^\n]*")\n)?^msgid (?P<source>"[^\n]*"(?:\n"[^\n]*")*)\n'
    r'msgstr (?P<target>"[^\n]*"(?:\n"[^\n]*")*)',
    re.MULTILINE,
)


def unquote(quoted: str) -> str:
    return "".join(ast.literal_eval(line) for line in quoted.splitlines())


def read_source() -> dict[str, str]:
    """What the .po file says, in the form in which the compiled catalogue keeps it."""
    messages: dict[str, str] = {}
    for found in MESSAGE.finditer((GERMAN / "django.po").read_text()):
        context = f"{unquote(found['context'])}\x04" if found["context"] else ""
        key = context + unquote(found["source"])
        assert key not in messages, f"{key!r} is there twice"
        messages[key] = unquote(found["target"])
    return messages


def words_of_the_captioner() -> set[tuple[str, str]]:
    """(context, word) of everything that the embedded captioner can say."""
    heads = load_heads(WEIGHTS_DIR).by_attribute
    return {
        *((name, label) for name in ("colour", "style", "pattern") for label in heads[name].labels),
        *(("material", material) for material in _MATERIALS.values()),
        *(("article_type", kind.article_type) for kind in KINDS),
        *(("garment", kind.noun) for kind in KINDS),
        *(("garment gender", kind.noun) for kind in KINDS),
    }


def words_of_the_vocabulary() -> set[tuple[str, str]]:
    lists = {"slot": Slot, "gender": Gender, "season": Season, "occasion": Occasion}
    with translation.override("en"):
        return {(name, str(label)) for name, words in lists.items() for label in words.labels}


def test_every_word_that_is_said_has_a_german_one() -> None:
    needed = {f"{c}\x04{w}" for c, w in words_of_the_captioner() | words_of_the_vocabulary()}
    german = read_source()
    missing = sorted(key.replace("\x04", ": ") for key in needed if not german.get(key))
    assert not missing


def test_every_noun_has_a_gender_that_german_knows() -> None:
    genders = {v for k, v in read_source().items() if k.startswith("garment gender\x04")}
    assert genders == {"m", "f", "n", "p"}


def test_the_compiled_catalogue_is_that_of_the_source() -> None:
    with (GERMAN / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert compiled._catalog == read_source(), "run compilemessages (docs/captions-vision.md)"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("sentence", "fields", "german"),
    [
        (
            "A casual red striped shirt.",
            ("Red", "Casual", "Cotton", "Striped", "Shirts"),
            "Rotes, gestreiftes Hemd aus Baumwolle, lässig",
        ),
        (
            "A pair of women's black trousers.",
            ("Black", "Formal", "", "Solid", "Trousers"),
            "Schwarze Hose, elegant",
        ),
        (
            "A pair of casual blue jeans.",
            ("Blue", "Casual", "Denim", "Washed", "Jeans"),
            "Blaue, verwaschene Jeans aus Denim, lässig",
        ),
        (
            "A beige coat.",
            ("Beige", "", "", "Checked", "Coats"),
            "Beigefarbener, karierter Mantel",
        ),
        (
            "A pair of black formal shoes.",
            ("Black", "Formal", "Leather", "", "Formal Shoes"),
            "Schwarze Businessschuhe aus Leder",
        ),
        ("A men's white polo shirt.", ("White", "", "", "", "Tshirts"), "Weißes Poloshirt"),
        (
            "A multicoloured floral dress.",
            ("Multi", "Party", "", "Floral", "Dresses"),
            "Mehrfarbiges, geblümtes Kleid, festlich",
        ),
        (
            "A pair of gold earrings.",
            ("Gold", "", "", "", "Earrings"),
            "Goldfarbene Ohrringe",
        ),
        ("A navy blue jacket.", ("navy blue", "", "", "", "Jackets"), "Marineblaue Jacke"),
        ("Something nice.", ("", "", "", "", "Tops"), "Top"),
    ],
)
def test_german_declines_adjectives_with_their_noun(
    sentence: str, fields: tuple[str, ...], german: str
) -> None:
    names = ("colour", "style", "material", "pattern", "article_type")
    caption = {"sentence": sentence, **dict(zip(names, fields, strict=True))}
    assert describe_caption(caption, "de") == german


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.noun)
def test_every_kind_keeps_its_own_german_noun(kind: Kind) -> None:
    fields = {"sentence": f"A red {kind.noun}.", "article_type": kind.article_type}
    german = describe_caption(fields, "de")
    assert german == read_source()[f"garment\x04{kind.noun}"]


def test_values_that_nobody_translated_stay_as_they_are() -> None:
    fields = {"sentence": "x", "colour": "Chartreuse", "material": "Tweed", "pattern": "Striped"}
    known = describe_caption({**fields, "article_type": "Shirts", "style": "Boho"}, "de")
    assert known == "Gestreiftes Hemd aus Tweed, Chartreuse, Boho"
    unknown = describe_caption({**fields, "article_type": "Poncho", "colour": "Red"}, "de")
    assert unknown == "Poncho aus Tweed, rot, gestreift"


@pytest.mark.parametrize("language", ["en", "en-gb", "fr", "zh-hans"])
def test_other_languages_fall_back_to_the_english_sentence(language: str) -> None:
    fields = {"sentence": "A red shirt.", "colour": "Red", "article_type": "Shirts"}
    assert describe_caption(fields, language) == "A red shirt."


def test_austrians_read_german() -> None:
    fields = {"sentence": "A red shirt.", "colour": "Red", "article_type": "Shirts"}
    assert describe_caption(fields, "de-at") == "Rotes Hemd"


def test_what_is_not_known_for_a_garment_keeps_its_sentence() -> None:
    assert describe_caption({"sentence": "A thing.", "colour": "Red"}, "de") == "A thing."


def test_the_active_language_stays_as_it_was() -> None:
    with translation.override("en"):
        describe_caption({"sentence": "A shirt.", "article_type": "Shirts"}, "de")
        assert translation.get_language() == "en"


def test_one_value_is_translated_alone() -> None:
    assert translate_value("colour", "Red", "de") == "rot"
    assert translate_value("colour", "Chartreuse", "de") == "Chartreuse"
    assert translate_value("colour", "", "de") == ""


def test_slots_and_occasions_are_said_in_the_active_language_and_stored_as_they_were() -> None:
    with translation.override("de"):
        assert (str(Slot.SHOES.label), Slot.SHOES.value) == ("Schuhe", "shoes")
        assert str(Occasion.WEDDING_GUEST.label) == "Hochzeitsgast"
    with translation.override("en"):
        assert str(Slot.SHOES.label) == "Shoes"
