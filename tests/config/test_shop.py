"""The demo shop: what it shows, what it keeps to itself, and how little it asks the database."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from catalog.models import Caption, Product, ProductImage
from config.templatetags.money import money

pytestmark = pytest.mark.django_db


def make_product(sku: str, **values: Any) -> Product:
    """A published product in stock; its picture is a row only, nothing opens the file here."""
    given = {"title": f"Thing {sku}", "price": Decimal("49.00"), "stock": 9, **values}
    product = Product.objects.create(sku=sku, **given)
    ProductImage.objects.create(
        product=product, image=f"products/{sku}.jpg", content_hash=sku, width=600, height=800
    )
    return product


def page_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def test_the_listing_shows_published_products_with_sized_pictures(client: Client) -> None:
    make_product("A-1", title="Linen Shirt")
    make_product("A-2", title="Secret Coat", published=False)
    page = page_of(client, "/")
    assert "Linen Shirt" in page
    assert 'width="600" height="800"' in page
    assert "€49.00" in page
    assert "Secret Coat" not in page


def test_a_product_page_carries_the_widget_and_the_facts(client: Client) -> None:
    product = make_product("A-1", title="Linen Shirt", slot="top", colour="white", stock=2)
    page = page_of(client, f"/shop/{product.sku}/")
    assert '<complete-the-look product="A-1" api="/api/v1" profile="/my-style/">' in page
    assert "Only 2 left" in page
    assert "<dd>White</dd>" in page


def test_what_the_captioner_saw_is_shown_among_the_facts(client: Client) -> None:
    from catalog.captioning import get_captioner

    product = make_product("A-1")
    Caption.objects.create(
        content_hash="A-1",
        captioner_id=get_captioner().captioner_id,
        sentence="a striped cotton shirt",
        pattern="striped",
        material="cotton",
    )
    page = page_of(client, f"/shop/{product.sku}/")
    assert "<dd>Striped</dd>" in page
    assert "<dd>Cotton</dd>" in page


def test_a_sold_out_product_is_still_shown_and_says_so(client: Client) -> None:
    make_product("A-1", stock=0)
    assert "Sold out" in page_of(client, "/")
    assert "Sold out for now" in page_of(client, "/shop/A-1/")


def test_an_unpublished_product_is_not_found(client: Client) -> None:
    make_product("A-2", title="Secret Coat", published=False)
    assert "Secret Coat" not in page_of(client, "/shop/A-2/", status=404)


def test_an_unknown_address_gets_the_shops_own_page(client: Client) -> None:
    page = page_of(client, "/shop/nothing-here/", status=404)
    assert "We could not find that." in page


def test_a_sku_with_a_slash_and_a_space_has_a_page(client: Client) -> None:
    make_product("A/1 b", title="Odd Shirt")
    assert "/shop/A/1%20b/" in page_of(client, "/")
    assert "Odd Shirt" in page_of(client, "/shop/A/1%20b/")


def test_markup_in_catalog_text_is_shown_as_text(client: Client) -> None:
    make_product("A-1", title="<script>alert(1)</script>", description="<b>bold</b>", brand='"><i>')
    for page in (page_of(client, "/"), page_of(client, "/shop/A-1/")):
        assert "<script>alert" not in page
        assert "<b>bold" not in page
        assert '"><i>' not in page


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("slot=top", {"Silk Blouse", "Oxford Shirt"}),
        ("gender=men", {"Oxford Shirt", "Court Sneakers"}),
        ("slot=top&gender=men", {"Oxford Shirt"}),
        ("q=silk", {"Silk Blouse"}),
        ("q=maren+SHIRT", {"Oxford Shirt"}),
        ("q=%25", set()),
        ("q=nothing+of+the+kind", set()),
        ("slot=nonsense&gender=nonsense&page=nonsense", {"Silk Blouse", "Oxford Shirt"}),
        ("page=999", {"Silk Blouse", "Oxford Shirt", "Court Sneakers"}),
        ("page=%C2%B2&q=%00", {"Silk Blouse"}),
    ],
)
def test_the_listing_can_be_filtered_and_searched(
    client: Client, query: str, titles: set[str]
) -> None:
    make_product("A-1", title="Silk Blouse", slot="top", gender="women")
    make_product("A-2", title="Oxford Shirt", slot="top", gender="men", brand="Maren Alder")
    make_product("A-3", title="Court Sneakers", slot="shoes", gender="unisex")
    response = client.get(f"/?{query}")
    shown = {product.title for product in response.context["page"]}
    assert titles <= shown
    assert shown <= titles or "nonsense" in query or "%00" in query


def test_a_search_without_results_offers_everything(client: Client) -> None:
    page = page_of(client, "/?q=zebra")
    assert "Nothing here answers to that." in page
    assert "See everything" in page


def test_an_empty_shop_says_how_to_fill_it(client: Client) -> None:
    assert "The shelves are empty." in page_of(client, "/")


def test_pages_keep_the_filters(client: Client) -> None:
    for number in range(30):
        make_product(f"A-{number}", slot="top")
    first = page_of(client, "/?slot=top")
    assert "30 pieces" in first
    assert "?slot=top&amp;page=2" in first
    assert "Page 2 of 2" in page_of(client, "/?slot=top&page=2")


def test_the_number_of_queries_does_not_grow_with_the_products(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        make_product(f"A-{number}", slot="top")
    with django_assert_num_queries(4):  # how many, which, their pictures, the departments
        client.get("/")
    with django_assert_num_queries(3):  # the product, its pictures, the first one's caption
        client.get("/shop/A-1/")


def test_healthz_asks_the_database_nothing(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert client.get("/healthz/").json() == {"status": "ok"}


def test_the_api_documentation_and_its_schema_are_served(client: Client) -> None:
    assert "/api/v1/looks/" in page_of(client, "/api/schema/")
    page = page_of(client, "/api/docs/")
    assert "//cdn" not in page


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [("1290", "EUR", "€1,290.00"), ("49.5", "USD", "$49.50"), ("12", "CHF", "12.00 CHF")],
)
def test_prices_are_written_with_their_currency(amount: str, currency: str, written: str) -> None:
    assert money(Decimal(amount), currency) == written
