"""The widget for everyone: axe-core, the keyboard alone, other directions, little motion, words."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import fake_looks
from tests.browser.fake_api import Answer, FakeApi
from tests.browser.reading import DISLIKE, card, heard, open_shop, title, violations

pytestmark = pytest.mark.browser
FEEDBACK = re.compile("/feedback/")


def with_photos(api: FakeApi) -> None:
    api.routes["OPTIONS photos/"] = lambda _: Answer(200)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_axe_finds_nothing_wrong_with_the_look(
    screen: Page, api: FakeApi, scheme: Any, direction: str
) -> None:
    api.page |= {"dir": direction, "lang": "de" if direction == "ltr" else "ar"}
    with_photos(api)
    screen.emulate_media(color_scheme=scheme)
    open_shop(screen, api)
    assert violations(screen) == []
    for slot in ("top", "shoes"):
        card(screen, slot).locator(".dislike").click()
        card(screen, slot).locator(".chip").first.click()
    card(screen, "scarf").locator(".lock").click()
    screen.locator("complete-the-look footer .dislike").click()
    screen.mouse.move(0, 0)
    screen.wait_for_timeout(400)  # colours glide
    assert violations(screen) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("opener", [".swap", ".ask-why", ".photo"])
def test_axe_finds_nothing_wrong_with_the_drawers(
    screen: Page, api: FakeApi, scheme: Any, opener: str
) -> None:
    with_photos(api)
    screen.emulate_media(color_scheme=scheme)
    open_shop(screen, api)
    screen.locator(f"complete-the-look {opener}").first.click()
    expect(screen.get_by_role("dialog")).to_be_visible()
    screen.wait_for_timeout(500)  # it glides in
    assert violations(screen) == []


def test_axe_finds_nothing_wrong_while_loading_nor_where_nothing_came(
    page: Page, api: FakeApi
) -> None:
    api.page["above"] = 4000
    page.goto(api.url)
    expect(page.locator("complete-the-look section")).to_have_attribute("aria-busy", "true")
    assert violations(page) == []
    api.answer("GET looks/", Answer(500))
    page.locator("complete-the-look").scroll_into_view_if_needed()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    assert violations(page) == []


def test_every_action_is_reached_with_tab_in_reading_order(screen: Page, api: FakeApi) -> None:
    with_photos(api)
    open_shop(screen, api)
    names = []
    for _ in range(46):
        screen.keyboard.press("Tab")
        names.append(
            screen.evaluate(
                "(() => { const e = document.activeElement.shadowRoot?.activeElement;"
                " return e?.getAttribute('aria-label') ?? e?.textContent.trim() ?? '' })()"
            )
        )
    assert names[2:5] == ["From my own photo", "Previous look", "Next look"]
    top = names[5:12]
    assert top == [
        "Add Lace-Trim Camisole to the bag",
        "Lace-Trim Camisole",
        "Keep Lace-Trim Camisole",
        "Swap top",
        "Why this? Lace-Trim Camisole",
        "I like Lace-Trim Camisole",
        f"{DISLIKE} Lace-Trim Camisole",
    ]
    foot = ["Add all 5", "I like this look", f"{DISLIKE} this look", "Save", "Share"]
    assert [name for name in names if name in foot] == foot


def test_the_new_actions_work_with_the_keyboard_alone(screen: Page, api: FakeApi) -> None:
    open_shop(screen, api)
    press = screen.keyboard.press
    shoes = card(screen, "shoes")
    shoes.get_by_role("button", name="Keep").focus()
    press("Space")
    press("Tab")
    expect(shoes.get_by_role("button", name="Restyle the rest")).to_be_focused()
    press("Enter")
    expect(title(screen, "top")).to_have_text("Cable-Knit Wool Jumper")
    expect(shoes.get_by_role("button", name="Restyle the rest")).to_be_focused()

    press("Tab")
    press("Enter")
    dialog = screen.get_by_role("dialog", name="Why this? Lace-Up Hiking Boots")
    expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    press("Escape")
    expect(shoes.get_by_role("button", name="Why this?")).to_be_focused()

    for _ in range(2):
        press("Tab")
    press("Enter")
    press("Tab")
    with screen.expect_response(FEEDBACK):
        press("Space")
    expect(shoes.get_by_role("button", name="Colour")).to_have_attribute("aria-pressed", "true")

    screen.get_by_role("button", name="Add all 5").focus()
    press("Enter")
    assert len(heard(screen, "add-to-cart")[0]["skus"]) == 5
    occasion = screen.get_by_label("Occasion")
    occasion.focus()
    with screen.expect_response(re.compile("occasion=party")):
        screen.keyboard.type("Par")
    expect(occasion).to_be_focused()


def test_what_happens_is_said_to_who_cannot_see_it(page: Page, api: FakeApi) -> None:
    open_shop(page, api)
    said = page.locator("complete-the-look .aside")
    expect(said).to_have_attribute("role", "status")
    card(page, "top").get_by_role("button", name="Keep").click()
    expect(said).to_have_text("Lace-Trim Camisole stays. The rest can be restyled.")
    page.get_by_role("button", name="Save").click()
    expect(said).to_have_text("This look is saved.")


def test_in_a_page_from_right_to_left_everything_is_mirrored(screen: Page, api: FakeApi) -> None:
    api.page["dir"] = "rtl"
    open_shop(screen, api)
    top, bottom = (card(screen, slot).bounding_box() for slot in ("top", "bottom"))
    assert top is not None
    assert bottom is not None
    assert top["x"] > bottom["x"]
    arrows = {
        name: screen.get_by_role("button", name=f"{name} look").bounding_box()
        for name in ("Previous", "Next")
    }
    assert arrows["Previous"]["x"] > arrows["Next"]["x"]  # type: ignore[index]
    turned = "node => getComputedStyle(node.querySelector('svg')).transform"
    assert screen.locator(".next").evaluate(turned) == "matrix(-1, 0, 0, 1, 0, 0)"
    screen.locator("complete-the-look .ask-why").first.click()
    expect(screen.get_by_text("Without: Colour")).to_be_visible()
    weighty = screen.locator("complete-the-look .for").first
    middle = screen.locator("complete-the-look .axis").first.evaluate(
        "axis => (axis.getBoundingClientRect().left + axis.getBoundingClientRect().right) / 2"
    )
    assert weighty.evaluate("bar => bar.getBoundingClientRect().right") <= middle + 1
    width = screen.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1]


def test_nothing_moves_for_who_wants_little_motion(screen: Page, api: FakeApi) -> None:
    screen.emulate_media(reduced_motion="reduce")
    open_shop(screen, api)
    screen.get_by_role("button", name="Next look").click()
    expect(title(screen, "top")).to_have_text("Cable-Knit Wool Jumper")
    card(screen, "top").get_by_role("button", name="Swap").click()
    running = "document.querySelector('complete-the-look').shadowRoot.getAnimations().length"
    assert screen.evaluate(running) == 0


def test_a_german_page_has_german_words_and_prices(screen: Page, api: FakeApi) -> None:
    api.page["lang"] = "de-AT"
    open_shop(screen, api)
    expect(screen.get_by_role("heading", name="Dazu passt")).to_be_visible()
    expect(screen.get_by_role("button", name="Alle 5 in den Warenkorb")).to_be_visible()
    expect(screen.locator("complete-the-look footer")).to_contain_text(re.compile(r"€\s?647,00"))
    asked = api.asked_for("GET", "looks/")[0]
    assert asked.query["lang"] == ["de-AT"]
    assert asked.headers["Accept-Language"] == "de-AT"


@pytest.mark.parametrize("language", ["en_US", "nonsense", "", "日本"])
def test_a_language_that_is_written_wrong_costs_nobody_the_look(
    page: Page, api: FakeApi, language: str
) -> None:
    api.page["lang"] = language
    open_shop(page, api)
    expect(page.locator("complete-the-look footer")).to_contain_text("€647.00")
    card(page, "shoes").get_by_role("button", name="Why this?").click()
    expect(page.get_by_text("Without: Colour")).to_be_visible()


def test_both_languages_have_every_word(page: Page, api: FakeApi) -> None:
    page.goto(api.url)
    missing = page.evaluate(
        """async () => {
          const { words } = await import('/widget/look/words.js');
          const [en, de] = [words('en'), words('de')];
          return Object.keys(en).filter((key) => typeof en[key] !== typeof de[key]
            || Object.keys(en[key]).join() !== Object.keys(de[key]).join() && key === 'reasons');
        }"""
    )
    assert missing == []


def test_a_shop_may_say_it_in_its_own_words(page: Page, api: FakeApi) -> None:
    page.goto(api.url)
    page.evaluate(
        """async () => {
          const { CompleteTheLook } = await import('/complete-the-look.js');
          CompleteTheLook.text = { heading: 'Wear it with', swap: 'Change' };
          document.querySelector('complete-the-look').refresh();
        }"""
    )
    expect(page.get_by_role("heading", name="Wear it with")).to_be_visible()
    expect(card(page, "top").get_by_role("button", name="Swap top")).to_have_text("Change")


def test_a_page_without_colour_scheme_or_with_its_own_colours_is_followed(
    screen: Page, api: FakeApi
) -> None:
    open_shop(screen, api)
    screen.add_style_tag(
        content="complete-the-look { --ctl-ink: rgb(0, 0, 128); --ctl-radius: 12px }"
        " complete-the-look::part(total) { color: rgb(128, 0, 0) }"
    )
    style = "node => [getComputedStyle(node).color, getComputedStyle(node).borderRadius]"
    assert title(screen, "top").evaluate(style)[0] == "rgb(0, 0, 128)"
    assert screen.locator("complete-the-look .sum b").evaluate(style)[0] == "rgb(128, 0, 0)"
    assert card(screen, "top").locator(".tile").evaluate(style)[1] == "12px"


def test_enlarged_text_is_not_cut_off_sideways(page: Page, api: FakeApi) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    api.answer("GET looks/", Answer(body=fake_looks.look()))
    open_shop(page, api)
    width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1]
