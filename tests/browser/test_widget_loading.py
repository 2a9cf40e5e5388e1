"""When the widget asks, what it shows meanwhile, and what it does when the answer is none."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import fake_looks
from tests.browser.fake_api import Answer, FakeApi
from tests.browser.reading import DISLIKE, SHIFTS, aside, card, heard, open_shop, title

pytestmark = pytest.mark.browser
LOOKS = "looks/"


def hold_answers(page: Page) -> None:
    """Let the skeleton be seen for a while before each look."""

    def wait(route: Route) -> None:
        page.wait_for_timeout(300)
        route.continue_()

    page.route("**/api/v1/looks/?**", wait)


def provisional(status: str = "provisional") -> dict[str, object]:
    """A look in retrieval order: nothing is stored, the first tops are swapped."""
    look = fake_looks.look(2)
    look |= {"id": None, "status": status, "message": f"This is {status}.", "stylist": None}
    look |= {"share_url": None, "count": 1, "number": 1}
    look["retry_after_seconds"] = 1 if status == "provisional" else None
    for item in look["items"]:
        item |= {"id": None, "explanation": "", "factors": []}
    return look


def pass_time(page: Page, seconds: int, step: int = 1) -> None:
    """Let the page's clock run, with a moment for answers between steps."""
    for _ in range(0, seconds, step):
        page.clock.run_for(step * 1000)
        page.wait_for_timeout(30)


def test_a_look_is_asked_for_only_when_the_widget_comes_near(screen: Page, api: FakeApi) -> None:
    api.page["above"] = 4000
    screen.goto(api.url)
    section = screen.locator("complete-the-look section")
    expect(section).to_have_attribute("aria-busy", "true")
    screen.wait_for_timeout(400)
    assert not api.asked
    screen.evaluate("scrollTo(0, 2800)")
    expect(card(screen, "shoes")).to_be_attached()
    assert len(api.asked_for("GET", LOOKS)) == 1


@pytest.mark.parametrize("first", ["ranked", "provisional"])
def test_nothing_moves_from_the_skeleton_to_the_last_answer(
    screen: Page, api: FakeApi, first: str
) -> None:
    full = Answer(body=fake_looks.look())
    api.answer(
        "GET looks/", *([Answer(body=provisional())] if first == "provisional" else []), full
    )
    api.page["above"] = 300  # as on any product page, something comes before it
    screen.add_init_script(SHIFTS)
    hold_answers(screen)
    screen.goto(api.url)
    screen.evaluate("scrollTo(0, 400)")
    expect(title(screen, "top")).to_have_text("Lace-Trim Camisole")
    expect(card(screen, "scarf").locator("img")).to_have_js_property("complete", True)
    screen.wait_for_timeout(600)
    assert screen.evaluate("window.shifts") == []


def test_nothing_moves_either_where_titles_and_reasons_are_long(screen: Page, api: FakeApi) -> None:
    look = fake_looks.look()
    for item in look["items"]:
        item["product"]["title"] = "A coat of many colours, woven by hand and lined with silk twill"
        item["explanation"] = "It is easy to wear with beige, " * 9
    api.answer("GET looks/", Answer(body=look))
    api.page["above"] = 300  # as on any product page, something comes before it
    screen.add_init_script(SHIFTS)
    hold_answers(screen)
    screen.goto(api.url)
    screen.evaluate("scrollTo(0, 400)")
    expect(card(screen, "scarf").locator("img")).to_have_js_property("complete", True)
    screen.wait_for_timeout(400)
    assert screen.evaluate("window.shifts") == []


def test_a_look_that_nobody_could_rank_is_asked_for_again_ever_more_rarely(
    page: Page, api: FakeApi
) -> None:
    page.clock.install()
    api.answer("GET looks/", Answer(body=provisional("unranked")))
    page.goto(api.url)
    expect(page.get_by_text("This is unranked.")).to_be_visible()
    waits = []
    for _ in range(4):
        before, seconds = len(api.asked_for("GET", LOOKS)), 0
        while len(api.asked_for("GET", LOOKS)) == before:
            pass_time(page, 1)
            seconds += 1
        waits.append(seconds)
    assert waits == sorted(waits)
    assert waits[0] <= 6
    assert waits[-1] >= 28
    expect(page.locator("complete-the-look section")).to_have_attribute("aria-busy", "false")

    api.answer("GET looks/", Answer(body=fake_looks.look()))
    pass_time(page, 90, 10)
    expect(title(page, "top")).to_have_text("Lace-Trim Camisole")
    expect(page.get_by_text("This is unranked.")).to_have_count(0)
    expect(aside(page)).to_have_text("Our stylist has refined this look.")


