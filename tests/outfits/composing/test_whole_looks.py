"""Looks are made as a whole, in time, and stored once."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from catalog.models import Product
from outfits.composing.wishes import PLAIN, Wish
from outfits.llm import get_language_model
from outfits.llm.base import LanguageModelError
from outfits.models import Look
from outfits.presentation import ShownLook, present
from outfits.services import look_build, look_recommend
from outfits.tasks import build_look, build_wished_look
from tests.factories import make_product
from tests.fakes import FakeLanguageModel
from tests.outfits.looks import CONTEXT, build, products

pytestmark = pytest.mark.django_db


# --- What goes together -------------------------------------------------------------------------


def test_items_that_clash_with_each_other_are_not_shown_together(
    stylist: FakeLanguageModel,
) -> None:
    anchor = make_product("top", colour="White")
    make_product("bottom", title="loved skirt", colour="Red")
    make_product("shoes", title="loved shoes", colour="Blue")
    make_product("shoes", title="dull shoes", colour="Black")
    stylist.taste = "loved"
    items = build(anchor)
    assert [item.product.title for item in items] == ["loved skirt", "dull shoes"]
    best, clashing = items[1].candidates
    assert clashing["context"]["clash"] < 0
    assert best["score"] > clashing["score"]


def test_blue_jeans_go_with_every_colour() -> None:
    anchor = make_product("top", colour="Red")
    jeans = make_product("bottom", title="Slim Jeans", colour="Blue")
    make_product("bottom", title="zzzz", colour="Black")
    assert products(build(anchor))[0] == jeans


def test_stored_scores_add_up_and_are_in_order(anchor: Product) -> None:
    for item in build(anchor, number=2):
        scores = [candidate["score"] for candidate in item.candidates]
        assert scores == sorted(scores, reverse=True)
        for each in item.candidates:
            added = sum(each.get("context", {}).values())
            assert each["score"] == pytest.approx(each["model"] + each["cooccurrence"] + added)
        assert item.candidates[0]["product"] == item.product_id


# --- Time ---------------------------------------------------------------------------------------


def test_the_first_look_asks_the_model_once_a_slot(
    anchor: Product, stylist: FakeLanguageModel
) -> None:
    assert len(build(anchor)) == len(stylist.asked) == 3


def test_where_the_model_is_asked_again_it_is_at_most_once_a_slot(
    stylist: FakeLanguageModel,
) -> None:
    anchor = make_product("top", colour="White")
    make_product("bottom", title="loved skirt", colour="Red")
    make_product("bottom", title="grey skirt", colour="Grey")
    make_product("shoes", title="loved shoes", colour="Blue")
    make_product("bag", title="a bag", colour="Tan")
    stylist.taste = "loved"
    items = build(anchor)
    assert [item.product.title for item in items] == ["grey skirt", "loved shoes", "a bag"]
    assert len(stylist.asked) <= 2 * len(items) - 1
    assert "grey skirt" in items[-1].query


def give_seconds(settings: Settings, seconds: int) -> FakeLanguageModel:
    """Set the time limit; the fake that is asked from then on."""
    settings.ENSEMBLE = {**settings.ENSEMBLE, "LOOK_SECONDS": seconds}
    model = get_language_model()
    assert isinstance(model, FakeLanguageModel)
    return model


def test_when_time_is_up_nothing_is_asked_again(settings: Settings) -> None:
    stylist = give_seconds(settings, 0)
    anchor = make_product("top", colour="White")
    make_product("bottom", title="loved skirt", colour="Red")
    make_product("bottom", title="grey skirt", colour="Grey")
    make_product("shoes", title="loved shoes", colour="Blue")
    stylist.taste = "loved"
    assert len(build(anchor)) == len(stylist.asked) == 2


def test_another_look_asks_only_what_was_not_asked_before(
    anchor: Product, stylist: FakeLanguageModel
) -> None:
    build(anchor)
    before = len(stylist.asked)
    build(anchor, number=2)
    first = stylist.asked[0][0]
    assert first not in [query for query, _, _ in stylist.asked[before:]]


@pytest.mark.parametrize(("seconds", "shown"), [(0, "wide trousers"), (60, "bottom 1")])
def test_of_a_slow_model_the_slots_that_are_ready_are_shown_after_a_while(
    settings: Settings, seconds: int, shown: str
) -> None:
    stylist = give_seconds(settings, seconds)
    anchor = make_product("top", title="bottom 1 top")
    make_product("bottom", title="bottom 1")
    make_product("bottom", title="wide trousers")
    shoes = make_product("shoes")
    stylist.taste = "wide"
    answered = stylist.match

    def match(query: str, questions: Sequence[str], *, adapter: str = "") -> list[float]:
        if stylist.asked:
            raise LanguageModelError("no answer within 20 seconds", retryable=True)
        return answered(query, questions, adapter=adapter)

    stylist.match = match  # type: ignore[method-assign]
    with pytest.raises(LanguageModelError):
        look_build(anchor=anchor, context=CONTEXT)
    half = present(look_recommend(anchor=anchor, context=CONTEXT))
    assert half.id is None
    assert [item.product.title for item in half.items] == [shown, shoes.title]


def test_when_all_slots_are_ready_they_are_shown_while_the_stylist_thinks_again(
    stylist: FakeLanguageModel,
) -> None:
    anchor = make_product("top", colour="White")
    make_product("bottom", title="loved skirt", colour="Red")
    make_product("bottom", title="grey skirt", colour="Grey")
    make_product("shoes", title="loved shoes", colour="Blue")
    stylist.taste = "loved"
    answered = stylist.match

    def match(query: str, questions: Sequence[str], *, adapter: str = "") -> list[float]:
        if len(stylist.asked) == 2:
            seen.append(present(look_recommend(anchor=anchor, context=CONTEXT)))
        return answered(query, questions, adapter=adapter)

    seen: list[ShownLook] = []
    stylist.match = match  # type: ignore[method-assign]
    build(anchor)
    (half,) = seen
    assert half.status == "provisional"
    assert [item.product.title for item in half.items] == ["grey skirt", "loved shoes"]


def test_a_build_that_was_cut_short_goes_on_where_it_was(stylist: FakeLanguageModel) -> None:
    anchor = make_product("top")
    make_product("bottom")
    make_product("shoes")
    answered = stylist.match

    def match(query: str, questions: Sequence[str], *, adapter: str = "") -> list[float]:
        stylist.match = answered  # type: ignore[method-assign]
        return answered(query, questions, adapter=adapter)

    stylist.match = match  # type: ignore[method-assign]
    build(anchor)
    Look.objects.all().delete()
    build(anchor)
    assert len(stylist.asked) == 2


# --- Storing ------------------------------------------------------------------------------------


def test_of_two_workers_who_build_the_same_wish_one_look_stands(
    anchor: Product, stylist: FakeLanguageModel
) -> None:
    wish = Wish(budget=Decimal(130))
    match = stylist.match

    def match_late(query: str, questions: Sequence[str], *, adapter: str = "") -> list[float]:
        stylist.match = match  # type: ignore[method-assign]
        look_build(anchor=anchor, context=CONTEXT, wish=wish)
        return match(query, questions, adapter=adapter)

    stylist.match = match_late  # type: ignore[method-assign]
    look = look_build(anchor=anchor, context=CONTEXT, wish=wish)
    assert look == Look.objects.get()


def test_a_wish_is_kept_apart_from_the_plain_look(anchor: Product) -> None:
    plain, wished = (
        look_build(anchor=anchor, context=CONTEXT, wish=wish)
        for wish in (PLAIN, Wish(budget=Decimal(1000)))
    )
    assert plain is not None
    assert wished is not None
    assert plain != wished
    assert (plain.wish, wished.wish) == ({}, {"budget": "1000.00"})


def test_equal_wishes_share_a_look() -> None:
    one = Wish(Decimal(50), ("B", "A", "A"))
    assert one.key == Wish(Decimal("50.00"), ("A", "B")).key
    assert Wish.from_json(one.as_json()) == one
    assert PLAIN.key == ""


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("0.57", "0.57"), ("3.57", "3.50"), ("5", "5.00"), ("84.99", "80.00"), ("200", "200.00"),
        ("209.99", "200.00"), ("257", "250.00"), ("1299", "1200.00"), ("9999999999", "9900000000"),
    ],
)  # fmt: skip
def test_like_budgets_are_one_wish_and_none_is_exceeded(said: str, meant: str) -> None:
    wish = Wish(Decimal(said))
    assert wish.budget == Decimal(meant) <= Decimal(said)
    assert Wish.from_json(wish.as_json()) == wish


def test_a_task_that_was_queued_before_there_were_wishes_still_runs(anchor: Product) -> None:
    build_look(anchor.pk, CONTEXT.as_json())
    assert Look.objects.get().wish == {}


def test_a_missing_look_with_a_wish_is_queued_with_it(
    client: Client,
    anchor: Product,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    queued: list[tuple[Any, ...]] = []
    monkeypatch.setattr(build_wished_look, "delay", lambda *args: queued.append(args))
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            client.get("/api/v1/looks/", {"product": anchor.sku, "budget": "130", "number": "2"})
    assert [args[2] for args in queued] == [{"budget": "130.00", "number": 2}]
