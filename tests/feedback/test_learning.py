"""What feedback says of a shopper's taste, and that it is theirs alone."""

import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from feedback.models import FeedbackEvent
from outfits.models import Look, ProfileFact
from outfits.shoppers.consent import shopper_consent
from outfits.shoppers.preferences import choose_preferences, hidden_products
from outfits.shoppers.profile import fact_allow, fact_delete, fact_restore, said_by
from tests.factories import make_look, make_product, say
from tests.shoppers import as_shopper, make_shopper, set_key

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _key(settings: Settings) -> None:
    set_key(settings)


@pytest.fixture
def look() -> Look:
    """A look whose item offers red office shoes at 150."""
    shoes = make_product("shoes", title="Suede Pumps", colour="Red", price="150.00")
    return make_look(make_product("top"), [shoes, make_product("shoes", colour="Navy Blue")])


def post(client: Client, look: Look, shopper: str = "ann", **data: Any) -> Any:
    said = {"id": str(uuid.uuid4()), "kind": "dislike", "item": look.items.get().pk, **data}
    return client.post(
        f"/api/v1/looks/{look.pk}/feedback/",
        said,
        content_type="application/json",
        headers={**as_shopper(shopper), "X-Ensemble-Visitor": f"tab-{shopper}"},
    )


def facts() -> set[tuple[str, str, str]]:
    return {(f.kind, f.value, f.stance) for f in ProfileFact.objects.all()}


@pytest.mark.parametrize(
    ("kind", "reasons", "learned"),
    [
        ("dislike", ["colour"], {("colour", "red", "dislike")}),
        ("like", ["colour"], {("colour", "red", "like")}),
        ("dislike", ["style"], {("style", "office", "dislike"), ("style", "dressy", "dislike")}),
        ("dislike", ["price"], {("budget", "149", "like")}),
        ("like", ["price"], set()),
        ("dislike", ["occasion", "fit", "similar"], set()),
        ("dislike", [], set()),
    ],
)
def test_reasons_become_facts(
    client: Client, look: Look, kind: str, reasons: list[str], learned: set[Any]
) -> None:
    make_shopper()
    assert post(client, look, kind=kind, reasons=reasons).status_code == 201
    assert facts() == learned
    assert set(ProfileFact.objects.values_list("source", flat=True)) <= {"feedback"}


def test_what_a_shopper_owns_is_not_shown_again(client: Client, look: Look) -> None:
    ann = make_shopper()
    post(client, look, reasons=["owned"])
    sku = look.items.get().product.sku
    assert hidden_products(said_by(ann)) == {sku}


def test_too_dear_means_a_budget_below(client: Client, look: Look) -> None:
    ann = make_shopper()
    post(client, look, reasons=["price"])
    assert choose_preferences(said_by(ann)) == ("budget=140 +1 feedback",)


def test_a_swaps_reason_is_about_what_had_to_go(client: Client, look: Look) -> None:
    make_shopper()
    other = look.items.get().candidates[1]["sku"]
    post(client, look, kind="swap", replacement=other, reasons=["colour"])
    assert facts() == {("colour", "red", "dislike")}


def test_a_fact_says_which_feedback_it_is_from(client: Client, look: Look) -> None:
    make_shopper()
    said = post(client, look, reasons=["colour"]).json()
    assert ProfileFact.objects.get().event == said["id"]


def test_without_consent_feedback_is_nobodys_and_teaches_no_facts(
    client: Client, look: Look
) -> None:
    assert post(client, look, reasons=["colour"]).status_code == 201
    assert FeedbackEvent.objects.get().shopper is None
    assert not facts()


def test_feedback_taken_back_takes_its_facts_along(client: Client, look: Look) -> None:
    make_shopper()
    said = post(client, look, reasons=["colour"]).json()
    url = f"/api/v1/looks/{look.pk}/feedback/{said['id']}/"
    assert client.delete(url, headers=as_shopper("bob")).status_code == 204
    assert facts()
    assert client.delete(url, headers=as_shopper()).status_code == 204
    assert not facts()
    assert not FeedbackEvent.objects.exists()


