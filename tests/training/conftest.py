"""A shop with a fake stylist and a tiny base model, and the published layouts in miniature."""

import json
from pathlib import Path

import pytest
from pytest_django import Settings

from outfits.llm import get_language_model
from tests.fakes import FakeLanguageModel
from tests.training.tiny import save_tiny_model


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a random two-layer model."""
    return save_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def shop(settings: Settings, tmp_path: Path, tiny_model: Path) -> FakeLanguageModel:
    """Settings of a shop whose model server is a fake; the fake."""
    settings.ENSEMBLE = {
        **settings.ENSEMBLE,
        "CAPTIONER": "tests.fakes.FakeCaptioner",
        "EMBEDDER": "tests.fakes.FakeEmbedder",
        "LLM": "tests.fakes.FakeLanguageModel",
        "LLM_MODEL": "tiny",
        "BASE_MODEL_PATH": str(tiny_model),
        "ADAPTERS_DIR": str(tmp_path / "adapters"),
        "GATE_OUTFITS": str(tmp_path / "no-outfits.jsonl"),
        "TRAIN_MIN_PAIRS": 4,
        "TRAIN_MAX_STEPS": 2,
    }
    model = get_language_model()
    assert isinstance(model, FakeLanguageModel)
    return model


@pytest.fixture
def maryland(tmp_path: Path) -> Path:
    """A folder as Maryland Polyvore has it."""
    pieces = [
        {"index": 1, "name": "silk blouse", "categoryid": 17},
        {"index": 2, "name": "black skirt", "categoryid": 7},
    ]
    outfits = [{"set_id": "10", "items": pieces}, {"set_id": "11", "items": pieces}]
    for split in ("train", "test"):
        (tmp_path / f"{split}_no_dup.json").write_text(json.dumps(outfits))
    (tmp_path / "category_id.txt").write_text("7 Skirts\n17 Blouses and Shirts\n")
    question = {"question": ["10_1"], "answers": ["10_2", "11_1", "11_2"], "blank_position": 2}
    (tmp_path / "fill_in_blank_test.json").write_text(json.dumps([question] * 12))
    (tmp_path / "fashion_compatibility_prediction.txt").write_text("1 10_1 10_2\n0 10_1 11_2\n")
    return tmp_path


@pytest.fixture
def disjoint(tmp_path: Path) -> Path:
    """A disjoint folder as Polyvore Outfits has it: outfit 77 is of test, 78 of valid."""
    metadata = {
        "901": {"title": "Red Pump", "category_id": "41", "semantic_category": "shoes"},
        "902": {"url_name": "navy coat", "category_id": "4", "semantic_category": "outerwear"},
    }
    (tmp_path / "polyvore_item_metadata.json").write_text(json.dumps(metadata))
    (tmp_path / "categories.csv").write_text("4,coat,outerwear\n41,pumps,shoes\n")
    folder = tmp_path / "disjoint"
    folder.mkdir()
    for split, outfit in (("test", "77"), ("valid", "78")):
        items = [{"item_id": "901", "index": 1}, {"item_id": "902", "index": 2}]
        (folder / f"{split}.json").write_text(json.dumps([{"set_id": outfit, "items": items}]))
    asked = {"question": ["78_1"], "answers": ["78_2", "78_1"], "blank_position": 2}
    (folder / "fill_in_blank_valid.json").write_text(json.dumps([asked]))
    (folder / "compatibility_valid.txt").write_text("1 78_1 78_2\n0 78_2 78_2\n")
    return folder
