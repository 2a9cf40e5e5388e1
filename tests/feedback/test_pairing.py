import pytest

from feedback.models import PreferencePair, UnpairedExample
from feedback.services import feedback_record, feedback_retract
from outfits.circumstances.context import Context
from tests.factories import make_look, make_product, say

pytestmark = pytest.mark.django_db


def test_a_swap_prefers_what_was_kept_over_what_was_replaced() -> None:
    replaced, kept = make_product("shoes"), make_product("shoes")
    look = make_look(make_product("top"), [replaced, kept])
    say(look, "swap", replacement=kept)
    pair = PreferencePair.objects.get()
    assert (pair.source, pair.chosen_sku, pair.rejected_sku) == ("swap", kept.sku, replaced.sku)
    assert (pair.chosen, pair.rejected) == (
        f"add: {kept.sku}\nmatch:",
        f"add: {replaced.sku}\nmatch:",
    )


def test_a_pair_copies_what_was_asked_when_it_was_served() -> None:
    replaced, kept = make_product("shoes"), make_product("shoes")
    look = make_look(make_product("top"), [replaced, kept])
    say(look, "swap", replacement=kept)
    assert PreferencePair.objects.get().query == look.items.get().query


def test_a_second_swap_compares_with_what_was_shown_by_then() -> None:
    first, second, third = (make_product("shoes") for _ in range(3))
    look = make_look(make_product("top"), [first, second, third])
    say(look, "swap", replacement=second)
    say(look, "swap", product=second, replacement=third)
    newest = PreferencePair.objects.first()
    assert newest is not None
    assert (newest.chosen_sku, newest.rejected_sku) == (third.sku, second.sku)


def test_two_products_that_are_described_alike_make_no_pair() -> None:
    replaced, kept = make_product("shoes"), make_product("shoes")
    look = make_look(make_product("top"), [replaced, kept])
    item = look.items.get()
    for candidate in item.candidates:
        candidate["question"] = "add: a shoe\nmatch:"
    item.save()
    say(look, "swap", replacement=kept)
    assert not PreferencePair.objects.exists()


def test_a_stylists_edit_to_something_never_offered_makes_no_pair() -> None:
    look = make_look(make_product("top"), [make_product("shoes")])
    say(look, "edit", replacement=make_product("shoes"))
    assert not PreferencePair.objects.exists()


def test_a_lone_thumb_is_an_unpaired_example() -> None:
    shoes = make_product("shoes")
    say(make_look(make_product("top"), [shoes]), "dislike", visitor="v")
    example = UnpairedExample.objects.get()
    assert (example.desirable, example.sku) == (False, shoes.sku)
    assert example.question == f"add: {shoes.sku}\nmatch:"


def test_a_like_and_a_dislike_on_the_same_anchor_slot_and_context_make_a_pair() -> None:
    anchor, first, second = make_product("top"), make_product("shoes"), make_product("shoes")
    old = make_look(anchor, [first, second])
    new = make_look(anchor, [second, first], adapter_name="stylist-0002")
    say(old, "dislike", visitor="a")
    say(new, "like", visitor="b")
    pair = PreferencePair.objects.get()
    assert (pair.source, pair.chosen_sku, pair.rejected_sku) == ("thumbs", second.sku, first.sku)
    assert not UnpairedExample.objects.exists()


def test_thumbs_in_different_contexts_make_no_pair() -> None:
    anchor, first, second = make_product("top"), make_product("shoes"), make_product("shoes")
    say(make_look(anchor, [first, second], context=Context("work")), "dislike", visitor="a")
    say(make_look(anchor, [second, first], context=Context("party")), "like", visitor="b")
    assert not PreferencePair.objects.exists()
    assert UnpairedExample.objects.count() == 2


def test_thumbs_on_products_that_no_prompt_offered_together_make_no_pair() -> None:
    anchor = make_product("top")
    say(make_look(anchor, [make_product("shoes")]), "dislike", visitor="a")
    say(make_look(anchor, [make_product("shoes")], adapter_name="x"), "like", visitor="b")
    assert not PreferencePair.objects.exists()


def test_a_thumb_on_a_whole_look_makes_no_example() -> None:
    look = make_look(make_product("top"), [make_product("shoes")])
    feedback_record(id=look.pk, look=look, kind="like", visitor="v")
    assert not UnpairedExample.objects.exists()


def test_changing_ones_mind_leaves_only_the_last_thumb() -> None:
    look = make_look(make_product("top"), [make_product("shoes")])
    say(look, "dislike", visitor="v")
    say(look, "like", visitor="v")
    assert UnpairedExample.objects.get().desirable


def test_two_visitors_thumbs_do_not_replace_each_other() -> None:
    look = make_look(make_product("top"), [make_product("shoes")])
    say(look, "dislike", visitor="v")
    say(look, "like", visitor="w")
    assert UnpairedExample.objects.count() == 2


def test_taking_a_swap_back_takes_its_pair_back() -> None:
    replaced, kept = make_product("shoes"), make_product("shoes")
    look = make_look(make_product("top"), [replaced, kept])
    feedback_retract(event=say(look, "swap", replacement=kept))
    assert not PreferencePair.objects.exists()


def test_taking_one_thumb_of_a_pair_back_leaves_the_other_as_a_lone_one() -> None:
    anchor, first, second = make_product("top"), make_product("shoes"), make_product("shoes")
    look = make_look(anchor, [first, second])
    other = make_look(anchor, [second, first], adapter_name="x")
    say(look, "dislike", visitor="a")
    feedback_retract(event=say(other, "like", visitor="b"))
    assert not PreferencePair.objects.exists()
    assert not UnpairedExample.objects.get().desirable
