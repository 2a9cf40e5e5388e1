"""Everything that can be done in the widget, on a computer's screen and a phone's."""

import re
from decimal import Decimal
from threading import Event
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from tests.browser import fake_looks
from tests.browser.fake_api import Answer, Asked, FakeApi
from tests.browser.reading import DISLIKE, aside, card, heard, open_shop, title

pytestmark = pytest.mark.browser
LOOK = fake_looks.LOOK_ID.format(1)
FEEDBACK = "looks/[^/]+/feedback/"
HEARD = "window.heard.filter(([name]) => name === 'feedback').length"


def test_a_whole_look_has_one_price_and_goes_into_the_bag_at_once(
    screen: Page, api: FakeApi
) -> None:
    open_shop(screen, api)
    expect(screen.locator("complete-the-look footer")).to_contain_text("€647.00")
    screen.get_by_role("button", name="Add all 5").click()
    skus = ["OUT-401", "TOP-103", "BOT-202", "SHO-544", "SCA-714"]
    assert heard(screen, "add-to-cart") == [{"look": LOOK, "skus": skus}]
    expect(aside(screen)).to_have_text("5 pieces are in your bag.")


def test_one_piece_goes_into_the_bag_alone(screen: Page, api: FakeApi) -> None:
    open_shop(screen, api)
    screen.get_by_role("button", name="Add Grey Cashmere Scarf to the bag").click()
    assert heard(screen, "add-to-cart") == [{"look": LOOK, "skus": ["SCA-714"]}]
    expect(aside(screen)).to_have_text("It is in your bag.")


def test_a_shop_that_cancels_the_event_speaks_for_itself(page: Page, api: FakeApi) -> None:
    open_shop(page, api)
    page.evaluate("document.addEventListener('ctl:add-to-cart', (e) => e.preventDefault())")
    page.get_by_role("button", name="Add all 5").click()
    expect(aside(page)).to_have_text("Chosen by ensemble-1")


def test_what_is_sold_out_is_not_counted_and_cannot_be_added(screen: Page, api: FakeApi) -> None:
    look = fake_looks.look()
    look["items"][2]["product"]["available"] = False
    api.answer("GET looks/", Answer(body=look))
    open_shop(screen, api)
    expect(card(screen, "shoes")).to_contain_text("Sold out")
    expect(screen.get_by_role("button", name="Add Lace-Up Hiking Boots")).to_have_count(0)
    footer = screen.locator("complete-the-look footer")
    expect(footer).to_contain_text("All that is in stock")
    expect(footer).to_contain_text("€468.00")
    screen.get_by_role("button", name="Add all 4").click()
    assert "SHO-544" not in heard(screen, "add-to-cart")[0]["skus"]


def test_a_swap_can_be_undone(screen: Page, api: FakeApi) -> None:
    open_shop(screen, api)
    card(screen, "shoes").get_by_role("button", name="Swap shoes").click()
    screen.get_by_role("dialog").get_by_role("button", name="Pointed Leather Pumps").click()
    expect(title(screen, "shoes")).to_have_text("Pointed Leather Pumps")
    card(screen, "shoes").get_by_role("button", name="Undo: back to Lace-Up").click()
    expect(title(screen, "shoes")).to_have_text("Lace-Up Hiking Boots")
    screen.wait_for_function("window.heard.filter(([name]) => name === 'swap').length === 2")
    said = api.asked_for("POST", FEEDBACK)[0].body
    assert (said["kind"], said["product"], said["replacement"]) == ("swap", "SHO-544", "SHO-501")
    assert [detail["undone"] for detail in heard(screen, "swap")] == [False, True]


def test_a_locked_piece_stays_when_the_rest_is_restyled(screen: Page, api: FakeApi) -> None:
    open_shop(screen, api)
    lock = card(screen, "shoes").get_by_role("button", name="Keep Lace-Up Hiking Boots")
    lock.click()
    expect(lock).to_have_attribute("aria-pressed", "true")
    expect(aside(screen)).to_have_text("Lace-Up Hiking Boots stays. The rest can be restyled.")
    card(screen, "shoes").get_by_role("button", name="Restyle the rest").click()
    expect(title(screen, "top")).to_have_text("Cable-Knit Wool Jumper")
    expect(title(screen, "shoes")).to_have_text("Lace-Up Hiking Boots")
    expect(lock).to_have_attribute("aria-pressed", "true")
    assert api.asked_for("GET", "looks/")[-1].query["lock"] == ["SHO-544"]
    assert heard(screen, "lock")[0]["locked"] is True
    assert heard(screen, "restyle") == [{"look": LOOK, "lock": ["SHO-544"]}]


