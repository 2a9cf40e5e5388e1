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


@dataclass(frozen=True, slots=True)
class Head:
    """A classifier: linear layers with ReLU between them, then a softmax.

    ``layers`` are (weight (out, in), bias (out,)) pairs. ``temperature`` divides the scores so
    that a probability of 0.8 is right about eight times in ten on photos not trained on
    (temperature scaling: Guo et al. 2017, https://arxiv.org/abs/1706.04599).
    """

    labels: tuple[str, ...]
    layers: tuple[tuple[Floats, Floats], ...]
    temperature: float = 1.0

    def scores(self, features: Floats) -> Floats:
        """(n, in) to (n, labels), before the softmax."""
        hidden = features
        for weight, bias in self.layers[:-1]:
            hidden = np.maximum(hidden @ weight.T + bias, 0)
        weight, bias = self.layers[-1]
        found: Floats = hidden @ weight.T + bias
        return found

    def probabilities(self, features: Floats) -> Floats:
        """(n, in) to (n, labels); each row sums to one."""
        return softmax(self.scores(features) / self.temperature)


@dataclass(frozen=True, slots=True)
class Heads:
    """All heads, the anchors that their colour features count by, and what names this version.

    Every head reads the network's features and the colour features side by side.
    """

    by_attribute: Mapping[str, Head]
    anchors: Floats
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
    folder: Path, heads: Mapping[str, Head], anchors: Floats, manifest: Mapping[str, Any]
) -> None:
    """Write ``heads.npz``, then the manifest: weights without one are not weights.

    Half precision on disk; a head's scores move by less than their third digit.
    """
    arrays: dict[str, Any] = {"anchors": anchors.astype(np.float32)}
    for name, head in heads.items():
        arrays[f"{name}.labels"] = np.array(head.labels)
        arrays[f"{name}.temperature"] = np.float32(head.temperature)
        for i, (weight, bias) in enumerate(head.layers):
            arrays[f"{name}.{i}.weight"] = weight.astype(np.float16)
            arrays[f"{name}.{i}.bias"] = bias.astype(np.float32)
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
    except (OSError, ValueError, KeyError) as error:
        raise CaptioningError(
            f"no usable captioner weights in {folder}: {error}", retryable=False
        ) from error
    content_hash = weights_hash(folder)
    if content_hash != manifest.get("content_hash"):
        raise CaptioningError(f"weights in {folder} are not its manifest's", retryable=False)
    return Heads(heads, anchors, content_hash, manifest)


def _read_head(name: str, arrays: Mapping[str, NDArray[Any]]) -> Head:
    labels = tuple(str(label) for label in arrays[f"{name}.labels"])
    layers: list[tuple[Floats, Floats]] = []
    while f"{name}.{len(layers)}.weight" in arrays:
        at = f"{name}.{len(layers)}"
        weight = arrays[f"{at}.weight"].astype(np.float32)
        layers.append((weight, arrays[f"{at}.bias"].astype(np.float32)))
    if not layers or len(layers[-1][1]) != len(labels):
        raise ValueError(f"head {name!r} does not fit its labels")
    return Head(labels, tuple(layers), float(arrays[f"{name}.temperature"]))
