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
) -> tuple[Tensor, Tensor]:
    """The summed loss of a batch of questions, and how many the model alone answers right.

    ``logits`` (N,) holds every candidate's log-odds, question after question, the worn one first;
    ``counted`` what counting says of each question's candidates. Of the listwise cross-entropy,
    ``counting_weight`` is of the sum of the two, the rest of the model alone. ``verdict_weight``
    is that of the binary cross-entropy, in which the worn item weighs as much as all others.
    """
    import torch
    from torch.nn.functional import softplus
    from torch.nn.utils.rnn import pad_sequence

    sizes = list(map(len, counted))
    rows = pad_sequence(list(torch.split(logits, sizes)), batch_first=True)
    known = pad_sequence([torch.tensor(row, dtype=rows.dtype) for row in counted], batch_first=True)
    offered = torch.arange(rows.shape[1]) < torch.tensor(sizes)[:, None]
    known, offered = known.to(rows.device), offered.to(rows.device)
    alone = rows.masked_fill(~offered, float("-inf"))
    listwise = torch.lerp(_worn_first(alone), _worn_first(alone + known), counting_weight)
    others = (softplus(rows) * offered)[:, 1:].sum(dim=1) / (offered.sum(dim=1) - 1)
    verdicts = (softplus(-rows[:, 0]) + others) / 2
    return (listwise + verdict_weight * verdicts).sum(), (alone.argmax(dim=1) == 0).sum()


def _worn_first(rows: Tensor) -> Tensor:
    return -rows.log_softmax(dim=1)[:, 0]


def schedule(step: int, steps: int, warmup: float) -> float:
    """Linear warm-up, then linear decay to a tenth."""
    warm = max(1, round(warmup * steps))
    if step < warm:
        return (step + 1) / warm
    return 1.0 - 0.9 * (step - warm) / max(1, steps - warm)
