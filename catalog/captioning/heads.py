"""The embedded captioner's own weights: small numpy heads, one an attribute, and their manifest."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from catalog.captioning.base import CaptioningError

Floats = NDArray[np.float32]

HEADS_FILE: Final = "heads.npz"
TUNING_FILE: Final = "tuning.npz"
MANIFEST_FILE: Final = "manifest.json"


Layers = tuple[tuple[Floats, Floats], ...]


@dataclass(frozen=True, slots=True)
class Head:
    """A classifier: the mean of a few small networks' scores, then a softmax.

    Each member is linear layers with ReLU between them: (weight (out, in), bias (out,)) pairs.
    ``temperature`` divides the scores so that a probability of 0.8 is right about eight times in
    ten on photos not trained on (temperature scaling: Guo et al. 2017,
    https://arxiv.org/abs/1706.04599).
    """

    labels: tuple[str, ...]
    members: tuple[Layers, ...]
    temperature: float = 1.0

    def scores(self, features: Floats) -> Floats:
        """(n, in) to (n, labels), before the softmax."""
        found: Floats = np.mean([_run(layers, features) for layers in self.members], axis=0)
        return found

    def probabilities(self, features: Floats) -> Floats:
        """(n, in) to (n, labels); each row sums to one."""
        return softmax(self.scores(features) / self.temperature)


def _run(layers: Layers, features: Floats) -> Floats:
    hidden = features
    for weight, bias in layers[:-1]:
        hidden = np.maximum(hidden @ weight.T + bias, 0)
    weight, bias = layers[-1]
    found: Floats = hidden @ weight.T + bias
    return found


@dataclass(frozen=True, slots=True)
class Heads:
    """All heads, the anchors that their colour features count by, and what names this version.

    Every head reads the network's features and the colour features side by side.
    ``thresholds`` says for each attribute of a draft how likely its value must be to be sure.
    """

    by_attribute: Mapping[str, Head]
    anchors: Floats
    thresholds: Mapping[str, float]
    content_hash: str
    manifest: Mapping[str, Any]


def softmax(scores: Floats) -> Floats:
    """Row by row, without overflow."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Floats = (powers / powers.sum(axis=-1, keepdims=True)).astype(np.float32)
    return shares


def weights_hash(folder: Path) -> str:
    """SHA-256 over every weights file in ``folder``: other weights, other captions."""
    digest = hashlib.sha256()
    for name in (HEADS_FILE, TUNING_FILE):
        path = folder / name
        digest.update(name.encode() + (path.read_bytes() if path.exists() else b""))
    return digest.hexdigest()


def save_heads(
    folder: Path,
    heads: Mapping[str, Head],
    anchors: Floats,
    thresholds: Mapping[str, float],
    manifest: Mapping[str, Any],
) -> None:
    """Write ``heads.npz``, then the manifest: weights without one are not weights.

    Half precision on disk; a head's scores move by less than their third digit.
    """
    arrays: dict[str, Any] = {"anchors": anchors.astype(np.float32)}
    for name, head in heads.items():
        arrays[f"{name}.labels"] = np.array(head.labels)
        arrays[f"{name}.temperature"] = np.float32(head.temperature)
        for member, layers in enumerate(head.members):
            for i, (weight, bias) in enumerate(layers):
                arrays[f"{name}.{member}.{i}.weight"] = weight.astype(np.float16)
                arrays[f"{name}.{member}.{i}.bias"] = bias.astype(np.float32)
    for name, threshold in thresholds.items():
        arrays[f"thresholds.{name}"] = np.float32(threshold)
    np.savez_compressed(folder / HEADS_FILE, **arrays)
    filled = {**manifest, "content_hash": weights_hash(folder)}
    text = json.dumps(filled, indent=2, ensure_ascii=False)
    (folder / MANIFEST_FILE).write_text(text + "\n", encoding="utf-8")


def note_in_manifest(folder: Path, **facts: Any) -> None:
    """Add ``facts`` (such as scores on held-out photos) to the manifest of stored weights."""
    path = folder / MANIFEST_FILE
    filled = {**json.loads(path.read_text(encoding="utf-8")), **facts}
    path.write_text(json.dumps(filled, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def load_heads(folder: Path) -> Heads:
    """Read what `save_heads` wrote. Raises `CaptioningError` when it is absent or altered."""
    try:
        manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        with np.load(folder / HEADS_FILE, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        names = [name.removesuffix(".labels") for name in arrays if name.endswith(".labels")]
        heads = {name: _read_head(name, arrays) for name in names}
        anchors: Floats = arrays["anchors"]
        thresholds = _read_thresholds(arrays)
    except (OSError, ValueError, KeyError) as error:
        raise CaptioningError(
            f"no usable captioner weights in {folder}: {error}", retryable=False
        ) from error
    content_hash = weights_hash(folder)
    if content_hash != manifest.get("content_hash"):
        raise CaptioningError(f"weights in {folder} are not its manifest's", retryable=False)
    return Heads(heads, anchors, thresholds, content_hash, manifest)


def _read_thresholds(arrays: Mapping[str, NDArray[Any]]) -> dict[str, float]:
    prefix = "thresholds."
    found = {name: value for name, value in arrays.items() if name.startswith(prefix)}
    return {name.removeprefix(prefix): float(value) for name, value in found.items()}


def _read_head(name: str, arrays: Mapping[str, NDArray[Any]]) -> Head:
    labels = tuple(str(label) for label in arrays[f"{name}.labels"])
    members: list[Layers] = []
    while layers := _read_layers(f"{name}.{len(members)}", arrays):
        members.append(layers)
    if not members or any(len(layers[-1][1]) != len(labels) for layers in members):
        raise ValueError(f"head {name!r} does not fit its labels")
    return Head(labels, tuple(members), float(arrays[f"{name}.temperature"]))


def _read_layers(at: str, arrays: Mapping[str, NDArray[Any]]) -> Layers:
    layers: list[tuple[Floats, Floats]] = []
    while (weight := arrays.get(f"{at}.{len(layers)}.weight")) is not None:
        bias = arrays[f"{at}.{len(layers)}.bias"]
        layers.append((weight.astype(np.float32), bias.astype(np.float32)))
    return tuple(layers)
