"""Leaving one thing out and asking again: the arithmetic, and what happens when it cannot be."""

import math
from datetime import timedelta
from pathlib import Path
from typing import Any

import celery.exceptions
import numpy as np
import pytest
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from outfits.circumstances.context import Context
from outfits.cooccurrence import COOCCURRENCE, Cooccurrence, count_outfits
from outfits.llm.base import LanguageModelError
from outfits.models import Adapter, Look, LookItem, MeasuredInfluence
from outfits.services import look_build
from outfits.tasks import MEASURE_RETRIES, measure_influence
from outfits.why.influence import influence_give_up, influence_measure, influence_request
from tests.factories import make_product
from tests.fakes import FakeLanguageModel

pytestmark = pytest.mark.django_db
CONTEXT = Context(occasion="work", season="winter")
#: What the fake stylist says of a text: the sum of the words that it holds.
WORDS = {"navy": 0.5, "suede": 1.5, "boots": 0.25, "occasion work": 2.0, "grey": -0.5}
DOWN = LanguageModelError("connection refused", retryable=True)
GONE = LanguageModelError("`stylist-0007` does not exist", retryable=False)


@pytest.fixture
def item(stylist: FakeLanguageModel) -> LookItem:
    """Suede boots for a blazer, chosen before grey pumps."""
    stylist.words = WORDS
    anchor = make_product("top", title="White Blouse", category="Blouses")
    make_product("shoes", title="Navy Suede Boots", category="Shoes")
    make_product("shoes", title="Grey Pumps", category="Shoes")
    look = look_build(anchor=anchor, context=CONTEXT)
    assert look is not None
    stylist.asked.clear()
    return look.items.get()


def measured(item: LookItem) -> MeasuredInfluence:
    influence = influence_request(item=item)
    influence_measure(influence_id=influence.pk)
    influence.refresh_from_db()
    return influence


def share_without(item: LookItem, logits: float) -> float:
    """The chosen one's log-probability beside the other candidate, with a score lower by these."""
    rated = {candidate["sku"]: candidate["score"] for candidate in item.candidates}
    chosen, other = rated.pop(item.product.sku), next(iter(rated.values()))
    return -math.log(1 + math.exp(other - (chosen - logits)))


def changes(influence: MeasuredInfluence) -> dict[str, dict[str, Any]]:
    return {change["label"]: change for change in influence.changes}


def test_what_spoke_for_an_item_costs_it_log_odds_when_it_is_left_out(item: LookItem) -> None:
    found = changes(measured(item))
    assert found["Material: suede"]["change"] == -1.5
    assert found["Colour: navy"]["change"] == -0.5


def test_the_strongest_influence_comes_first(item: LookItem) -> None:
    influence = measured(item)
    assert influence.status == "ready"
    # What moved all candidates alike decided nothing, however far it moved them.
    assert influence.changes[0]["label"] == "Material: suede"
    assert influence.changes[-1]["logprob_change"] == 0.0


def test_a_line_of_the_context_moves_the_log_odds_and_not_the_choice(item: LookItem) -> None:
    change = changes(measured(item))["Context: occasion work"]
    assert change["change"] == -2.0
    # Both candidates lose as much: among them, nothing changes.
    assert change["logprob_change"] == 0.0


def test_an_attribute_changes_the_share_among_the_candidates(item: LookItem) -> None:
    without = share_without(item, 1.5) - share_without(item, 0.0)
    change = changes(measured(item))["Material: suede"]
    assert change["logprob_change"] == pytest.approx(without, abs=0.001)


def test_questions_are_put_together_and_to_whoever_chose(
    item: LookItem, stylist: FakeLanguageModel
) -> None:
    influence = measured(item)
    # One request for the question and its attributes, one for each line and item left out.
    assert len(stylist.asked) == 1 + 3
    assert {adapter for _, _, adapter in stylist.asked} == {item.look.adapter_name}
    assert influence.questions == sum(len(questions) for _, questions, _ in stylist.asked)


def test_the_model_counts_as_much_as_the_stylist_that_chose_let_it(
    item: LookItem, tmp_path: Path
) -> None:
    flat = np.ones(12)
    Cooccurrence(count_outfits([]), flat, flat, flat).save(tmp_path / COOCCURRENCE)
    manifest = {"files": {COOCCURRENCE: ""}, "mix": {"model": 0.5, "cooccurrence": 0.0}}
    Adapter.objects.create(
        name="stylist-0007", path=str(tmp_path), base_model="b", manifest=manifest
    )
    Look.objects.update(adapter_name="stylist-0007")
    whole = share_without(item, 1.5) - share_without(item, 0.0)
    half = share_without(item, 0.75) - share_without(item, 0.0)
    change = changes(measured(LookItem.objects.get()))["Material: suede"]
    assert (change["change"], change["logprob_change"]) == (-1.5, pytest.approx(half, abs=0.001))
    assert half != pytest.approx(whole, abs=0.01)


