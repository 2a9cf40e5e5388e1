"""Adapter folders: written once, never changed, validated before anybody loads one.

A folder holds PEFT weights and config and a manifest: what it was trained on, how, and how well it
did. The manifest is written last; a folder without one is not an adapter. Model servers load almost
anything they are pointed at (weights of other shapes, NaN), so `read_adapter_folder` looks first.
"""

import hashlib
import json
import math
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from outfits.cooccurrence import COOCCURRENCE, Cooccurrence
from outfits.scoring import read_mix

MANIFEST = "manifest.json"
CONFIG = "adapter_config.json"
WEIGHTS = "adapter_model.safetensors"

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
PREFIX = "stylist-"

#: What the model server is started with (``--max-lora-rank``); it refuses larger ones.
MAX_RANK = 16

#: Bytes a number takes, and its exponent bits, by safetensors' name of the type.
_EXPONENTS = {"BF16": (2, 0x7F80), "F16": (2, 0x7C00), "F32": (4, 0x7F800000)}

_LORA_WEIGHT = re.compile(r"(?P<module>.+)\.lora_(?P<side>[AB])\.weight")


class AdapterInvalid(Exception):
    """A folder is not an adapter that can be served; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class AdapterFolder:
    """A validated adapter."""

    path: Path
    name: str
    base_model: str
    manifest: dict[str, Any]


def next_adapter_name(root: Path) -> str:
    """The next free name: ``stylist-0042`` after ``stylist-0041``, whatever else is in ``root``."""
    found = (re.fullmatch(rf"{PREFIX}(\d+)", path.name) for path in _entries(root))
    return f"{PREFIX}{max((int(m[1]) for m in found if m), default=0) + 1:04d}"


def write_adapter_folder(root: Path, name: str, weights: Path, manifest: Mapping[str, Any]) -> Path:
    """Make the adapter ``root/name`` of a folder of PEFT weights; it appears whole or not at all.

    Co-occurrence counts that lie beside the weights come along. ``manifest`` needs ``base_model``
    as `describe_base` gives it; name, git revision and file hashes are added. Raises
    `FileExistsError` when there is one of that name: adapters never change.
    """
    base = manifest["base_model"]["name"]

    def fill(scratch: Path) -> None:
        shutil.copyfile(weights / WEIGHTS, scratch / WEIGHTS)
        settings = json.loads((weights / CONFIG).read_text(encoding="utf-8"))
        # PEFT writes the path of this machine's base model, which means nothing elsewhere.
        settings |= {"base_model_name_or_path": base, "inference_mode": True}
        _write_json(scratch / CONFIG, settings)
        if (weights / COOCCURRENCE).exists():
            shutil.copyfile(weights / COOCCURRENCE, scratch / COOCCURRENCE)
        files = {file.name: hash_file(file) for file in sorted(scratch.iterdir())}
        added = {"name": name, "git_revision": git_revision(), "files": files}
        _write_json(scratch / MANIFEST, {**manifest, **added})

    return _appear(root, name, fill)


def copy_adapter_folder(source: AdapterFolder, root: Path) -> Path:
    """Copy a validated adapter to ``root``, the manifest last; one that is there stays as it is.

    Raises `AdapterInvalid` when another adapter of that name is there.
    """
    target = root / source.name
    if (target / MANIFEST).exists():
        if (target / MANIFEST).read_bytes() == (source.path / MANIFEST).read_bytes():
            return target
        raise AdapterInvalid(f"There is another {source.name} in {root}; adapters never change.")

    def fill(scratch: Path) -> None:
        for file in (*source.manifest["files"], MANIFEST):
            shutil.copyfile(source.path / file, scratch / file)

    return _appear(root, source.name, fill)


def read_adapter_folder(path: Path, base_model: Path | None = None) -> AdapterFolder:
    """Read and validate the adapter at ``path``, for ``base_model`` where that is given.

    Raises `AdapterInvalid` when it has no manifest, when a file is not the one the manifest names,
    when its weights do not have the shapes that its config and the base model say, when a weight is
    no finite number, or when it was trained on another base model.
    """
    manifest = _read_json(path / MANIFEST, "it has no readable manifest, so it was never finished")
    name = str(manifest.get("name", path.name))
    if not NAME.fullmatch(name):
        raise AdapterInvalid(f"{path} calls itself {name!r}, which is no name for an adapter.")
    _check_files(path, manifest)
    _check_counts(path, manifest)
    _check_base(path, manifest, base_model)
    _check_weights(path, _read_json(path / CONFIG, f"{CONFIG} cannot be read"), base_model)
    base = manifest.get("base_model") or {}
    return AdapterFolder(path, name, str(base.get("name", "")), manifest)


def describe_base(base_model: Path) -> dict[str, str]:
    """Name the base model and the sha256 of its weights, as manifests do."""
    return {"name": base_model.name, "sha256": hash_base_model(base_model)}


def hash_base_model(base_model: Path) -> str:
    """Hash the weights of a base model; of several files, the hash of their hashes."""
    hashes = [hash_file(file) for file in sorted(base_model.glob("*.safetensors"))]
    if len(hashes) == 1:
        return hashes[0]
    return hashlib.sha256("".join(hashes).encode()).hexdigest()


def hash_file(path: Path) -> str:
    """Hash a file's bytes: sha256 in hexadecimal."""
    stat = path.stat()
    return _hash_version(path, stat.st_size, stat.st_mtime_ns)


