"""A real Chromium, and a small shop with real pictures and a stored look for it to open."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from pytest_django.live_server_helper import LiveServer

from catalog.models import Product
from catalog.services import product_image_create
from config.demo.drawing import Drawing, draw_garment
from outfits.circumstances.current import current_context
from outfits.models import Look, LookItem
from outfits.selectors import serving_stylist
from tests.browser.fake_api import FakeApi

# Playwright's synchronous API runs an event loop in the test's own thread. Django takes that for
# asynchronous code and refuses the ORM; nothing here is asynchronous, so it may.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM_ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ARTIFACTS = Path(__file__).parent.parent.parent / "var" / "test-artifacts"


DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}


@dataclass(frozen=True)
class Shop:
    """A coat, and by slot what may complete it, the stylist's first choice first."""

    url: str
    coat: Product
    candidates: dict[str, list[Product]]

    @property
    def coat_url(self) -> str:
        return f"{self.url}/shop/{self.coat.sku}/"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # The shell draws pages as the whole browser does, without a window around them: twice as fast.
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if path is None:
        pytest.skip("no chromium on PATH (Debian: apt-get install chromium-headless-shell)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    yield from new_page(browser, DESKTOP)


def new_page(browser: Browser, screen: ViewportSize) -> Iterator[Page]:
    context = browser.new_context(viewport=screen, locale="en-GB")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def screen(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of a computer and one of a phone."""
    yield from new_page(browser, request.param)


@pytest.fixture
def api() -> Iterator[FakeApi]:
    """A shop page with the widget, and an API that does as it is told."""
    api = FakeApi()
    yield api
    api.close()


@pytest.fixture
def shop(live_server: LiveServer, media: Path) -> Shop:
    coat = make_product("OUT-1", "Belted Trench Coat", "outerwear", "229.00", "trench", "#d9c5a4")
    candidates = {
        "top": [
            make_product("TOP-1", "Breton Striped Top", "top", "45.00", "breton", "#f8f6f1"),
            make_product("TOP-2", "Silk Blouse", "top", "89.00", "blouse", "#e6abb2"),
            make_product("TOP-3", "Roll-Neck", "top", "99.00", "roll_neck", "#26252b"),
        ],
        "shoes": [
            make_product("SHO-1", "Ballet Flats", "shoes", "89.00", "ballet_flats", "#e6abb2"),
            make_product("SHO-2", "Court Sneakers", "shoes", "99.50", "sneakers", "#f8f6f1"),
        ],
    }
    return Shop(live_server.url, coat, candidates)


@pytest.fixture
def look(shop: Shop) -> Look:
    return store_look(shop)


@pytest.fixture
def quiz_url(shop: Shop) -> str:
    """The quiz of a shop that sells enough to ask about."""
    cache.clear()
    made = [
        ("Leather Pumps", "shoes", "pumps", "Black", "#26252b"),
        ("Linen Shirt", "top", "shirt", "Navy Blue", "#27334f"),
        ("Suede Belt", "belt", "", "Brown", ""),
        ("Knitted Beanie", "headwear", "beanie", "Mustard", "#c99a2e"),
    ]
    for number, (title, slot, shape, colour, paint) in enumerate(made):
        product = make_product(f"QUIZ-{number}", title, slot, "90.00", shape, paint)
        product.colour = colour
        product.save()
    return f"{shop.url}/style-quiz/"


def make_product(
    sku: str, title: str, slot: str, price: str, shape: str = "", colour: str = ""
) -> Product:
    """A published product in stock, with a drawn picture if ``shape`` names one."""
    product = Product.objects.create(
        sku=sku, title=title, slot=slot, price=Decimal(price), brand="Maren Alder", stock=5
    )
    if shape:
        picture = draw_garment(Drawing(shape, "Beige", colour), size=320)
        product_image_create(product=product, data=picture, caption=False)
    return product


def sign_in(page: Page, shop: Shop, client: Client, csrf_cookie: str = "csrftoken") -> User:
    """Someone whom the shop's own pages know by a cookie; ``csrf_cookie`` holds Django's token."""
    user = User.objects.create_superuser("ada")
    client.force_login(user)
    cookies = {"sessionid": client.cookies["sessionid"].value}
    if csrf_cookie:
        cookies[csrf_cookie] = "a" * 32
    page.context.add_cookies(
        [{"name": name, "value": value, "url": shop.url} for name, value in cookies.items()]
    )
    return user


def store_look(shop: Shop) -> Look:
    """What the stylist would have stored for the coat: the last candidates come first."""
    context = current_context()
    stylist = serving_stylist()
    look = Look.objects.create(
        anchor=shop.coat,
        context=context.as_json(),
        context_key=context.key,
        model_name=stylist.model_name,
        adapter_name=stylist.adapter_name,
    )
    for position, (slot, products) in enumerate(shop.candidates.items()):
        LookItem.objects.create(
            look=look,
            slot=slot,
            position=position,
            product=products[-1],
            query="look: a coat\n",
            candidates=[
                {"question": f"add: {p.sku}", "product": p.pk, "sku": p.sku, "logprob": -1.0 - i}
                for i, p in enumerate(reversed(products))
            ],
            explanation=f"It suits the coat, and it is the {slot} that the stylist liked best.",
        )
    return look