def test_an_own_choice_can_be_locked_too_and_a_lock_taken_off(page: Page, api: FakeApi) -> None:
    open_shop(page, api)
    card(page, "top").get_by_role("button", name="Swap top").click()
    page.get_by_role("dialog").get_by_role("button", name="Breton Striped Top").click()
    for slot in ("top", "scarf"):
        card(page, slot).get_by_role("button", name="Keep").click()
    card(page, "scarf").get_by_role("button", name="Keep").click()
    card(page, "top").get_by_role("button", name="Restyle the rest").click()
    expect(page.get_by_text("Look 2 of 3")).to_be_visible()
    expect(title(page, "top")).to_have_text("Breton Striped Top")
    assert api.asked_for("GET", "looks/")[-1].query["lock"] == ["TOP-105"]


def test_three_looks_can_be_paged_through(screen: Page, api: FakeApi) -> None:
    open_shop(screen, api)
    for number, top in [(2, "Cable-Knit Wool Jumper"), (3, "Floral Pussy-Bow Blouse")]:
        screen.get_by_role("button", name="Next look").click()
        expect(screen.get_by_text(f"Look {number} of 3")).to_be_visible()
        expect(title(screen, "top")).to_have_text(top)
    screen.get_by_role("button", name="Next look").click()
    expect(screen.get_by_text("Look 1 of 3")).to_be_visible()
    screen.get_by_role("button", name="Previous look").click()
    expect(screen.get_by_text("Look 3 of 3")).to_be_visible()


def test_the_occasion_and_the_budget_can_be_chosen(screen: Page, api: FakeApi) -> None:
    open_shop(screen, api)
    screen.get_by_label("Occasion").select_option("Wedding guest")
    screen.wait_for_function("window.heard.some(([name]) => name === 'context')")
    screen.get_by_label("Budget for the rest").fill("250.50")
    with screen.expect_response(re.compile("budget=")):
        screen.get_by_label("Budget for the rest").press("Enter")
    asked = api.asked_for("GET", "looks/")[-1].query
    assert asked["occasion"] == ["wedding-guest"]
    assert Decimal(asked["budget"][0]) == Decimal("250.50")
    assert heard(screen, "context")[-1]["budget"] == "250.50"
    expect(screen.get_by_label("Occasion")).to_have_value("wedding-guest")


def test_what_is_wished_while_an_answer_is_awaited_adds_to_what_was_wished(
    screen: Page, api: FakeApi
) -> None:
    open_shop(screen, api)
    release, quick = Event(), api.routes["GET looks/"]

    def slow(asked: Asked) -> Answer:
        if "budget" not in asked.query:
            release.wait(20)
        return quick(asked)

    api.routes["GET looks/"] = slow
    screen.get_by_label("Occasion").select_option("Wedding guest")
    screen.get_by_label("Budget for the rest").fill("250")
    with screen.expect_response(re.compile("budget=")) as answered:
        screen.get_by_label("Budget for the rest").press("Enter")
    release.set()
    assert "occasion=wedding-guest" in answered.value.url


def test_a_wish_that_nothing_fulfils_can_be_changed_again(screen: Page, api: FakeApi) -> None:
    empty = fake_looks.look() | {"items": [], "over_budget": True}
    full = Answer(body=fake_looks.look())
    api.answer("GET looks/", full, Answer(body=empty), full)
    open_shop(screen, api)
    budget = screen.get_by_label("Budget for the rest")
    budget.fill("1")
    budget.press("Enter")
    expect(screen.get_by_text("Nothing in the shop completes this as you wish.")).to_be_visible()
    budget.fill("")
    budget.press("Enter")
    expect(card(screen, "shoes")).to_be_visible()


