"""Which outfits are trained on, and which decide how the two halves of a stylist mix. Pure."""

import random
from collections.abc import Sequence

from training.polyvore import Outfit
from training.questions import ItemPool, ask_each_item
from training.scoring import MatchQuestion

#: Wrong answers beside the right one in the questions that the mix is fitted on, as in FITB.
MIX_WRONG = 3


def split_outfits(outfits: Sequence[Outfit], every: int) -> tuple[list[Outfit], list[Outfit]]:
    """(learned from, kept back): every so manieth outfit is kept back."""
    learned = [outfit for number, outfit in enumerate(outfits, 1) if number % every]
    return learned, list(outfits[every - 1 :: every])


def kept_back_questions(
    kept_back: Sequence[Outfit], learned: Sequence[Outfit], seed: int
) -> list[MatchQuestion]:
    """Questions about outfits that nobody learned from; wrong answers are of the others."""
    rng = random.Random(seed)  # noqa: S311 - reproducible, nothing secret
    pool = ItemPool(learned)
    return [
        question
        for outfit in kept_back
        for question in ask_each_item(outfit.items, pool, MIX_WRONG, rng)
    ]
