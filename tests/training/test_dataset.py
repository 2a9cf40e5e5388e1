"""Pairs become training rows, and the same product is never on both sides."""

from dataclasses import replace

import pytest

from feedback.models import PreferencePair
from tests.training.preferences import make_example, store_pairs
from training.dataset import (
    PairExample,
    build_rows,
    count_pairs,
    find_problem,
    hash_pairs,
    select_pairs,
    split_pairs,
)


def test_no_anchor_is_on_both_sides_of_the_split() -> None:
    pairs = [make_example(f"SKU-{number % 40}") for number in range(120)]
    split = split_pairs(pairs, 0.25)
    assert not {pair.anchor for pair in split.train} & {pair.anchor for pair in split.held_out}
    assert len(split.train) + len(split.held_out) == 120


def test_about_the_asked_share_of_anchors_is_kept_back() -> None:
    pairs = [make_example(f"SKU-{number}") for number in range(2000)]
    assert 0.22 < len(split_pairs(pairs, 0.25).held_out) / 2000 < 0.28


def test_an_anchor_stays_on_its_side_when_others_come() -> None:
    few = [make_example(f"SKU-{number}") for number in range(20)]
    more = [*few, *(make_example(f"NEW-{number}") for number in range(50))]
    before, after = split_pairs(few, 0.3).held_out, split_pairs(more, 0.3).held_out
    assert {pair.anchor for pair in before} <= {pair.anchor for pair in after}


def test_a_row_holds_what_was_asked_word_for_word_and_yes_to_both() -> None:
    pair = make_example()
    assert build_rows([pair]) == [
        {
            "prompt": "look: shirt a1 (shirts)\n",
            "chosen": "add: black shoe (shoes)\nmatch: yes",
            "rejected": "add: pink shoe (shoes)\nmatch: yes",
        }
    ]


def test_the_data_hash_minds_content_and_not_order() -> None:
    one, other = make_example("one"), make_example("other")
    assert hash_pairs([one, other]) == hash_pairs([other, one])
    assert hash_pairs([one]) != hash_pairs([make_example("one", "pink shoe", "black shoe")])


def test_the_data_hash_does_not_mind_which_rows_pairs_came_from() -> None:
    pair = make_example()
    assert hash_pairs([pair]) == hash_pairs([replace(pair, pair_id=9)])


@pytest.mark.parametrize(
    ("pair", "says"),
    [
        (PairExample("A1", "", "add: a\nmatch:", "add: b\nmatch:", 7), "pair 7 lacks"),
        (PairExample("A1", "look: x\n", "", "add: b\nmatch:", 7), "pair 7 lacks"),
        (PairExample("A1", "look: x\n", "add: a\nmatch:", "", 7), "pair 7 lacks"),
        (make_example(chosen="black shoe", rejected="black shoe"), "two different"),
    ],
)
def test_a_pair_that_cannot_be_learned_from_is_found(pair: PairExample, says: str) -> None:
    assert says in find_problem(pair)


def test_a_whole_pair_has_no_problem() -> None:
    assert not find_problem(make_example())


@pytest.mark.django_db
@pytest.mark.usefixtures("shop")
def test_stored_pairs_are_read_oldest_first_and_from_the_newest_known_on() -> None:
    first, second = store_pairs(["ONE", "TWO"])
    assert [pair.anchor for pair in select_pairs()] == ["ONE", "TWO"]
    assert [pair.anchor for pair in select_pairs(after=first.pk)] == ["TWO"]
    assert count_pairs(after=second.pk) == 0
    assert PreferencePair.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("shop")
def test_a_stored_pair_is_learned_from_as_it_was_asked() -> None:
    (stored,) = store_pairs(["ONE"])
    (pair,) = select_pairs()
    asked = stored.event.item
    assert asked is not None
    assert pair.query == asked.query
    assert pair.chosen == f"add: {stored.chosen_sku}\nmatch:"
    assert pair.rejected == f"add: {stored.rejected_sku}\nmatch:"
    assert (pair.anchor, pair.pair_id) == ("ONE", stored.pk)
    assert not find_problem(pair)
