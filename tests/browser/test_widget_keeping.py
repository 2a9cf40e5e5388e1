"""Saving and sharing a look in the widget: what is kept is what is shown."""

import json
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.browser import fake_looks
from tests.browser.fake_api import Answer, FakeApi
from tests.browser.reading import aside, card, heard, open_shop

pytestmark = pytest.mark.browser
LOOK = fake_looks.LOOK_ID.format(1)
#: What the look shows, and one of its tops that can be swapped in.
SHOWN = ["TOP-103", "BOT-202", "SHO-544", "SCA-714"]
OTHER_TOP = "TOP-105"
SWAPPED = [OTHER_TOP, *SHOWN[1:]]


def address(api: FakeApi, pieces: list[str]) -> str:
    """Where the look's page shows these pieces."""
    return f"{api.url}/looks/{LOOK}/?{urlencode([('piece', sku) for sku in pieces])}"


def swap_top(page: Page) -> None:
    card(page, "top").get_by_role("button", name="Swap").click()
    name = fake_looks.product(OTHER_TOP)["title"]
    page.get_by_role("dialog").get_by_role("button", name=name).click()


def test_a_saved_look_is_remembered_in_the_tab_until_it_is_let_go(
    screen: Page, api: FakeApi
) -> None:
    open_shop(screen, api)
    screen.get_by_role("button", name="Save").click()
    expect(aside(screen)).to_have_text("This look is saved.")
    screen.reload()
    save = screen.get_by_role("button", name="Save")
    expect(save).to_have_attribute("aria-pressed", "true")
    save.click()
    expect(save).to_have_attribute("aria-pressed", "false")
    assert screen.evaluate("sessionStorage.getItem('ensemble-looks')") == "[]"


def test_what_is_saved_is_what_is_shown(page: Page, api: FakeApi) -> None:
    api.routes["POST shopper/looks/"] = lambda _: Answer(201)
    open_shop(page, api)
    save = page.get_by_role("button", name="Save")
    save.click()
    expect(save).to_have_attribute("aria-pressed", "true")
    swap_top(page)
    expect(save).to_have_attribute("aria-pressed", "false")
    save.click()
    expect(save).to_have_attribute("aria-pressed", "true")
    sent = [asked.body["pieces"] for asked in api.asked_for("POST", "shopper/looks/")]
    assert sent == [SHOWN, SWAPPED]
    [kept] = json.loads(page.evaluate("sessionStorage.getItem('ensemble-looks')"))
    assert kept["pieces"] == SWAPPED
    assert kept["url"] == address(api, SWAPPED)


def test_what_is_shared_is_what_is_shown(page: Page, api: FakeApi) -> None:
    page.add_init_script("navigator.share = async (what) => { window.shared = what }")
    open_shop(page, api)
    swap_top(page)
    page.get_by_role("button", name="Share").click()
    page.wait_for_function("window.shared")
    assert page.evaluate("window.shared.url") == address(api, SWAPPED)


@pytest.mark.parametrize("status", [401, 403])
def test_the_tab_alone_remembers_for_whom_the_api_does_not_know(
    page: Page, api: FakeApi, status: int
) -> None:
    api.answer("POST shopper/looks/", Answer(status))
    open_shop(page, api)
    page.get_by_role("button", name="Save").click()
    expect(aside(page)).to_have_text("This look is saved.")
    assert LOOK in page.evaluate("sessionStorage.getItem('ensemble-looks')")
    assert "Authorization" not in api.asked_for("POST", "shopper/looks/")[0].headers


def test_a_look_that_the_account_could_not_take_is_not_called_saved(
    page: Page, api: FakeApi
) -> None:
    api.answer("POST shopper/looks/", Answer(500))
    open_shop(page, api)
    save = page.get_by_role("button", name="Save")
    save.click()
    expect(aside(page)).to_have_text("That could not be saved. Please try again.")
    expect(save).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("sessionStorage.getItem('ensemble-looks')") is None


def test_the_account_remembers_too_where_the_shopper_is_known(page: Page, api: FakeApi) -> None:
    api.page["attributes"] = 'token="signed:abc" key="pk_shop"'
    api.routes["POST shopper/looks/"] = lambda _: Answer(201)
    api.routes["DELETE shopper/looks/[^/]+/"] = lambda _: Answer(204)
    open_shop(page, api)
    for words in ("This look is saved.", "Taken back."):
        page.get_by_role("button", name="Save").click()
        expect(aside(page)).to_have_text(words)
    saved, let_go = api.asked_for("POST", "shopper/looks/") + api.asked_for("DELETE", ".*")
    assert saved.body == {"look": LOOK, "pieces": SHOWN}
    assert let_go.path == f"shopper/looks/{LOOK}/"
    assert saved.headers["Authorization"] == "Ensemble signed:abc"
    assert saved.headers["X-Ensemble-Key"] == "pk_shop"


def test_a_shared_look_is_handed_to_the_device_or_copied(screen: Page, api: FakeApi) -> None:
    screen.add_init_script("navigator.share = async (what) => { window.shared = what }")
    open_shop(screen, api)
    screen.get_by_role("button", name="Share").click()
    url = address(api, SHOWN)
    assert screen.evaluate("window.shared") == {"title": "Complete the look", "url": url}
    assert heard(screen, "share") == [{"look": LOOK, "url": url}]
    screen.context.grant_permissions(["clipboard-read", "clipboard-write"])
    screen.evaluate("navigator.share = undefined")
    screen.get_by_role("button", name="Share").click()
    expect(aside(screen)).to_have_text("The link is copied.")
    assert screen.evaluate("navigator.clipboard.readText()") == url
