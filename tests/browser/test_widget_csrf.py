"""Where the widget finds Django's token for whom a cookie knows, however the shop keeps it."""

import re

import pytest
from django.test import Client
from playwright.sync_api import Page
from pytest_django import Settings

from outfits.models import Look
from tests.browser.conftest import Shop, sign_in
from tests.browser.reading import card

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.browser.shop_pages"),
]
REMOVE = "document.querySelector('complete-the-look').removeAttribute('csrf')"
NAME = "document.querySelector('complete-the-look').setAttribute('csrf-cookie', 'shop_csrf')"


def say_something(page: Page, url: str, change: str = "") -> int:
    """Open the page, change it, press a thumb: the status that the API answers with."""
    page.goto(url)
    card(page, "shoes").scroll_into_view_if_needed()
    page.evaluate(change)
    with page.expect_response(re.compile("/feedback/")) as answer:
        page.get_by_role("button", name="I like this look").click()
    return answer.value.status


def test_a_cookie_of_another_name_is_found_by_the_name_that_the_page_says(
    page: Page, shop: Shop, look: Look, client: Client, settings: Settings
) -> None:
    settings.CSRF_COOKIE_NAME = "shop_csrf"
    sign_in(page, shop, client, csrf_cookie="shop_csrf")
    other = {"name": "csrftoken", "value": "b" * 32, "url": shop.url}
    page.context.add_cookies([other])  # type: ignore[list-item]
    assert say_something(page, shop.coat_url, NAME) == 201


@pytest.mark.parametrize("kept", ["CSRF_USE_SESSIONS", "CSRF_COOKIE_HTTPONLY"])
def test_a_token_that_scripts_cannot_read_comes_with_the_template_tag(
    page: Page, shop: Shop, look: Look, client: Client, settings: Settings, kept: str
) -> None:
    setattr(settings, kept, True)
    sign_in(page, shop, client, csrf_cookie="")
    assert say_something(page, f"{shop.url}/tagged/{shop.coat.sku}/") == 201


@pytest.mark.parametrize(("form", "status"), [("?form=1", 201), ("", 403)])
def test_without_the_attribute_a_form_on_the_page_has_it(
    page: Page,
    shop: Shop,
    look: Look,
    client: Client,
    settings: Settings,
    form: str,
    status: int,
) -> None:
    settings.CSRF_USE_SESSIONS = True
    sign_in(page, shop, client, csrf_cookie="")
    assert say_something(page, f"{shop.url}/tagged/{shop.coat.sku}/{form}", REMOVE) == status
