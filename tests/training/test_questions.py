"""Questions made from outfits."""

import random
from dataclasses import replace

import pytest

from tests.training.tiny import make_outfits
from training.polyvore import FitbQuestion, Outfit, to_prompt_item
from training.questions import (
    PLAIN,
    ItemPool,
    Wording,
    ask_each_item,
    ask_outfit,
    from_fitb,
    mix_outfit,
)
from training.scoring import MatchQuestion

OUTFITS = make_outfits(8)
POOL = ItemPool(OUTFITS)
#: Five pieces, so that several can be left out together.
FIVE = Outfit("five", (*OUTFITS[0].items, *OUTFITS[1].items[:2]))


def ask(
    outfit: Outfit = FIVE,
    count: int = 2,
    wrong: int = 3,
    pool: ItemPool = POOL,
    wording: Wording = PLAIN,
    seed: int = 1,
) -> list[MatchQuestion]:
    return ask_outfit(outfit, count, wrong, pool, wording, random.Random(seed))


def test_the_same_seed_asks_the_same_questions() -> None:
    often = Wording(attributes=0.5, context=0.5)
    assert ask(wording=often, seed=3) == ask(wording=often, seed=3)
    assert ask(wording=often, seed=3) != ask(wording=often, seed=4)


def test_the_worn_item_is_offered_first_among_others_of_its_type() -> None:
    worn = set(map(to_prompt_item, FIVE.items))
    for seed in range(20):
        for question in ask(seed=seed):
            answer, *others = question.candidates
            assert question.correct == 0
            assert answer in worn
            assert answer not in question.partial_outfit
            assert {item.category for item in others} == {answer.category}
            assert len(set(question.candidates)) == 4


def test_nothing_of_the_outfit_is_a_wrong_answer() -> None:
    worn = set(map(to_prompt_item, FIVE.items))
    for seed in range(20):
        for question in ask(wrong=6, seed=seed):
            assert not worn & set(question.candidates[1:])


def test_items_left_out_together_are_asked_for_after_one_look() -> None:
    first, second = ask()
    assert first.build_texts()[0] == second.build_texts()[0]
    assert first.candidates[0] != second.candidates[0]
    left = {*first.partial_outfit, first.candidates[0], second.candidates[0]}
    assert left == set(map(to_prompt_item, FIVE.items))


def test_one_item_is_left_out_of_an_outfit_that_is_too_small_for_more() -> None:
    (question,) = ask(OUTFITS[0], count=2)
    assert len(question.partial_outfit) == 2


def test_every_item_of_an_outfit_has_its_turn() -> None:
    asked = {question.candidates[0] for seed in range(50) for question in ask(seed=seed)}
    assert asked == set(map(to_prompt_item, FIVE.items))


def test_a_small_pool_offers_as_many_wrong_answers_as_it_has() -> None:
    (question,) = ask(OUTFITS[0], wrong=5, pool=ItemPool(OUTFITS[:3]))
    assert len(question.candidates) == 3


def test_a_pool_without_wrong_answers_asks_nothing() -> None:
    assert ask(pool=ItemPool([])) == []
    assert ask(OUTFITS[0], pool=ItemPool(OUTFITS[:1])) == []


def test_attributes_are_said_after_the_name_as_a_shop_says_them() -> None:
    for question in ask(OUTFITS[0], wording=Wording(attributes=1.0)):
        assert question.candidates[0].attributes == ("red",)
        assert all("red" not in item.name for item in question.partial_outfit)
        assert ", red\n" in question.build_texts()[1][0]


def test_an_item_named_by_attributes_alone_keeps_its_name() -> None:
    named = [replace(item, name="red") for item in OUTFITS[0].items]
    wording = Wording(attributes=1.0)
    (question,) = ask(Outfit("red", tuple(named)), wording=wording)
    assert question.candidates[0].name == "red"


def test_what_a_look_is_for_is_said_before_it() -> None:
    (question,) = ask(OUTFITS[0], wording=Wording(context=1.0))
    assert question.context == ("season: winter",)
    assert question.build_texts()[0].startswith("season winter\nlook: ")


def test_an_outfit_that_is_for_nothing_in_particular_says_nothing_of_it() -> None:
    bare = Outfit("bare", tuple(replace(item, category="Thing") for item in OUTFITS[0].items))
    assert ask(bare, wording=Wording(context=1.0))[0].context == ()


def test_plain_wording_says_items_as_a_fitb_question_does() -> None:
    (question,) = ask(OUTFITS[0])
    worn = next(i for i in OUTFITS[0].items if to_prompt_item(i) == question.candidates[0])
    look = [i for i in OUTFITS[0].items if to_prompt_item(i) in question.partial_outfit]
    look.sort(key=lambda item: question.partial_outfit.index(to_prompt_item(item)))
    asked = from_fitb(FitbQuestion("1", tuple(look), (worn,), 0))
    query, (first, *_) = question.build_texts()
    assert asked.build_texts() == (query, [first])


def test_a_fitb_question_keeps_the_order_of_its_answers() -> None:
    items = [item for outfit in OUTFITS[:4] for item in outfit.items if item.category == "Boots"]
    question = from_fitb(FitbQuestion("1", OUTFITS[0].items[:2], tuple(items), 2))
    assert [item.name for item in question.candidates] == [item.name for item in items]
    assert question.correct == 2
    assert question.context == ()


def test_every_item_of_an_outfit_is_asked_for_once() -> None:
    questions = ask_each_item(OUTFITS[0].items, POOL, 3, random.Random(1))
    assert [q.candidates[q.correct].category for q in questions] == ["Tops", "Jeans", "Boots"]
    assert all(len(q.partial_outfit) == 2 and len(q.candidates) == 4 for q in questions)


def test_items_with_too_few_others_are_passed_over() -> None:
    assert ask_each_item(OUTFITS[0].items, ItemPool(OUTFITS[:3]), 3, random.Random(1)) == []


def test_a_mixed_outfit_keeps_its_types_and_loses_its_items() -> None:
    mixed = mix_outfit(OUTFITS[0].items, POOL, 3, random.Random(1))
    assert [item.semantic_type for item in mixed] == ["tops", "bottoms", "shoes"]
    assert not set(mixed) & set(OUTFITS[0].items)


def test_what_cannot_be_replaced_stays_in_a_mixed_outfit() -> None:
    mixed = mix_outfit(OUTFITS[0].items, ItemPool([]), 3, random.Random(1))
    assert mixed == list(OUTFITS[0].items)


@pytest.mark.parametrize("count", [1, 5])
def test_wrong_answers_are_named_unlike_each_other_and_what_is_banned(count: int) -> None:
    boot, banned = OUTFITS[0].items[2], OUTFITS[1].items[2]
    twice = ItemPool([*OUTFITS, *OUTFITS])
    found = twice.sample_like(boot, count, [banned], random.Random(2))
    names = [item.name for item in found]
    assert len(set(names)) == len(names) == count
    assert not {boot.name, banned.name} & set(names)
