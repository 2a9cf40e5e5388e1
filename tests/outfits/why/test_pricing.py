from decimal import Decimal

from catalog.models import Product
from outfits.why.pricing import price_factors


def at(*prices: str, currency: str = "EUR") -> list[Product]:
    return [
        Product(pk=n, price=Decimal(price), currency=currency)
        for n, price in enumerate(prices, start=1)
    ]


def test_a_price_below_the_others_speaks_for_an_item() -> None:
    offered = at("20", "60", "70")
    (factor,) = price_factors(offered[0], offered)
    assert factor.weight > 0
    assert not factor.scored


def test_a_price_above_the_others_speaks_against_it() -> None:
    offered = at("400", "60", "70")
    (factor,) = price_factors(offered[0], offered)
    assert factor.weight < 0


def test_a_price_like_the_others_says_nothing() -> None:
    offered = at("62", "60", "70")
    assert price_factors(offered[0], offered) == []


def test_prices_in_another_currency_are_not_compared() -> None:
    item = at("20")[0]
    others = [Product(pk=9 + n, price=Decimal(60), currency="USD") for n in range(3)]
    assert price_factors(item, [item, *others]) == []


def test_one_other_price_is_no_usual_one() -> None:
    offered = at("20", "60")
    assert price_factors(offered[0], offered) == []