def test_a_look_above_the_budget_says_so(page: Page, api: FakeApi) -> None:
    api.answer("GET looks/", Answer(body=fake_looks.look() | {"budget": "417.99"}))
    open_shop(page, api)
    expect(page.get_by_text("This look is above the budget.")).to_be_visible()


def test_a_swap_that_costs_more_than_the_budget_says_so_until_it_is_undone(
    page: Page, api: FakeApi
) -> None:
    api.answer("GET looks/", Answer(body=fake_looks.look() | {"budget": "418.00"}))
    open_shop(page, api)
    above = page.get_by_text("This look is above the budget.")
    expect(above).to_have_count(0)
    top = card(page, "top")
    top.get_by_role("button", name="Swap").click()
    page.get_by_role("dialog").get_by_role("button", name="Floral Pussy-Bow Blouse").click()
    expect(above).to_be_visible()
    top.get_by_role("button", name="Undo").click()
    expect(above).to_have_count(0)


def test_a_thumb_down_asks_for_reasons_and_sends_them(screen: Page, api: FakeApi) -> None:
    open_shop(screen, api)
    shoes = card(screen, "shoes")
    shoes.get_by_role("button", name=f"{DISLIKE} Lace-Up Hiking Boots").click()
    reasons = shoes.get_by_role("group", name="What is not right?")
    for reason in ("Colour", "Already have it", "Colour"):
        chip = reasons.get_by_role("button", name=reason)
        chip.click()
    expect(chip).to_have_attribute("aria-pressed", "false")
    screen.wait_for_function(f"{HEARD} === 4")
    said = [asked.body for asked in api.asked_for("POST", FEEDBACK)]
    assert [each.get("reasons") for each in said] == [
        None,
        ["colour"],
        ["colour", "owned"],
        ["owned"],
    ]
    assert {each["kind"] for each in said} == {"dislike"}
    assert len({each["id"] for each in said}) == 4
    shoes.get_by_role("button", name=DISLIKE).click()
    expect(reasons).to_be_hidden()
    screen.wait_for_function(f"{HEARD} === 5")
    assert heard(screen, "feedback")[-2]["reasons"] == ["owned"]


def test_a_tab_has_an_id_only_for_what_is_said_in_it(page: Page, api: FakeApi) -> None:
    open_shop(page, api)
    card(page, "shoes").get_by_role("button", name="Why this?").click()
    page.get_by_role("button", name="Close").click()
    stored = "sessionStorage.getItem('ensemble-visitor')"
    assert page.evaluate(stored) is None
    card(page, "shoes").get_by_role("button", name=DISLIKE).click()
    page.wait_for_function(f"{HEARD} === 1")
    said = api.asked_for("POST", FEEDBACK)
    sent = [asked for asked in api.asked if "X-Ensemble-Visitor" in asked.headers]
    assert sent == said
    assert said[0].headers["X-Ensemble-Visitor"] == page.evaluate(stored)


def test_the_whole_look_has_thumbs_and_reasons_too(screen: Page, api: FakeApi) -> None:
    open_shop(screen, api)
    footer = screen.locator("complete-the-look footer")
    footer.get_by_role("button", name=f"{DISLIKE} this look").click()
    with screen.expect_response(re.compile(FEEDBACK)):
        footer.get_by_role("button", name="Too similar").click()
    said = api.asked_for("POST", FEEDBACK)[-1].body
    assert (said["item"], said["reasons"]) == (None, ["similar"])


def test_what_is_said_has_an_id_on_a_shop_without_tls_too(page: Page, api: FakeApi) -> None:
    page.add_init_script("delete Crypto.prototype.randomUUID")
    open_shop(page, api)
    card(page, "top").get_by_role("button", name="I like").click()
    page.wait_for_function("window.heard.some(([name]) => name === 'feedback')")
    said = api.asked_for("POST", FEEDBACK)[0]
    assert page.evaluate("crypto.randomUUID") is None
    assert UUID(said.body["id"]) != UUID(said.headers["X-Ensemble-Visitor"])


