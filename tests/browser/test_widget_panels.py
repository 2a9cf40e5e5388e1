"""The panel that says why, and the form for a photo of one's own."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import fake_looks
from tests.browser.fake_api import Answer, Asked, FakeApi, draw
from tests.browser.reading import card, heard, open_shop, title

pytestmark = pytest.mark.browser
WHY = r"GET looks/[^/]+/items/\d+/why/"


def ask_why(page: Page) -> Locator:
    card(page, "shoes").get_by_role("button", name="Why this?").click()
    return page.get_by_role("dialog", name="Why this? Lace-Up Hiking Boots")


def test_why_shows_signed_bars_what_was_measured_and_which_data_was_used(
    screen: Page, api: FakeApi
) -> None:
    open_shop(screen, api)
    panel = ask_why(screen)
    rows = panel.get_by_role("listitem")
    expect(rows.filter(has_text="Warm enough for 8 °C")).to_contain_text("+0.45")
    expect(rows.filter(has_text="It costs more than most")).to_contain_text("-0.35")
    expect(rows.filter(has_text="Without: Colour")).to_contain_text("-0.34")
    expect(panel).to_contain_text("Chosen by ensemble-1 · Fairly sure")
    expect(panel).to_contain_text("The weather in Berlin")
    expect(panel).to_contain_text("Your purchases")
    expect(panel.locator(".for")).to_have_count(3)
    length = "bar => bar.getBoundingClientRect().width"
    strong, weak = (panel.locator(".for").nth(i).evaluate(length) for i in (0, 1))
    assert strong > weak > 0
    assert heard(screen, "why")[0]["product"] == "SHO-544"


def test_what_moved_all_candidates_alike_or_within_the_noise_is_not_called_decisive(
    page: Page, api: FakeApi
) -> None:
    open_shop(page, api)
    panel = ask_why(page)
    expect(panel.get_by_role("listitem").filter(has_text="Without:")).to_have_text(
        ["Without: Colour-0.34"]
    )


def test_why_nothing_was_measured_is_said_in_words(page: Page, api: FakeApi) -> None:
    reason = "The stylist cannot be reached just now. Ask again in a minute."
    measured = {"status": "unavailable", "changes": [], "noise": 0.0, "reason": reason}
    api.answer(WHY, Answer(body=fake_looks.why(12) | {"measured": measured}))
    open_shop(page, api)
    panel = ask_why(page)
    expect(panel.get_by_role("heading", name="What the stylist went by")).to_be_visible()
    expect(panel.get_by_text(reason)).to_be_visible()


def test_a_reason_leads_to_choices_that_it_does_not_hold_for(screen: Page, api: FakeApi) -> None:
    offered = [fake_looks.product(sku) for sku in ("SHO-544", "SHO-503")]
    api.answer("GET looks/.*/alternatives/", Answer(body={"without": "price", "products": offered}))
    open_shop(screen, api)
    ask_why(screen).get_by_role("button", name="It costs more than most").click()
    choice = screen.get_by_role("dialog", name="Another choice: shoes")
    expect(choice.get_by_role("listitem")).to_have_count(1)
    choice.get_by_role("button", name="Blush Ballet Flats").click()
    expect(title(screen, "shoes")).to_have_text("Blush Ballet Flats")
    assert api.asked_for("GET", ".*/alternatives/")[0].query == {"without": ["price"]}


def test_a_reason_leads_to_another_occasion(page: Page, api: FakeApi) -> None:
    open_shop(page, api)
    ask_why(page).get_by_role("button", name="Warm enough for 8 °C").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_label("Occasion")).to_have_value("work")
    assert heard(page, "context")[0]["occasion"] == "work"


def test_a_reason_leads_to_a_trend_and_from_there_to_a_product(page: Page, api: FakeApi) -> None:
    api.answer("GET trends/", Answer(body={"products": [fake_looks.product("TOP-104")]}))
    open_shop(page, api)
    ask_why(page).get_by_role("button", name="Brown is easy to wear with beige").click()
    trend = page.get_by_role("dialog", name="Brown is easy to wear with beige")
    trend.get_by_role("button", name="Striped Poplin Shirt").click()
    page.wait_for_url("**/shop/TOP-104/")


def test_a_reason_leads_to_the_profile_where_the_shop_has_a_page_for_it(
    page: Page, api: FakeApi
) -> None:
    api.page["attributes"] = 'profile="/my-style/"'
    open_shop(page, api)
    link = ask_why(page).get_by_role("link", name="The stylist's choice number 2 of 8")
    expect(link).to_have_attribute("href", f"{api.url}/my-style/")


def test_alternatives_that_the_server_does_not_list_are_those_of_the_look(
    page: Page, api: FakeApi
) -> None:
    open_shop(page, api)
    ask_why(page).get_by_role("button", name="It costs more than most").click()
    choice = page.get_by_role("dialog", name="Another choice: shoes")
    expect(choice.get_by_role("listitem")).to_have_count(2)


def test_where_the_same_is_true_of_all_others_it_is_said_and_none_is_offered(
    page: Page, api: FakeApi
) -> None:
    said = "The same is true of all others. Choose another occasion or product."
    api.answer("GET looks/.*/alternatives/", Answer(body={"products": [], "detail": said}))
    open_shop(page, api)
    ask_why(page).get_by_role("button", name="It costs more than most").click()
    choice = page.get_by_role("dialog", name="Another choice: shoes")
    expect(choice.get_by_text(said)).to_be_visible()
    expect(choice.get_by_role("listitem")).to_have_count(0)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(404, {"detail": "This trend may be over."}), "This trend may be over."),
        (Answer(500), "That could not be loaded."),
        (Answer(body={"products": [], "detail": "Nothing now."}), "Nothing now."),
    ],
    ids=["over", "broken", "nothing of it"],
)
def test_a_trend_that_shows_nothing_says_why(
    page: Page, api: FakeApi, answer: Answer, said: str
) -> None:
    api.answer("GET trends/", answer)
    open_shop(page, api)
    ask_why(page).get_by_role("button", name="Brown is easy to wear with beige").click()
    trend = page.get_by_role("dialog", name="Brown is easy to wear with beige")
    expect(trend.get_by_text(said)).to_be_visible()


def test_a_server_that_does_not_say_why_leaves_the_looks_own_factors(
    screen: Page, api: FakeApi
) -> None:
    api.answer(WHY, Answer(404))
    open_shop(screen, api)
    panel = ask_why(screen)
    expect(panel.get_by_role("listitem")).to_have_count(4)
    expect(panel).to_contain_text("Chosen by ensemble-1")
    # The context's codes are not words.
    expect(panel.get_by_text("mild wet")).to_have_count(0)
    expect(panel.get_by_text("What the stylist went by")).to_have_count(0)


def test_the_reasons_of_a_choice_that_was_replaced_are_not_told_of_its_stand_in(
    page: Page, api: FakeApi
) -> None:
    api.answer(WHY, Answer(body=fake_looks.why(12) | {"sku": "SHO-501", "sentence": "The other."}))
    open_shop(page, api)
    with page.expect_response(re.compile("/why/")):
        panel = ask_why(page)
    expect(panel).to_contain_text("It is easy to wear with beige, and both suit autumn.")
    page.wait_for_timeout(200)  # the answer has had its time to be shown
    for words in ("The other.", "Fairly sure", "Your purchases"):
        expect(panel.get_by_text(words)).to_have_count(0)


def test_what_stands_in_for_a_choice_is_not_called_the_stylists_choice(
    page: Page, api: FakeApi
) -> None:
    look = fake_looks.look()
    shoes = next(item for item in look["items"] if item["slot"] == "shoes")
    shoes |= {"stand_in": True, "explanation": "The next best choice still in stock."}
    api.answer("GET looks/", Answer(body=look))
    api.answer(WHY, Answer(body=fake_looks.why(12) | {"sku": "SHO-501"}))
    open_shop(page, api)
    with page.expect_response(re.compile("/why/")):
        panel = ask_why(page)
    expect(panel).to_contain_text("The next best choice still in stock.")
    page.wait_for_timeout(200)  # the answer has had its time to be shown
    expect(panel.get_by_text("Chosen by")).to_have_count(0)


def test_what_is_still_being_measured_is_shown_when_it_is_known(page: Page, api: FakeApi) -> None:
    pending = fake_looks.why(12) | {"measured": {"status": "pending", "changes": []}}
    api.answer(WHY, Answer(body=pending), Answer(body=fake_looks.why(12)))
    open_shop(page, api)
    panel = ask_why(page)
    expect(panel.get_by_text("This is still being measured.")).to_be_visible()
    panel.get_by_role("button", name="It costs more than most").focus()
    expect(panel.get_by_text("Without: Colour")).to_be_visible()
    expect(panel.get_by_role("button", name="Close")).to_be_focused()


def photo_routes(api: FakeApi, *answers: dict[str, Any], keeps: bool = False) -> None:
    """A server that takes photos, and says in turn what has become of one."""
    api.routes["OPTIONS photos/"] = lambda _: Answer(200, {"keeps": keeps})
    api.answer("POST photos/", Answer(202, {"id": "p1", "status": "waiting", "anchor": None}))
    api.answer("GET photos/p1/", *(Answer(body=answer) for answer in answers))


def photo(tmp_path: Path) -> Path:
    path = tmp_path / "coat.png"
    path.write_bytes(draw("OUT-441"))
    return path


def test_a_photo_of_ones_own_becomes_the_anchor(screen: Page, api: FakeApi, tmp_path: Path) -> None:
    seen = {"id": "p1", "status": "ready", "anchor": {"title": "Blue jacket"}}
    photo_routes(api, seen | {"status": "waiting", "anchor": None}, seen)
    look = api.routes["GET looks/"]

    def around(asked: Asked) -> Answer:
        answer = look(asked)
        if "photo" in asked.query:
            answer.body["anchor"] = {"sku": "", "title": "Blue jacket", "price": None}
        return answer

    api.routes["GET looks/"] = around
    open_shop(screen, api)
    screen.get_by_role("button", name="From my own photo").click()
    form = screen.get_by_role("dialog", name="From my own photo")
    form.get_by_label("A photo of what you wear or own").set_input_files(photo(tmp_path))
    form.get_by_label("What it is, if you like").fill("jacket")
    # Nobody who may have it kept: nothing is asked.
    expect(form.get_by_label("Keep the photo for later")).to_be_hidden()
    form.get_by_role("button", name="Find a look").click()
    back = screen.get_by_role("button", name="Back to this product")
    expect(back).to_be_visible()
    asked = api.asked_for("GET", "looks/")[-1].query
    assert asked == {"photo": ["p1"], "lang": ["en"]}
    sent = api.asked_for("POST", "photos/")[0].body
    assert 'name="keep"' not in sent
    assert 'name="category"\r\n\r\njacket' in sent
    footer = screen.locator("complete-the-look footer")
    expect(footer).to_contain_text("€418.00")
    expect(footer.get_by_role("button", name="Add all 4")).to_be_visible()
    # What goes around a photo ends with it.
    for name in ("Save", "Share"):
        expect(footer.get_by_role("button", name=name)).to_be_hidden()
    back.click()
    expect(footer.get_by_role("button", name="Save")).to_be_visible()
    expect(footer.get_by_role("button", name="Add all 5")).to_be_visible()
    assert "photo" not in api.asked_for("GET", "looks/")[-1].query
    # The photo's id opens it, and whatever listens on the page hears of it: it is not named there.
    assert [said["photo"] for said in heard(screen, "context")] == [True, False]


def test_a_photo_that_cannot_be_used_says_why(page: Page, api: FakeApi, tmp_path: Path) -> None:
    photo_routes(api, keeps=True)
    api.answer("POST photos/", Answer(400, {"detail": "This is not a picture."}))
    open_shop(page, api)
    page.get_by_role("button", name="From my own photo").click()
    form = page.get_by_role("dialog")
    form.get_by_label("A photo of what you wear or own").set_input_files(photo(tmp_path))
    form.get_by_label("Keep the photo for later").check()
    form.get_by_role("button", name="Find a look").click()
    expect(form.get_by_text("This is not a picture.")).to_be_visible()
    assert 'name="keep"\r\n\r\ntrue' in api.asked_for("POST", "photos/")[0].body
