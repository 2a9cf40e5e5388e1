"""A page that was opened before the model server was up, in real Chromium with the real API."""

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect
from pytest_django import Settings

from outfits.circumstances.current import current_context
from outfits.llm import get_language_model
from outfits.llm.base import LanguageModelError
from outfits.services import look_build
from tests.browser.conftest import Shop
from tests.browser.reading import aside, card, title
from tests.fakes import FakeLanguageModel

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AWAY = "Our stylist cannot be reached, so these are the closest matches, unranked."


@pytest.fixture
def stylist(settings: Settings) -> FakeLanguageModel:
    """The model that the services will ask; it is away."""
    settings.ENSEMBLE = {
        **settings.ENSEMBLE,
        "LLM": "tests.fakes.FakeLanguageModel",
        "LLM_MODEL": "fake-model",
    }
    model = get_language_model()
    assert isinstance(model, FakeLanguageModel)
    cache.clear()  # its answers are kept
    model.error = LanguageModelError("connection refused", retryable=True)
    return model


def test_a_page_opened_while_the_stylist_is_away_gets_the_ranked_look_by_itself(
    screen: Page, shop: Shop, stylist: FakeLanguageModel
) -> None:
    with pytest.raises(LanguageModelError):
        look_build(anchor=shop.coat, context=current_context())
    screen.goto(shop.coat_url)
    screen.locator("complete-the-look").scroll_into_view_if_needed()
    expect(screen.get_by_text(AWAY)).to_be_visible()
    expect(card(screen, "top").get_by_role("button", name="Swap")).to_be_visible()

    stylist.error = None
    # As the worker's next try does.
    look = look_build(anchor=shop.coat, context=current_context())
    assert look is not None
    expect(aside(screen)).to_have_text("Our stylist has refined this look.", timeout=15_000)
    expect(title(screen, "top")).to_have_text(look.items.get(slot="top").product.title)
    expect(screen.get_by_text(AWAY)).to_have_count(0)
    expect(screen.get_by_role("button", name="I like this look")).to_be_visible()
