"""What stage 1 minimises, and how fast it goes. torch is imported inside the functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


def match_loss(
    logits: Tensor,
    counted: Sequence[Sequence[float]],
    counting_weight: float,
    verdict_weight: float,
) -> tuple[Tensor, int]:
    """The summed loss of a batch of questions, and how many the model alone answers right.

    ``logits`` (N,) holds every candidate's log-odds, question after question, the worn one first;
    ``counted`` what counting says of each question's candidates. Of the listwise cross-entropy,
    ``counting_weight`` is of the sum of the two, the rest of the model alone. ``verdict_weight``
    is that of the binary cross-entropy, in which the worn item weighs as much as all others.
    """
    import torch

    losses, right = [], 0
    for row, known in zip(torch.split(logits, list(map(len, counted))), counted, strict=True):
        both = row + torch.tensor(known, dtype=row.dtype, device=row.device)
        listwise = torch.lerp(_worn_first(row), _worn_first(both), counting_weight)
        losses.append(listwise + verdict_weight * _verdicts(row))
        right += int(row.argmax()) == 0
    return torch.stack(losses).sum(), right


def _worn_first(row: Tensor) -> Tensor:
    return -row.log_softmax(dim=0)[0]


def _verdicts(row: Tensor) -> Tensor:
    import torch

    worn, others = row[:1], row[1:]
    yes = torch.nn.functional.softplus(-worn).mean()
    no = torch.nn.functional.softplus(others).mean()
    return (yes + no) / 2


def schedule(step: int, steps: int, warmup: float) -> float:
    """Linear warm-up, then linear decay to a tenth."""
    warm = max(1, round(warmup * steps))
    if step < warm:
        return (step + 1) / warm
    return 1.0 - 0.9 * (step - warm) / max(1, steps - warm)
