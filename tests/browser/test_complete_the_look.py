"""The widget in real Chromium, on the demo shop's page, against the real API and database."""

import re
from uuid import UUID

import pytest
from django.test import Client
from playwright.sync_api import Locator, Page, Route, expect

from feedback.models import FeedbackEvent
from outfits.models import Look, SavedLook
from outfits.shoppers.identity import USER_PREFIX
from tests.browser.conftest import ARTIFACTS, Shop, make_product, sign_in, store_look
from tests.browser.reading import SHIFTS
from tests.shoppers import make_shopper

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FEEDBACK = re.compile(r"/feedback/")


def card(page: Page, slot: str) -> Locator:
    return page.locator(f"complete-the-look li[data-slot={slot}]")


def open_coat(page: Page, shop: Shop) -> None:
    page.goto(shop.coat_url)
    page.locator("complete-the-look").scroll_into_view_if_needed()
    expect(card(page, "shoes")).to_be_visible()


def swap(page: Page, slot: str, title: str) -> None:
    card(page, slot).get_by_role("button", name="Swap").click()
    page.get_by_role("dialog").get_by_role("button", name=title).click()


def test_a_look_is_shown_with_its_pictures_loaded(page: Page, shop: Shop, look: Look) -> None:
    open_coat(page, shop)
    for slot, title in [("top", "Roll-Neck"), ("shoes", "Court Sneakers")]:
        expect(card(page, slot).get_by_role("link", name=title)).to_be_visible()
        expect(card(page, slot)).to_contain_text(f"the {slot} that the stylist liked best")
        picture = card(page, slot).locator("img")
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("image => image.naturalWidth") > 0
    expect(page.locator("complete-the-look footer")).to_contain_text("€427.50")
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=ARTIFACTS / "complete-the-look.png", full_page=True)
    assert (ARTIFACTS / "complete-the-look.png").stat().st_size > 10_000


def test_a_thumb_down_is_stored_and_taken_back_when_pressed_again(
    page: Page, shop: Shop, look: Look
) -> None:
    open_coat(page, shop)
    thumb = card(page, "shoes").get_by_role(
        "button", name=re.compile("I don.t like Court Sneakers")
    )
    with page.expect_response(FEEDBACK) as answer:
        thumb.click()
    assert answer.value.status == 201
    expect(thumb).to_have_attribute("aria-pressed", "true")
    event = FeedbackEvent.objects.get()
    assert (event.kind, event.look, event.product) == ("dislike", look, shop.candidates["shoes"][1])
    assert event.item is not None
    assert event.item.slot == "shoes"
    assert UUID(event.visitor)

    with page.expect_response(FEEDBACK) as answer:
        thumb.click()
    assert answer.value.status == 204
    expect(thumb).to_have_attribute("aria-pressed", "false")
    assert not FeedbackEvent.objects.exists()


def test_the_other_thumb_replaces_what_was_said_of_the_whole_look(
    page: Page, shop: Shop, look: Look
) -> None:
    open_coat(page, shop)
    for name in [re.compile("I like this look"), re.compile("I don.t like this look")]:
        with page.expect_response(FEEDBACK):
            page.get_by_role("button", name=name).click()
    expect(page.get_by_role("button", name="I like this look")).to_have_attribute(
        "aria-pressed", "false"
    )
    event = FeedbackEvent.objects.get()
    assert (event.kind, event.item) == ("dislike", None)


def test_a_swapped_item_changes_on_the_page_and_undo_brings_it_back(
    page: Page, shop: Shop, look: Look
) -> None:
    open_coat(page, shop)
    with page.expect_response(FEEDBACK) as answer:
        swap(page, "top", "Silk Blouse")
    assert answer.value.status == 201
    expect(card(page, "top").get_by_role("link")).to_have_text("Silk Blouse")
    expect(page.locator("complete-the-look footer")).to_contain_text("€417.50")
    event = FeedbackEvent.objects.get()
    assert event.replacement is not None
    assert event.product is not None
    assert (event.kind, event.product.sku, event.replacement.sku) == ("swap", "TOP-3", "TOP-2")

    with page.expect_response(FEEDBACK) as answer:
        card(page, "top").get_by_role("button", name="Undo").click()
    assert answer.value.status == 204
    expect(card(page, "top").get_by_role("link")).to_have_text("Roll-Neck")
    expect(card(page, "top").get_by_role("button", name="Swap")).to_be_focused()
    assert not FeedbackEvent.objects.exists()


