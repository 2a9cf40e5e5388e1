"""A look that is shared or saved, and opened again, in real Chromium against the real API."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page, expect

from catalog.models import Product
from outfits.models import Look, SavedLook
from outfits.shoppers.identity import USER_PREFIX
from tests.browser.conftest import Shop, sign_in
from tests.browser.test_complete_the_look import card, open_coat, swap
from tests.shoppers import make_shopper

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SLOTS = ("top", "shoes")


def shown(page: Page) -> list[str]:
    """The titles of the pieces in the widget."""
    return [card(page, slot).get_by_role("link").inner_text() for slot in SLOTS]


def read_page(page: Page) -> list[str]:
    """The titles of the pieces on a look's own page, its anchor left out."""
    return page.locator(".ctl-name").all_inner_texts()[1:]


def share(page: Page) -> str:
    """The address that the widget hands out."""
    page.evaluate("() => { navigator.share = async ({ url }) => { window.shared = url } }")
    page.get_by_role("button", name="Share").click()
    page.wait_for_function("window.shared")
    url: str = page.evaluate("window.shared")
    return url


def test_a_friend_sees_the_pieces_that_the_shopper_put_there(
    page: Page, shop: Shop, look: Look
) -> None:
    open_coat(page, shop)
    before = shown(page)
    swap(page, "shoes", "Ballet Flats")
    seen = shown(page)
    assert seen != before
    friend = page.context.new_page()
    friend.goto(share(page))
    assert read_page(friend) == seen


def test_a_friend_sees_what_stood_in_for_a_sold_out_piece(
    page: Page, shop: Shop, look: Look
) -> None:
    Product.objects.filter(title="Court Sneakers").update(stock=0)
    open_coat(page, shop)
    seen = shown(page)
    assert "Court Sneakers" not in seen
    friend = page.context.new_page()
    friend.goto(share(page))
    assert read_page(friend) == seen
    expect(friend.get_by_text("sold out since")).to_have_count(0)


def test_a_shared_piece_that_has_sold_out_since_has_a_stand_in_and_the_page_says_so(
    page: Page, shop: Shop, look: Look
) -> None:
    open_coat(page, shop)
    swap(page, "shoes", "Ballet Flats")
    url = share(page)
    Product.objects.filter(title="Ballet Flats").update(stock=0)
    friend = page.context.new_page()
    friend.goto(url)
    assert read_page(friend) == ["Roll-Neck", "Court Sneakers"]
    expect(friend.get_by_text("1 piece has sold out since")).to_be_visible()


@pytest.fixture
def user(page: Page, shop: Shop, client: Client) -> User:
    """Somebody who is signed in and agreed to be remembered."""
    user = sign_in(page, shop, client)
    make_shopper(f"{USER_PREFIX}{user.pk}")
    return user


def test_a_saved_look_is_on_the_shoppers_page_as_it_was_shown(
    page: Page, shop: Shop, look: Look, user: User
) -> None:
    open_coat(page, shop)
    swap(page, "shoes", "Ballet Flats")
    seen = shown(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This look is saved.")).to_be_visible()
    page.goto(f"{shop.url}/my-style/")
    pictures = page.locator(".es-strip img").evaluate_all("all => all.map((image) => image.alt)")
    assert pictures == [shop.coat.title, *seen]
    page.locator(".es-looks").get_by_role("link", name=shop.coat.title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(shop.coat.title)
    assert read_page(page) == seen


def test_a_swap_after_saving_is_saved_by_saving_again(
    page: Page, shop: Shop, look: Look, user: User
) -> None:
    open_coat(page, shop)
    save = page.get_by_role("button", name="Save")
    save.click()
    expect(save).to_have_attribute("aria-pressed", "true")
    swap(page, "shoes", "Ballet Flats")
    expect(save).to_have_attribute("aria-pressed", "false")
    save.click()
    expect(save).to_have_attribute("aria-pressed", "true")
    assert SavedLook.objects.get().pieces == ["TOP-3", "SHO-1"]
