"""Query sets whose SQL is made once find what they would find anew."""

import pytest
from django.db.models import QuerySet

from catalog.compiled import CompiledQuery
from catalog.models import Product
from tests.factories import make_product

pytestmark = pytest.mark.django_db


def named(brand: str, category: str, stock: int) -> QuerySet[Product]:
    return Product.objects.filter(
        brand=brand, category=category, stock=stock, currency="EUR", published=True
    ).order_by("pk")


@pytest.mark.parametrize(
    ("brand", "category"),
    [("Alder", "Coats"), ("Coats", "Alder"), ("Alder", "Alder"), ("", "Coats"), ("", "")],
)
def test_every_value_goes_where_it_belongs(brand: str, category: str) -> None:
    query = CompiledQuery(named)
    for one in ("Alder", "Coats", ""):
        for other in ("Alder", "Coats", ""):
            make_product(brand=one, category=other, stock=3, currency="EUR", embedded=False)
    for _ in range(2):
        found = list(query.find(brand=brand, category=category, stock=3))
        assert found == list(named(brand, category, 3))
        assert len(found) == 1


def test_rows_of_later_are_found() -> None:
    query = CompiledQuery(named)
    assert not list(query.find(brand="Alder", category="Coats", stock=1))
    product = make_product(brand="Alder", category="Coats", stock=1, currency="EUR", embedded=False)
    assert list(query.find(brand="Alder", category="Coats", stock=1)) == [product]


@pytest.mark.parametrize("brand", ["' OR '1' = '1", "%s", "100 %", '"', "ensemble:value:0"])
def test_a_value_is_never_read_as_sql(brand: str) -> None:
    query = CompiledQuery(named)
    make_product(brand="Alder", category="Coats", stock=1, currency="EUR", embedded=False)
    assert not list(query.find(brand=brand, category="Coats", stock=1))
    product = make_product(brand=brand, category="Coats", stock=1, currency="EUR", embedded=False)
    assert list(query.find(brand=brand, category="Coats", stock=1)) == [product]
