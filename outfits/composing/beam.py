"""Puts whole looks together, so that items suit one another and not only the anchor; pure.

A beam search over slots (Lowerre, "The Harpy Speech Recognition System", 1976): every slot widens
the best looks so far by every candidate, and the best of those go on. What one candidate is worth
alone is given (the stylist and the context, asked once a slot); what candidates are worth together
is counted here, which is cheap, and clashes and the budget are held. Afterwards each slot is looked
at once more, because what came later may speak for another choice.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from outfits.composing.called_slots import CORE
from outfits.composing.clashes import Piece, find_clash
from outfits.composing.wishes import MAX_LOOKS
from outfits.prompts import PromptItem

#: Looks that are kept from one slot to the next.
BEAM_WIDTH = 6
#: What a clash costs (logits): more than any stylist or context says, less than a rule that pins.
CLASH_LOGITS = 10.0
#: What it costs to wear again what an earlier look of the same anchor wears; a clash is worse.
REPEAT_LOGITS = 8.0
#: What leaving a slot empty costs that a look can do without, and where every candidate clashes.
EMPTY_LOGITS = 1.0
#: What breaking the budget costs: nothing outweighs it.
BUDGET_LOGITS = 100.0
#: Looks are looked through again until nothing changes, but not for ever.
_SWEEPS = 4
#: A difference that rounding makes.
_NOTHING = 1e-9

#: (worn already, candidates) -> what counting says of each, in logits as they are added.
Count = Callable[[Sequence[PromptItem], Sequence[PromptItem]], Sequence[float]]
#: One item a slot; None where a slot is left empty.
Chosen = tuple[Piece | None, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """A candidate, and what it is worth in its slot (logits) whatever else is worn."""

    piece: Piece
    worth: float


@dataclass(frozen=True, slots=True)
class Frame:
    """What a look is made around: the anchor and what is locked, and what open slots may cost."""

    fixed: tuple[Piece, ...]
    count: Count
    budget: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A look with some slots still to fill, or with none."""

    chosen: Chosen = ()
    worth: float = 0.0
    cost: Decimal = field(default_factory=Decimal)


def no_count(worn: Sequence[PromptItem], candidates: Sequence[PromptItem]) -> list[float]:
    """Counting that knows nothing."""
    return [0.0] * len(candidates)


def widen(
    frame: Frame,
    beam: Sequence[Draft],
    offers: Sequence[Offer],
    reserve: Decimal = Decimal(0),
    width: int = BEAM_WIDTH,
) -> list[Draft]:
    """Fill one more slot of every draft in every way, and keep the best; the best comes first.

    ``reserve`` is the least that the slots after this one will cost.
    """
    grown = [
        draft
        for before in beam
        for draft in _grow(frame, before, offers)
        if frame.budget is None or draft.cost + reserve <= frame.budget
    ]
    return sorted(grown, key=lambda draft: -draft.worth)[:width]


def _grow(frame: Frame, before: Draft, offers: Sequence[Offer]) -> list[Draft]:
    worn = (*frame.fixed, *filled(before.chosen))
    counted = frame.count([each.item for each in worn], [offer.piece.item for offer in offers])
    worths = [offer.worth + known for offer, known in zip(offers, counted, strict=True)]
    clashes = [count_clashes(offer.piece, worn) for offer in offers]
    grown = [
        Draft(
            (*before.chosen, offer.piece),
            before.worth + worth - CLASH_LOGITS * clash,
            before.cost + offer.piece.price,
        )
        for offer, worth, clash in zip(offers, worths, clashes, strict=True)
    ]
    if all(clashes) and offers[0].piece.slot not in CORE:
        empty = before.worth + max(worths) - EMPTY_LOGITS
        grown.append(Draft((*before.chosen, None), empty, before.cost))
    return grown


