"""The gate's table: who passes, who does not, and what it says."""

import pytest

from training.gate import Marks, judge

OLD = Marks((1.0, 1.0, -1.0, -1.0), fitb=0.5, auc=0.7)


@pytest.mark.parametrize(
    ("candidate", "passed"),
    [
        (Marks((1.0, 1.0, 1.0, -1.0), 0.5, 0.7), True),  # more right
        (Marks((2.0, 2.0, -1.0, -1.0), 0.5, 0.7), True),  # as many right, more clearly
        (Marks((1.0, 1.0, -1.0, -1.0), 0.5, 0.7), False),  # no different
        (Marks((9.0, -1.0, -1.0, -1.0), 0.5, 0.7), False),  # fewer right
        (Marks((1.0, 1.0, 1.0, 1.0), 0.46, 0.7), True),  # FITB fell within tolerance
        (Marks((1.0, 1.0, 1.0, 1.0), 0.45, 0.65), True),  # exactly at the edge
        (Marks((1.0, 1.0, 1.0, 1.0), 0.44, 0.7), False),  # FITB fell back
        (Marks((1.0, 1.0, 1.0, 1.0), 0.5, 0.6), False),  # AUC fell back
        (Marks((1.0, 1.0, 1.0, 1.0)), True),  # no questions about what it knew
    ],
)
def test_who_passes_the_gate(candidate: Marks, passed: bool) -> None:
    assert judge(candidate, OLD, tolerance=0.05).passed is passed


def test_too_few_held_out_pairs_are_rejected_with_that_reason() -> None:
    verdict = judge(Marks((1.0, 1.0, 1.0)), Marks((-1.0, -1.0, -1.0)), tolerance=0.05)
    assert not verdict.passed
    assert verdict.reasons[0].startswith("Only 3 held-out pairs")


def test_reasons_are_sentences_with_both_figures() -> None:
    verdict = judge(Marks((1.0, 1.0, 1.0, -1.0), 0.3, 0.7), OLD, tolerance=0.05)
    assert verdict.reasons == (
        "Better on 4 held-out pairs: 75% right (was 50%), mean margin +0.50 (was +0.00).",
        "FITB accuracy fell too far: 0.300 (was 0.500, may fall by 0.050).",
        "Compatibility AUC held: 0.700 (was 0.700, may fall by 0.050).",
    )


def test_a_tied_pair_counts_half() -> None:
    assert Marks((0.0, 0.0)).accuracy == 0.5


def test_stylists_are_compared_on_the_same_pairs_only() -> None:
    with pytest.raises(ValueError, match="same pairs"):
        judge(Marks((1.0,)), OLD, tolerance=0.05)


def test_a_fall_that_chance_explains_over_few_questions_is_no_falling_back() -> None:
    few = {"fitb_questions": 16, "outfits": 16}
    candidate = Marks((1.0, 1.0, 1.0, 1.0), 0.4, 0.6, **few)
    assert judge(candidate, Marks(OLD.margins, 0.5, 0.7, **few), tolerance=0.05).passed


def test_the_same_fall_over_many_questions_is_one() -> None:
    many = {"fitb_questions": 1600, "outfits": 1600}
    candidate = Marks((1.0, 1.0, 1.0, 1.0), 0.4, 0.6, **many)
    assert not judge(candidate, Marks(OLD.margins, 0.5, 0.7, **many), tolerance=0.05).passed
