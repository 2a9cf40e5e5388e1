"""The shopper's pages in a real Chromium, on a desktop and on a phone, by keyboard and without."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, Page

from outfits.models import ProfileFact, Shopper
from tests.browser.conftest import ARTIFACTS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}


@pytest.fixture(params=SIZES)
def sized(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page of a desktop and one of a phone; any error of a script fails the test."""
    width, height = SIZES[request.param]
    context = browser.new_context(viewport={"width": width, "height": height}, locale="en-GB")
    context.set_default_timeout(15_000)
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=ARTIFACTS / f"{request.node.name}.png", full_page=True)
    context.close()
    assert not errors


def sign_in(page: Page, url: str) -> User:
    user, client = User.objects.create_user("ann"), Client()
    client.force_login(user)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}]
    )
    return user


def overflows(page: Page) -> bool:
    found: bool = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return found


def test_a_strangers_answers_stay_in_the_tab(sized: Page, quiz_url: str) -> None:
    sized.goto(quiz_url)
    assert not overflows(sized)
    sized.get_by_label("Navy").check()
    sized.get_by_label("Leather").check()
    sized.get_by_role("button", name="Show me my style").click()
    sized.get_by_text("Nothing of this is stored").wait_for()
    kept = sized.wait_for_function("sessionStorage.getItem('ensemble-taste')")
    taste = kept.json_value()
    assert taste == "like.colour=navy&never.material=leather"
    assert not Shopper.objects.exists()
    assert not overflows(sized)


def test_from_the_quiz_to_the_profile_and_to_nothing(sized: Page, quiz_url: str) -> None:
    sign_in(sized, quiz_url.removesuffix("style-quiz/"))
    sized.goto(quiz_url)
    sized.get_by_label("Navy").check()
    sized.get_by_label("Remember my answers").check()
    sized.get_by_role("button", name="Show me my style").click()
    sized.get_by_role("heading", name="My style").wait_for()
    assert not overflows(sized)
    sized.get_by_role("button", name="Delete Navy: Style quiz").click()
    sized.get_by_role("button", name="Undo").click()
    sized.get_by_text("It is back.").wait_for()
    sized.get_by_label("What about Navy?").select_option("never")
    sized.get_by_role("button", name="Save Navy").click()
    sized.get_by_text("You said so").first.wait_for()
    assert ProfileFact.objects.get().stance == "never"
    with sized.expect_download() as download:
        sized.get_by_role("link", name="Download everything (JSON)").click()
    assert download.value.suggested_filename == "my-style.json"
    sized.get_by_role("link", name="Erase everything").click()
    sized.get_by_role("button", name="Erase everything").click()
    sized.get_by_text("Everything that was stored of you is erased.").wait_for()
    assert not Shopper.objects.exists()


def test_the_quiz_is_answered_by_keyboard_alone(page: Page, quiz_url: str) -> None:
    page.goto(quiz_url)
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "navy":
            break
    page.keyboard.press("Space")
    assert page.get_by_label("Navy").is_checked()
    page.keyboard.press("Enter")
    page.get_by_text("Nothing of this is stored").wait_for()


def test_the_quiz_needs_no_javascript(browser: Browser, quiz_url: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(quiz_url)
    page.get_by_label("Navy").check()
    page.get_by_role("button", name="Show me my style").click()
    page.get_by_text("Nothing of this is stored").wait_for()
    context.close()
