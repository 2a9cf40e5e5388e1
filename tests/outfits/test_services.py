from collections.abc import Sequence

import pytest
from django.utils.translation import override
from pytest_django import DjangoCaptureOnCommitCallbacks

from outfits.circumstances.context import Context
from outfits.llm.base import LanguageModelError
from outfits.models import Adapter, Look
from outfits.presentation import present
from outfits.services import look_build, look_recommend
from outfits.why.explanation import translate_sentence
from tests.factories import make_look, make_product
from tests.fakes import FakeLanguageModel

pytestmark = pytest.mark.django_db
CONTEXT = Context(season="winter")
DOWN = LanguageModelError("connection refused", retryable=True)


def test_the_stylists_preference_decides_and_not_retrieval_order(
    stylist: FakeLanguageModel,
) -> None:
    anchor = make_product("top", title="aaaa")
    make_product("shoes", title="aaaa near")
    loved = make_product("shoes", title="zzzz velvet")
    stylist.taste = "velvet"
    look = look_build(anchor=anchor, context=CONTEXT)
    assert look is not None
    assert look.items.get().product == loved


def test_a_look_keeps_exactly_what_was_asked_and_answered(stylist: FakeLanguageModel) -> None:
    anchor = make_product("top")
    make_product("shoes")
    make_product("shoes")
    look = look_build(anchor=anchor, context=CONTEXT)
    assert look is not None
    item = look.items.get()
    query, questions, adapter = stylist.asked[0]
    assert item.query == query
    # The fake likes what it is asked first best, and the ranking is by its log-odds.
    assert [c["question"] for c in item.candidates] == list(questions)
    assert [c["model"] for c in item.candidates] == [0.0, -1.0]
    assert (look.adapter_name, look.context) == (adapter, CONTEXT.as_json())


def test_later_slots_are_chosen_to_go_with_earlier_ones(stylist: FakeLanguageModel) -> None:
    anchor = make_product("top")
    trousers = make_product("bottom", title="wide trousers")
    make_product("shoes")
    look_build(anchor=anchor, context=CONTEXT)
    assert trousers.title in stylist.asked[1][0]


def test_the_serving_adapter_is_asked_and_named(stylist: FakeLanguageModel) -> None:
    Adapter.objects.create(name="stylist-0007", path="/x", base_model="b", serving=True)
    anchor = make_product("top")
    make_product("shoes")
    look = look_build(anchor=anchor, context=CONTEXT)
    assert look is not None
    assert (look.adapter_name, stylist.asked[0][2]) == ("stylist-0007", "stylist-0007")


def test_building_a_look_twice_asks_the_stylist_once(stylist: FakeLanguageModel) -> None:
    anchor = make_product("top")
    make_product("shoes")
    assert look_build(anchor=anchor, context=CONTEXT) == look_build(anchor=anchor, context=CONTEXT)
    assert len(stylist.asked) == 1


def test_another_workers_faster_look_stands(stylist: FakeLanguageModel) -> None:
    anchor, shoes = make_product("top"), make_product("shoes")
    match = stylist.match

    def match_late(query: str, questions: Sequence[str], *, adapter: str = "") -> list[float]:
        make_look(anchor, [shoes], context=CONTEXT)
        return match(query, questions, adapter=adapter)

    stylist.match = match_late  # type: ignore[method-assign]
    look = look_build(anchor=anchor, context=CONTEXT)
    assert look == Look.objects.get()


def test_nothing_is_stored_when_the_stylist_cannot_be_reached(stylist: FakeLanguageModel) -> None:
    anchor = make_product("top")
    make_product("shoes")
    stylist.error = DOWN
    with pytest.raises(LanguageModelError):
        look_build(anchor=anchor, context=CONTEXT)
    assert not Look.objects.exists()


def test_the_page_is_answered_without_asking_the_stylist(stylist: FakeLanguageModel) -> None:
    anchor, shoes = make_product("top"), make_product("shoes")
    shown = present(look_recommend(anchor=anchor, context=CONTEXT))
    assert (shown.status, shown.id, [i.product for i in shown.items]) == (
        "provisional",
        None,
        [shoes],
    )
    assert stylist.asked == []


def test_a_missing_look_is_queued_once_however_often_it_is_shown(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    anchor = make_product("top")
    make_product("shoes")
    with django_capture_on_commit_callbacks() as callbacks:
        for _ in range(3):
            look_recommend(anchor=anchor, context=CONTEXT)
    assert len(callbacks) == 1


def test_a_page_says_so_while_the_stylist_cannot_be_reached(stylist: FakeLanguageModel) -> None:
    anchor = make_product("top")
    make_product("shoes")
    stylist.error = DOWN
    with pytest.raises(LanguageModelError):
        look_build(anchor=anchor, context=CONTEXT)
    shown = present(look_recommend(anchor=anchor, context=CONTEXT))
    assert shown.status == "unranked"
    assert shown.message is not None


def test_what_no_stylist_ranked_still_says_what_speaks_for_it(stylist: FakeLanguageModel) -> None:
    anchor = make_product("top", title="Silk Blouse", colour="Navy")
    make_product("shoes", title="Leather Pumps", colour="White", price=90)
    make_product("shoes", title="Canvas Sneakers", colour="White", price=60)
    stylist.error = DOWN
    with pytest.raises(LanguageModelError):
        look_build(anchor=anchor, context=CONTEXT)
    (item,) = present(look_recommend(anchor=anchor, context=CONTEXT)).items
    said = {factor["name"]: factor["weight"] for factor in item.factors}
    assert said["colour"] > 0
    assert "stylist" not in said
    assert "white is easy to wear with navy" in item.explanation.lower()
    with override("de"):
        assert "Leicht zu kombinieren" in translate_sentence(item.explanation, item.factors)


def test_a_product_without_a_slot_gets_no_look(stylist: FakeLanguageModel) -> None:
    anchor = make_product("", embedded=False)
    make_product("shoes")
    assert look_build(anchor=anchor, context=CONTEXT) is None


def test_a_sold_out_item_is_replaced_by_the_next_best_one() -> None:
    anchor, first, second = make_product("top"), make_product("shoes"), make_product("shoes")
    make_look(anchor, [first, second], context=CONTEXT, model_name="fake-model")
    first.stock = 0
    first.save()
    shown = present(look_recommend(anchor=anchor, context=CONTEXT))
    assert [item.product for item in shown.items] == [second]


def test_a_slot_with_nothing_left_to_buy_is_left_out() -> None:
    anchor, only = make_product("top"), make_product("shoes")
    make_look(anchor, [only], context=CONTEXT)
    only.published = False
    only.save()
    assert present(look_recommend(anchor=anchor, context=CONTEXT)).items == []


def test_a_total_is_not_made_up_from_two_currencies() -> None:
    anchor, shoes = make_product("top"), make_product("shoes", currency="USD")
    make_look(anchor, [shoes], context=CONTEXT)
    assert present(look_recommend(anchor=anchor, context=CONTEXT)).total is None
