from typing import Any

import celery.exceptions
import pytest
from celery import Task
from pytest_django import DjangoCaptureOnCommitCallbacks

from outfits.circumstances.context import Context
from outfits.llm.base import LanguageModelError
from outfits.models import Look
from outfits.tasks import build_look, build_missing_looks, build_wished_look
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


@pytest.mark.parametrize("task", [build_look, build_wished_look])
@pytest.mark.parametrize(
    ("preferences", "more", "session_only"),
    [
        (["colour=navy +1.5 said"], [], True),
        (["colour=navy +1 quiz"], [], False),
        ([], [], False),
        (["colour=navy +1.5 said"], [False], False),
        (["colour=navy +1 quiz"], [True], True),
    ],
    ids=["said in a tab", "of a profile", "no taste", "known: it stays", "known: it goes"],
)
def test_whether_a_taste_goes_with_the_session_is_inferred_where_the_task_does_not_say_so(
    task: "Task[Any, Any]", preferences: list[str], more: list[bool], session_only: bool
) -> None:
    anchor = make_product("top")
    make_product("shoes")
    task(anchor.pk, CONTEXT | ({"preferences": preferences} if preferences else {}), {}, *more)
    assert Look.objects.get().session_only is session_only


def test_looks_are_queued_ahead_for_available_products_only(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    make_product("top")
    make_product("shoes")
    make_product("bag", stock=0)
    with django_capture_on_commit_callbacks() as callbacks:
        assert build_missing_looks() == 2
    assert len(callbacks) == 2
