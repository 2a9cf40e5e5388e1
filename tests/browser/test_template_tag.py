"""``{% complete_the_look product %}`` in real Chromium: without JavaScript, and with it."""

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from outfits.models import Look
from tests.browser.conftest import DESKTOP, PHONE, Shop
from tests.browser.reading import SHIFTS, card, title, violations

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.browser.shop_pages"),
]


def tagged_url(shop: Shop) -> str:
    return f"{shop.url}/tagged/{shop.coat.sku}/"


@pytest.mark.parametrize("screen_size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_look_is_shown_and_leads_to_its_pieces_without_javascript(
    browser: Browser, shop: Shop, look: Look, screen_size: dict[str, int]
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=screen_size)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(tagged_url(shop))
    piece = page.get_by_role("link", name="Court Sneakers")
    expect(piece).to_be_visible()
    expect(piece).to_have_attribute("href", "/shop/SHO-2/")
    expect(page.get_by_text("\N{EURO SIGN}427.50")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    spare = page.locator(".ctl-place").evaluate(
        "place => place.offsetHeight - place.querySelector('.ctl-look').offsetHeight"
    )
    assert spare == 0
    context.close()


def test_the_widget_takes_its_place_and_nothing_moves(screen: Page, shop: Shop, look: Look) -> None:
    held: list[Route] = []
    screen.add_init_script(SHIFTS)
    screen.route("**/api/v1/looks/?**", lambda route: held.append(route))
    with screen.expect_request("**/api/v1/looks/?**"):
        screen.goto(tagged_url(shop))
    expect(screen.get_by_role("link", name="Court Sneakers")).to_be_visible()
    footer = screen.locator("body > footer")
    footer.scroll_into_view_if_needed()
    before = footer.bounding_box()
    held[0].continue_()
    expect(title(screen, "shoes")).to_have_text("Court Sneakers")
    expect(card(screen, "shoes").get_by_role("button", name="Swap")).to_be_visible()
    screen.wait_for_timeout(600)
    assert footer.bounding_box() == before
    assert screen.evaluate("window.shifts") == []


def test_what_the_server_wrote_stays_where_the_api_does_not_answer(
    screen: Page, shop: Shop, look: Look
) -> None:
    screen.route("**/api/v1/looks/?**", lambda route: route.abort())
    with screen.expect_event("requestfailed"):
        screen.goto(tagged_url(shop))
    screen.wait_for_timeout(200)
    expect(screen.get_by_role("link", name="Court Sneakers")).to_be_visible()
    expect(screen.get_by_text("That could not be loaded.")).to_have_count(0)


def test_axe_finds_nothing_wrong_before_and_after(screen: Page, shop: Shop, look: Look) -> None:
    held: list[Route] = []
    screen.route("**/api/v1/looks/?**", lambda route: held.append(route))
    with screen.expect_request("**/api/v1/looks/?**"):
        screen.goto(tagged_url(shop))
    assert violations(screen) == []
    held[0].continue_()
    expect(card(screen, "shoes")).to_be_visible()
    assert violations(screen) == []
