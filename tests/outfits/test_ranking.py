from outfits.ranking import Lettered, letter_candidates, rank_candidates


def test_the_same_seed_letters_candidates_in_the_same_order() -> None:
    ids = [10, 11, 12, 13, 14]
    assert letter_candidates(ids, seed="1") == letter_candidates(ids, seed="1")


def test_another_seed_shuffles_differently() -> None:
    ids = list(range(10))
    assert letter_candidates(ids, seed="1") != letter_candidates(ids, seed="2")


def test_every_candidate_gets_one_letter_and_keeps_its_retrieval_rank() -> None:
    offered = letter_candidates([7, 8, 9], seed="x")
    assert sorted((c.product_id, c.retrieval_rank) for c in offered) == [(7, 0), (8, 1), (9, 2)]
    assert [c.letter for c in offered] == ["A", "B", "C"]


def test_candidates_are_ranked_by_log_probability() -> None:
    offered = [Lettered("A", 1, 0), Lettered("B", 2, 1)]
    assert [c.product_id for c in rank_candidates(offered, {"A": -2.0, "B": -0.1})] == [2, 1]


def test_retrieval_order_breaks_ties() -> None:
    offered = [Lettered("A", 1, 1), Lettered("B", 2, 0)]
    assert [c.product_id for c in rank_candidates(offered, {"A": -1.0, "B": -1.0})] == [2, 1]
