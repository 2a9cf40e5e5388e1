"""A folder is an adapter when it is whole, finite and made for this base model."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from outfits.cooccurrence import COOCCURRENCE, Cooccurrence
from outfits.scoring import Mix, read_taste
from tests.training.adapter import make_adapter_folder, make_taste
from training.adapters_folder import (
    CONFIG,
    MANIFEST,
    WEIGHTS,
    AdapterInvalid,
    copy_adapter_folder,
    describe_base,
    hash_file,
    next_adapter_name,
    read_adapter_folder,
    write_adapter_folder,
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
    _change_manifest(folder, base_model={"name": "mistral", "sha256": "0" * 64})


def _evil_name(folder: Path) -> None:
    _change_manifest(folder, name="../../etc")


def _stranger(folder: Path) -> None:
    (folder / "setup.py").write_text("print('hello')")
    _sign(folder)


def _no_files(folder: Path) -> None:
    _change_manifest(folder, files={})


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
        (_stranger, "lists setup.py, unknown to adapters"),
        (_no_files, "does not list"),
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


def test_counts_and_mix_travel_with_the_weights(tiny_model: Path, tmp_path: Path) -> None:
    taste = make_taste(0.75, 0.25)
    made = make_adapter_folder(tiny_model, tmp_path / "adapters", taste=taste)
    copied = copy_adapter_folder(read_adapter_folder(made, tiny_model), tmp_path / "elsewhere")
    found = read_adapter_folder(copied, tiny_model)
    read = read_taste(found.path, found.manifest)
    assert taste.cooccurrence is not None
    assert read.cooccurrence is not None
    assert read.mix == Mix(0.75, 0.25)
    assert read.cooccurrence.counts == taste.cooccurrence.counts
    assert (copied / COOCCURRENCE).read_bytes() == (made / COOCCURRENCE).read_bytes()


def test_an_adapter_without_counts_is_the_model_alone(adapter: Path) -> None:
    found = read_adapter_folder(adapter)
    taste = read_taste(found.path, found.manifest)
    assert (taste.mix, taste.cooccurrence) == (Mix(1.0, 0.0), None)


def test_counts_that_the_manifest_does_not_list_are_not_the_adapters(
    adapter: Path, tmp_path: Path
) -> None:
    counted = make_taste().cooccurrence
    assert counted is not None
    counted.save(adapter / COOCCURRENCE)
    found = read_adapter_folder(adapter)
    assert read_taste(found.path, found.manifest).cooccurrence is None
    assert not (copy_adapter_folder(found, tmp_path / "elsewhere") / COOCCURRENCE).exists()


@pytest.fixture
def counting(tiny_model: Path, tmp_path: Path) -> Path:
    """An adapter with counts."""
    return make_adapter_folder(tiny_model, tmp_path / "counting", taste=make_taste())


def test_other_counts_than_the_manifest_names_are_refused(counting: Path) -> None:
    stored = Cooccurrence.load(counting / COOCCURRENCE)
    replace(stored, weights=-stored.weights).save(counting / COOCCURRENCE)
    with pytest.raises(AdapterInvalid, match="not the file that the manifest names"):
        read_adapter_folder(counting)


def test_counts_that_are_gone_are_refused(counting: Path) -> None:
    (counting / COOCCURRENCE).unlink()
    with pytest.raises(AdapterInvalid, match="is missing"):
        read_adapter_folder(counting)


def _as_text(path: Path) -> None:
    path.write_text("red boots, 3 times")


def _as_nothing(path: Path) -> None:
    path.write_bytes(b"")


def _as_half(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def _as_one_array(path: Path) -> None:
    with path.open("wb") as stream:
        np.save(stream, np.zeros(3))


def _as_other_arrays(path: Path) -> None:
    with path.open("wb") as stream:
        np.savez_compressed(stream, words=np.array(["red"]))


def _as_pickle(path: Path) -> None:
    with path.open("wb") as stream:
        np.savez_compressed(stream, words=np.array([object()], dtype=object))


@pytest.mark.parametrize(
    "spoil", [_as_text, _as_nothing, _as_half, _as_one_array, _as_other_arrays, _as_pickle]
)
def test_counts_that_cannot_be_read_are_refused_in_words(
    counting: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(counting / COOCCURRENCE)
    _sign(counting)
    with pytest.raises(AdapterInvalid, match="cannot be read"):
        read_adapter_folder(counting)


@pytest.mark.parametrize(
    "mix",
    [
        {"model": -1.0, "cooccurrence": 1.0},
        {"model": float("nan"), "cooccurrence": 1.0},
        {"model": float("inf"), "cooccurrence": 1.0},
        {"model": "a lot", "cooccurrence": 1.0},
        {"model": None},
        {"luck": 1.0},
        [1.0, 0.5],
        None,
    ],
)
def test_a_mix_that_is_not_two_weights_is_refused_in_words(counting: Path, mix: Any) -> None:
    _change_manifest(counting, mix=mix)
    with pytest.raises(AdapterInvalid, match="its mix is"):
        read_adapter_folder(counting)


def _change_manifest(folder: Path, **values: Any) -> None:
    manifest = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps({**manifest, **values}))


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
    """Make the manifest name the files as they are."""
    files = {file.name: hash_file(file) for file in folder.iterdir() if file.name != MANIFEST}
    _change_manifest(folder, files=files)