def test_a_thumb_turned_round_turns_its_facts_round(client: Client, look: Look) -> None:
    make_shopper()
    post(client, look, reasons=["colour"])
    post(client, look, kind="like", reasons=["colour"])
    assert facts() == {("colour", "red", "like")}


def test_the_same_feedback_sent_twice_counts_once(client: Client, look: Look) -> None:
    make_shopper()
    same = str(uuid.uuid4())
    for _ in range(2):
        post(client, look, id=same, reasons=["colour"])
    assert ProfileFact.objects.get().times == 1


def test_a_reason_that_is_none_is_refused(client: Client, look: Look) -> None:
    assert post(client, look, reasons=["moon"]).status_code == 400
    assert not FeedbackEvent.objects.exists()


def test_reasons_are_stored_once_each(client: Client, look: Look) -> None:
    post(client, look, reasons=["fit", "colour", "fit"])
    assert FeedbackEvent.objects.get().reasons == ["fit", "colour"]


def test_withdrawing_consent_takes_feedback_back_and_leaves_others_thumbs_alone(
    client: Client, look: Look
) -> None:
    make_shopper()
    post(client, look, kind="dislike", reasons=["colour"])
    other = look.items.get().candidates[1]["sku"]
    post(client, look, "bob", kind="like", product=other)
    assert FeedbackEvent.objects.filter(kind="like").get().pairs.count() == 1
    shopper_consent(shop_id="ann", granted=False)
    left = FeedbackEvent.objects.get()
    assert left.kind == "like"
    assert not left.pairs.exists()
    assert left.unpaired.desirable


def test_stylists_and_old_clients_give_no_reasons(look: Look) -> None:
    assert say(look, "like").reasons == []


def retract(client: Client, look: Look, event_id: str) -> None:
    address = f"/api/v1/looks/{look.pk}/feedback/{event_id}/"
    assert client.delete(address, headers=as_shopper()).status_code == 204


def test_what_is_taken_back_is_what_was_taught_whatever_the_product_is_now(
    client: Client, look: Look
) -> None:
    make_shopper()
    said = post(client, look, reasons=["colour", "price"]).json()
    shoes = look.items.get().product
    shoes.colour, shoes.price = "Green", Decimal(20)
    shoes.save()
    retract(client, look, said["id"])
    assert not facts()


def test_what_others_taught_since_the_shopper_deleted_it_is_not_taken_back(
    client: Client, look: Look
) -> None:
    ann = make_shopper()
    first = post(client, look, reasons=["colour"]).json()
    fact_delete(fact=ann.facts.get())
    fact_allow(shopper=ann, forgotten_id=ann.forgotten.get().pk)
    other = make_look(make_product("top"), [look.items.get().product])
    post(client, other, reasons=["colour"])
    retract(client, look, first["id"])
    assert facts() == {("colour", "red", "dislike")}


def test_what_was_undone_is_taken_back_all_the_same(client: Client, look: Look) -> None:
    ann = make_shopper()
    said = post(client, look, reasons=["colour"]).json()
    fact_restore(shopper=ann, undo=fact_delete(fact=ann.facts.get()))
    retract(client, look, said["id"])
    assert not facts()


def test_what_was_to_be_forgotten_is_not_taught_and_not_taken_back(
    client: Client, look: Look
) -> None:
    ann = make_shopper()
    post(client, look, reasons=["colour"])
    fact_delete(fact=ann.facts.get())
    other = make_look(make_product("top"), [look.items.get().product])
    said = post(client, other, reasons=["colour"]).json()
    assert not facts()
    assert FeedbackEvent.objects.get(pk=said["id"]).taught == []


def test_feedback_from_before_that_was_kept_takes_back_what_it_would_teach(
    client: Client, look: Look
) -> None:
    make_shopper()
    said = post(client, look, reasons=["colour"]).json()
    FeedbackEvent.objects.update(taught=None)
    retract(client, look, said["id"])
    assert not facts()
