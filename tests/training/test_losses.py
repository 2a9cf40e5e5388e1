"""What stage 1 minimises."""

import math

import pytest

from training.losses import match_loss, schedule

torch = pytest.importorskip("torch")

NOTHING = [[0.0, 0.0]]


def loss_of(
    logits: list[float],
    counted: list[list[float]],
    counting_weight: float = 0.0,
    verdict_weight: float = 0.0,
) -> float:
    loss, _ = match_loss(torch.tensor(logits), counted, counting_weight, verdict_weight)
    return float(loss)


def test_the_worn_item_competes_with_the_others_of_its_question() -> None:
    assert loss_of([0.0, 0.0], NOTHING) == pytest.approx(math.log(2))
    assert loss_of([math.log(3), 0.0], NOTHING) == pytest.approx(-math.log(0.75))


def test_only_differences_between_candidates_count_in_the_listwise_loss() -> None:
    assert loss_of([5.0, 4.0], NOTHING) == pytest.approx(loss_of([1.0, 0.0], NOTHING))


def test_what_counting_says_is_added_before_candidates_compete() -> None:
    counted = [[math.log(3), 0.0]]
    assert loss_of([0.0, 0.0], counted, 1.0) == pytest.approx(-math.log(0.75))
    assert loss_of([0.0, 0.0], counted, 0.0) == pytest.approx(math.log(2))


def test_the_counting_weight_divides_the_listwise_loss_between_sum_and_model() -> None:
    logits, counted = [0.3, -0.2], [[1.0, 2.0]]
    alone, both = loss_of(logits, counted, 0.0), loss_of(logits, counted, 1.0)
    assert loss_of(logits, counted, 0.25) == pytest.approx(0.75 * alone + 0.25 * both)


def test_the_model_learns_less_where_counting_knows_the_answer() -> None:
    def pull(counted: list[list[float]]) -> float:
        logits = torch.zeros(2, requires_grad=True)
        (gradient,) = torch.autograd.grad(match_loss(logits, counted, 1.0, 0.0)[0], logits)
        return float(gradient.abs().sum())

    assert pull([[4.0, 0.0]]) < pull(NOTHING) < pull([[0.0, 4.0]])


def test_the_verdict_weighs_the_worn_item_as_much_as_all_others() -> None:
    def softplus(x: float) -> float:
        return math.log1p(math.exp(x))

    verdict = loss_of([1.0, 2.0, -1.0], [[0.0] * 3], verdict_weight=1.0)
    verdict -= loss_of([1.0, 2.0, -1.0], [[0.0] * 3])
    expected = (softplus(-1.0) + (softplus(2.0) + softplus(-1.0)) / 2) / 2
    assert verdict == pytest.approx(expected, abs=1e-6)


def test_the_verdict_minds_how_far_all_lean_to_yes() -> None:
    high = loss_of([9.0, 8.0], NOTHING, verdict_weight=0.5)
    assert high > loss_of([1.0, 0.0], NOTHING, verdict_weight=0.5)


def test_questions_of_different_length_weigh_alike() -> None:
    rows, counted = [[0.5, 0.1], [0.0, 1.0, 2.0]], [[0.2, 0.0], [0.0, 0.1, 0.3]]
    alone = [loss_of(row, [c], 0.5, 0.3) for row, c in zip(rows, counted, strict=True)]
    together = loss_of([*rows[0], *rows[1]], counted, 0.5, 0.3)
    assert together == pytest.approx(sum(alone))


def test_what_counts_as_right_is_what_the_model_alone_says() -> None:
    counted = [[0.0, 9.0], [9.0, 0.0]]
    _, right = match_loss(torch.tensor([1.0, 0.0, 0.0, 1.0]), counted, 1.0, 0.0)
    assert right == 1


def test_logits_that_belong_to_no_question_are_refused() -> None:
    with pytest.raises((ValueError, RuntimeError)):
        loss_of([0.0, 0.0, 0.0], NOTHING)


def test_the_pace_rises_then_falls_to_a_tenth() -> None:
    pace = [schedule(step, 100, 0.1) for step in range(100)]
    assert pace[0] == pytest.approx(0.1)
    assert max(pace) == pace[9] == pytest.approx(1.0)
    assert pace[-1] == pytest.approx(0.11)