def test_it_is_queued_once_however_often_it_is_asked_for(
    item: LookItem, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        for _ in range(3):
            influence_request(item=item)
    assert len(callbacks) == 1
    assert MeasuredInfluence.objects.count() == 1


def test_a_task_delivered_twice_asks_once(item: LookItem, stylist: FakeLanguageModel) -> None:
    influence = measured(item)
    asked = len(stylist.asked)
    measure_influence(influence.pk)
    assert len(stylist.asked) == asked


def test_work_in_other_hands_is_left_there(item: LookItem, stylist: FakeLanguageModel) -> None:
    influence = influence_request(item=item)
    rows = MeasuredInfluence.objects.filter(pk=influence.pk)
    rows.update(status="measuring", claimed_at=timezone.now())
    influence_measure(influence_id=influence.pk)
    assert stylist.asked == []
    rows.update(claimed_at=timezone.now() - timedelta(hours=1))
    influence_measure(influence_id=influence.pk)
    influence.refresh_from_db()
    assert influence.status == "ready"


def test_what_is_gone_is_no_error(item: LookItem) -> None:
    measure_influence(10**9)


def test_while_the_stylist_is_away_it_is_tried_again(
    item: LookItem, stylist: FakeLanguageModel
) -> None:
    influence = influence_request(item=item)
    stylist.error = DOWN
    with pytest.raises((celery.exceptions.Retry, LanguageModelError)):
        measure_influence(influence.pk)
    influence.refresh_from_db()
    assert (influence.status, influence.claimed_at) == ("pending", None)
    stylist.error = None
    measure_influence(influence.pk)
    influence.refresh_from_db()
    assert influence.status == "ready"


def test_after_the_last_try_it_is_unavailable_until_it_is_asked_for_later(item: LookItem) -> None:
    influence = influence_request(item=item)
    influence_give_up(influence_id=influence.pk)
    assert influence_request(item=item).status == "unavailable"
    MeasuredInfluence.objects.update(finished_at=timezone.now() - timedelta(minutes=5))
    assert influence_request(item=item).status == "pending"


def test_after_the_last_try_it_is_given_up(item: LookItem, stylist: FakeLanguageModel) -> None:
    influence = influence_request(item=item)
    stylist.error = DOWN
    measure_influence.apply(args=(influence.pk,), retries=MEASURE_RETRIES)
    influence.refresh_from_db()
    assert (influence.status, influence.retryable) == ("unavailable", True)


def test_a_stylist_that_is_not_loaded_any_more_is_unavailable_for_good(
    item: LookItem, stylist: FakeLanguageModel
) -> None:
    stylist.error = GONE
    influence = measured(item)
    assert (influence.status, influence.retryable) == ("unavailable", False)
    assert influence.reason == "The stylist that chose ({stylist}) does not answer any more."


def test_an_adapter_that_was_deleted_is_not_asked(
    item: LookItem, stylist: FakeLanguageModel
) -> None:
    item.look.adapter_name = "stylist-0007"
    item.look.save()
    assert measured(item).status == "unavailable"
    assert stylist.asked == []


def test_a_stylist_that_answers_otherwise_than_it_did_is_not_believed(
    item: LookItem, stylist: FakeLanguageModel
) -> None:
    stylist.words = {**WORDS, "suede": 4.0}
    influence = measured(item)
    assert influence.status == "unavailable"
    assert "as it did when it chose" in influence.reason


def test_what_nobody_was_asked_about_cannot_be_measured(
    item: LookItem, stylist: FakeLanguageModel
) -> None:
    item.candidates = [{**item.candidates[0], "question": None}]
    item.query = ""
    item.save()
    influence = measured(item)
    assert (influence.status, influence.retryable) == ("unavailable", False)
    assert stylist.asked == []


def test_what_was_stored_before_scores_were_kept_cannot_be_measured(item: LookItem) -> None:
    for candidate in item.candidates:
        candidate.pop("model")
    item.save()
    assert measured(item).status == "unavailable"
