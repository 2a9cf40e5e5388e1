"""Trains the network's last blocks, under makeshift heads that are thrown away afterwards.

The heads learn before anything else moves: heads that know nothing yet would tear up what
ImageNet taught (Kumar et al. 2022, https://arxiv.org/abs/2202.10054).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from catalog.captioning.descent import Masks, Rows, Schedule, descend, draw_batches, partial_loss
from catalog.captioning.examples import Example
from catalog.captioning.looks import LOOKS
from catalog.captioning.network import read_features
from catalog.captioning.targets import label_lists, label_masks, season_masks, title_masks
from catalog.captioning.views import Views

Floats = NDArray[np.float32]

_HEAD_BATCH: Final = 128
_LOOK_BATCH: Final = 32
#: There are some 250 title words, each a task of its own: together they weigh like one attribute.
_WORD_WEIGHT: Final = 0.05


@dataclass(frozen=True, slots=True)
class TuningRecipe:
    """How the network is tuned; rates are AdamW's.

    ``head_steps`` train the makeshift heads alone, on the plain photos. ``steps`` are batches of
    random views of the training part; ``further_steps`` come after the held-out photos have been
    judged, and learn from those too (the heads that ship do in any case).
    """

    steps: int = 600
    further_steps: int = 0
    head_steps: int = 300
    batch: int = 32
    first_rate: float = 2e-3
    head_rate: float = 5e-4
    middle_rate: float = 2e-4
    end_rate: float = 3e-4
    further_share: float = 0.5
    weight_decay: float = 0.1
    dropout: float = 0.3
    smoothing: float = 0.05
    #: Each flat-lay photo counts this often in an epoch: there are few of them.
    flatlay_copies: int = 4
    averaging: float = 0.99
    seed: int = 0


def look_features(
    tail: Any,
    views: Views,
    *,
    looks: int = LOOKS,
    tell: Callable[[int, int], None] = lambda done, of: None,
) -> Floats:
    """What the network tells of each example's looks: (n, looks, FEATURES)."""
    import torch

    found: list[Floats] = []
    tail.to(memory_format=torch.channels_last)
    with torch.no_grad():
        for start in range(0, len(views.examples), _LOOK_BATCH):
            rows = np.arange(start, min(start + _LOOK_BATCH, len(views.examples)))
            seen = [
                read_features(tail, _tensor(views.pick(rows, [k] * len(rows)))).numpy()
                for k in range(looks)
            ]
            found.append(np.stack(seen, axis=1))
            tell(int(rows[-1]) + 1, len(views.examples))
    return np.concatenate(found)


def tune(
    tail: Any,
    views: Views,
    recipe: TuningRecipe,
    folder: Path,
    name: str,
    tell: Callable[[str, int, int, float], None],
    *,
    steps: int,
    share: float = 1.0,
) -> None:
    """Train ``tail`` in place for ``steps``; ``share`` scales the rates of its blocks.

    ``folder`` keeps checkpoints under ``name``.
    """
    import torch

    torch.manual_seed(recipe.seed)
    targets = Targets(views, recipe)
    weights = count_rows(views.examples, recipe)

    def schedule(stage: str, steps: int, batch: int, rates: list[float]) -> Schedule:
        batches = draw_batches(weights, steps, batch, recipe.seed)
        told: Callable[[int, int, float], None] = lambda i, n, loss: tell(stage, i, n, loss)  # noqa: E731
        return Schedule(batches, rates, recipe.weight_decay, recipe.averaging, recipe.seed, told)

    plain = torch.from_numpy(_kept_features(tail, views, folder / f"{name}.features.npy"))
    heads = MakeshiftHeads(plain, targets, recipe)
    descend(
        [heads.parameters],
        lambda step, rows: heads.loss(plain[rows], rows),
        schedule("heads", recipe.head_steps, _HEAD_BATCH, [recipe.first_rate]),
    )

    def loss(step: int, rows: Rows) -> Any:
        rng = np.random.default_rng([recipe.seed, step])
        maps = _tensor(views.pick(rows, rng.integers(0, 1 << 16, len(rows)).tolist()))
        if rng.random() < 0.5:
            maps = maps.flip(3)
        return heads.loss(read_features(tail, maps), rows)

    tail.to(memory_format=torch.channels_last)
    descend(
        [list(tail["middle"].parameters()), list(tail["end"].parameters()), heads.parameters],
        loss,
        schedule(
            "network",
            steps,
            recipe.batch,
            [share * recipe.middle_rate, share * recipe.end_rate, recipe.head_rate],
        ),
        folder / f"{name}.checkpoint.pt",
    )


class Targets:
    """What the makeshift heads are to tell: the captions' attributes, seasons and title words."""

    def __init__(self, views: Views, recipe: TuningRecipe) -> None:
        import torch

        examples = views.examples
        masks: dict[str, Masks] = {
            name: label_masks(examples, name, labels)
            for name, labels in label_lists(examples).items()
        }
        masks["season"] = season_masks(examples)
        self.masks: Mapping[str, Any] = {n: torch.from_numpy(m) for n, m in masks.items() if m.size}
        self.words = torch.from_numpy(title_masks(examples))


class MakeshiftHeads:
    """A linear head for each target, over normalised features."""

    def __init__(self, features: Any, targets: Targets, recipe: TuningRecipe) -> None:
        from torch import nn

        self._targets, self._recipe = targets, recipe
        self._mean = features.mean(dim=0)
        # What hardly varies says nothing; dividing by its spread would blow its noise up.
        self._spread = features.std(dim=0).clamp(min=1e-2)
        sizes = {name: mask.shape[1] for name, mask in targets.masks.items()}
        sizes["words"] = targets.words.shape[1]
        self._heads = nn.ModuleDict(
            {name: nn.Linear(features.shape[1], size) for name, size in sizes.items() if size}
        )
        self.parameters = list(self._heads.parameters())

    def loss(self, features: Any, rows: Rows) -> Any:
        """The targets' losses together."""
        from torch.nn import functional

        scaled = functional.dropout((features - self._mean) / self._spread, self._recipe.dropout)
        total = sum(
            partial_loss(self._heads[name](scaled), mask[rows], self._recipe.smoothing)
            for name, mask in self._targets.masks.items()
        )
        if "words" in self._heads:
            words = self._targets.words[rows]
            said = words[words.any(dim=1)].float()
            scores = self._heads["words"](scaled)[words.any(dim=1)]
            each = functional.binary_cross_entropy_with_logits(scores, said, reduction="sum")
            total = total + _WORD_WEIGHT * each / len(rows)
        return total


def _kept_features(tail: Any, views: Views, path: Path) -> Floats:
    """Plain photos' features before training: forty minutes of it should not begin anew."""
    if not path.exists():
        np.save(path, look_features(tail, views, looks=1)[:, 0])
    found: Floats = np.load(path)
    return found


def count_rows(examples: Sequence[Example], recipe: TuningRecipe) -> list[int]:
    """How often each example counts in an epoch."""
    return [recipe.flatlay_copies if e.source == "flatlay" else 1 for e in examples]


def _tensor(maps: NDArray[np.float16]) -> Any:
    import torch

    # Stored channels last, which the convolutions want anyway: a view, not a copy.
    return torch.from_numpy(maps).float().permute(0, 3, 1, 2)
