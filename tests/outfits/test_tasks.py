import celery.exceptions
import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from outfits.circumstances.context import Context
from outfits.llm.base import LanguageModelError
from outfits.models import Look
from outfits.tasks import build_look, build_missing_looks
from tests.factories import make_product
from tests.fakes import FakeLanguageModel

pytestmark = pytest.mark.django_db
CONTEXT = Context(season="winter").as_json()


def test_a_look_of_a_product_that_is_gone_is_no_error() -> None:
    build_look(10**9, CONTEXT)


def test_a_look_is_tried_again_while_the_server_is_away(stylist: FakeLanguageModel) -> None:
    anchor = make_product("top")
    make_product("shoes")
    stylist.error = LanguageModelError("down", retryable=True)
    with pytest.raises((celery.exceptions.Retry, LanguageModelError)):
        build_look(anchor.pk, CONTEXT)


def test_a_task_delivered_twice_stores_one_look() -> None:
    anchor = make_product("top")
    make_product("shoes")
    build_look(anchor.pk, CONTEXT)
    build_look(anchor.pk, CONTEXT)
    assert Look.objects.count() == 1


def test_looks_are_queued_ahead_for_available_products_only(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    make_product("top")
    make_product("shoes")
    make_product("bag", stock=0)
    with django_capture_on_commit_callbacks() as callbacks:
        assert build_missing_looks() == 2
    assert len(callbacks) == 2
