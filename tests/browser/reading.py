"""Finding things in the widget, and hearing its events."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.fake_api import FakeApi

DISLIKE = "I don\N{RIGHT SINGLE QUOTATION MARK}t like"
EVENTS = [
    "impression",
    "click",
    "swap",
    "lock",
    "restyle",
    "feedback",
    "add-to-cart",
    "save",
    "share",
    "why",
    "context",
]

# Collects the layout shifts that no key or click caused, as Chromium reports them.
SHIFTS = """
window.shifts = [];
const box = ({ x, y, width, height }) => [x, y, width, height];
new PerformanceObserver((list) => {
  for (const { hadRecentInput, value, sources } of list.getEntries()) {
    const moved = sources.map((s) => [box(s.previousRect), box(s.currentRect)]);
    if (!hadRecentInput) window.shifts.push([value, moved]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""


def card(page: Page, slot: str) -> Locator:
    return page.locator(f"complete-the-look li[data-slot={slot}]")


def title(page: Page, slot: str) -> Locator:
    return card(page, slot).get_by_role("link")


def aside(page: Page) -> Locator:
    """The line at the widget's foot that says what has happened."""
    return page.locator("complete-the-look .aside")


def open_shop(page: Page, api: FakeApi) -> None:
    """Open the shop's page, listening, and wait for the look."""
    page.add_init_script(
        f"window.heard = []; for (const name of {EVENTS})"
        " document.addEventListener(`ctl:${name}`, (e) => window.heard.push([name, e.detail]))"
    )
    page.goto(api.url)
    page.locator("complete-the-look").scroll_into_view_if_needed()
    expect(card(page, "shoes")).to_be_visible()


def heard(page: Page, name: str) -> list[dict[str, Any]]:
    """The details of the events of a name so far."""
    return [detail for event, detail in page.evaluate("window.heard") if event == name]


def violations(page: Page) -> list[tuple[str, Any]]:
    """What axe-core finds wrong with the page as it is now."""
    found = Axe().run(page).response["violations"]
    return [(v["id"], [node["html"] for node in v["nodes"]]) for v in found]
