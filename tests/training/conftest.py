"""A shop with a fake stylist and a tiny base model, for tests that ask for it."""

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
