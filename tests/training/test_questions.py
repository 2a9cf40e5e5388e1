"""Questions made from outfits."""

import random
from dataclasses import replace

from outfits.prompts import LETTERS
from tests.training.tiny import make_outfits
from training.polyvore import FitbQuestion, Item, Outfit
from training.questions import (
    LESSONS,
    PLAIN,
    Augmentation,
    ItemPool,
    ask_each_item,
    ask_verdict,
    from_fitb,
    make_questions,
    mix_outfit,
    shuffle_candidates,
)

OUTFITS = make_outfits(8)
POOL = ItemPool(OUTFITS)


def test_the_same_seed_asks_the_same_questions() -> None:
    first, second = (
        make_questions(OUTFITS[0], 2, POOL, Augmentation(verdict=0.5), random.Random(3))
        for _ in range(2)
    )
    assert first == second


def test_the_right_answer_is_the_item_left_out_and_wrong_ones_share_its_type() -> None:
    for seed in range(20):
        for question in make_questions(OUTFITS[0], 2, POOL, PLAIN, random.Random(seed)):
            answer = question.candidates[question.correct]
            assert answer.name.startswith("red")
            assert answer not in question.partial_outfit
            assert {item.category for item in question.candidates} == {answer.category}
            assert len(set(question.candidates)) == 4


def test_no_letter_is_favoured() -> None:
    places = [
        question.correct
        for seed in range(200)
        for question in make_questions(OUTFITS[0], 1, POOL, PLAIN, random.Random(seed))
    ]
    assert all(30 < places.count(place) < 70 for place in range(4))


def test_looks_of_one_outfit_begin_alike() -> None:
    first, second = make_questions(OUTFITS[1], 2, POOL, PLAIN, random.Random(1))
    assert first.partial_outfit[0] == second.partial_outfit[0]
    assert first.candidates[first.correct] in second.partial_outfit


def test_shuffling_candidates_keeps_track_of_the_right_one() -> None:
    question = make_questions(OUTFITS[0], 1, POOL, PLAIN, random.Random(1))[0]
    right = question.candidates[question.correct]
    for seed in range(5):
        moved = shuffle_candidates(question, random.Random(seed))
        assert moved.candidates[moved.correct] == right
        assert sorted(c.name for c in moved.candidates) == sorted(
            c.name for c in question.candidates
        )


def test_attributes_are_said_after_the_name_when_augmented() -> None:
    augment = replace(PLAIN, attributes=1.0)
    question = make_questions(OUTFITS[0], 1, POOL, augment, random.Random(1))[0]
    assert question.candidates[question.correct].attributes == ("red",)
    assert ", red" in question.build_messages()[1]["content"]


def test_a_hint_repeats_the_right_answer_in_the_look() -> None:
    outfit = Outfit("x", tuple(replace(item, name=f"{item.name} z") for item in OUTFITS[0].items))
    augment = replace(PLAIN, hint=1.0)
    question = make_questions(outfit, 1, POOL, augment, random.Random(4))[0]
    words = set(question.candidates[question.correct].name.split())
    assert any(set(item.name.split()) <= words for item in question.partial_outfit)


def test_a_lesson_is_short_and_repeats_its_answer() -> None:
    question = make_questions(OUTFITS[0], 1, POOL, LESSONS, random.Random(2))[0]
    assert len(question.partial_outfit) == 2
    assert all(len(item.name.split()) <= 4 for item in question.candidates)
    words = set(question.candidates[question.correct].name.split())
    assert any(words & set(item.name.split()) for item in question.partial_outfit)


def test_sets_ask_for_one_item_of_one_look_among_others() -> None:
    first, second = make_questions(OUTFITS[0], 1, POOL, replace(PLAIN, sets=2), random.Random(1))
    assert first.partial_outfit == second.partial_outfit
    assert first.candidates[first.correct] == second.candidates[second.correct]
    assert set(first.candidates) != set(second.candidates)


def test_never_more_candidates_than_letters() -> None:
    many = ItemPool(make_outfits(60))
    augment = replace(PLAIN, candidates=(50,))
    question = make_questions(OUTFITS[0], 1, many, augment, random.Random(1))[0]
    assert len(question.candidates) == len(LETTERS)


def test_a_pool_without_wrong_answers_asks_nothing() -> None:
    assert make_questions(OUTFITS[0], 2, ItemPool([]), PLAIN, random.Random(1)) == []


def test_a_fitb_question_keeps_the_order_of_its_answers() -> None:
    items = [item for outfit in OUTFITS[:4] for item in outfit.items if item.category == "Boots"]
    question = from_fitb(FitbQuestion("1", OUTFITS[0].items[:2], tuple(items), 2))
    assert question.slot == "shoes"
    assert [item.name for item in question.candidates] == [item.name for item in items]
    assert question.correct == 2


def test_every_item_of_an_outfit_is_asked_for_once() -> None:
    questions = ask_each_item(OUTFITS[0].items, POOL, 3, random.Random(1))
    assert [q.candidates[q.correct].category for q in questions] == ["Tops", "Jeans", "Boots"]
    assert all(len(q.partial_outfit) == 2 and len(q.candidates) == 4 for q in questions)


def test_a_mixed_outfit_keeps_its_types_and_loses_its_items() -> None:
    mixed = mix_outfit(OUTFITS[0].items, POOL, 3, random.Random(1))
    assert [item.semantic_type for item in mixed] == ["tops", "bottoms", "shoes"]
    assert not set(mixed) & set(OUTFITS[0].items)


def test_a_verdict_shows_the_whole_outfit() -> None:
    items: tuple[Item, ...] = OUTFITS[0].items
    assert ask_verdict(items, 1).correct == 0
    assert ask_verdict(items, 0).correct == 1
    assert len(ask_verdict(items, 1).partial_outfit) == 3
