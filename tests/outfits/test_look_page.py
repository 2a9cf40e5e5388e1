"""The page of a shared look, and the same look by the API."""

import re
import uuid
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from catalog.models import Product
from outfits.circumstances.context import Context
from outfits.composing.wishes import Wish
from outfits.models import Look
from tests.factories import make_caption, make_image, make_look, make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def look() -> Look:
    """A stored look of a shirt with shoes."""
    anchor = make_product("top", title="White <b>Shirt</b>", price="40.00")
    make_image(anchor)
    shoes = make_product("shoes", title="Black Loafers", price="60.00")
    make_caption(make_image(shoes), "fake-captioner", sentence="Black leather shoes.")
    return make_look(anchor, [shoes, make_product("shoes", title="Other Shoes")])


def read(client: Client, look: Look, **headers: str) -> str:
    response = client.get(f"/looks/{look.pk}/", headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_shows_the_look_without_javascript(client: Client, look: Look) -> None:
    page = read(client, look)
    assert "Black Loafers" in page
    assert 'alt="Black leather shoes."' in page
    assert "€100.00" in page
    assert "It goes well." in page
    assert "Other Shoes" not in page


def test_catalog_text_is_no_markup(client: Client, look: Look) -> None:
    page = read(client, look)
    assert "White &lt;b&gt;Shirt&lt;/b&gt;" in page
    assert "<b>Shirt" not in page


def test_a_link_to_it_unfolds_and_search_engines_leave_it_alone(client: Client, look: Look) -> None:
    response = client.get(f"/looks/{look.pk}/")
    page = response.content.decode()
    assert response["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in page
    og = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', page))
    assert og["url"] == f"http://testserver/looks/{look.pk}/"
    assert og["title"].startswith("A look with White")
    assert og["image"].startswith("http://testserver/media/products/")
    assert og["description"] == "Black Loafers"


def test_for_a_sold_out_piece_the_next_best_stands_in_and_the_page_says_so(
    client: Client, look: Look
) -> None:
    Product.objects.filter(title="Black Loafers").update(stock=0)
    page = read(client, look)
    assert "Black Loafers" not in page
    assert "Other Shoes" in page
    assert "1 piece has sold out since; the next best one is shown in its place." in page
    assert "The next best choice still in stock." in page
    assert "€80.00" in page


def test_what_nothing_stands_in_for_is_shown_as_sold_out_and_not_added_up(
    client: Client, look: Look
) -> None:
    Product.objects.filter(slot="shoes").update(stock=0)
    page = read(client, look)
    assert "Black Loafers" in page
    assert "Sold out" in page
    assert "1 piece has sold out since." in page
    assert "€100.00" not in page


def test_the_page_speaks_german(client: Client, look: Look) -> None:
    page = read(client, look, **{"accept-language": "de"})
    assert "60,00\N{NO-BREAK SPACE}€" in page
    Product.objects.filter(title="Black Loafers").update(stock=0)
    page = read(client, look, **{"accept-language": "de"})
    assert "inzwischen ausverkauft; das Nächstbeste steht an seiner Stelle" in page
    Product.objects.filter(title="Other Shoes").update(stock=0)
    assert "Ausverkauft" in read(client, look, **{"accept-language": "de"})


def test_a_piece_that_is_no_longer_sold_at_all_is_left_out(client: Client, look: Look) -> None:
    Product.objects.filter(slot="shoes").update(published=False)
    page = read(client, look)
    assert "Black Loafers" not in page
    assert "1 piece is not sold here any more." in page


def test_a_deleted_piece_leaves_the_rest(client: Client, look: Look) -> None:
    Product.objects.get(title="Black Loafers").delete()
    assert "White" in read(client, look)


@pytest.mark.parametrize("prefix", ["", "/api/v1"])
def test_a_look_whose_product_is_gone_is_gone(client: Client, look: Look, prefix: str) -> None:
    address = f"{prefix}/looks/{look.pk}/"
    look.anchor.published = False
    look.anchor.save()
    assert client.get(address).status_code == 404
    look.anchor.delete()
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("prefix", ["", "/api/v1"])
@pytest.mark.parametrize("look_id", [str(uuid.UUID(int=0)), "no-uuid", "%00", "1" * 400])
def test_an_address_that_is_none_is_not_found(client: Client, prefix: str, look_id: str) -> None:
    assert client.get(f"{prefix}/looks/{look_id}/").status_code == 404


def test_a_stored_look_has_the_same_shape_by_its_id(client: Client, look: Look) -> None:
    answer = client.get(f"/api/v1/looks/{look.pk}/").json()
    plain = client.get("/api/v1/looks/", {"product": look.anchor.sku}).json()
    assert answer.keys() == plain.keys()
    assert (answer["id"], answer["status"]) == (str(look.pk), "ranked")
    assert answer["share_url"] == f"http://testserver/looks/{look.pk}/"
    assert answer["items"][0]["product"]["title"] == "Black Loafers"


def test_a_shared_look_tells_nothing_of_who_shares_it(client: Client) -> None:
    shoes = make_product("shoes")
    wish = Wish(Decimal(80), (shoes.sku,), 2)
    personal = Context(
        occasion="work", weather="cold", region="DE-BE", preferences=("colour=navy +1 quiz",)
    )
    look = make_look(
        make_product("top"), [shoes], context=personal, wish=wish.as_json(), wish_key=wish.key
    )
    answer = client.get(f"/api/v1/looks/{look.pk}/").json()
    assert not any(answer["context"].values())
    assert (answer["number"], answer["count"], answer["budget"]) == (1, 1, None)
    assert not answer["over_budget"]
    assert not answer["items"][0]["locked"]


def test_the_api_says_what_stands_in_and_what_has_sold_out(client: Client, look: Look) -> None:
    seen = []
    for gone in ("Nothing", "Black Loafers", "Other Shoes"):
        Product.objects.filter(title=gone).update(stock=0)
        (item,) = client.get(f"/api/v1/looks/{look.pk}/").json()["items"]
        seen.append((item["product"]["title"], item["product"]["available"], item["stand_in"]))
    assert seen == [
        ("Black Loafers", True, False),
        ("Other Shoes", True, True),
        ("Black Loafers", False, False),
    ]


def test_the_page_takes_few_queries(
    client: Client, look: Look, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(7):  # the first time, the look is marked as shared
        read(client, look)
    with django_assert_max_num_queries(6):
        read(client, look)
    Product.objects.filter(title="Black Loafers").update(stock=0)
    with django_assert_max_num_queries(8):
        read(client, look)


@pytest.mark.urls("outfits.urls")
def test_a_shop_that_leaves_the_pages_out_has_no_address_to_share(
    client: Client, look: Look
) -> None:
    answer = client.get(f"/looks/{look.pk}/").json()
    assert (answer["id"], answer["share_url"]) == (str(look.pk), None)
