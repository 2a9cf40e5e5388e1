"""Looks that only the browser tab keeps are listed on the shopper's page, in real Chromium."""

import json
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Locator, Page, expect

from outfits.models import Look, SavedLook
from tests.browser.conftest import Shop, sign_in
from tests.browser.test_complete_the_look import open_coat, swap
from tests.browser.test_kept_looks import read_page, shown

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KEY = "ensemble-looks"


def save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This look is saved.")).to_be_visible()


def open_with(page: Page, shop: Shop, kept: Any) -> Locator:
    """Open the shopper's page in a tab that keeps ``kept``; the section that lists it."""
    text = kept if isinstance(kept, str) else json.dumps(kept)
    page.goto(f"{shop.url}/healthz/")
    page.evaluate("([key, text]) => sessionStorage.setItem(key, text)", [KEY, text])
    page.goto(f"{shop.url}/my-style/")
    section = page.get_by_role("region", name="Looks kept in this tab")
    expect(section).to_be_visible()
    return section


@pytest.mark.parametrize("known", [False, True], ids=["stranger", "not consenting"])
def test_what_a_tab_keeps_is_listed_and_opens_as_it_was_shown(
    screen: Page, shop: Shop, look: Look, client: Client, known: bool
) -> None:
    if known:
        sign_in(screen, shop, client)
    open_coat(screen, shop)
    swap(screen, "shoes", "Ballet Flats")
    seen = shown(screen)
    save(screen)
    assert not SavedLook.objects.exists()
    screen.goto(f"{shop.url}/my-style/")
    section = screen.get_by_role("region", name="Looks kept in this tab")
    expect(section).to_contain_text(", ".join(seen))
    section.get_by_role("link", name=shop.coat.title).click()
    expect(screen.get_by_role("heading", level=1)).to_have_text(shop.coat.title)
    assert read_page(screen) == seen


def test_what_a_tab_keeps_is_let_go_by_keyboard(page: Page, shop: Shop, look: Look) -> None:
    section = open_with(
        page, shop, [{"look": str(look.pk), "product": "OUT-1", "pieces": []}, {"look": "x"}]
    )
    name = f"Remove the look around {shop.coat.title}"
    section.get_by_role("button", name=name).press("Enter")
    expect(section.get_by_role("button")).to_be_focused()
    page.keyboard.press("Enter")
    expect(section.get_by_role("heading")).to_be_focused()
    expect(section).to_contain_text("None yet. Save a look where you see one.")
    assert page.evaluate("key => sessionStorage.getItem(key)", KEY) == "[]"


@pytest.mark.parametrize("kept", [[], "{}", "null", "no JSON", [None, 1, {"look": 2}]])
def test_a_tab_that_keeps_nothing_says_so(page: Page, shop: Shop, kept: Any) -> None:
    section = open_with(page, shop, kept)
    expect(section).to_contain_text("None yet. Save a look where you see one.")
    expect(section.get_by_role("listitem")).to_have_count(0)


def test_what_somebody_else_wrote_there_is_text_and_no_script(page: Page, shop: Shop) -> None:
    evil = {"look": "../x", "product": "<img src=x onerror=alert(1)>", "pieces": "<b>"}
    section = open_with(page, shop, [{**evil, "url": "javascript:alert(1)"}])
    expect(section.get_by_text(evil["product"])).to_be_visible()
    assert section.locator("a[href]").count() == 0
    assert section.locator("img, b").count() == 0