def git_revision() -> str:
    """The revision of this code; empty outside a repository."""
    command = ["git", "rev-parse", "HEAD"]
    here = Path(__file__).parent
    try:
        done = subprocess.run(command, cwd=here, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


@lru_cache(maxsize=64)
def _hash_version(path: Path, size: int, changed: int) -> str:
    # A base model weighs gigabytes and never changes: it is read once a process.
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _appear(root: Path, name: str, fill: Callable[[Path], None]) -> Path:
    root.mkdir(parents=True, exist_ok=True)
    target = root / name
    if (target / MANIFEST).exists():
        raise FileExistsError(f"{target} exists: adapters never change.")
    scratch = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=root))
    try:
        fill(scratch)
        scratch.chmod(0o755)
        os.rename(scratch, target)  # noqa: PTH104 - atomic; fails where a full folder is
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return target


def _entries(root: Path) -> Iterator[Path]:
    return root.iterdir() if root.is_dir() else iter(())


def _check_files(path: Path, manifest: Mapping[str, Any]) -> None:
    files = manifest.get("files")
    if not isinstance(files, dict) or not {CONFIG, WEIGHTS} <= files.keys():
        raise AdapterInvalid(f"The manifest in {path} does not list {CONFIG} and {WEIGHTS}.")
    strangers = files.keys() - {CONFIG, WEIGHTS, COOCCURRENCE}
    if strangers:
        raise AdapterInvalid(f"The manifest in {path} lists {min(strangers)}, unknown to adapters.")
    for file in files:
        if not (path / file).is_file():
            raise AdapterInvalid(f"{path / file} is missing.")
        if hash_file(path / file) != files[file]:
            raise AdapterInvalid(f"{path / file} is not the file that the manifest names.")


def _check_counts(path: Path, manifest: Mapping[str, Any]) -> None:
    if COOCCURRENCE in manifest["files"]:
        try:
            Cooccurrence.load(path / COOCCURRENCE)
        except (ValueError, OSError) as error:
            raise AdapterInvalid(f"{path / COOCCURRENCE} cannot be read: {error}") from error
    try:
        read_mix(manifest)
    except ValueError as error:
        raise AdapterInvalid(f"The manifest in {path}: {error}") from error


def _check_base(path: Path, manifest: Mapping[str, Any], base_model: Path | None) -> None:
    trained_on = manifest.get("base_model")
    if not isinstance(trained_on, dict) or not trained_on.get("sha256"):
        raise AdapterInvalid(f"The manifest in {path} does not say what base model it is for.")
    if base_model is not None and trained_on["sha256"] != hash_base_model(base_model):
        raise AdapterInvalid(
            f"{path.name} was trained on {trained_on.get('name') or 'another model'}, which is not "
            f"the base model in {base_model}."
        )


def _check_weights(path: Path, settings: Mapping[str, Any], base_model: Path | None) -> None:
    rank = settings.get("r")
    if settings.get("peft_type") != "LORA" or not isinstance(rank, int):
        raise AdapterInvalid(f"{path / CONFIG} does not describe a LoRA adapter.")
    if not 1 <= rank <= MAX_RANK:
        raise AdapterInvalid(f"{path.name} has rank {rank}; 1 to {MAX_RANK} can be served.")
    shapes = _read_shapes(path)
    modules = _pair_sides(path, shapes)
    for module, (low, high) in modules.items():
        if low[0] != rank or high[1] != rank:
            raise AdapterInvalid(
                f"{path.name}: the weights of {module} have rank {low[0]}, not {rank} as its "
                "config says."
            )
    _check_targets(path, settings, modules.keys())
    if base_model is not None:
        _check_base_shapes(path, modules, base_model)


