"""What a shopper deletes is not learned again, until they say it or allow it."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from outfits.models import ForgottenFact, ProfileFact, Shopper
from outfits.shoppers.consent import shopper_consent
from outfits.shoppers.events import PushedEvent, shopper_events_record
from outfits.shoppers.facts import Fact, Source
from outfits.shoppers.learning import facts_learn
from outfits.shoppers.profile import fact_delete, fact_restore, fact_say, quiz_answer
from tests.factories import make_product
from tests.shoppers import as_shopper, make_shopper, set_key

pytestmark = pytest.mark.django_db
NAVY = Fact("colour", "navy")


@pytest.fixture(autouse=True)
def _key(settings: Settings) -> None:
    set_key(settings)


@pytest.fixture
def ann() -> Shopper:
    return make_shopper()


def learn(shopper: Shopper, fact: Fact = NAVY, source: str = Source.VIEW) -> None:
    facts_learn(shopper=shopper, facts=[fact], source=source, event="deed")


def known(shopper: Shopper) -> set[tuple[str, str, str]]:
    return {(fact.kind, fact.value, fact.source) for fact in shopper.facts.all()}


def forget(shopper: Shopper, fact: Fact = NAVY, source: str = Source.VIEW) -> str:
    """Learn something and have the shopper delete it; how to undo that."""
    learn(shopper, fact, source)
    return fact_delete(fact=shopper.facts.get(kind=fact.kind, source=source))


@pytest.mark.parametrize("source", [Source.VIEW, Source.PURCHASE, Source.FEEDBACK])
def test_what_was_deleted_is_not_learned_again_from_any_deed(ann: Shopper, source: str) -> None:
    forget(ann)
    learn(ann, source=source)
    assert known(ann) == set()


def test_other_things_are_learned_as_before(ann: Shopper) -> None:
    forget(ann)
    learn(ann, Fact("colour", "red"))
    learn(ann, Fact("colour", "navy", "dislike"))
    assert {fact.value for fact in ann.facts.all()} == {"red", "navy"}


def test_a_shoppers_wish_to_forget_is_nobody_elses(ann: Shopper) -> None:
    forget(ann)
    learn(bob := make_shopper("bob"))
    assert known(bob) == {("colour", "navy", "view")}


def test_a_pushed_purchase_does_not_bring_it_back(ann: Shopper) -> None:
    forget(ann)
    shoes = make_product("shoes", colour="Navy", brand="Ostrane")
    pushed = PushedEvent("order-1", "ann", "purchase", shoes.sku, timezone.now())
    shopper_events_record(events=[pushed])
    assert "colour" not in {kind for kind, _, _ in known(ann)}
    assert ("brand", "Ostrane", "purchase") in known(ann)


def test_a_learned_budget_is_forgotten_whatever_its_amount(ann: Shopper) -> None:
    forget(ann, Fact("budget", "149"), Source.FEEDBACK)
    learn(ann, Fact("budget", "99"), Source.FEEDBACK)
    assert known(ann) == set()
    assert ForgottenFact.objects.get().value == ""


def test_another_source_of_it_that_was_left_standing_counts_no_further(ann: Shopper) -> None:
    learn(ann, source=Source.PURCHASE)
    forget(ann)
    learn(ann, source=Source.PURCHASE)
    assert known(ann) == {("colour", "navy", "purchase")}
    assert ann.facts.get().times == 1


def test_what_cannot_be_learned_needs_no_forgetting(ann: Shopper) -> None:
    fact_delete(fact=fact_say(shopper=ann, fact=Fact("size", "40")))
    assert not ForgottenFact.objects.exists()


def test_saying_it_lifts_it(ann: Shopper) -> None:
    forget(ann)
    fact_say(shopper=ann, fact=NAVY)
    learn(ann)
    assert known(ann) == {("colour", "navy", "said"), ("colour", "navy", "view")}


def test_answering_it_in_the_quiz_lifts_it(ann: Shopper) -> None:
    forget(ann)
    quiz_answer(shopper=ann, facts=[NAVY], kinds=["colour"])
    assert not ForgottenFact.objects.exists()


def test_undoing_the_deletion_lifts_it(ann: Shopper) -> None:
    undo = forget(ann)
    fact_restore(shopper=ann, undo=undo)
    learn(ann)
    assert ann.facts.get().times == 2


def test_the_api_shows_it_and_takes_it_back(client: Client, ann: Shopper) -> None:
    forget(ann)
    [shown] = client.get("/api/v1/shopper/", headers=as_shopper()).json()["forgotten"]
    assert (shown["kind"], shown["value"], shown["label"]) == ("colour", "navy", "Likes: Navy")
    address = f"/api/v1/shopper/forgotten/{shown['id']}/"
    make_shopper("bob")
    assert client.delete(address, headers=as_shopper("bob")).status_code == 204
    assert ForgottenFact.objects.exists()
    assert client.delete(address, headers=as_shopper()).status_code == 204
    learn(ann)
    assert known(ann) == {("colour", "navy", "view")}


def test_the_page_shows_it_and_takes_it_back(client: Client, django_user_model: Any) -> None:
    user = django_user_model.objects.create_user("ann")
    client.force_login(user)
    ann = make_shopper(f"user:{user.pk}")
    forget(ann)
    page = client.get("/my-style/").content.decode()
    assert "You told us to forget this" in page
    assert "Allow Navy to be learned again" in page
    forgotten = ForgottenFact.objects.get()
    answer = client.post(f"/my-style/forgotten/{forgotten.pk}/", follow=True)
    assert "It may be learned again." in answer.content.decode()
    assert "You told us to forget this" not in answer.content.decode()


def test_withdrawing_consent_erases_it(ann: Shopper) -> None:
    forget(ann)
    shopper_consent(shop_id="ann", granted=False)
    assert not ForgottenFact.objects.exists()
    assert not ProfileFact.objects.exists()
