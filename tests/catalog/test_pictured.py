"""Main pictures and what was seen in them are read together."""

import pytest
from pytest_django import DjangoAssertNumQueries

from catalog.models import PERSON, Product
from catalog.pictured import read_main_images
from catalog.selectors import captions_for
from tests.factories import make_caption, make_image, make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def products() -> list[Product]:
    """Three products: two with two pictures and a caption, the last without any."""
    made = [make_product(embedded=False) for _ in range(3)]
    for product in made[:2]:
        make_image(product, position=1)
        make_caption(make_image(product), "a-captioner", sentence=f"A picture of {product.sku}.")
    return made


def test_pictures_and_captions_of_many_products_take_one_statement(
    products: list[Product], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        read_main_images(products)
        captions = captions_for(products)
    assert {pk: caption.sentence for pk, caption in captions.items()} == {
        product.pk: f"A picture of {product.sku}." for product in products[:2]
    }
    assert [p.main_image and p.main_image.position for p in products] == [0, 0, None]


def test_what_is_read_of_a_picture_is_what_a_page_shows(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    product = make_product(embedded=False)
    image = make_image(product, small="products/small.webp")
    read_main_images([product])
    with django_assert_num_queries(0):
        assert product.main_image == image
        assert product.main_image.sources == image.sources


def test_of_several_captions_the_one_that_serves_is_given() -> None:
    product = make_product(embedded=False)
    image = make_image(product)
    for captioner_id in (PERSON, "another-captioner", "older"):
        make_caption(image, captioner_id)
    read_main_images([product])
    assert captions_for([product])[product.pk].captioner_id == PERSON


def test_the_same_product_twice_has_its_picture_twice() -> None:
    product = make_product(embedded=False)
    image, again = make_image(product), Product.objects.get(pk=product.pk)
    read_main_images([product, again])
    assert product.main_image == again.main_image == image