def test_it_does_not_ask_for_ever(page: Page, api: FakeApi) -> None:
    page.clock.install()
    api.answer("GET looks/", Answer(body=provisional("unranked")))
    page.goto(api.url)
    expect(page.get_by_text("This is unranked.")).to_be_visible()
    pass_time(page, 1200, 30)
    asked = len(api.asked_for("GET", LOOKS))
    assert 16 <= asked <= 21
    pass_time(page, 3600, 600)
    assert len(api.asked_for("GET", LOOKS)) == asked


def test_a_stylist_who_takes_long_is_not_waited_for_aloud(page: Page, api: FakeApi) -> None:
    page.clock.install()
    api.answer("GET looks/", Answer(body=provisional()))
    page.goto(api.url)
    expect(page.get_by_text("This is provisional.")).to_be_visible()
    pass_time(page, 70)
    late = page.get_by_text("Our stylist takes longer today")
    expect(late).to_be_visible()
    expect(page.locator("complete-the-look section")).to_have_attribute("aria-busy", "false")
    api.answer("GET looks/", Answer(body=fake_looks.look()))
    pass_time(page, 90, 10)
    expect(title(page, "top")).to_have_text("Lace-Trim Camisole")
    expect(late).to_have_count(0)


def test_a_lock_holds_while_the_stylist_is_thinking(page: Page, api: FakeApi) -> None:
    thinking = provisional()
    api.answer("GET looks/", Answer(body=thinking))
    open_shop(page, api)
    look = fake_looks.look()
    look["items"][0]["alternatives"].append(fake_looks.product("TOP-106"))
    card(page, "top").get_by_role("button", name="Keep Cable-Knit Wool Jumper").click()
    api.answer("GET looks/", Answer(body=look))
    expect(title(page, "shoes")).to_have_text("Lace-Up Hiking Boots")
    expect(title(page, "top")).to_have_text("Cable-Knit Wool Jumper")


def test_a_look_that_arrives_leaves_a_half_written_budget_alone(page: Page, api: FakeApi) -> None:
    api.answer("GET looks/", Answer(body=provisional()))
    open_shop(page, api)
    page.get_by_label("Budget for the rest").press_sequentially("25")
    api.answer("GET looks/", Answer(body=fake_looks.look()))
    expect(aside(page)).to_have_text("Our stylist has refined this look.")
    page.keyboard.type("0")
    with page.expect_response(re.compile("budget=250")):
        page.keyboard.press("Enter")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(500), "That could not be loaded."),
        (Answer(503, headers={"Retry-After": "5"}), "That could not be loaded."),
        (Answer(429, headers={"Retry-After": "5"}), "It is very busy here just now."),
    ],
)
def test_a_refusal_is_said_politely_and_can_be_tried_again(
    screen: Page, api: FakeApi, answer: Answer, words: str
) -> None:
    api.answer("GET looks/", answer, Answer(body=fake_looks.look()))
    screen.goto(api.url)
    expect(screen.get_by_text(words)).to_be_visible()
    screen.get_by_role("button", name="Try again").click()
    expect(card(screen, "shoes")).to_be_visible()


def test_a_product_that_is_unknown_has_no_look_and_no_button(page: Page, api: FakeApi) -> None:
    api.answer("GET looks/", Answer(404, {"detail": "No such product."}))
    page.goto(api.url)
    expect(page.get_by_text("Nothing in the shop completes this yet.")).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_be_hidden()


def test_offline_the_look_stays_and_the_wish_is_taken_back(screen: Page, api: FakeApi) -> None:
    open_shop(screen, api)
    screen.context.set_offline(True)
    screen.get_by_label("Occasion").select_option("Work")
    expect(aside(screen)).to_have_text("That could not be loaded.")
    expect(screen.get_by_label("Occasion")).to_have_value("")
    expect(title(screen, "top")).to_have_text("Lace-Trim Camisole")
    screen.get_by_role("button", name="I like this look").click()
    expect(aside(screen)).to_have_text("That could not be saved. Please try again.")
    screen.context.set_offline(False)
    screen.get_by_label("Occasion").select_option("Work")
    screen.wait_for_function("window.heard.filter(([name]) => name === 'context').length === 2")
    assert heard(screen, "context")[-1]["occasion"] == "work"