def test_everything_can_be_done_with_the_keyboard_alone(page: Page, shop: Shop, look: Look) -> None:
    open_coat(page, shop)
    opener = card(page, "top").get_by_role("button", name="Swap")
    opener.focus()
    page.keyboard.press("Enter")
    options = page.get_by_role("dialog").get_by_role("listitem").get_by_role("button")
    expect(options.first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(opener).to_be_focused()

    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    with page.expect_response(FEEDBACK):
        page.keyboard.press("Enter")
    expect(card(page, "top").get_by_role("link")).to_have_text("Breton Striped Top")
    expect(card(page, "top").get_by_role("button", name="Undo: back to Roll-Neck")).to_be_focused()
    for name in ("Keep Breton Striped Top", "Swap", "I like Breton Striped Top"):
        page.keyboard.press("Tab")
        expect(card(page, "top").get_by_role("button", name=name)).to_be_focused()
    with page.expect_response(FEEDBACK):
        page.keyboard.press("Space")
    liked = card(page, "top").get_by_role("button", name="I like Breton Striped Top")
    expect(liked).to_have_attribute("aria-pressed", "true")
    assert set(FeedbackEvent.objects.values_list("kind", flat=True)) == {"swap", "like"}


def test_a_provisional_look_is_refined_in_place_when_the_stylist_is_done(
    page: Page, shop: Shop
) -> None:
    open_coat(page, shop)
    status = page.locator("complete-the-look .status")
    expect(status).to_contain_text("Our stylist is looking at this")
    expect(card(page, "top").get_by_role("link")).to_have_text("Breton Striped Top")
    expect(page.get_by_role("button", name="I like this look")).to_have_count(0)
    swap(page, "shoes", "Court Sneakers")
    undo = card(page, "shoes").get_by_role("button", name="Undo")
    undo.focus()
    before = card(page, "top").bounding_box()

    store_look(shop)
    expect(card(page, "top").get_by_role("link")).to_have_text("Roll-Neck")
    expect(status).to_have_text("")
    expect(page.get_by_role("button", name="I like this look")).to_be_visible()
    expect(card(page, "shoes").get_by_role("link")).to_have_text("Court Sneakers")
    assert card(page, "top").bounding_box() == before
    assert not FeedbackEvent.objects.exists()


def test_an_api_that_cannot_be_reached_is_said_politely_and_can_be_tried_again(
    page: Page, shop: Shop, look: Look
) -> None:
    page.route("**/api/v1/looks/**", lambda route: route.abort())
    page.goto(shop.coat_url)
    widget = page.locator("complete-the-look")
    expect(widget.get_by_text("That could not be loaded.")).to_be_visible()
    page.unroute("**/api/v1/looks/**")
    widget.get_by_role("button", name="Try again").click()
    expect(card(page, "shoes")).to_be_visible()


def test_a_thumb_that_could_not_be_saved_is_lifted_again_and_said(
    page: Page, shop: Shop, look: Look
) -> None:
    open_coat(page, shop)
    page.route(FEEDBACK, lambda route: route.abort())
    thumb = page.get_by_role("button", name="I like this look")
    thumb.click()
    expect(page.get_by_text("That could not be saved.")).to_be_visible()
    expect(thumb).to_have_attribute("aria-pressed", "false")


def test_an_answer_lost_on_the_way_is_asked_for_again_and_counts_once(
    page: Page, shop: Shop, look: Look
) -> None:
    open_coat(page, shop)
    answers: list[int] = []

    def lose_the_first_answer(route: Route) -> None:
        answer = route.fetch()
        answers.append(answer.status)
        if len(answers) == 1:
            route.abort()
        else:
            route.fulfill(response=answer)

    page.route(FEEDBACK, lose_the_first_answer)
    page.get_by_role("button", name="I like this look").click()
    expect(page.get_by_text("Stored already.")).to_be_visible()
    assert answers == [201, 200]
    assert FeedbackEvent.objects.count() == 1


def test_a_title_full_of_markup_is_shown_as_text(page: Page, shop: Shop, look: Look) -> None:
    evil = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
    for product in (shop.coat, shop.candidates["top"][-1], shop.candidates["shoes"][0]):
        product.title = evil
        product.save()
    open_coat(page, shop)
    expect(card(page, "top").get_by_role("link")).to_have_text(evil)
    card(page, "shoes").get_by_role("button", name="Swap").click()
    expect(page.get_by_role("dialog").get_by_text(evil)).to_be_visible()
    assert page.evaluate("window.hacked") is None


def test_nothing_moves_when_the_skeleton_becomes_a_look(page: Page, shop: Shop, look: Look) -> None:
    held: list[Route] = []
    page.route("**/api/v1/looks/**", lambda route: held.append(route))
    page.goto(shop.coat_url)
    widget = page.locator("complete-the-look")
    expect(widget.locator("section")).to_have_attribute("aria-busy", "true")
    page.wait_for_timeout(300)
    before = widget.bounding_box()
    held[0].continue_()
    expect(card(page, "shoes")).to_be_visible()
    after = widget.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["height"] - after["height"]) < 2


