"""Which queue a look waits in."""

from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from config.celery import app
from outfits.circumstances.context import Context
from outfits.composing.wishes import PLAIN, Wish
from outfits.models import Look
from outfits.services import look_recommend
from outfits.tasks import build_look, build_missing_looks, build_wished_look
from tests.factories import make_product
from tests.outfits.looks import CONTEXT

pytestmark = pytest.mark.django_db
TASTE = Context(season="winter", preferences=("colour=navy +1 quiz",))


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The queues of what is queued."""
    found: list[str] = []
    for task in (build_look, build_wished_look):
        queue = app.amqp.router.route({}, task.name)["queue"].name

        def delay(*args: Any, queue: str = queue) -> None:
            found.append(queue)

        monkeypatch.setattr(task, "delay", delay)
    return found


@pytest.mark.parametrize(
    ("context", "wish", "queue"),
    [
        (CONTEXT, PLAIN, "look"),
        (Context(season="winter", occasion="work", weather="cold"), PLAIN, "look"),
        (CONTEXT, Wish(budget=Decimal(130)), "wish"),
        (CONTEXT, Wish(number=2), "wish"),
        (TASTE, PLAIN, "wish"),
    ],
    ids=["plain", "circumstances", "budget", "another look", "taste"],
)
def test_a_look_for_one_wish_or_taste_waits_apart_from_those_for_everybody(
    queued: list[str],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    context: Context,
    wish: Wish,
    queue: str,
) -> None:
    anchor = make_product("top")
    for _ in range(2):
        make_product("shoes")
    with django_capture_on_commit_callbacks(execute=True):
        look_recommend(anchor=anchor, context=context, wish=wish)
    assert queued == [queue]


def test_looks_that_are_built_ahead_are_for_everybody(
    queued: list[str], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    make_product("top")
    make_product("shoes")
    with django_capture_on_commit_callbacks(execute=True):
        build_missing_looks()
    assert set(queued) == {"look"}


def test_the_task_of_a_wish_builds_its_look() -> None:
    anchor = make_product("top")
    make_product("shoes")
    wish = Wish(budget=Decimal(130))
    build_wished_look(anchor.pk, TASTE.as_json(), wish.as_json())
    look = Look.objects.get()
    assert (look.wish, look.context) == (wish.as_json(), TASTE.as_json())


@pytest.mark.parametrize("session_only", [False, True])
def test_a_task_always_says_whether_the_taste_goes_with_the_session(
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    session_only: bool,
) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(build_wished_look, "delay", lambda *args: sent.append(args[3]))
    anchor = make_product("top")
    make_product("shoes")
    with django_capture_on_commit_callbacks(execute=True):
        look_recommend(anchor=anchor, context=TASTE, session_only=session_only)
    assert sent == [session_only]