@pytest.mark.parametrize("status", [400, 429, 500])
def test_a_refused_thumb_is_lifted_again(page: Page, api: FakeApi, status: int) -> None:
    api.answer("POST looks/[^/]+/feedback/", Answer(status))
    open_shop(page, api)
    thumb = page.get_by_role("button", name=f"{DISLIKE} this look")
    thumb.click()
    expect(aside(page)).to_have_text("That could not be saved. Please try again.")
    expect(thumb).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_role("group", name="What is not right?")).to_have_count(0)


def test_a_catalog_full_of_markup_is_shown_as_text_everywhere(page: Page, api: FakeApi) -> None:
    evil = "<img src=x onerror='window.hacked=1'><script>window.hacked=1</script>"
    look = fake_looks.look() | {"stylist": evil, "message": evil}
    look["occasions"].append({"value": "evil", "label": evil})
    for item in look["items"]:
        item |= {"slot_label": evil, "explanation": evil}
        item["factors"] = [{"name": "x", "label": evil, "weight": 1}]
        for product in (item["product"], *item["alternatives"]):
            product |= {"title": evil, "brand": evil, "url": "javascript:window.hacked=1"}
            product["image"] |= {"alt": evil, "url": "javascript:window.hacked=1", "sources": []}
            product["price"] |= {"currency": "<b>"}
    reasons = fake_looks.why(10) | {"stylist": evil, "used": [evil], "not_used": [evil]}
    reasons["factors"][0] |= {"label": evil}
    for factor in reasons["factors"]:
        factor["leads_to"] |= {"href": "javascript:window.hacked=1"}
    reasons["measured"]["changes"][0] |= {"label": evil}
    api.answer("GET looks/", Answer(body=look | {"share_url": "javascript:window.hacked=1"}))
    api.answer("GET looks/[^/]+/items/.*", Answer(body=reasons))
    open_shop(page, api)
    expect(title(page, "top")).to_have_count(0)
    card(page, "top").get_by_role("button", name=re.compile("^Why")).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(evil).nth(3)).to_be_visible()
    expect(dialog.get_by_role("link")).to_have_count(0)
    page.keyboard.press("Escape")
    card(page, "top").get_by_role("button", name=re.compile("^Swap")).click()
    dialog.get_by_role("listitem").first.get_by_role("button").click()
    page.wait_for_timeout(200)
    assert page.evaluate("window.hacked") is None
    assert page.locator("complete-the-look img").count() == 0


def test_what_a_quiz_found_in_this_tab_is_sent_along(page: Page, api: FakeApi) -> None:
    page.add_init_script("sessionStorage.setItem('ensemble-taste', 'like.colour=navy')")
    open_shop(page, api)
    assert {a.headers.get("X-Ensemble-Taste") for a in api.asked} == {"like.colour=navy"}


def test_who_took_no_quiz_sends_no_taste(page: Page, api: FakeApi) -> None:
    open_shop(page, api)
    assert not [asked for asked in api.asked if "X-Ensemble-Taste" in asked.headers]


def test_it_works_on_a_page_of_another_origin_than_the_api(page: Page, api: FakeApi) -> None:
    api.page["attributes"] = f'api="{api.elsewhere}/api/v1" key="pk_shop" token="signed"'
    open_shop(page, api)
    picture = card(page, "top").locator("img")
    expect(picture).to_have_attribute("src", f"{api.elsewhere}/pictures/TOP-103.png")
    expect(picture).to_have_attribute("srcset", f"{api.elsewhere}/pictures/TOP-103.png 600w")
    expect(title(page, "top")).to_have_attribute("href", f"{api.url}/shop/TOP-103/")
    page.get_by_role("button", name="I like this look").click()
    expect(aside(page)).to_have_text("Thank you.")


def test_a_page_that_allows_no_inline_script_or_style_has_a_whole_widget(
    page: Page, api: FakeApi
) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def be_strict(route: Route) -> None:
        response = route.fetch()
        policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
        policy += " img-src 'self'; require-trusted-types-for 'script'"
        headers = {**response.headers, "content-security-policy": policy}
        route.fulfill(response=response, headers=headers)

    page.route(f"{api.url}/", be_strict)
    open_shop(page, api)
    card(page, "top").get_by_role("button", name="Why this?").click()
    expect(page.get_by_text("Without: Colour")).to_be_visible()
    bar = page.get_by_role("dialog").locator(".for").first
    assert bar.evaluate("bar => bar.getBoundingClientRect().width") > 50
    ratio = "tile => getComputedStyle(tile).aspectRatio"
    assert card(page, "top").locator(".tile").evaluate(ratio) == "1 / 1"
    assert errors == []
