"""What shops write into cells."""

from decimal import Decimal

import pytest

from catalog.feeds import values
from catalog.vocabulary import Gender, Occasion, Season


@pytest.mark.parametrize(
    ("text", "price", "currency"),
    [
        ("49", "49.00", ""),
        ("49.9", "49.90", ""),
        ("49,90", "49.90", ""),
        ("1,299.00", "1299.00", ""),
        ("1.299,00", "1299.00", ""),
        ("1,299", "1299.00", ""),
        ("1.299", "1.30", ""),
        ("1.234.567", "1234567.00", ""),
        ("1 299,50", "1299.50", ""),
        ("1'299.50", "1299.50", ""),
        ("€ 49.90", "49.90", "EUR"),
        ("49.90 USD", "49.90", "USD"),
        ("£5", "5.00", "GBP"),
        ("0", "0.00", ""),
    ],
)
def test_a_price_is_read_however_it_is_written(text: str, price: str, currency: str) -> None:
    assert values.parse_price(text) == (Decimal(price), currency)


@pytest.mark.parametrize("text", ["free", "-5", "999999999", "1..2x", "12 or 13", "€"])
def test_a_price_that_is_none_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValueError, match="price"):
        values.parse_price(text)


@pytest.mark.parametrize(
    ("text", "stock"),
    [
        *[("7", 7), ("7.0", 7), ("1,200", 1200), ("-3", 0), ("in stock", 10), ("out_of_stock", 0)],
        *[("in_stock", 10), ("preorder", 10), ("backorder", 10), ("Sold out", 0)],
        ("https://schema.org/OutOfStock", 0),
    ],
)
def test_stock_is_read_however_it_is_written(text: str, stock: int) -> None:
    assert values.parse_stock(text, if_available=10) == stock


@pytest.mark.parametrize("text", ["many", "1.5", ""])
def test_stock_that_is_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="stock"):
        values.parse_stock(text, if_available=10)


@pytest.mark.parametrize(
    ("text", "gender"),
    [
        ("Men", Gender.MEN),
        ("man", Gender.MEN),
        ("male", Gender.MEN),
        ("Women's", Gender.WOMEN),
        ("female", Gender.WOMEN),
        ("Girls", Gender.GIRLS),
        ("Unisex", Gender.UNISEX),
    ],
)
def test_gender_is_read_however_it_is_written(text: str, gender: Gender) -> None:
    assert values.parse_gender(text) == gender


def test_fall_is_autumn() -> None:
    assert values.parse_seasons("Fall|Winter") == ([Season.AUTUMN, Season.WINTER], [])


@pytest.mark.parametrize(
    ("usage", "occasions"),
    [
        ("Casual", [Occasion.CASUAL]),
        ("Sports", [Occasion.SPORT]),
        ("Formal", [Occasion.FORMAL, Occasion.WORK]),
        ("Smart Casual", [Occasion.CASUAL, Occasion.WORK]),
        ("Travel", [Occasion.VACATION]),
        ("Party", [Occasion.PARTY]),
        ("Ethnic", [Occasion.WEDDING_GUEST, Occasion.PARTY]),
        ("wedding-guest", [Occasion.WEDDING_GUEST]),
    ],
)
def test_usage_names_occasions(usage: str, occasions: list[Occasion]) -> None:
    assert values.parse_occasions(usage) == (occasions, [])


def test_words_that_name_nothing_are_given_back() -> None:
    assert values.parse_occasions("Casual|Moon landing") == ([Occasion.CASUAL], ["Moon landing"])


@pytest.mark.parametrize("text", ["", "NaN", "n/a", "NULL", "-"])
def test_what_exports_write_for_nothing_is_nothing(text: str) -> None:
    assert values.is_nothing(text)
