import pytest

from outfits.colours import colour_harmony


@pytest.mark.parametrize(
    ("first", "second", "scheme"),
    [
        ("Navy Blue", "Mustard", "neutral"),
        ("Black", "black", "tone on tone"),
        ("Blue", "Orange", "complementary"),
        ("Red", "Coral", "analogous"),
        ("Red", "Green", "complementary"),
        ("Pink", "Lime", "complementary"),
        ("Yellow", "Blue", "complementary"),
        ("Purple", "Red", "competing"),
    ],
)
def test_two_colours_follow_a_scheme_of_the_colour_wheel(
    first: str, second: str, scheme: str
) -> None:
    harmony = colour_harmony(first, second)
    assert harmony is not None
    assert harmony.scheme == scheme


def test_harmony_does_not_depend_on_the_order() -> None:
    assert colour_harmony("Red", "Teal") == colour_harmony("Teal", "Red")


def test_nothing_is_said_of_a_colour_that_is_not_known() -> None:
    assert colour_harmony("Blue", "Multi") is None
