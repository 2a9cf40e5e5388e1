"""Trains the heads that ship, on features of the tuned network that stand still.

Heads with a hidden layer come in threes from three seeds, whose mean is better than any of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from catalog.captioning.descent import Masks, Schedule, descend, draw_batches, partial_loss
from catalog.captioning.heads import Head, Layers

Floats = NDArray[np.float32]

#: Hidden units of each head's first layer (0: a linear head), and how many heads are averaged.
_SHAPES: Final[Mapping[str, tuple[int, int]]] = {
    "kind": (0, 1),
    "gender": (0, 1),
    "style": (0, 1),
    "pattern": (48, 3),
    "colour": (128, 3),
}


@dataclass(frozen=True, slots=True)
class HeadRecipe:
    """How heads are trained; the rate is AdamW's."""

    epochs: int = 25
    batch: int = 128
    rate: float = 2e-3
    weight_decay: float = 0.1
    dropout: float = 0.3
    hidden_dropout: float = 0.5
    smoothing: float = 0.05
    averaging: float = 0.99
    seed: int = 0


def fit_heads(
    inputs: Floats,
    masks: Mapping[str, Masks],
    labels: Mapping[str, tuple[str, ...]],
    weights: list[int],
    recipe: HeadRecipe,
    tell: Callable[[int, int, float], None],
) -> dict[str, Head]:
    """A head for each of ``masks``; ``weights`` say how often a row counts in an epoch."""
    import torch

    torch.manual_seed(recipe.seed)
    mean = inputs.mean(axis=0)
    # What hardly varies says nothing; dividing by its spread would blow its noise up.
    spread = np.maximum(inputs.std(axis=0), 1e-2)
    scaled = torch.from_numpy((inputs - mean) / spread)
    allowed = {name: torch.from_numpy(mask) for name, mask in masks.items()}
    made = {
        name: _new_members(name, inputs.shape[1], mask.shape[1], recipe)
        for name, mask in masks.items()
    }

    def loss(step: int, rows: NDArray[np.intp]) -> Any:
        batch = scaled[rows]
        return sum(
            partial_loss(member(batch), allowed[name][rows], recipe.smoothing)
            for name, members in made.items()
            for member in members
        )

    steps = recipe.epochs * (sum(weights) // recipe.batch + 1)
    batches = draw_batches(weights, steps, recipe.batch, recipe.seed)
    schedule = Schedule(
        batches, [recipe.rate], recipe.weight_decay, recipe.averaging, recipe.seed, tell
    )
    parameters = [p for members in made.values() for m in members for p in m.parameters()]
    descend([parameters], loss, schedule)
    return {
        name: Head(labels[name], tuple(_to_numpy(m, mean, spread) for m in members))
        for name, members in made.items()
    }


def _new_members(name: str, width: int, labels: int, recipe: HeadRecipe) -> list[Any]:
    hidden, count = _SHAPES.get(name, (0, 1))
    return [_new_member(width, labels, hidden, recipe) for _ in range(count)]


def _new_member(width: int, labels: int, hidden: int, recipe: HeadRecipe) -> Any:
    from torch import nn

    drop = nn.Dropout(recipe.dropout)
    if not hidden:
        return nn.Sequential(drop, nn.Linear(width, labels))
    last = nn.Sequential(nn.Dropout(recipe.hidden_dropout), nn.Linear(hidden, labels))
    return nn.Sequential(drop, nn.Linear(width, hidden), nn.ReLU(), *last)


def _to_numpy(member: Any, mean: Floats, spread: Floats) -> Layers:
    """The layers as numpy, the normalisation folded into the first."""
    import torch

    linear = [module for module in member if isinstance(module, torch.nn.Linear)]
    layers = [(m.weight.detach().numpy(), m.bias.detach().numpy()) for m in linear]
    weight, bias = layers[0]
    scaled = weight / spread
    return ((scaled, bias - scaled @ mean), *layers[1:])


def calibrate(head: Head, inputs: Floats, masks: Masks) -> Head:
    """Choose the temperature under which the held-back labels are likeliest."""
    said = masks.any(axis=1)
    if not said.any():
        return head
    scores, masks = head.scores(inputs[said]), masks[said]

    def loss(temperature: float) -> float:
        powers = np.exp((scores - scores.max(axis=1, keepdims=True)) / temperature)
        likely = (powers * masks).sum(axis=1) / powers.sum(axis=1)
        return float(-np.log(np.maximum(likely, 1e-9)).mean())

    best = min(np.geomspace(0.25, 4.0, 81), key=loss)
    return replace(head, temperature=round(float(best), 3))
