"""A folder is an adapter when it is whole, finite and made for this base model."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.training.adapter import make_adapter_folder
from training.adapters_folder import (
    CONFIG,
    MANIFEST,
    WEIGHTS,
    AdapterInvalid,
    copy_adapter_folder,
    hash_file,
    next_adapter_name,
    read_adapter_folder,
)

torch = pytest.importorskip("torch")


@pytest.fixture
def adapter(tiny_model: Path, tmp_path: Path) -> Path:
    return make_adapter_folder(tiny_model, tmp_path / "adapters")


def test_a_whole_adapter_is_read(adapter: Path, tiny_model: Path) -> None:
    found = read_adapter_folder(adapter, tiny_model)
    assert (found.name, found.base_model) == ("stylist-0001", "tiny")
    assert found.manifest["seed"] == 7


def test_names_count_up_from_the_highest(tmp_path: Path) -> None:
    assert next_adapter_name(tmp_path / "none yet") == "stylist-0001"
    for name in ("stylist-0041", "stylist-0007", "other", ".stylist-0099-scratch"):
        (tmp_path / name).mkdir()
    assert next_adapter_name(tmp_path) == "stylist-0042"


def test_an_adapter_is_never_written_over(adapter: Path, tiny_model: Path) -> None:
    before = (adapter / MANIFEST).read_bytes()
    with pytest.raises(FileExistsError):
        make_adapter_folder(tiny_model, adapter.parent)
    assert (adapter / MANIFEST).read_bytes() == before


def test_nothing_is_left_of_an_adapter_that_could_not_be_written(
    adapter: Path, tiny_model: Path
) -> None:
    (adapter / CONFIG).unlink()
    from training.adapters_folder import describe_base, write_adapter_folder

    root = adapter.parent
    with pytest.raises(FileNotFoundError):
        write_adapter_folder(
            root, "stylist-0002", adapter, {"base_model": describe_base(tiny_model)}
        )
    assert [path.name for path in root.iterdir()] == ["stylist-0001"]


def _no_manifest(folder: Path) -> None:
    (folder / MANIFEST).unlink()


def _no_weights(folder: Path) -> None:
    (folder / WEIGHTS).unlink()


def _other_bytes(folder: Path) -> None:
    (folder / CONFIG).write_text((folder / CONFIG).read_text() + " ")


def _cut_short(folder: Path) -> None:
    content = (folder / WEIGHTS).read_bytes()
    (folder / WEIGHTS).write_bytes(content[: len(content) - 100])
    _sign(folder)


def _not_a_number(folder: Path) -> None:
    _change_weights(folder, lambda name, weight: weight.fill_(float("nan")))


def _infinite(folder: Path) -> None:
    _change_weights(folder, lambda name, weight: weight.fill_(float("-inf")))


def _halved(folder: Path) -> None:
    _change_weights(folder, lambda name, weight: weight[: len(weight) // 2].clone())


def _half_missing(folder: Path) -> None:
    _change_weights(folder, lambda name, weight: None if "lora_A" in name else weight)


def _other_layer(folder: Path) -> None:
    _change_weights(folder, lambda name, weight: weight, lambda name: name.replace(".1.", ".7."))


def _other_rank(folder: Path) -> None:
    _change_config(folder, r=8)


def _huge_rank(folder: Path) -> None:
    _change_config(folder, r=512)


def _other_method(folder: Path) -> None:
    _change_config(folder, peft_type="IA3")


def _other_targets(folder: Path) -> None:
    _change_config(folder, target_modules=["q_proj"])


def _other_base(folder: Path) -> None:
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["base_model"] = {"name": "mistral", "sha256": "0" * 64}
    (folder / MANIFEST).write_text(json.dumps(manifest))


def _evil_name(folder: Path) -> None:
    manifest = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps({**manifest, "name": "../../etc"}))


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (_no_manifest, "never finished"),
        (_no_weights, "is missing"),
        (_other_bytes, "not the file that the manifest names"),
        (_cut_short, "size"),
        (_not_a_number, "not finite"),
        (_infinite, "not finite"),
        (_halved, "rank|for a weight of"),
        (_half_missing, "weights are missing"),
        (_other_layer, "not among the targets|has no"),
        (_other_rank, "have rank 4, not 8"),
        (_huge_rank, "has rank 512"),
        (_other_method, "LoRA"),
        (_other_targets, "not among the targets"),
        (_other_base, "trained on mistral"),
        (_evil_name, "no name for an adapter"),
    ],
)
def test_a_spoilt_adapter_is_refused_in_words(
    adapter: Path, tiny_model: Path, spoil: Callable[[Path], None], says: str
) -> None:
    spoil(adapter)
    with pytest.raises(AdapterInvalid, match=says):
        read_adapter_folder(adapter, tiny_model)


def test_copying_twice_changes_nothing_and_another_of_that_name_is_refused(
    adapter: Path, tiny_model: Path, tmp_path: Path
) -> None:
    found, root = read_adapter_folder(adapter), tmp_path / "elsewhere"
    copied = copy_adapter_folder(found, root)
    assert copy_adapter_folder(found, root) == copied
    assert read_adapter_folder(copied, tiny_model).name == "stylist-0001"
    shutil.rmtree(adapter)
    other = make_adapter_folder(tiny_model, tmp_path / "adapters", seed=8)
    with pytest.raises(AdapterInvalid, match="never change"):
        copy_adapter_folder(read_adapter_folder(other), root)


def _change_weights(
    folder: Path,
    change: Callable[[str, Any], Any],
    rename: Callable[[str], str] = lambda name: name,
) -> None:
    from safetensors.torch import load_file, save_file

    changed = {rename(k): change(k, v) for k, v in load_file(folder / WEIGHTS).items()}
    save_file({k: v for k, v in changed.items() if v is not None}, folder / WEIGHTS)
    _sign(folder)


def _change_config(folder: Path, **values: Any) -> None:
    content = json.loads((folder / CONFIG).read_text())
    (folder / CONFIG).write_text(json.dumps({**content, **values}))
    _sign(folder)


def _sign(folder: Path) -> None:
    """Make the manifest name the files as they are now."""
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["files"] = {file: hash_file(folder / file) for file in (CONFIG, WEIGHTS)}
    (folder / MANIFEST).write_text(json.dumps(manifest))