def settle(frame: Frame, chosen: Chosen, slots: Sequence[Sequence[Offer]]) -> Chosen:
    """Exchange items, one at a time, until no exchange makes the look better.

    ``slots`` holds the offers of each slot, in the order of ``chosen``.
    """
    for _ in range(_SWEEPS):
        before = chosen
        for place, offers in enumerate(slots):
            if chosen[place] is None:
                continue
            gains = weigh(frame, chosen, place, slots)
            best = max(offers, key=lambda offer: gains[offer.piece.product_id])
            if gains[best.piece.product_id] > _NOTHING:
                chosen = _exchange(chosen, place, best.piece)
        if chosen == before:
            break
    return chosen


def weigh(
    frame: Frame, chosen: Chosen, place: int, slots: Sequence[Sequence[Offer]]
) -> dict[int, float]:
    """Product id -> how much better (logits) the whole look is with it in ``place``.

    The place is filled; ``slots`` holds the offers of each slot, in the order of ``chosen``.
    """
    worths = [{o.piece.product_id: o.worth for o in offers} for offers in slots]
    ours = _value(frame, chosen, worths) + sum(held_against(frame, chosen, place).values())
    found = {}
    for offer in slots[place]:
        other = _exchange(chosen, place, offer.piece)
        against = sum(held_against(frame, other, place).values())
        found[offer.piece.product_id] = _value(frame, other, worths) + against - ours
    return found


def held_against(frame: Frame, chosen: Chosen, place: int) -> dict[str, float]:
    """What speaks against the item in ``place``, by name: ``clash``, ``budget``; in logits."""
    piece = chosen[place]
    if piece is None:
        return {}
    clashes = count_clashes(piece, (*frame.fixed, *filled(_exchange(chosen, place, None))))
    found = {"clash": -CLASH_LOGITS * clashes} if clashes else {}
    if frame.budget is not None and cost_of(filled(chosen)) > frame.budget:
        found["budget"] = -BUDGET_LOGITS
    return found


def _value(frame: Frame, chosen: Chosen, worths: Sequence[Mapping[int, float]]) -> float:
    """What a look is worth, clashes and budget left out."""
    worn = [piece.item for piece in frame.fixed]
    total = 0.0
    for piece, worth in zip(chosen, worths, strict=True):
        if piece is None:
            continue
        total += worth[piece.product_id] + frame.count(worn, [piece.item])[0]
        worn = [*worn, piece.item]
    return total


def filled(chosen: Chosen) -> list[Piece]:
    """The items of a look, without the slots that are left empty."""
    return [piece for piece in chosen if piece is not None]


def _exchange(chosen: Chosen, place: int, piece: Piece | None) -> Chosen:
    return (*chosen[:place], piece, *chosen[place + 1 :])


def count_clashes(piece: Piece, others: Sequence[Piece]) -> int:
    """With how many of ``others`` a piece clashes."""
    return sum(1 for other in others if find_clash(piece, other))


def cost_of(pieces: Sequence[Piece]) -> Decimal:
    """What pieces cost together."""
    return sum((piece.price for piece in pieces), Decimal(0))


def reserves(slots: Sequence[Sequence[Piece]]) -> list[Decimal]:
    """The least that the slots after each slot cost; the last is 0."""
    if not slots:
        return []
    found = [Decimal(0)]
    for pieces in reversed(slots[1:]):
        found.append(found[-1] + min(piece.price for piece in pieces))
    return found[::-1]


def least_cost(slots: Sequence[Sequence[Piece]]) -> Decimal:
    """What the cheapest way to fill all slots costs."""
    return sum((min(piece.price for piece in pieces) for pieces in slots), Decimal(0))


def count_looks(choices: Collection[int]) -> int:
    """How many looks differ enough: in each, half of the slots show what no other look shows.

    ``choices`` holds the number of candidates of each slot that is not locked.

    >>> count_looks([8, 8, 2, 1]), count_looks([2, 1]), count_looks([1, 1])
    (3, 2, 1)
    """
    if not choices:
        return 1
    return max(
        (n for n in range(1, MAX_LOOKS + 1) if 2 * sum(c >= n for c in choices) >= len(choices)),
        default=1,
    )
