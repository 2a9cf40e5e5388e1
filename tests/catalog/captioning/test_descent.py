"""Gradient descent that can be interrupted."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from catalog.captioning.descent import (  # noqa: E402 - after the check for torch
    Schedule,
    descend,
    draw_batches,
    pace,
    partial_loss,
)


class Stopped(Exception):
    """The power went."""


def run(checkpoint: Path | None, stop_at: int | None = None) -> Any:
    weights = torch.zeros(3, requires_grad=True)
    wanted = torch.tensor([1.0, -2.0, 0.5])

    def loss(step: int, rows: Any) -> Any:
        if step == stop_at:
            raise Stopped
        noise = torch.rand(3)
        return ((weights - wanted - noise * len(rows) / 10) ** 2).sum()

    batches = draw_batches([1] * 9, 120, 4, seed=3)
    schedule = Schedule([*batches], [0.1], 0.0, 0.9, 3, lambda i, n, value: None)
    descend([[weights]], loss, schedule, checkpoint)
    return weights.detach()


def test_an_interrupted_run_ends_where_an_undisturbed_one_does(tmp_path: Path) -> None:
    with pytest.raises(Stopped):
        run(tmp_path / "state.pt", stop_at=77)
    assert torch.equal(run(tmp_path / "state.pt"), run(None))


def test_each_epoch_reads_every_row_as_often_as_it_counts() -> None:
    batches = draw_batches([1, 3, 2], 4, 3, seed=0)
    assert [len(rows) for rows in batches] == [3, 3, 3, 3]
    assert np.bincount(np.concatenate(batches[:2])).tolist() == [1, 3, 2]


def test_rates_rise_and_then_fall_to_nothing() -> None:
    rates = [pace(step, 100) for step in range(100)]
    assert rates[0] < rates[4] == max(rates)
    assert rates[-1] < 0.01


def test_a_label_that_leaves_two_answers_open_is_content_with_either() -> None:
    allowed = torch.tensor([[True, True, False]])
    sure = partial_loss(torch.tensor([[9.0, 0.0, 0.0]]), allowed)
    other = partial_loss(torch.tensor([[0.0, 9.0, 0.0]]), allowed)
    wrong = partial_loss(torch.tensor([[0.0, 0.0, 9.0]]), allowed)
    assert sure == other < 0.01 < wrong


def test_rows_without_a_label_teach_nothing() -> None:
    allowed = torch.zeros((2, 3), dtype=torch.bool)
    assert float(partial_loss(torch.rand((2, 3)), allowed)) == 0.0