def test_a_token_that_has_expired_does_not_cost_the_shopper_the_look(
    page: Page, api: FakeApi
) -> None:
    api.page["attributes"] = 'token="old"'
    look = api.routes["GET looks/"]
    api.routes["GET looks/"] = lambda asked: (
        Answer(401, {"detail": "Expired."}) if "Authorization" in asked.headers else look(asked)
    )
    open_shop(page, api)
    assert "Authorization" not in api.asked[-1].headers


def test_a_click_on_a_piece_and_seeing_the_look_are_told(screen: Page, api: FakeApi) -> None:
    open_shop(screen, api)
    screen.wait_for_function("window.heard.some(([name]) => name === 'impression')")
    title(screen, "top").evaluate("a => { a.onclick = () => false; a.click() }")
    assert heard(screen, "click") == [
        {"look": LOOK, "item": 10, "slot": "top", "product": "TOP-103"}
    ]
    assert heard(screen, "impression")[0]["products"] == [
        "TOP-103",
        "BOT-202",
        "SHO-544",
        "SCA-714",
    ]


def test_every_look_that_is_seen_is_told_of_once(page: Page, api: FakeApi) -> None:
    open_shop(page, api)
    for turn in ("Next", "Next", "Previous"):
        page.get_by_role("button", name=f"{turn} look").click()
        page.wait_for_timeout(300)
    looks = [fake_looks.LOOK_ID.format(number) for number in (1, 2, 3)]
    assert [seen["look"] for seen in heard(page, "impression")] == looks


def test_a_look_that_is_ranked_while_it_is_seen_is_told_of_under_its_id(
    page: Page, api: FakeApi
) -> None:
    first = fake_looks.look(2) | {"id": None, "status": "provisional", "retry_after_seconds": 1}
    api.answer("GET looks/", Answer(body=first), Answer(body=first), Answer(body=fake_looks.look()))
    open_shop(page, api)
    page.wait_for_function("window.heard.filter(([name]) => name === 'impression').length > 1")
    page.get_by_role("button", name="Next look").click()
    page.wait_for_timeout(500)
    assert [seen["look"] for seen in heard(page, "impression")] == [None, LOOK]


def test_a_look_that_nobody_has_seen_is_not_told_of(page: Page, api: FakeApi) -> None:
    api.page["above"] = 1200  # near enough to be asked for
    first = fake_looks.look(2) | {"id": None, "status": "provisional", "retry_after_seconds": 1}
    api.answer("GET looks/", Answer(body=first), Answer(body=fake_looks.look()))
    page.add_init_script(
        "window.heard = []; document.addEventListener("
        "'ctl:impression', (e) => window.heard.push(['impression', e.detail]))"
    )
    page.goto(api.url)
    expect(title(page, "top")).to_have_text("Lace-Trim Camisole")
    assert heard(page, "impression") == []
    page.locator("complete-the-look").scroll_into_view_if_needed()
    page.wait_for_function("window.heard.length")
    assert [seen["look"] for seen in heard(page, "impression")] == [LOOK]


def test_a_server_that_offers_less_is_shown_as_less(screen: Page, api: FakeApi) -> None:
    look = fake_looks.look()
    for name in ("number", "count", "budget", "over_budget", "share_url"):
        del look[name]
    for item in look["items"]:
        del item["locked"]
    api.answer("GET looks/", Answer(body=look))
    open_shop(screen, api)
    expect(screen.get_by_label("Occasion")).to_be_visible()
    expect(screen.get_by_label("Budget for the rest")).to_be_hidden()
    for name in ("Next look", "Share", "From my own photo", "Keep"):
        expect(screen.get_by_role("button", name=re.compile(f"^{name}"))).to_have_count(0)


def test_what_the_shop_knows_of_the_day_is_asked_with(page: Page, api: FakeApi) -> None:
    api.page["attributes"] = (
        'occasion="work" region="DE-BE" temperature="8" wet="true" budget="300"'
    )
    open_shop(page, api)
    asked = {"occasion": "work", "region": "DE-BE", "temperature": "8", "wet": "true"}
    asked |= {"budget": "300", "product": "OUT-401", "lang": "en"}
    assert {name: each[0] for name, each in api.asked[0].query.items()} == asked
    expect(page.get_by_label("Budget for the rest")).to_have_value("300")
