"""The review of captions in real Chromium, with the keyboard only."""

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from catalog.captioning import get_captioner
from catalog.models import PERSON, Caption
from tests.browser.conftest import make_product
from tests.factories import make_caption

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATH = "/admin/ensemble_catalog/caption/review/"
COAT, BLOUSE, FLATS = "a coat", "a blouse", "flats"


@pytest.fixture
def captions(live_server: LiveServer) -> dict[str, Caption]:
    """Three drawn garments whose colour is in doubt, the coat's most."""
    cache.clear()
    made = {}
    for doubt, name, shape in [(0.9, COAT, "trench"), (0.8, BLOUSE, "blouse"), (0.7, FLATS, "")]:
        product = make_product(
            f"SKU-{doubt}", name, "top", "10.00", shape or "ballet_flats", "#e6abb2"
        )
        made[name] = make_caption(
            product.images.get(),
            get_captioner().captioner_id,
            sentence="A coat.",
            article_type="Coats",
            doubt=doubt,
            unsure=["colour"],
            confidence={"colour": 1 - doubt},
            alternatives={"colour": ["Pink", "Peach", "Beige"]},
        )
    return made


@pytest.fixture
def reviewer(page: Page, live_server: LiveServer, admin_user: User) -> Page:
    """A page that is signed in."""
    client = Client()
    client.force_login(admin_user)
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    return page


def person(caption: Caption) -> Caption:
    return Caption.objects.get(captioner_id=PERSON, content_hash=caption.content_hash)


def test_three_pictures_are_reviewed_with_the_keyboard_only(
    reviewer: Page, live_server: LiveServer, captions: dict[str, Caption]
) -> None:
    page, keyboard = reviewer, reviewer.keyboard
    page.goto(live_server.url + PATH)
    expect(page.get_by_role("link", name=COAT)).to_be_visible()
    # The field in doubt has the focus: its second choice, then on.
    keyboard.press("2")
    expect(page.get_by_role("radio", name="Peach")).to_be_checked()
    keyboard.press("Enter")
    expect(page.get_by_role("link", name=BLOUSE)).to_be_visible()
    assert person(captions[COAT]).sentence == "A peach coat."
    # Tab goes to the text beside the choices; typed words count.
    keyboard.press("Tab")
    keyboard.type("Dusty rose")
    keyboard.press("Enter")
    expect(page.get_by_role("link", name=FLATS)).to_be_visible()
    assert person(captions[BLOUSE]).colour == "Dusty rose"
    keyboard.press("c")
    expect(page.get_by_role("heading", name="Everything in doubt")).to_be_visible()
    assert person(captions[FLATS]).colour == ""
    # And back: the last deed is undone, its picture is there again.
    keyboard.press("u")
    expect(page.get_by_role("link", name=FLATS)).to_be_visible()
    assert Caption.objects.filter(captioner_id=PERSON).count() == 2


def test_letters_typed_into_a_text_press_no_button(
    reviewer: Page, live_server: LiveServer, captions: dict[str, Caption]
) -> None:
    page, keyboard = reviewer, reviewer.keyboard
    page.goto(live_server.url + PATH)
    page.get_by_role("textbox", name="Sentence").focus()
    keyboard.press("End")
    keyboard.type(" Such class, 1 of 3.")
    expect(page.get_by_role("textbox", name="Sentence")).to_have_value(
        "A coat. Such class, 1 of 3."
    )
    keyboard.press("Escape")
    keyboard.press("s")
    expect(page.get_by_role("link", name=BLOUSE)).to_be_visible()
    assert not Caption.objects.filter(captioner_id=PERSON).exists()


def test_the_page_works_without_javascript(
    browser: Browser, reviewer: Page, live_server: LiveServer, captions: dict[str, Caption]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(reviewer.context.cookies())  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(live_server.url + PATH)
    page.get_by_text("Beige").click()
    page.get_by_role("button", name="Save and next").click()
    expect(page.get_by_role("link", name=BLOUSE)).to_be_visible()
    assert person(captions[COAT]).colour == "Beige"
    context.close()
