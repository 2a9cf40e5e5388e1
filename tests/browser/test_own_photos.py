"""A photo that is kept, from the widget to the profile page and to nothing, in a real Chromium."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, Page, ViewportSize, expect
from pytest_django import Settings

from outfits.models import Look, OwnPhoto
from outfits.tasks import understand_photo
from tests.browser.conftest import ARTIFACTS, DESKTOP, PHONE, Shop
from tests.outfits.photos.pictures import a_jpeg, files_in
from tests.shoppers import make_shopper

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _fakes(settings: Settings) -> None:
    settings.ENSEMBLE = {
        **settings.ENSEMBLE,
        "CAPTIONER": "tests.fakes.FakeCaptioner",
        "EMBEDDER": "tests.fakes.FakeEmbedder",
    }
    cache.clear()


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def signed_in(request: pytest.FixtureRequest, browser: Browser, shop: Shop) -> Iterator[Page]:
    """A shop's page of somebody who is signed in; any error of a script fails the test."""
    screen: ViewportSize = request.param
    context = browser.new_context(viewport=screen, locale="en-GB")
    context.set_default_timeout(15_000)
    client = Client()
    client.force_login(User.objects.create_user("ann", pk=17))
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": shop.url}])
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not errors


def open_form(page: Page, shop: Shop) -> None:
    # Its cookie is what the widget sends along with what changes something.
    page.goto(f"{shop.url}/my-style/")
    page.goto(shop.coat_url)
    page.locator("complete-the-look").scroll_into_view_if_needed()
    page.get_by_role("button", name="From my own photo").click()


def look_at(page: Page, name: str) -> None:
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=ARTIFACTS / f"{name}.png", full_page=True)


def test_a_photo_is_kept_seen_on_the_profile_deleted_and_gone(
    signed_in: Page,
    shop: Shop,
    look: Look,
    private: Path,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    make_shopper("user:17")
    page, photo = signed_in, tmp_path / "shirt.jpg"
    photo.write_bytes(a_jpeg())
    open_form(page, shop)
    form = page.get_by_role("dialog", name="From my own photo")
    form.get_by_label("A photo of what you wear or own").set_input_files(photo)
    form.get_by_label("Keep the photo for later").check()
    look_at(page, f"{request.node.name}-form")
    with page.expect_response("**/api/v1/photos/") as sent:
        form.get_by_role("button", name="Find a look").click()
    understand_photo(sent.value.json()["id"])
    expect(page.get_by_role("button", name="Back to this product")).to_be_visible(timeout=15_000)

    page.goto(f"{shop.url}/my-style/")
    picture = page.get_by_role("img", name="A plain thing.")
    picture.scroll_into_view_if_needed()
    page.wait_for_function("img => img.naturalWidth === 300", arg=picture.element_handle())
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    look_at(page, f"{request.node.name}-profile")
    page.get_by_role("button", name="Delete the photo: A plain thing.").click()
    page.get_by_text("The photo is deleted.").wait_for()
    expect(page.get_by_role("img", name="A plain thing.")).to_have_count(0)
    assert not OwnPhoto.objects.exists()
    assert files_in(private) == []


def test_who_did_not_agree_is_not_asked_whether_to_keep_it(
    signed_in: Page, shop: Shop, look: Look
) -> None:
    open_form(signed_in, shop)
    form = signed_in.get_by_role("dialog", name="From my own photo")
    expect(form.get_by_label("A photo of what you wear or own")).to_be_visible()
    expect(form.get_by_label("Keep the photo for later")).to_be_hidden()
