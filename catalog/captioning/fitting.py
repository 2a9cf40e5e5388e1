"""The torch part of training: heads first, on features that stand still; then heads and tail.

Training the heads before anything else moves keeps what ImageNet taught from being torn up by
heads that know nothing yet (Kumar et al. 2022, https://arxiv.org/abs/2202.10054).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from catalog.captioning.backbone import middle_features
from catalog.captioning.examples import Example
from catalog.captioning.heads import Head

Floats = NDArray[np.float32]
Masks = NDArray[np.bool_]
Batches = list[NDArray[np.intp]]

#: Hidden units of each head's first layer; 0 is a linear head.
_HIDDEN: Final = {"kind": 0, "gender": 0, "style": 0, "pattern": 128, "colour": 192}


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train; rates are AdamW's.

    ``first_epochs`` of the heads are over the plain photos with the network frozen; ``steps`` are
    batches of random views with its tail set free; ``head_epochs`` train fresh heads on what the
    tail has become.
    """

    first_epochs: int = 8
    steps: int = 180
    head_epochs: int = 25
    batch: int = 32
    first_rate: float = 2e-3
    head_rate: float = 5e-4
    tail_rate: float = 3e-4
    weight_decay: float = 0.1
    dropout: float = 0.3
    #: Each flat-lay photo counts this often in an epoch: there are few of them.
    flatlay_copies: int = 3
    #: Weights are averaged over about the last 1 / (1 - averaging) steps.
    averaging: float = 0.99
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Views:
    """What training reads, source by source: maps (n, views, 17, 17, 120), colours (n, views, k).

    ``examples`` lists the sources' examples one after the other; rows count through them.
    """

    maps: Sequence[NDArray[np.float16]]
    colours: Sequence[Floats]
    examples: Sequence[Example]

    def pick(self, rows: NDArray[np.intp], rng: np.random.Generator | None) -> tuple[Any, Floats]:
        """Maps and colours of ``rows``: a random view each, or the plain one without ``rng``."""
        places = [self._place(int(row)) for row in rows]
        views = [0 if rng is None else int(rng.integers(len(self.maps[s][i]))) for s, i in places]
        at = list(zip(places, views, strict=True))
        maps = np.stack([self.maps[s][i, view] for (s, i), view in at])
        return maps, np.stack([self.colours[s][i, view] for (s, i), view in at])

    def _place(self, row: int) -> tuple[int, int]:
        for source, maps in enumerate(self.maps):
            if row < len(maps):
                return source, row
            row -= len(maps)
        raise IndexError(row)


