"""The widget by the keyboard alone, on a computer's screen and a phone's; pictures and prices."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import fake_looks
from tests.browser.fake_api import Answer, FakeApi
from tests.browser.reading import DISLIKE, aside, card, heard, open_shop, title

pytestmark = pytest.mark.browser
FEEDBACK = "looks/[^/]+/feedback/"
REASONS = {
    "Colour": "colour",
    "Style": "style",
    "Occasion": "occasion",
    "Fit": "fit",
    "Price": "price",
    "Already have it": "owned",
    "Too similar": "similar",
}


def test_alternatives_lie_in_a_drawer_at_the_edge_the_best_first(
    screen: Page, api: FakeApi
) -> None:
    open_shop(screen, api)
    card(screen, "shoes").get_by_role("button", name="Swap shoes").press("Enter")
    drawer = screen.get_by_role("dialog", name="Another choice: shoes")
    offered = [fake_looks.product(sku)["title"] for sku in fake_looks.LOOKS[0]["shoes"][1:]]
    expect(drawer.locator("strong")).to_have_text(offered)
    screen.wait_for_timeout(400)  # it glides in
    box, size = drawer.bounding_box(), screen.viewport_size
    assert box is not None
    assert size is not None
    assert box["x"] + box["width"] == pytest.approx(size["width"], abs=1)
    assert box["y"] + box["height"] == pytest.approx(size["height"], abs=1)


def test_a_piece_is_swapped_and_put_back(screen: Page, api: FakeApi) -> None:
    open_shop(screen, api)
    press = screen.keyboard.press
    card(screen, "shoes").get_by_role("button", name="Swap shoes").focus()
    press("Enter")
    expect(screen.get_by_role("button", name="Pointed Leather Pumps")).to_be_focused()
    press("Enter")
    expect(title(screen, "shoes")).to_have_text("Pointed Leather Pumps")
    expect(card(screen, "shoes").get_by_role("button", name="Undo")).to_be_focused()
    press("Enter")
    expect(title(screen, "shoes")).to_have_text("Lace-Up Hiking Boots")
    expect(card(screen, "shoes").get_by_role("button", name="Swap shoes")).to_be_focused()


def test_every_reason_can_be_given(screen: Page, api: FakeApi) -> None:
    open_shop(screen, api)
    press = screen.keyboard.press
    shoes = card(screen, "shoes")
    shoes.get_by_role("button", name=DISLIKE).focus()
    press("Enter")
    for reason in REASONS:
        press("Tab")
        chip = shoes.get_by_role("button", name=reason, exact=True)
        expect(chip).to_be_focused()
        press("Space")
        expect(chip).to_have_attribute("aria-pressed", "true")
    screen.wait_for_function("window.heard.filter(([name]) => name === 'feedback').length === 8")
    said = api.asked_for("POST", FEEDBACK)[-1].body
    assert (said["kind"], said["reasons"]) == ("dislike", list(REASONS.values()))


def test_an_occasion_and_a_budget_are_chosen(screen: Page, api: FakeApi) -> None:
    open_shop(screen, api)
    screen.get_by_label("Occasion").focus()
    with screen.expect_response(re.compile("occasion=work")):
        screen.keyboard.type("Wo")
    screen.keyboard.press("Tab")
    expect(screen.get_by_label("Budget for the rest")).to_be_focused()
    screen.keyboard.type("250")
    with screen.expect_response(re.compile("occasion=work.*budget=250|budget=250.*occasion=work")):
        screen.keyboard.press("Enter")
    expect(screen.get_by_label("Budget for the rest")).to_have_value("250")


def test_a_look_is_saved_and_shared(screen: Page, api: FakeApi) -> None:
    screen.add_init_script("navigator.share = async (what) => { window.shared = what }")
    open_shop(screen, api)
    save = screen.get_by_role("button", name="Save")
    save.focus()
    screen.keyboard.press("Space")
    expect(aside(screen)).to_have_text("This look is saved.")
    expect(save).to_have_attribute("aria-pressed", "true")
    screen.keyboard.press("Tab")
    expect(screen.get_by_role("button", name="Share")).to_be_focused()
    screen.keyboard.press("Enter")
    screen.wait_for_function("window.shared")
    assert heard(screen, "share")[0]["url"] == screen.evaluate("window.shared.url")


def test_another_look_and_a_photo_are_asked_for(screen: Page, api: FakeApi) -> None:
    api.routes["OPTIONS photos/"] = lambda _: Answer(200)
    open_shop(screen, api)
    following = screen.get_by_role("button", name="Next look")
    following.focus()
    screen.keyboard.press("Enter")
    expect(screen.get_by_text("Look 2 of 3")).to_be_visible()
    expect(following).to_be_focused()
    photo = screen.get_by_role("button", name="From my own photo")
    photo.focus()
    screen.keyboard.press("Enter")
    expect(screen.get_by_role("dialog", name="From my own photo")).to_be_visible()
    screen.keyboard.press("Escape")
    expect(photo).to_be_focused()


def test_a_piece_is_put_into_the_bag_and_opened(screen: Page, api: FakeApi) -> None:
    open_shop(screen, api)
    card(screen, "top").get_by_role("button", name="Add Lace-Trim Camisole to the bag").focus()
    screen.keyboard.press("Enter")
    assert heard(screen, "add-to-cart")[0]["skus"] == ["TOP-103"]
    screen.keyboard.press("Tab")
    expect(title(screen, "top")).to_be_focused()
    screen.keyboard.press("Enter")
    screen.wait_for_url("**/shop/TOP-103/")


def test_pictures_come_in_sizes_with_their_words_and_only_when_near(
    screen: Page, api: FakeApi
) -> None:
    look = fake_looks.look()
    sources = [{"url": f"/pictures/TOP-103.png?{width}", "width": width} for width in (320, 600)]
    look["items"][0]["product"]["image"]["sources"] = sources
    api.answer("GET looks/", Answer(body=look))
    open_shop(screen, api)
    picture = card(screen, "top").locator("img")
    expect(picture).to_have_attribute("alt", look["items"][0]["product"]["image"]["alt"])
    expect(picture).to_have_attribute("loading", "lazy")
    expect(picture).to_have_attribute("sizes", re.compile("^auto, "))
    srcset = ", ".join(f"{api.url}{source['url']} {source['width']}w" for source in sources)
    expect(picture).to_have_attribute("srcset", srcset)
    assert [picture.get_attribute(side) for side in ("width", "height")] == ["600", "600"]


@pytest.mark.parametrize(
    ("language", "currency", "written"),
    [
        ("en-GB", "GBP", "£49.00"),
        ("en", "JPY", "¥49"),
        ("de", "USD", "49,00\N{NO-BREAK SPACE}$"),
        ("de-CH", "CHF", "CHF\N{NO-BREAK SPACE}49.00"),
    ],
)
def test_prices_are_written_as_language_and_currency_have_it(
    screen: Page, api: FakeApi, language: str, currency: str, written: str
) -> None:
    look = fake_looks.look()
    look["items"][0]["product"]["price"] = {"amount": 49.0, "currency": currency}
    api.answer("GET looks/", Answer(body=look))
    api.page["lang"] = language
    open_shop(screen, api)
    expect(card(screen, "top").locator(".price")).to_have_text(written)
