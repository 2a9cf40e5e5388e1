"""Leaving one thing out, with the stylist that comes with the package on a real vLLM server."""

import pytest
from django.core.cache import cache
from pytest_django import Settings

from outfits.circumstances.context import Context
from outfits.llm import get_language_model
from outfits.models import Adapter, LookItem, MeasuredInfluence
from outfits.selectors import shipped_stylist
from outfits.services import look_build
from outfits.why.influence import MAX_DRIFT, influence_measure, influence_request
from tests.factories import make_product
from tests.vllm_server import RealServer

pytestmark = [pytest.mark.services, pytest.mark.django_db]


@pytest.fixture
def item(vllm_server: RealServer, settings: Settings) -> LookItem:
    """An item that the shipped stylist chose for a blazer."""
    settings.ENSEMBLE = {
        **settings.ENSEMBLE,
        "LLM": "outfits.llm.vllm.VLLMLanguageModel",
        "LLM_URLS": [vllm_server.url],
        "LLM_MODEL": vllm_server.options.model_name,
        "LLM_TIMEOUT_SECONDS": 60,
    }
    cache.clear()
    shipped = shipped_stylist()
    assert shipped.folder is not None
    get_language_model().load_adapter(shipped.name, shipped.folder)
    Adapter.objects.create(
        name=shipped.name,
        path=str(shipped.folder),
        base_model=shipped.model_name,
        manifest=dict(shipped.manifest),
        serving=True,
    )
    anchor = make_product("outerwear", title="Navy Wool Blazer", category="Blazers")
    for title in ("Grey Wool Trousers", "Neon Running Shorts", "Blue Denim Jeans", "Silk Skirt"):
        make_product("bottom", title=title, category=title.split()[-1])
    look = look_build(anchor=anchor, context=Context(occasion="work", season="winter"))
    assert look is not None
    return look.items.get(slot="bottom")


def measure(item: LookItem) -> MeasuredInfluence:
    MeasuredInfluence.objects.all().delete()
    influence = influence_request(item=item)
    influence_measure(influence_id=influence.pk)
    influence.refresh_from_db()
    return influence


def test_the_stylist_that_chose_is_asked_again_and_answers_as_it_did(item: LookItem) -> None:
    first, second = measure(item), measure(item)
    assert first.status == "ready"
    assert first.drift < MAX_DRIFT / 2
    found = {change["label"]: change["change"] for change in first.changes}
    assert {"Context: occasion work", "In the look: navy wool blazer (blazers)"} <= set(found)
    again = {change["label"]: change["change"] for change in second.changes}
    assert again == pytest.approx(found, abs=0.2)
    assert any(abs(change) > 0.05 for change in found.values())


def test_a_stylist_that_was_unloaded_is_unavailable(item: LookItem) -> None:
    get_language_model().unload_adapter(item.look.adapter_name)
    influence = measure(item)
    assert influence.status == "unavailable"
    assert not influence.retryable