def features_of(tail: Any, views: Views) -> Floats:
    """What the heads read for each example's plain view: (n, FEATURES + colours)."""
    import torch

    batches = np.array_split(np.arange(len(views.examples)), len(views.examples) // 64 + 1)
    with torch.no_grad():
        return np.concatenate([_inputs(tail, *views.pick(rows, None)).numpy() for rows in batches])


class Fitting:
    """Heads in the making, and the tail they sit on."""

    def __init__(
        self,
        tail: Any,
        features: Floats,
        masks: Mapping[str, Masks],
        recipe: Recipe,
        tell: Callable[[str], None],
    ) -> None:
        """``features`` (n, width) are the plain photos' by the untrained tail; ``masks`` say for
        each attribute which labels each photo allows; ``tell`` hears the loss now and then."""
        import torch

        torch.manual_seed(recipe.seed)
        self._rng = np.random.default_rng(recipe.seed)
        self._tail = tail.to(memory_format=torch.channels_last)
        self._features = torch.from_numpy(features)
        self._mean = self._features.mean(dim=0)
        # What hardly varies says nothing; dividing by its spread would blow its noise up.
        self._spread = self._features.std(dim=0).clamp(min=1e-2)
        self._masks = {name: torch.from_numpy(mask) for name, mask in masks.items()}
        self._recipe = recipe
        self._tell = tell
        width = features.shape[1]
        self._heads = torch.nn.ModuleDict(
            {
                name: _new_head(width, mask.shape[1], _HIDDEN[name], recipe.dropout)
                for name, mask in masks.items()
            }
        )

    def fit_heads(self, weights: Floats, epochs: int) -> None:
        """Train the heads on still features; ``weights`` (n,) say how often a row counts."""
        recipe = self._recipe
        batches = _batches(weights, epochs, 4 * recipe.batch, self._rng)
        groups = [{"params": list(self._heads.parameters()), "lr": recipe.first_rate}]
        self._descend(groups, batches, lambda rows: self._features[rows])

    def fit_all(self, views: Views, weights: Floats) -> None:
        """Train heads and tail on random views."""
        recipe = self._recipe
        epochs = recipe.steps * recipe.batch // int(weights.sum()) + 1
        batches = _batches(weights, epochs, recipe.batch, self._rng)[: recipe.steps]
        groups = [
            {"params": list(self._tail.parameters()), "lr": recipe.tail_rate},
            {"params": list(self._heads.parameters()), "lr": recipe.head_rate},
        ]
        self._descend(
            groups, batches, lambda rows: _inputs(self._tail, *views.pick(rows, self._rng))
        )

    def heads(self, labels: Mapping[str, tuple[str, ...]]) -> dict[str, Head]:
        """The heads as numpy, the normalisation folded into their first layers."""
        return {name: self._to_numpy(self._heads[name], labels[name]) for name in labels}

    def _descend(
        self,
        groups: list[dict[str, Any]],
        batches: Batches,
        read: Callable[[NDArray[np.intp]], Any],
    ) -> None:
        import torch

        parameters = [p for group in groups for p in group["params"]]
        optimiser = torch.optim.AdamW(groups, weight_decay=self._recipe.weight_decay)
        rates = [group["lr"] for group in groups]
        averaged = [p.detach().clone() for p in parameters]
        for step, rows in enumerate(batches):
            for group, rate in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = rate * _pace(step, len(batches))
            loss = self._loss(read(rows), rows)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, 5.0)
            optimiser.step()
            keep = min(self._recipe.averaging, (1 + step) / (10 + step))
            for mean, now in zip(averaged, parameters, strict=True):
                mean.lerp_(now.detach(), 1 - keep)
            if step % 20 == 0:
                self._tell(f"step {step} of {len(batches)}, loss {float(loss):.3f}")
        with torch.no_grad():
            for now, mean in zip(parameters, averaged, strict=True):
                now.copy_(mean)

    def _loss(self, inputs: Any, rows: NDArray[np.intp]) -> Any:
        scaled = (inputs - self._mean) / self._spread
        losses = [
            _partial_loss(self._heads[name](scaled), mask[rows])
            for name, mask in self._masks.items()
        ]
        return sum(losses)

    def _to_numpy(self, head: Any, labels: tuple[str, ...]) -> Head:
        import torch

        linear = [module for module in head if isinstance(module, torch.nn.Linear)]
        layers = [(m.weight.detach().numpy(), m.bias.detach().numpy()) for m in linear]
        weight, bias = layers[0]
        scaled = weight / self._spread.numpy()
        layers[0] = (scaled, bias - scaled @ self._mean.numpy())
        return Head(labels, tuple(layers))


def _inputs(tail: Any, maps: NDArray[np.float16], colours: Floats) -> Any:
    import torch

    # Stored channels last, which the convolutions want anyway: a view, not a copy.
    images = torch.from_numpy(maps).float().permute(0, 3, 1, 2)
    end = tail(images).mean(dim=(2, 3))
    return torch.cat([end, middle_features(images), torch.from_numpy(colours)], dim=1)


def _new_head(width: int, labels: int, hidden: int, dropout: float) -> Any:
    from torch import nn

    drop = nn.Dropout(dropout)
    if not hidden:
        return nn.Sequential(drop, nn.Linear(width, labels))
    # Half of a hidden layer: these heads have far more weights than photos to learn from.
    last = nn.Sequential(nn.Dropout(0.5), nn.Linear(hidden, labels))
    return nn.Sequential(drop, nn.Linear(width, hidden), nn.ReLU(), *last)


def _batches(weights: Floats, epochs: int, batch: int, rng: np.random.Generator) -> Batches:
    """The rows of every batch of every epoch; an epoch holds each row as often as it counts."""
    rows = np.repeat(np.arange(len(weights)), weights.astype(int))
    batches: Batches = []
    for _ in range(epochs):
        shuffled = rng.permutation(rows)
        whole = len(shuffled) // batch * batch
        batches += np.split(shuffled[:whole], whole // batch)
    return batches


def _pace(step: int, steps: int) -> float:
    """Warm up over the first twentieth, then follow half a cosine down to nothing."""
    warm = max(1, steps // 20)
    if step < warm:
        return (step + 1) / warm
    return 0.5 * (1 + float(np.cos(np.pi * (step - warm) / max(1, steps - warm))))


def _partial_loss(scores: Any, allowed: Any) -> Any:
    """Minus the log of what falls to the allowed labels; rows that say nothing count nothing.

    With one allowed label this is the usual cross-entropy.
    """
    import torch

    said = allowed.any(dim=1)
    if not bool(said.any()):
        return scores.sum() * 0.0
    scores, allowed = scores[said], allowed[said]
    wanted = torch.logsumexp(scores.masked_fill(~allowed, float("-inf")), dim=1)
    return (torch.logsumexp(scores, dim=1) - wanted).mean() * said.float().mean()
