"""Gradient descent with averaged weights, that goes on where an interrupted run stopped."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.intp]
Masks = NDArray[np.bool_]
Floats = NDArray[np.float32]

_SAVE_EVERY: Final = 50
_MAX_GRADIENT: Final = 5.0


@dataclass(frozen=True, slots=True)
class Schedule:
    """Which rows each step reads, and how the weights are moved.

    ``rates`` are AdamW's, one a group of parameters; ``averaging`` says over how many steps
    weights are averaged: about the last 1 / (1 - averaging).
    """

    batches: Sequence[Rows]
    rates: Sequence[float]
    weight_decay: float
    averaging: float
    seed: int
    tell: Callable[[int, int, float], None]


def descend(
    groups: Sequence[Sequence[Any]],
    loss_of: Callable[[int, Rows], Any],
    schedule: Schedule,
    checkpoint: Path | None = None,
) -> None:
    """Move the parameters of ``groups`` down ``loss_of`` (step, rows), then to their average.

    Whatever is drawn by chance is drawn from the seed and the step alone, so that a run which
    ``checkpoint`` lets go on ends where an undisturbed one does.
    """
    import torch

    parameters = [p for group in groups for p in group]
    optimiser = torch.optim.AdamW(
        [{"params": list(group)} for group in groups], weight_decay=schedule.weight_decay
    )
    averaged = [p.detach().clone() for p in parameters]
    first = _restore(checkpoint, parameters, averaged, optimiser)
    for step in range(first, len(schedule.batches)):
        torch.manual_seed(schedule.seed * 1_000_003 + step)
        for group, rate in zip(optimiser.param_groups, schedule.rates, strict=True):
            group["lr"] = rate * pace(step, len(schedule.batches))
        loss = loss_of(step, schedule.batches[step])
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, _MAX_GRADIENT)
        optimiser.step()
        keep = min(schedule.averaging, (1 + step) / (10 + step))
        for mean, now in zip(averaged, parameters, strict=True):
            mean.lerp_(now.detach(), 1 - keep)
        schedule.tell(step + 1, len(schedule.batches), float(loss.detach()))
        if checkpoint and (step + 1) % _SAVE_EVERY == 0:
            _save(checkpoint, step + 1, parameters, averaged, optimiser)
    with torch.no_grad():
        for now, mean in zip(parameters, averaged, strict=True):
            now.copy_(mean)


def _save(path: Path, step: int, parameters: Any, averaged: Any, optimiser: Any) -> None:
    import torch

    part = path.with_suffix(".part")
    state: Mapping[str, Any] = {
        "step": step,
        "parameters": [p.detach() for p in parameters],
        "averaged": averaged,
        "optimiser": optimiser.state_dict(),
    }
    torch.save(state, part)
    part.replace(path)


def _restore(path: Path | None, parameters: Any, averaged: Any, optimiser: Any) -> int:
    """Read what `_save` wrote into place; returns the step to go on with."""
    import torch

    if path is None or not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    with torch.no_grad():
        for now, then in zip(parameters, state["parameters"], strict=True):
            now.copy_(then)
        for now, then in zip(averaged, state["averaged"], strict=True):
            now.copy_(then)
    optimiser.load_state_dict(state["optimiser"])
    return int(state["step"])


def pace(step: int, steps: int) -> float:
    """Warm up over the first twentieth, then follow half a cosine down to nothing."""
    warm = max(1, steps // 20)
    if step < warm:
        return (step + 1) / warm
    return 0.5 * (1 + float(np.cos(np.pi * (step - warm) / max(1, steps - warm))))


def draw_batches(weights: Sequence[int], steps: int, batch: int, seed: int) -> list[Rows]:
    """``steps`` batches of rows; each epoch holds every row as often as its weight says."""
    rows = np.repeat(np.arange(len(weights)), weights)
    rng = np.random.default_rng(seed)
    batches: list[Rows] = []
    while len(batches) < steps:
        shuffled = rng.permutation(rows)
        size = min(batch, len(shuffled))
        whole = len(shuffled) // size * size
        batches += np.split(shuffled[:whole], whole // size)
    return batches[:steps]


def partial_loss(scores: Any, allowed: Any, smoothing: float = 0.0) -> Any:
    """Minus the log of what falls to the allowed labels; rows that say nothing count nothing.

    With one allowed label this is the usual cross-entropy. ``smoothing`` is the share of the
    loss that asks for all labels alike (label smoothing: Szegedy et al. 2016,
    https://arxiv.org/abs/1512.00567): shops' labels are not always right.
    """
    import torch

    said = allowed.any(dim=1)
    if not bool(said.any()):
        return scores.sum() * 0.0
    scores, allowed = scores[said], allowed[said]
    everything = torch.logsumexp(scores, dim=1)
    wanted = torch.logsumexp(scores.masked_fill(~allowed, float("-inf")), dim=1)
    sharp, flat = everything - wanted, everything - scores.mean(dim=1)
    loss = (1 - smoothing) * sharp + smoothing * flat
    return loss.mean() * said.float().mean()
