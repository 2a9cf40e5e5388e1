import math

import pytest

from outfits.ranking import rank_candidates
from outfits.scoring import Score


def scores(*totals: float) -> list[Score]:
    return [Score(total, total, 0.0) for total in totals]


def test_candidates_are_ranked_by_their_total_score() -> None:
    ranked = rank_candidates([1, 2, 3], scores(-2.0, 4.0, 0.5))
    assert [c.product_id for c in ranked] == [2, 3, 1]
    assert [c.retrieval_rank for c in ranked] == [1, 2, 0]


def test_retrieval_order_breaks_ties() -> None:
    assert [c.product_id for c in rank_candidates([2, 1], scores(1.0, 1.0))] == [2, 1]


def test_the_probabilities_of_all_candidates_add_up_to_one() -> None:
    ranked = rank_candidates([1, 2, 3], scores(900.0, -900.0, 899.0))
    assert sum(math.exp(c.logprob) for c in ranked) == pytest.approx(1)


def test_no_candidates_make_no_ranking() -> None:
    assert rank_candidates([], []) == []
