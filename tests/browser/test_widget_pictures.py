"""The widget as it looks, for people to look at; the pictures in the documentation are made here.

They go to var/test-artifacts, or to the folder that ENSEMBLE_PICTURES names:
``ENSEMBLE_PICTURES=docs/images .venv/bin/pytest tests/browser/test_widget_pictures.py``.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FloatRect, Page, ViewportSize, expect

from tests.browser import fake_looks
from tests.browser.conftest import ARTIFACTS, DESKTOP, PHONE
from tests.browser.fake_api import Answer, FakeApi
from tests.browser.reading import DISLIKE, card

pytestmark = pytest.mark.browser
FOLDER = Path(os.environ.get("ENSEMBLE_PICTURES", ARTIFACTS))
ARABIC = {
    "heading": "أكملي الإطلالة",
    "occasion": "المناسبة",
    "anyOccasion": "الكل",
    "budget": "الميزانية",
    "anyBudget": "مفتوحة",
    "swap": "تبديل",
    "why": "لماذا؟",
    "question": "ما رأيك في هذه الإطلالة؟",
    "total": "الإطلالة كاملة مع هذه القطعة",
    "save": "حفظ",
    "share": "مشاركة",
    "photo": "من صورتي",
}
ARABIC_ITEMS = [
    ("قميص", "قميص داخلي بالدانتيل"),
    ("بنطال", "بنطال بنقشة كاروهات"),
    ("حذاء", "حذاء طويل برباط"),
    ("وشاح", "وشاح كشمير رمادي"),
]


@pytest.fixture
def photographer(browser: Browser, api: FakeApi) -> Iterator["Photographer"]:
    photographer = Photographer(browser, api)
    yield photographer
    photographer.put_away()


class Photographer:
    """Opens the shop's page on a screen, and takes pictures of it."""

    def __init__(self, browser: Browser, api: FakeApi) -> None:
        self.browser, self.api = browser, api
        self.contexts: list[Any] = []
        api.routes["OPTIONS photos/"] = lambda _: Answer(200)

    def open(self, screen: ViewportSize, scheme: Any = "light") -> Page:
        context = self.browser.new_context(
            viewport=screen, color_scheme=scheme, device_scale_factor=1.25, locale="en-GB"
        )
        self.contexts.append(context)
        page: Page = context.new_page()
        page.goto(self.api.url)
        for slot in ("top", "bottom", "shoes", "scarf"):
            picture = card(page, slot).locator("img")
            picture.scroll_into_view_if_needed()
            expect(picture).to_have_js_property("complete", True)
        page.evaluate("scrollTo(0, 0)")
        return page

    def shoot(self, page: Page, name: str, *, whole_screen: bool = False) -> None:
        """Take a picture of the widget, or of all that is on the screen."""
        page.mouse.move(0, 0)
        page.wait_for_timeout(900)  # what glides has come to rest
        FOLDER.mkdir(parents=True, exist_ok=True)
        path = FOLDER / f"{name}.png"
        if whole_screen:
            page.screenshot(path=path)
        else:
            box = page.locator("complete-the-look").bounding_box()
            assert box is not None
            clip: FloatRect = {
                "x": 0,
                "y": box["y"],
                "width": box["width"] + 2 * box["x"],
                "height": box["height"] + 16,
            }
            page.screenshot(path=path, full_page=True, clip=clip)
        assert path.stat().st_size > 10_000

    def put_away(self) -> None:
        for context in self.contexts:
            context.close()


def test_a_whole_look_with_prices(photographer: Photographer) -> None:
    photographer.shoot(photographer.open(DESKTOP), "widget")


def test_why_an_item_is_in_it(photographer: Photographer) -> None:
    page = photographer.open({"width": 1280, "height": 860})
    card(page, "shoes").get_by_role("button", name="Why this?").click()
    photographer.shoot(page, "widget-why", whole_screen=True)


def test_on_a_phone(photographer: Photographer) -> None:
    photographer.shoot(photographer.open(PHONE), "widget-phone")


def test_in_the_dark_with_a_lock_and_reasons(photographer: Photographer) -> None:
    page = photographer.open(DESKTOP, "dark")
    card(page, "top").get_by_role("button", name="Keep").click()
    card(page, "shoes").get_by_role("button", name=DISLIKE).click()
    card(page, "shoes").get_by_role("button", name="Colour").click()
    photographer.shoot(page, "widget-dark")


def test_from_right_to_left_in_a_shops_own_words(photographer: Photographer) -> None:
    look = fake_looks.look()
    for item, (slot, title) in zip(look["items"], ARABIC_ITEMS, strict=True):
        item |= {"slot_label": slot, "explanation": "لون سهل التنسيق مع البيج، ومناسب للخريف."}
        item["product"]["title"] = title
    photographer.api.answer("GET looks/", Answer(body=look | {"stylist": None}))
    photographer.api.page |= {"lang": "ar", "dir": "rtl"}
    page = photographer.open(DESKTOP)
    page.evaluate(
        """async (text) => {
          const { CompleteTheLook } = await import('/complete-the-look.js');
          const page = (number, count) => `${number} / ${count}`;
          const addAll = (count) => `أضيفي الكل (${count})`;
          CompleteTheLook.text = { ...text, page, addAll };
          document.querySelector('complete-the-look').refresh();
        }""",
        ARABIC,
    )
    expect(page.get_by_role("heading", name=ARABIC["heading"])).to_be_visible()
    photographer.shoot(page, "widget-rtl")
