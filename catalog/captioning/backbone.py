"""The captioner's network as it serves: exported to ONNX once, run by onnxruntime.

The last blocks are moved a little by the project's own training (`catalog.captioning.tuning`);
only that small difference is shipped, and added here when the network is exported.
"""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from catalog.captioning import network
from catalog.captioning.base import CaptioningError

Floats = NDArray[np.float32]

WEIGHTS_DIR: Final = Path(__file__).parent / "weights"


def prepare_backbone(folder: Path, *, weights: Path = WEIGHTS_DIR) -> Path:
    """Export the network as ONNX into ``folder`` unless it is there; returns the file.

    The file appears all at once, so a second process never reads half of it. Needs torch, onnx
    and the two model packages. Raises `CaptioningError` naming what is missing.
    """
    path = backbone_path(folder, weights)
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        fresh = Path(scratch) / path.name
        try:
            trunk, tail = network.load_network()
        except ImportError as error:
            raise CaptioningError(
                f"{error.name} is not installed; install requirements.txt", retryable=False
            ) from error
        apply_tuning(tail, read_tuning(weights))
        network.export(trunk, tail, fresh)
        os.replace(fresh, path)  # noqa: PTH105 - says that it is the atomic one
    return path


def backbone_path(folder: Path, weights: Path = WEIGHTS_DIR) -> Path:
    """Where the exported network lies: the name carries the tuning's hash, so none is stale."""
    tuning = weights / "tuning.npz"
    digest = hashlib.sha256(tuning.read_bytes()).hexdigest()[:10] if tuning.exists() else "plain"
    return folder / f"efficientnet-lite2-{digest}.onnx"


class Backbone:
    """Photos in, features out; the onnxruntime session opens at first use (sessions do not
    survive a fork, and Celery forks)."""

    def __init__(self, path: Path, *, threads: int = 0) -> None:
        self._path = path
        self._threads = threads

    def features(self, photos: NDArray[np.uint8]) -> Floats:
        """(n, 260, 260, 3) RGB bytes to (n, `network.FEATURES`). Raises `CaptioningError`."""
        session = _open_session(str(self._path), self._threads, os.getpid())
        found: Floats = session.run(["features"], {"photos": photos})[0]
        return found


@lru_cache(maxsize=2)
def _open_session(path: str, threads: int, pid: int) -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise CaptioningError(
            "onnxruntime is not installed; install django-ensemble[caption]", retryable=False
        ) from error
    if not Path(path).exists():
        raise CaptioningError(
            f"no captioning network at {path}; run `manage.py prepare_models`", retryable=False
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # Spinning threads win microseconds and steal the cores from the shop's other workers.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def pack_tuning(before: Mapping[str, Floats], after: Mapping[str, Floats]) -> dict[str, Any]:
    """What training changed, as int8 steps with one scale an output channel.

    The change is small against the weights, so a 127th of its largest value is far below what
    the photos can tell apart; and a 5 MB file, not 19.
    """
    packed: dict[str, Any] = {}
    for name, start in before.items():
        change = after[name] - start
        rows = change.reshape(len(change), -1)
        scale = np.maximum(np.abs(rows).max(axis=1), 1e-12).astype(np.float32) / 127.0
        packed[f"{name}.steps"] = (
            np.rint(rows / scale[:, None]).astype(np.int8).reshape(change.shape)
        )
        packed[f"{name}.scale"] = scale
    return packed


def read_tuning(weights: Path) -> dict[str, Floats]:
    """What to add to each of the tail's weights; empty where nothing was tuned."""
    path = weights / "tuning.npz"
    if not path.exists():
        return {}
    with np.load(path, allow_pickle=False) as stored:
        names = [name.removesuffix(".steps") for name in stored.files if name.endswith(".steps")]
        return {name: _unpack(stored[f"{name}.steps"], stored[f"{name}.scale"]) for name in names}


def _unpack(steps: NDArray[np.int8], scale: Floats) -> Floats:
    return steps.astype(np.float32) * scale.reshape((-1,) + (1,) * (steps.ndim - 1))


def apply_tuning(tail: Any, tuning: Mapping[str, Floats]) -> None:
    """Add ``tuning`` to the weights of the torch module ``tail``."""
    import torch

    parameters = dict(tail.named_parameters())
    with torch.no_grad():
        for name, change in tuning.items():
            parameters[name].add_(torch.from_numpy(change))
