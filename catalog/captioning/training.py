"""Trains the embedded captioner: its heads, and the last blocks of the network under them.

Reads top to bottom: examples -> views through the frozen blocks -> joint training -> temperatures
-> weights and manifest. Same data, same seed, same machine: same weights.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np

from catalog.captioning.backbone import (
    apply_tuning,
    load_network,
    pack_tuning,
    pretrained_hash,
    read_tuning,
)
from catalog.captioning.examples import Example
from catalog.captioning.fitting import Fitting, Floats, Masks, Recipe, Views, features_of
from catalog.captioning.heads import TUNING_FILE, Head, save_heads
from catalog.captioning.labels import KINDS
from catalog.captioning.views import FLATLAY_VIEWS, VIEWS, cache_views, fit_anchors

#: A label seen less often than this is not learnt. Three photos of "Smart Casual" teach nothing
#: but to call strange pictures that.
_MIN_SEEN: Final = {"gender": 10, "style": 20, "pattern": 5, "colour": 2}


def train_captioner(
    examples: Sequence[Example],
    *,
    output: Path,
    cache: Path,
    recipe: Recipe,
    notes: Mapping[str, Any],
    tell: Callable[[str], None] = lambda line: None,
) -> dict[str, float]:
    """Train on the examples' training part and write weights to ``output``; returns temperatures.

    ``cache`` keeps the views (1 GB) for the next run over the same examples. ``notes`` go into
    the manifest (data, licences); ``tell`` hears how it goes. Needs torch; raises ImportError
    without it.
    """
    cache = cache / _cache_key(examples, recipe.seed)
    train = [e for e in examples if e.part == "train"]
    anchors = _anchors(train, cache, recipe.seed)
    trunk, tail = load_network()
    seen = {
        part: _views([e for e in examples if e.part == part], cache, part, trunk, anchors, recipe)
        for part in ("train", "calibrate")
    }
    labels = label_lists(train)
    masks = {n: label_masks(seen["train"].examples, n, words) for n, words in labels.items()}
    counts = np.array([_copies(e, recipe) for e in seen["train"].examples], dtype=np.float32)
    before = _parameters(tail)

    if recipe.steps:
        fitting = Fitting(tail, _frozen_features(tail, seen["train"], cache), masks, recipe, tell)
        fitting.fit_heads(counts, recipe.first_epochs)
        fitting.fit_all(seen["train"], counts)
    tuned = _add_tuning(tail, before, output)

    fitting = Fitting(tuned, features_of(tuned, seen["train"]), masks, recipe, tell)
    fitting.fit_heads(counts, recipe.head_epochs)
    inputs = features_of(tuned, seen["calibrate"])
    heads = {
        name: _calibrate(head, inputs, label_masks(seen["calibrate"].examples, name, head.labels))
        for name, head in fitting.heads(labels).items()
    }
    manifest = {
        **notes,
        "recipe": asdict(recipe),
        "photos": {part: len(views.examples) for part, views in seen.items()},
        "pretrained_sha256": pretrained_hash(),
    }
    save_heads(output, heads, anchors, manifest)
    return {name: head.temperature for name, head in heads.items()}


def _cache_key(examples: Sequence[Example], seed: int) -> str:
    """Names the folder for exactly these photos in this order: other photos, other features."""
    names = "\n".join(f"{e.source}/{e.path.name}" for e in examples)
    return hashlib.sha256(f"{seed} {VIEWS} {FLATLAY_VIEWS}\n{names}".encode()).hexdigest()[:12]


def _copies(example: Example, recipe: Recipe) -> int:
    return recipe.flatlay_copies if example.source == "flatlay" else 1


def _parameters(tail: Any) -> dict[str, Floats]:
    return {name: p.detach().numpy().copy() for name, p in tail.named_parameters()}


def _frozen_features(tail: Any, views: Views, cache: Path) -> Floats:
    """The untrained tail's features, kept: they are the same for every recipe."""
    path = cache / "train.features.npy"
    if not path.exists():
        np.save(path, features_of(tail, views))
    features: Floats = np.load(path)
    return features


def _add_tuning(tail: Any, before: Mapping[str, Floats], output: Path) -> Any:
    """Store what training changed, and put what was stored (rounded to int8 steps) into ``tail``:
    temperatures are to fit the network that will serve."""
    output.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(output / TUNING_FILE, **pack_tuning(before, _parameters(tail)))
    _, fresh = load_network()
    apply_tuning(fresh, read_tuning(output))
    return fresh


def label_lists(examples: Sequence[Example]) -> dict[str, tuple[str, ...]]:
    """For each attribute, the labels that occur often enough to learn, sorted."""
    lists: dict[str, tuple[str, ...]] = {"kind": tuple(kind.noun for kind in KINDS)}
    for name, enough in _MIN_SEEN.items():
        seen = [e.labels[name] for e in examples if name in e.labels]
        lists[name] = tuple(sorted({label for label in seen if seen.count(label) >= enough}))
    return lists


def label_masks(examples: Sequence[Example], name: str, labels: Sequence[str]) -> Masks:
    """(n, labels): which labels each example allows; an all-False row says nothing."""
    masks = np.zeros((len(examples), len(labels)), dtype=np.bool_)
    for row, example in zip(masks, examples, strict=True):
        if name == "kind":
            row[list(example.kinds)] = True
        elif example.labels.get(name) in labels:
            row[labels.index(example.labels[name])] = True
    return masks


def _anchors(examples: Sequence[Example], cache: Path, seed: int) -> Floats:
    path = cache / "anchors.npy"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        np.save(path, fit_anchors(examples, seed=seed))
    anchors: Floats = np.load(path)
    return anchors


def _views(
    examples: Sequence[Example],
    cache: Path,
    part: str,
    trunk: Any,
    anchors: Floats,
    recipe: Recipe,
) -> Views:
    import torch

    trunk = trunk.to(memory_format=torch.channels_last)
    sources = sorted({e.source for e in examples})
    grouped = [[e for e in examples if e.source == source] for source in sources]
    loaded = [
        cache_views(
            group,
            cache,
            f"{part}-{source}",
            trunk=trunk,
            anchors=anchors,
            seed=recipe.seed,
            views=_view_count(part, source),
        )
        for source, group in zip(sources, grouped, strict=True)
    ]
    maps, colours = zip(*loaded, strict=True)
    return Views(maps, colours, [e for group in grouped for e in group])


def _view_count(part: str, source: str) -> int:
    if part != "train":
        return 1
    return FLATLAY_VIEWS if source == "flatlay" else VIEWS


def _calibrate(head: Head, inputs: Floats, masks: Masks) -> Head:
    """Choose the temperature under which the held-back labels are likeliest."""
    said = masks.any(axis=1)
    if not said.any():
        return head
    scores, masks = head.scores(inputs[said]), masks[said]

    def loss(temperature: float) -> float:
        shares = Head(head.labels, head.layers, temperature)
        powers = np.exp((scores - scores.max(axis=1, keepdims=True)) / shares.temperature)
        likely = (powers * masks).sum(axis=1) / powers.sum(axis=1)
        return float(-np.log(np.maximum(likely, 1e-9)).mean())

    best = min(np.geomspace(0.5, 4.0, 61), key=loss)
    return Head(head.labels, head.layers, round(float(best), 3))
