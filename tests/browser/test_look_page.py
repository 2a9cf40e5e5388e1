"""The page of a shared look in a real browser, without JavaScript."""

import os
from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from catalog.models import Product
from outfits.models import Look
from tests.browser.conftest import ARTIFACTS, Shop
from tests.browser.reading import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=[(1280, 900), (360, 740)], ids=["desktop", "phone"])
def plain_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of a browser that runs no scripts."""
    width, height = request.param
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": width, "height": height}
    )
    yield context.new_page()
    context.close()


def test_a_shared_look_is_whole_without_javascript(
    shop: Shop, look: Look, plain_page: Page, request: pytest.FixtureRequest
) -> None:
    sold_out = look.items.first()
    assert sold_out is not None
    Product.objects.filter(slot=sold_out.slot).update(stock=0)
    plain_page.goto(f"{shop.url}/looks/{look.pk}/")
    expect(plain_page.get_by_role("heading", level=1)).to_have_text(shop.coat.title)
    pieces = plain_page.locator(".ctl-piece")
    expect(pieces).to_have_count(1 + look.items.count())
    expect(pieces.filter(has_text="Sold out")).to_have_count(1)
    assert plain_page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if "ENSEMBLE_SCREENSHOTS" in os.environ:
        name = f"look-page-{request.node.callspec.id}.png"
        plain_page.screenshot(path=ARTIFACTS / name, full_page=True)


def test_every_piece_of_it_can_be_reached_by_keyboard(
    shop: Shop, look: Look, plain_page: Page
) -> None:
    plain_page.goto(f"{shop.url}/looks/{look.pk}/")
    links = plain_page.locator(".ctl-look a")
    expect(links).to_have_count(2 + look.items.count())
    links.last.focus()
    expect(links.last).to_be_focused()
    expect(links.last).to_have_attribute("href", f"/shop/{shop.coat.sku}/")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_with_it(
    shop: Shop, look: Look, screen: Page, scheme: Literal["light", "dark"]
) -> None:
    sold_out = look.items.first()
    assert sold_out is not None
    Product.objects.filter(pk=sold_out.product_id).update(stock=0)
    screen.emulate_media(color_scheme=scheme)
    screen.goto(f"{shop.url}/looks/{look.pk}/")
    expect(screen.get_by_text("1 piece has sold out since")).to_be_visible()
    assert violations(screen) == []
    assert screen.evaluate("document.documentElement.scrollWidth <= innerWidth")
