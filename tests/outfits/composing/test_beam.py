"""Looks are put together as a whole."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from outfits.composing.beam import (
    Draft,
    Frame,
    Offer,
    count_looks,
    filled,
    held_against,
    least_cost,
    no_count,
    reserves,
    settle,
    weigh,
    widen,
)
from outfits.composing.clashes import Piece, find_clash, share_place
from outfits.prompts import PromptItem


def piece(number: int, slot: str, **fields: Any) -> Piece:
    known: dict[str, Any] = {"colour": "", "dressy": False, "relaxed": False, "price": Decimal(10)}
    item = PromptItem(f"thing {number}", slot)
    known |= {"product_id": number, "slot": slot, "item": item, "currency": "EUR"}
    return Piece(**(known | fields))


def compose(frame: Frame, slots: Sequence[Sequence[Offer]], width: int = 6) -> list[int | None]:
    beam = [Draft()]
    for offers, reserve in zip(slots, reserves([[o.piece for o in s] for s in slots]), strict=True):
        beam = widen(frame, beam, offers, reserve, width)
    chosen = settle(frame, beam[0].chosen, slots)
    return [each.product_id if each else None for each in chosen]


ANCHOR = piece(0, "top")
PLAIN = Frame((ANCHOR,), no_count)


def test_without_more_the_best_of_each_slot_make_the_look() -> None:
    slots = [
        [Offer(piece(1, "bottom"), 1.0), Offer(piece(2, "bottom"), 2.0)],
        [Offer(piece(3, "shoes"), 2.0), Offer(piece(4, "shoes"), 1.0)],
    ]
    assert compose(PLAIN, slots) == [2, 3]


def test_a_later_slot_can_speak_for_another_choice_in_an_earlier_one() -> None:
    def count(worn: Sequence[PromptItem], candidates: Sequence[PromptItem]) -> list[float]:
        together = any(item.name == "thing 1" for item in worn)
        return [3.0 if together and each.name == "thing 3" else 0.0 for each in candidates]

    slots = [
        [Offer(piece(2, "bottom"), 1.0), Offer(piece(1, "bottom"), 0.0)],
        [Offer(piece(4, "shoes"), 1.0), Offer(piece(3, "shoes"), 0.0)],
    ]
    frame = Frame((ANCHOR,), count)
    assert compose(frame, slots) == [1, 3]
    # A greedy choice (a beam of one) only gets there by exchanging, and not by one at a time.
    assert compose(frame, slots, width=1) == [2, 4]


def test_colours_that_compete_are_not_worn_together() -> None:
    slots = [
        [
            Offer(piece(1, "bottom", colour="Red"), 5.0),
            Offer(piece(2, "bottom", colour="Grey"), 4.0),
        ],
        [Offer(piece(3, "shoes", colour="Blue"), 5.0)],
    ]
    assert compose(PLAIN, slots) == [2, 3]


def test_the_anchor_is_not_clashed_with_either() -> None:
    red = Frame((piece(0, "top", colour="Red"),), no_count)
    shoes = [
        Offer(piece(1, "shoes", colour="Blue"), 5.0),
        Offer(piece(2, "shoes", colour="Tan"), 0.0),
    ]
    assert compose(red, [shoes]) == [2]


def test_a_slot_is_left_empty_rather_than_clash_if_a_look_can_do_without_it() -> None:
    red = Frame((piece(0, "top", colour="Red"),), no_count)
    bags = [Offer(piece(1, "bag", colour="Blue"), 5.0)]
    assert compose(red, [bags]) == [None]
    shoes = [Offer(piece(2, "shoes", colour="Blue"), 5.0)]
    assert compose(red, [shoes]) == [2]


def test_the_budget_is_held_though_the_best_would_break_it() -> None:
    slots = [
        [Offer(piece(1, "bottom", price=Decimal(80)), 9.0), Offer(piece(2, "bottom"), 0.0)],
        [Offer(piece(3, "shoes", price=Decimal(60)), 5.0), Offer(piece(4, "shoes"), 4.0)],
    ]
    assert compose(Frame((ANCHOR,), no_count, Decimal(100)), slots) == [1, 4]
    assert compose(Frame((ANCHOR,), no_count, Decimal(75)), slots) == [2, 3]
    assert compose(Frame((ANCHOR,), no_count, Decimal(20)), slots) == [2, 4]


def test_no_single_exchange_makes_the_look_better() -> None:
    slots = [
        [Offer(piece(n, "bottom", colour=c), float(n)) for n, c in ((1, "Red"), (2, "Blue"))],
        [Offer(piece(n, "shoes", colour=c), float(n)) for n, c in ((3, "Blue"), (4, "Yellow"))],
        [Offer(piece(n, "bag", colour=c), float(n)) for n, c in ((5, "Green"), (6, "Red"))],
    ]
    beam = [Draft()]
    for offers in slots:
        beam = widen(PLAIN, beam, offers)
    chosen = settle(PLAIN, beam[0].chosen, slots)
    places = [place for place, each in enumerate(chosen) if each is not None]
    assert len(places) >= 2
    for place in places:
        assert max(weigh(PLAIN, chosen, place, slots).values()) == pytest.approx(0)


def test_what_breaks_the_budget_is_held_against_an_item() -> None:
    chosen = (piece(1, "shoes", price=Decimal(30), colour="Blue"),)
    frame = Frame((piece(0, "top", colour="Red"),), no_count, Decimal(20))
    assert held_against(frame, chosen, 0) == {"clash": -10.0, "budget": -100.0}


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        ({"colour": "Red"}, {"colour": "Blue"}, "colour"),
        ({"colour": "Red"}, {"colour": "Navy Blue"}, ""),
        ({"colour": "Red"}, {"colour": "unheard of"}, ""),
        ({"dressy": True}, {"relaxed": True}, "manner"),
        ({"relaxed": True}, {"dressy": True}, "manner"),
        ({"dressy": True}, {"dressy": True}, ""),
    ],
)
def test_what_clashes(first: dict[str, Any], second: dict[str, Any], clash: str) -> None:
    assert find_clash(piece(1, "top", **first), piece(2, "shoes", **second)) == clash


def test_jewellery_is_too_small_to_clash_by_colour_and_sunglasses_are_never_too_relaxed() -> None:
    assert not find_clash(piece(1, "top", colour="Red"), piece(2, "watch", colour="Blue"))
    assert not find_clash(piece(1, "top", dressy=True), piece(2, "eyewear", relaxed=True))


@pytest.mark.parametrize(
    ("first", "second", "shared"),
    [
        ("top", "top", True),
        ("dress", "top", True),
        ("bottom", "dress", True),
        ("top", "bag", False),
    ],
)
def test_nobody_wears_two_things_in_one_place(first: str, second: str, shared: bool) -> None:
    assert share_place(first, second) is shared


@pytest.mark.parametrize(
    ("choices", "looks"),
    [([], 1), ([1, 1], 1), ([2, 1], 2), ([2, 1, 1], 1), ([8, 8, 8, 8], 3), ([8, 2, 2, 1], 2)],
)
def test_there_are_as_many_looks_as_differ_in_half_of_their_slots(
    choices: list[int], looks: int
) -> None:
    assert count_looks(choices) == looks


def test_what_is_still_to_be_paid_is_kept_back() -> None:
    prices = [[30, 20], [10, 40], [5]]
    slots = [[piece(n, "bag", price=Decimal(p)) for n, p in enumerate(each)] for each in prices]
    assert reserves(slots) == [15, 5, 0]
    assert least_cost(slots) == 35
    assert filled((slots[0][0], None)) == [slots[0][0]]
