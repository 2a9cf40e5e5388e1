"""The page that says how feedback is used has real figures."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from feedback.models import PreferencePair
from feedback.services import feedback_retract
from outfits.models import Adapter
from tests.factories import make_look, make_product, say
from training.feedback_use import read_feedback_use
from training.models import TrainingRun

pytestmark = pytest.mark.django_db
FIGURES = {
    "candidate": {"accuracy": 0.75, "mean_margin": 0.4, "fitb": 0.51, "auc": None},
    "serving": {"accuracy": 0.5, "mean_margin": 0.1, "fitb": 0.5, "auc": None},
}


@pytest.fixture(autouse=True)
def _no_old_figures() -> None:
    cache.clear()


def swap() -> Any:
    look = make_look(make_product("top"), [make_product("shoes"), make_product("shoes")])
    other = look.items.get().candidates[1]["product"]
    return say(look, "swap", replacement=look.items.get().product.__class__.objects.get(pk=other))


def judged(name: str, status: str, **fields: Any) -> TrainingRun:
    """A run that took account of every pair there is."""
    newest = PreferencePair.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    adapter = Adapter.objects.create(
        name=name, path="/x", base_model="m", verdict=FIGURES, serving=fields.pop("serving", False)
    )
    defaults = {"train_pairs": 6, "held_out_pairs": 2, "finished_at": timezone.now()}
    return TrainingRun.objects.create(
        adapter=adapter, status=status, last_pair_id=newest, **{**defaults, **fields}
    )


def test_without_feedback_the_page_says_so(client: Client) -> None:
    text = client.get("/how-feedback-is-used/").content.decode()
    assert "No stylist has learned from feedback yet" in text


def test_what_was_said_is_counted() -> None:
    swap()
    look = make_look(make_product("top"), [make_product("shoes"), make_product("shoes")])
    say(look, "like", visitor="a")
    say(look, "like", visitor="b")
    say(look, "dislike", visitor="c")
    use = read_feedback_use()
    assert (use.likes, use.dislikes, use.swaps, use.edits) == (2, 1, 1, 0)
    assert (use.pairs, use.lone_thumbs, use.waiting) == (1, 3, 1)


def test_each_version_says_what_it_learned_from_and_what_changed(client: Client) -> None:
    swap()
    swap()
    judged("stylist-0001", "promoted", serving=True)
    swap()
    judged("stylist-0002", "rejected", train_pairs=1)
    swap()
    use = read_feedback_use()
    newest, first = use.versions
    assert (first.name, first.serves, first.passed) == ("stylist-0001", True, True)
    assert (newest.name, newest.serves, newest.passed) == ("stylist-0002", False, False)
    assert first.sources == {"A shopper's swap": 2}
    assert newest.sources == {"A shopper's swap": 1}
    assert use.waiting == 1
    assert [(m.name, m.before, m.after) for m in first.measures] == [
        ("preferences", 0.5, 0.75),
        ("fitb", 0.5, 0.51),
    ]
    text = client.get("/how-feedback-is-used/").content.decode()
    assert "75 % right, before 50 %" in text
    assert "learned from 6 comparisons, judged on 2 others" in text
    assert "Was not better, never served" in text


def test_what_was_erased_is_counted_no_more_but_the_runs_own_figures_stay() -> None:
    event = swap()
    judged("stylist-0001", "promoted")
    feedback_retract(event=event)
    [version] = read_feedback_use().versions
    assert (version.sources, version.train_pairs) == ({}, 6)


def test_runs_that_came_to_nothing_are_no_versions() -> None:
    TrainingRun.objects.create(status="failed")
    TrainingRun.objects.create(status="skipped")
    assert read_feedback_use().versions == []


def test_the_figures_take_few_queries(django_assert_max_num_queries: Any) -> None:
    for number in range(5):
        swap()
        judged(f"stylist-{number}", "rejected")
    with django_assert_max_num_queries(7):
        read_feedback_use()


def test_a_run_counts_only_what_none_before_it_learned_from() -> None:
    swap()
    judged("stylist-0001", "promoted", serving=True)
    judged("stylist-0002", "rejected")
    newest, first = read_feedback_use().versions
    assert (first.sources, newest.sources) == ({"A shopper's swap": 1}, {})


def test_the_page_counts_once_in_some_minutes(
    client: Client, django_assert_num_queries: Any
) -> None:
    first = client.get("/how-feedback-is-used/").content
    with django_assert_num_queries(0):
        assert client.get("/how-feedback-is-used/").content == first
