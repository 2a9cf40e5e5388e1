"""The widget on pages in other languages than English, in real Chromium."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from catalog.captioning import get_captioner
from outfits.models import Look
from tests.browser.conftest import Shop
from tests.factories import make_caption

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = re.compile(r"/api/v1/looks/\?")


@pytest.fixture
def captioned(shop: Shop, look: Look) -> Shop:
    """The shop, whose chosen top has a caption."""
    image = look.items.get(slot="top").product.main_image
    assert image is not None
    fields = {"colour": "Black", "style": "Casual", "article_type": "Sweaters"}
    captioner_id = get_captioner().captioner_id
    make_caption(image, captioner_id, sentence="A casual black sweater.", **fields)
    return shop


def open_in(page: Page, shop: Shop, language: str) -> None:
    """Open the coat's page as a shop in ``language`` would have written it."""

    def translate(route: Route) -> None:
        response = route.fetch()
        html = response.text().replace('<html lang="en">', f'<html lang="{language}">')
        route.fulfill(response=response, body=html)

    page.route(shop.coat_url, translate)
    with page.expect_response(LOOKS) as answer:
        page.goto(shop.coat_url)
    assert answer.value.headers["content-language"] == language


@pytest.mark.parametrize(
    ("language", "alt"),
    [("de", "Schwarzer Pullover, lässig"), ("en", "A casual black sweater.")],
)
def test_pictures_are_described_in_the_language_of_the_page(
    page: Page, captioned: Shop, language: str, alt: str
) -> None:
    open_in(page, captioned, language)
    picture = page.locator("complete-the-look li[data-slot=top] img")
    expect(picture).to_have_attribute("alt", alt)


def test_the_widgets_own_lang_attribute_counts_for_more_and_may_change(
    page: Page, captioned: Shop
) -> None:
    open_in(page, captioned, "en")
    picture = page.locator("complete-the-look li[data-slot=top] img")
    expect(picture).to_have_attribute("alt", "A casual black sweater.")
    page.locator("complete-the-look").evaluate("widget => { widget.lang = 'de' }")
    expect(picture).to_have_attribute("alt", "Schwarzer Pullover, lässig")
