"""The stylist that comes with the package is whole, small, and says what it was made of."""

import pytest
from safetensors import safe_open

from outfits.selectors import SHIPPED
from training.adapters_folder import WEIGHTS, AdapterFolder, read_adapter_folder

_MEGABYTE = 10**6


@pytest.fixture(scope="module")
def shipped() -> AdapterFolder:
    return read_adapter_folder(SHIPPED)


def test_it_is_small_enough_to_come_along(shipped: AdapterFolder) -> None:
    assert sum(file.stat().st_size for file in shipped.path.iterdir()) < 12 * _MEGABYTE


def test_its_weights_are_bf16(shipped: AdapterFolder) -> None:
    with safe_open(shipped.path / WEIGHTS, "pt") as weights:
        kinds = {weights.get_slice(name).get_dtype() for name in weights.keys()}  # noqa: SIM118
    assert kinds == {"BF16"}


def test_its_manifest_says_what_it_learned_and_how_well(shipped: AdapterFolder) -> None:
    manifest = shipped.manifest
    assert manifest["data"].keys() == {"outfits_train.jsonl", "outfits_valid.jsonl"}
    assert manifest["base_model"]["sha256"]
    assert manifest["curve"][-1]["step"] == manifest["recipe"]["steps"]
    figures = manifest["metrics"]
    assert figures["fitb_accuracy"] >= 0.5
    assert figures["compatibility_auc"] >= 0.7
    assert figures["compatibility_auc"] > figures["auc_counting_alone"]
