"""A stored look that is forgotten while a page shows it, and what keeps it from that."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import fake_looks
from tests.browser.fake_api import Answer, FakeApi
from tests.browser.reading import aside, card, open_shop, title

pytestmark = pytest.mark.browser
OLD, NEW = (fake_looks.LOOK_ID.format(number) for number in (1, 2))
GONE = Answer(404, {"detail": "There is no such look (any more). Load the look again and repeat."})


def forget(api: FakeApi) -> None:
    """Have the look that is shown forgotten: whoever asks gets another one."""
    api.answer(f"(GET|POST) looks/{OLD}/.*", GONE)
    api.answer("GET looks/", Answer(body=fake_looks.look(2)))


def test_a_thumb_on_a_forgotten_look_has_another_one_shown_that_takes_it(
    page: Page, api: FakeApi
) -> None:
    open_shop(page, api)
    shown = title(page, "shoes").inner_text()
    forget(api)
    thumb = card(page, "shoes").get_by_role("button", name="I like")
    thumb.click()
    expect(title(page, "shoes")).not_to_have_text(shown)
    expect(thumb).to_have_attribute("aria-pressed", "false")
    thumb.click()
    expect(aside(page)).to_have_text("Thank you.")
    assert [asked.path for asked in api.asked_for("POST", "looks/.*")] == [
        f"looks/{OLD}/feedback/",
        f"looks/{NEW}/feedback/",
    ]


def test_a_swap_on_a_forgotten_look_has_another_one_asked_for(page: Page, api: FakeApi) -> None:
    open_shop(page, api)
    forget(api)
    with page.expect_response(re.compile(r"/looks/\?")):
        card(page, "shoes").get_by_role("button", name="Swap").click()
        page.locator("complete-the-look dialog").get_by_role("listitem").first.click()
    expect(card(page, "shoes")).to_be_visible()


def test_why_of_a_forgotten_look_says_what_is_known_until_it_is_closed(
    page: Page, api: FakeApi
) -> None:
    open_shop(page, api)
    shown = title(page, "shoes").inner_text()
    forget(api)
    with page.expect_response(re.compile(r"/looks/\?")):
        card(page, "shoes").get_by_role("button", name="Why this?").click()
    panel = page.locator("complete-the-look dialog")
    expect(panel.locator(".sentence")).to_be_visible()
    expect(title(page, "shoes")).to_have_text(shown)
    page.keyboard.press("Escape")
    expect(title(page, "shoes")).not_to_have_text(shown)


def test_a_product_that_there_is_not_is_not_asked_for_again(page: Page, api: FakeApi) -> None:
    api.answer("GET looks/", GONE)
    page.goto(api.url)
    page.locator("complete-the-look").scroll_into_view_if_needed()
    expect(page.locator("complete-the-look .note p")).to_have_text(
        "Nothing in the shop completes this yet."
    )
    assert len(api.asked_for("GET", "looks/")) == 1


def test_a_shared_look_is_kept(page: Page, api: FakeApi) -> None:
    page.add_init_script("navigator.share = async () => {}")
    open_shop(page, api)
    with page.expect_response(re.compile("/keep/")):
        page.get_by_role("button", name="Share").click()
    assert api.asked_for("POST", f"looks/{OLD}/keep/")


def test_a_look_that_the_tab_alone_remembers_is_kept(page: Page, api: FakeApi) -> None:
    api.answer("POST shopper/looks/", Answer(401))
    open_shop(page, api)
    page.get_by_role("button", name="Save").click()
    expect(aside(page)).to_have_text("This look is saved.")
    assert api.asked_for("POST", f"looks/{OLD}/keep/")


def test_a_forgotten_look_is_not_called_saved(page: Page, api: FakeApi) -> None:
    api.answer("POST shopper/looks/", Answer(401))
    open_shop(page, api)
    forget(api)
    with page.expect_response(re.compile(r"/looks/\?")):
        page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Save")).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("sessionStorage.getItem('ensemble-looks')") is None