def test_nothing_on_the_shops_page_moves_while_it_is_scrolled_through(
    screen: Page, shop: Shop, look: Look
) -> None:
    screen.add_init_script(SHIFTS)
    # Two pieces need less room than a skeleton of four: the look comes before it is in view.
    with screen.expect_response("**/api/v1/looks/?**"):
        screen.goto(shop.coat_url)
    expect(card(screen, "shoes")).to_be_attached()
    for _ in range(8):
        screen.mouse.wheel(0, 300)
        screen.wait_for_timeout(150)
    expect(card(screen, "shoes").locator("img")).to_have_js_property("complete", True)
    assert screen.evaluate("window.shifts") == []


def test_what_is_added_goes_into_the_demo_shops_bag(screen: Page, shop: Shop, look: Look) -> None:
    open_coat(screen, shop)
    screen.get_by_role("button", name="Add all 3").click()
    expect(screen.get_by_text("Bag (3)")).to_be_visible()
    screen.goto(shop.url)
    expect(screen.get_by_text("Bag (3)")).to_be_visible()


def test_a_product_that_nothing_completes_says_so(page: Page, shop: Shop) -> None:
    lonely = make_product("GIFT-1", "Gift Card", "", "50.00")
    page.goto(f"{shop.url}/shop/{lonely.sku}/")
    expect(page.get_by_text("Nothing in the shop completes this yet.")).to_be_visible()


def test_someone_who_is_signed_in_can_give_feedback_too(
    page: Page, shop: Shop, look: Look, client: Client
) -> None:
    sign_in(page, shop, client)
    open_coat(page, shop)
    with page.expect_response(FEEDBACK) as answer:
        page.get_by_role("button", name="I like this look").click()
    assert answer.value.status == 201


def test_a_look_is_saved_with_the_account_of_who_is_known_by_a_cookie(
    page: Page, shop: Shop, look: Look, client: Client
) -> None:
    shopper = make_shopper(f"{USER_PREFIX}{sign_in(page, shop, client).pk}")
    open_coat(page, shop)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This look is saved.")).to_be_visible()
    assert SavedLook.objects.get().shopper == shopper
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
    assert not SavedLook.objects.exists()


def test_the_shop_hears_what_happens_through_dom_events(page: Page, shop: Shop, look: Look) -> None:
    page.add_init_script(
        "window.heard = []; for (const name of ['impression', 'click', 'feedback', 'swap'])"
        " document.addEventListener(`ctl:${name}`, (e) => window.heard.push([name, e.detail]))"
    )
    open_coat(page, shop)
    with page.expect_response(FEEDBACK):
        swap(page, "shoes", "Ballet Flats")
    with page.expect_response(FEEDBACK):
        card(page, "top").get_by_role("button", name="I like").click()
    card(page, "top").get_by_role("link").evaluate(
        "link => { link.addEventListener('click', (e) => e.preventDefault()); link.click() }"
    )
    page.wait_for_function("window.heard.length >= 4")
    heard = dict(page.evaluate("window.heard"))
    assert heard["impression"]["products"] == ["TOP-3", "SHO-2"]
    assert heard["swap"]["replacement"] == "SHO-1"
    assert heard["feedback"]["kind"] == "like"
    assert heard["click"]["product"] == "TOP-3"
    assert {detail["look"] for detail in heard.values()} == {str(look.pk)}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_pressed_thumb_can_be_told_from_its_ground(
    page: Page, shop: Shop, look: Look, scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    open_coat(page, shop)
    thumb = page.get_by_role("button", name="I like this look")
    with page.expect_response(FEEDBACK):
        thumb.click()
    page.wait_for_timeout(300)
    style = "getComputedStyle(button)"
    colour, ground = thumb.evaluate(f"button => [{style}.color, {style}.backgroundColor]")
    assert len({colour, ground, "rgba(0, 0, 0, 0)"}) == 3