def _read_shapes(path: Path) -> dict[str, tuple[int, ...]]:
    """Read every weight, refuse any that is not finite, and give the shapes."""
    import numpy as np

    shapes: dict[str, tuple[int, ...]] = {}
    try:
        for name, dtype, shape, raw in _read_tensors(path / WEIGHTS):
            size, exponent = _EXPONENTS[dtype]
            if len(raw) != size * math.prod(shape):
                raise AdapterInvalid(f"{path.name}: {name} does not have the size it should have.")
            bits = np.frombuffer(raw, dtype=f"<u{size}")
            # NaN and infinity are the values whose exponent bits are all set.
            if bool(((bits & exponent) == exponent).any()):
                raise AdapterInvalid(f"{path.name}: {name} holds numbers that are not finite.")
            shapes[name] = shape
    except (KeyError, ValueError, TypeError, OSError) as error:
        raise AdapterInvalid(f"{path / WEIGHTS} cannot be read: {error!r}") from error
    return shapes


def _read_tensors(path: Path) -> Iterator[tuple[str, str, tuple[int, ...], bytes]]:
    """The tensors of a safetensors file: name, dtype, shape and bytes.

    Read by hand, because numpy knows no bf16 and this must not need torch. The format:
    https://github.com/huggingface/safetensors#format
    """
    with path.open("rb") as stream:
        header = _read_header(stream)
        data = stream.read()
    for name, tensor in header.items():
        start, stop = tensor["data_offsets"]
        yield name, tensor["dtype"], tuple(tensor["shape"]), data[start:stop]


def _read_header(stream: BinaryIO) -> dict[str, Any]:
    header = json.loads(stream.read(int.from_bytes(stream.read(8), "little")))
    header.pop("__metadata__", None)
    return dict(header)


def _pair_sides(
    path: Path, shapes: Mapping[str, tuple[int, ...]]
) -> dict[str, tuple[tuple[int, ...], tuple[int, ...]]]:
    sides: dict[str, dict[str, tuple[int, ...]]] = {}
    for name, shape in shapes.items():
        match = _LORA_WEIGHT.fullmatch(name)
        if match is None or len(shape) != 2:
            raise AdapterInvalid(f"{path.name}: {name} is not a LoRA weight.")
        sides.setdefault(match["module"], {})[match["side"]] = shape
    halved = [module for module, both in sides.items() if both.keys() != {"A", "B"}]
    if halved or not sides:
        raise AdapterInvalid(
            f"{path.name}: weights are missing of {(halved or ['every layer'])[0]}."
        )
    return {module: (both["A"], both["B"]) for module, both in sides.items()}


def _check_targets(path: Path, settings: Mapping[str, Any], modules: Collection[str]) -> None:
    """Every weight must be for a target, and every target have weights, as PEFT matches names."""
    targets = settings.get("target_modules")
    if not isinstance(targets, list):  # "all-linear" or a pattern: the shapes are checked
        return
    stray = [name for name in modules if not any(_is_target(name, t) for t in targets)]
    idle = [target for target in targets if not any(_is_target(name, target) for name in modules)]
    if stray:
        raise AdapterInvalid(f"{path.name}: {stray[0]} is not among the targets of its config.")
    if idle:
        raise AdapterInvalid(f"{path.name}: its config targets {idle[0]}, which has no weights.")


def _is_target(module: str, target: str) -> bool:
    return module == target or module.endswith(f".{target}")


def _check_base_shapes(path: Path, modules: Mapping[str, Any], base_model: Path) -> None:
    """Compare each LoRA pair (A: rank x in, B: out x rank) with the base weight (out x in)."""
    base = _base_shapes(base_model)
    for module, (low, high) in modules.items():
        weight = f"{module.removeprefix('base_model.model.')}.weight"
        if weight not in base:
            raise AdapterInvalid(f"{path.name}: the base model has no {weight}.")
        if base[weight] != (high[0], low[1]):
            raise AdapterInvalid(
                f"{path.name}: {module} is for a weight of {high[0]} x {low[1]}, the base model's "
                f"is {' x '.join(map(str, base[weight]))}."
            )


def _base_shapes(base_model: Path) -> dict[str, tuple[int, ...]]:
    """Shapes of a base model's weights, from the headers of its safetensors files alone."""
    shapes: dict[str, tuple[int, ...]] = {}
    for file in base_model.glob("*.safetensors"):
        with file.open("rb") as stream:
            shapes |= {name: tuple(t["shape"]) for name, t in _read_header(stream).items()}
    return shapes


def _read_json(path: Path, problem: str) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise AdapterInvalid(f"{path.parent} is not an adapter: {problem}.") from error
    if not isinstance(content, dict):
        raise AdapterInvalid(f"{path} does not hold a JSON object.")
    return content


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    encoded = json.dumps(content, indent=2, sort_keys=True, default=sorted)
    path.write_text(encoded + "\n", encoding="utf-8")
