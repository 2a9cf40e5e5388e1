"""The shopper's own pages for everyone: axe-core on every page, and the keyboard alone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from catalog.models import Product
from feedback.services import feedback_record
from outfits.models import Adapter, Look, ProfileFact, Shopper
from outfits.photos.services import photo_receive
from outfits.shoppers.consent import shopper_consent
from outfits.shoppers.events import PushedEvent, shopper_events_record
from outfits.shoppers.facts import Fact
from outfits.shoppers.identity import USER_PREFIX
from outfits.shoppers.profile import fact_delete, fact_say, look_save
from tests.browser.conftest import Shop, sign_in
from tests.browser.reading import violations
from tests.outfits.photos.pictures import a_jpeg
from training.models import TrainingRun

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
#: More presses of Tab than any of the pages has stops.
MOST_TABS = 120


@pytest.fixture(autouse=True)
def _no_old_answers() -> None:
    cache.clear()


@pytest.fixture
def shop_id(screen: Page, shop: Shop, client: Client) -> str:
    """Somebody who is signed in and was not asked yet."""
    return f"{USER_PREFIX}{sign_in(screen, shop, client).pk}"


@pytest.fixture
def shopper(shop_id: str) -> Shopper:
    """The same, having agreed to be remembered."""
    shopper = shopper_consent(shop_id=shop_id, granted=True, region="DE-BE")
    assert shopper is not None
    return shopper


def fill(shopper: Shopper, shop: Shop, look: Look) -> None:
    """Have everything known of a shopper that there can be."""
    said = (("colour", "navy", "like"), ("slot", "bag", "never"), ("size", "38", "like"))
    for kind, value, stance in (*said, ("budget", "80", "like"), ("material", "silk", "dislike")):
        fact_say(shopper=shopper, fact=Fact(kind, value, stance), source="quiz")
    fact_delete(fact=fact_say(shopper=shopper, fact=Fact("colour", "red")))
    now = timezone.now()
    pushed = [
        PushedEvent(f"{kind}-{n}", shopper.shop_id, kind, shop.coat.sku, now - timedelta(hours=n))
        for kind, times in (("purchase", 1), ("view", 7))
        for n in range(times)
    ]
    shopper_events_record(events=pushed)
    item = look.items.get(slot="top")
    feedback_record(
        id=uuid4(), look=look, kind="dislike", item=item, shopper=shopper, reasons=["colour"]
    )
    look_save(shopper=shopper, look=look)
    photo_receive(data=a_jpeg(), owner=shopper, said="my jacket")


def judge() -> None:
    """A stylist that learned from feedback and serves, and one that was rejected."""
    for name, status in (("stylist-1", "promoted"), ("stylist-2", "rejected")):
        figures = {"accuracy": 0.75, "mean_margin": 0.4, "fitb": 0.51, "auc": None}
        adapter = Adapter.objects.create(
            name=name,
            path="/x",
            base_model="m",
            verdict={"candidate": figures, "serving": figures},
            serving=status == "promoted",
        )
        TrainingRun.objects.create(
            adapter=adapter,
            status=status,
            last_pair_id=0,
            train_pairs=6,
            held_out_pairs=2,
            finished_at=timezone.now(),
        )


def check(page: Page, address: str = "") -> None:
    """Nothing is wrong with a page, as it is now where no ``address`` is given."""
    if address:
        page.goto(address)
    assert violations(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.fixture(params=["light", "dark"])
def seen(screen: Page, request: pytest.FixtureRequest) -> Page:
    """A page on either screen, in light and in dark."""
    scheme: Any = request.param
    screen.emulate_media(color_scheme=scheme)
    return screen


def test_axe_finds_nothing_wrong_with_the_quiz_and_its_result(seen: Page, quiz_url: str) -> None:
    check(seen, quiz_url)
    seen.get_by_label("Navy").check()
    seen.get_by_label("Leather").check()
    check(seen)
    seen.get_by_role("button", name="Show me my style").click()
    seen.get_by_text("Nothing of this is stored").wait_for()
    check(seen)


def test_axe_finds_nothing_wrong_with_the_quiz_of_somebody_known(
    seen: Page, quiz_url: str, shop_id: str
) -> None:
    check(seen, quiz_url)
    expect(seen.get_by_label("Remember my answers")).to_be_visible()


def test_axe_finds_nothing_wrong_with_a_quiz_without_questions(seen: Page, shop: Shop) -> None:
    Product.objects.all().delete()
    check(seen, f"{shop.url}/style-quiz/")


def test_axe_finds_nothing_wrong_with_a_strangers_page(seen: Page, shop: Shop, look: Look) -> None:
    check(seen, f"{shop.url}/my-style/")
    kept = f'[{{"look": "{look.pk}", "product": "OUT-1", "pieces": [], "url": "{shop.url}/"}}]'
    seen.evaluate("kept => sessionStorage.setItem('ensemble-looks', kept)", kept)
    seen.reload()
    seen.get_by_role("link", name=shop.coat.title).wait_for()
    check(seen)


def test_axe_finds_nothing_wrong_with_the_page_that_asks(
    seen: Page, shop: Shop, shop_id: str
) -> None:
    check(seen, f"{shop.url}/my-style/")
    shopper_consent(shop_id=shop_id, granted=True)
    shopper_consent(shop_id=shop_id, granted=False)
    check(seen, f"{shop.url}/my-style/?done=withdrawn")
    expect(seen.get_by_role("link", name="Erase this record, too")).to_be_visible()


def test_axe_finds_nothing_wrong_with_an_empty_profile(
    seen: Page, shop: Shop, shopper: Shopper
) -> None:
    check(seen, f"{shop.url}/my-style/?done=granted")


def test_axe_finds_nothing_wrong_with_a_full_profile(
    seen: Page, shop: Shop, look: Look, shopper: Shopper
) -> None:
    fill(shopper, shop, look)
    check(seen, f"{shop.url}/my-style/")
    for summary in seen.locator("details:not([open]) summary").all():
        summary.click()
    seen.get_by_role("button", name="Delete Navy: Style quiz").click()
    seen.get_by_role("button", name="Undo").wait_for()
    check(seen)
    region = seen.get_by_role("textbox", name="Your region")
    region.fill("Mars")
    region.press("Enter")
    seen.get_by_role("alert").wait_for()
    check(seen)


@pytest.mark.parametrize("name", ["erase", "withdraw"])
def test_axe_finds_nothing_wrong_with_the_pages_that_ask_once_more(
    seen: Page, shop: Shop, shopper: Shopper, name: str
) -> None:
    check(seen, f"{shop.url}/my-style/{name}/")


@pytest.mark.parametrize("prepare", [lambda: None, judge], ids=["nothing", "judged"])
def test_axe_finds_nothing_wrong_with_how_feedback_is_used(
    seen: Page, shop: Shop, prepare: Callable[[], None]
) -> None:
    prepare()
    check(seen, f"{shop.url}/how-feedback-is-used/")


def test_the_quiz_is_answered_from_beginning_to_end_with_the_keyboard_alone(
    screen: Page, quiz_url: str, shop_id: str
) -> None:
    screen.goto(quiz_url)
    screen.keyboard.press("Tab")
    expect(screen.get_by_role("link", name="Skip to content")).to_be_focused()
    with screen.expect_navigation():
        press(screen, screen.get_by_role("link", name="Everyone"), "Enter")
    for question in screen.get_by_role("group").filter(has=screen.locator("legend")).all():
        press(screen, question.get_by_role("checkbox").or_(question.get_by_role("radio")).first)
    press(screen, screen.get_by_label("Remember my answers"))
    press(screen, screen.get_by_role("button", name="Show me my style"), "Enter")
    screen.get_by_text("Thank you: your answers are part of your style now.").wait_for()
    assert ProfileFact.objects.filter(shopper__shop_id=shop_id, source="quiz").count() > 1


def test_a_profile_is_corrected_taken_along_and_erased_with_the_keyboard_alone(
    screen: Page, shop: Shop, look: Look, shopper: Shopper
) -> None:
    fill(shopper, shop, look)
    screen.goto(f"{shop.url}/my-style/")
    stance = screen.get_by_label("What about Navy?")
    reach(screen, stance)
    screen.keyboard.type("Never")
    press(screen, screen.get_by_role("button", name="Save Navy"), "Enter")
    screen.get_by_text("Changed.").wait_for()
    assert shopper.facts.get(value="navy", source="said").stance == "never"

    press(screen, screen.get_by_role("button", name="Delete Navy: You said so"), "Enter")
    press(screen, screen.get_by_role("button", name="Undo"), "Enter")
    screen.get_by_text("It is back.").wait_for()
    assert shopper.facts.filter(value="navy", source="said").exists()

    press(screen, screen.locator("summary").filter(has_text="What you looked at"), "Enter")
    bought = screen.get_by_role("button", name=f"Delete Bought: {shop.coat.title}")
    press(screen, bought, "Enter")
    press(screen, screen.get_by_role("button", name="Undo"), "Enter")
    screen.get_by_text("It is back.").wait_for()
    assert shopper.events.filter(kind="purchase").exists()

    reach(screen, screen.get_by_role("textbox", name="Your region"))
    screen.keyboard.type("AT")
    screen.keyboard.press("Enter")
    screen.get_by_text("Changed.").wait_for()
    assert Shopper.objects.get().region == "AT"

    with screen.expect_download() as download:
        press(screen, screen.get_by_role("link", name="Download everything (JSON)"), "Enter")
    assert download.value.suggested_filename == "my-style.json"
    press(screen, screen.get_by_role("link", name="Erase everything"), "Enter")
    press(screen, screen.get_by_role("button", name="Erase everything"), "Enter")
    screen.get_by_text("Everything that was stored of you is erased.").wait_for()
    assert not Shopper.objects.exists()


def reach(page: Page, wanted: Locator) -> None:
    """Press Tab until something has the focus, which must be seen to have it."""
    expect(wanted).to_be_visible()
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if wanted.evaluate("node => node === document.activeElement"):
            break
    expect(wanted).to_be_focused()
    outlined = "node => getComputedStyle(node).outlineStyle !== 'none'"
    assert wanted.evaluate(outlined)


def press(page: Page, wanted: Locator, key: str = "Space") -> None:
    reach(page, wanted)
    page.keyboard.press(key)
