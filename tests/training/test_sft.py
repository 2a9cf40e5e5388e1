"""Supervised fine-tuning, on a model of two layers."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.training.tiny import make_outfits, save_tiny_model
from training.adapters_folder import AdapterInvalid, read_adapter_folder
from training.questions import PLAIN, Augmentation, ItemPool, make_questions
from training.scoring import choice_logprobs
from training.sft import CHECKPOINT, Progress, StylistConfig, load_stylist, train_sft

pytest.importorskip("torch")
pytest.importorskip("peft")

OUTFITS = make_outfits(8)
CONFIG = StylistConfig(
    steps=4,
    outfits=2,
    rank=2,
    alpha=4,
    dropout=0.1,
    pointer_layer=0,
    checkpoint_every=2,
    teacher_weight=(0.5, 0.5),
    lesson_steps=1,
    hint_steps=2,
    precision="float32",
    augmentation=Augmentation(verdict=0.5),
)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


Train = Callable[..., Path]


@pytest.fixture
def train(base: Path, tmp_path: Path) -> Train:
    source = tmp_path / "outfits.jsonl"
    source.write_text("what the outfits came from", encoding="utf-8")

    def run(name: str, config: StylistConfig = CONFIG, **changes: Any) -> Path:
        arguments: dict[str, Any] = {
            "base_model": base,
            "adapter": tmp_path / "adapters" / name,
            "work": tmp_path / "work" / name,
            "sources": {"outfits": source},
            "notes": {"licences": "made up for a test"},
        }
        return train_sft(config, OUTFITS, **(arguments | changes))

    return run


def weights(folder: Path) -> bytes:
    return (folder / "adapter_model.safetensors").read_bytes()


def test_the_same_seed_gives_the_same_adapter_and_another_seed_another(train: Train) -> None:
    first, second = train("one"), train("two")
    assert weights(first) == weights(second)
    assert weights(train("three", replace(CONFIG, seed=8))) != weights(first)


class Interrupted(Exception):
    pass


def test_interrupted_training_resumes_to_the_same_adapter(train: Train, tmp_path: Path) -> None:
    def interrupt(progress: Progress) -> None:
        if progress.step == 3:
            raise Interrupted

    whole = train("whole")
    with pytest.raises(Interrupted):
        train("parted", on_progress=interrupt)
    assert (tmp_path / "work" / "parted" / CHECKPOINT).exists()
    assert not (tmp_path / "adapters" / "parted").exists()
    steps: list[int] = []
    parted = train("parted", on_progress=lambda progress: steps.append(progress.step))
    assert steps == [3, 4]
    assert weights(parted) == weights(whole)


def test_a_checkpoint_of_another_recipe_is_refused(train: Train) -> None:
    train("same")
    with pytest.raises(ValueError, match="another recipe"):
        train("same", replace(CONFIG, learning_rate=1.0))


def test_the_manifest_says_how_the_adapter_was_made(train: Train, base: Path) -> None:
    folder = train("one", evaluate=lambda model, tokenizer: {"fitb": 0.5})
    manifest = read_adapter_folder(folder, base).manifest
    assert manifest["recipe"]["rank"] == 2
    assert manifest["seed"] == CONFIG.seed
    assert manifest["data"].keys() == {"outfits"}
    assert manifest["licences"] == "made up for a test"
    assert manifest["metrics"] == {"fitb": 0.5}
    assert [point["step"] for point in manifest["curve"]] == [1, 2, 3, 4]


def test_an_adapter_is_bf16_and_changes_what_the_model_says(train: Train, base: Path) -> None:
    folder = train("one", replace(CONFIG, learning_rate=0.1, warmup=0.0))
    header = weights(folder)[8 : 8 + int.from_bytes(weights(folder)[:8], "little")]
    assert {t["dtype"] for k, t in json.loads(header).items() if k != "__metadata__"} == {"BF16"}
    questions = make_questions(OUTFITS[0], 2, ItemPool(OUTFITS), PLAIN, random.Random(1))
    model, tokenizer = load_stylist(base)
    before = choice_logprobs(model, tokenizer, questions)
    tuned, tokenizer = load_stylist(base, folder)
    after = choice_logprobs(tuned, tokenizer, questions)
    assert before != after


def test_a_folder_without_manifest_is_refused(train: Train, base: Path) -> None:
    folder = train("one")
    (folder / "manifest.json").unlink()
    with pytest.raises(AdapterInvalid, match="manifest"):
        load_stylist(base, folder)
