"""Supervised fine-tuning, on a model of two layers."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from outfits.cooccurrence import COOCCURRENCE, Cooccurrence
from outfits.scoring import read_taste
from tests.training.tiny import make_outfits, save_tiny_model
from training.adapters_folder import WEIGHTS, AdapterInvalid, git_revision, read_adapter_folder
from training.questions import PLAIN, ItemPool, Wording, ask_outfit
from training.scoring import match_logits
from training.sft import CHECKPOINT, Halves, Progress, StylistConfig, train_sft
from training.stylist_model import load_stylist

pytest.importorskip("torch")
pytest.importorskip("peft")

OUTFITS = make_outfits(8)
CONFIG = StylistConfig(
    steps=4,
    outfits=2,
    wrong=3,
    rank=2,
    alpha=4,
    dropout=0.1,
    first_layer=0,
    kept_back_every=4,
    checkpoint_every=2,
    precision="float32",
    wording=Wording(attributes=0.5, context=0.5),
)
#: Fast enough that a few steps show.
EAGER = replace(CONFIG, learning_rate=0.1, warmup=0.0)


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
            "outfits": OUTFITS,
            "base_model": base,
            "adapter": tmp_path / "adapters" / name,
            "work": tmp_path / "work" / name,
            "sources": {"outfits": source},
            "notes": {"licences": "made up for a test"},
        }
        return train_sft(config, **(arguments | changes))

    return run


def content(folder: Path) -> tuple[bytes, bytes]:
    return (folder / WEIGHTS).read_bytes(), (folder / COOCCURRENCE).read_bytes()


def read_header(folder: Path) -> dict[str, Any]:
    """What the weights file says of each tensor."""
    weights = (folder / WEIGHTS).read_bytes()
    header = json.loads(weights[8 : 8 + int.from_bytes(weights[:8], "little")])
    return {name: tensor for name, tensor in header.items() if name != "__metadata__"}


def test_the_same_seed_gives_the_same_adapter_and_another_seed_another(train: Train) -> None:
    first, second = train("one"), train("two")
    assert content(first) == content(second)
    other = train("three", replace(CONFIG, seed=8))
    assert content(other)[0] != content(first)[0]


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
    assert content(parted) == content(whole)


def test_a_checkpoint_of_another_recipe_is_refused(train: Train) -> None:
    train("same")
    with pytest.raises(ValueError, match="another recipe"):
        train("same", replace(CONFIG, learning_rate=1.0))


def test_the_manifest_says_how_the_adapter_was_made(train: Train, base: Path) -> None:
    folder = train("one", evaluate=lambda halves: {"fitb": 0.5})
    manifest = read_adapter_folder(folder, base).manifest
    assert manifest["recipe"]["rank"] == 2
    assert manifest["seed"] == CONFIG.seed
    assert manifest["data"].keys() == {"outfits"}
    assert manifest["git_revision"] == git_revision()
    assert manifest["licences"] == "made up for a test"
    assert manifest["metrics"] == {"fitb": 0.5}
    assert [point["step"] for point in manifest["curve"]] == [1, 2, 3, 4]


def test_it_is_judged_on_the_way_as_often_as_asked(train: Train) -> None:
    judged: list[Halves] = []

    def evaluate(halves: Halves) -> dict[str, float]:
        judged.append(halves)
        return {"fitb": 0.25}

    seen: list[Progress] = []
    folder = train(
        "one", replace(CONFIG, evaluate_every=2), evaluate=evaluate, on_progress=seen.append
    )
    curve = json.loads((folder / "manifest.json").read_text())["curve"]
    assert [point["step"] for point in curve if "fitb" in point] == [2, 4]
    assert [progress.step for progress in seen if progress.evaluation] == [2, 4]
    assert len(judged) == 3


def test_an_adapter_is_bf16_and_changes_what_the_model_says(train: Train, base: Path) -> None:
    folder = train("one", EAGER)
    assert {tensor["dtype"] for tensor in read_header(folder).values()} == {"BF16"}
    questions = ask_outfit(OUTFITS[0], 1, 3, ItemPool(OUTFITS), PLAIN, random.Random(1))
    model, tokenizer = load_stylist(base)
    before = match_logits(model, tokenizer, questions)
    tuned, tokenizer = load_stylist(base, folder)
    assert match_logits(tuned, tokenizer, questions) != before


def test_layers_below_the_first_are_left_alone(train: Train) -> None:
    names = read_header(train("one", replace(CONFIG, first_layer=1)))
    assert names
    assert all(".layers.1." in name for name in names)


def test_training_learns_to_tell_what_was_worn(train: Train) -> None:
    news: list[Progress] = []
    recipe = StylistConfig(
        steps=60,
        outfits=3,
        questions=1,
        wrong=1,
        rank=8,
        first_layer=0,
        kept_back_every=6,
        learning_rate=5e-3,
        precision="float32",
        counting_weight=0.0,
        verdict_weight=0.0,
        wording=PLAIN,
    )
    train("one", recipe, outfits=OUTFITS[:6], on_progress=news.append)
    losses = [progress.loss for progress in news]
    assert sum(losses[-10:]) < 0.85 * sum(losses[:10])


def test_counts_lie_beside_the_weights_and_leave_out_what_was_kept_back(train: Train) -> None:
    counts = Cooccurrence.load(train("one") / COOCCURRENCE).counts
    assert counts.outfits == 6
    kept_back = {"green", "grey"}
    assert not kept_back & counts.words.keys()


def test_the_mix_is_fitted_on_what_was_kept_back(train: Train, base: Path) -> None:
    folder = train("one")
    taste = read_taste(folder, read_adapter_folder(folder, base).manifest)
    assert taste.cooccurrence is not None
    assert min(taste.mix.model, taste.mix.cooccurrence) >= 0
    assert max(taste.mix.model, taste.mix.cooccurrence) > 0


def test_outfits_too_few_to_keep_any_back_are_refused(train: Train) -> None:
    with pytest.raises(ValueError, match="too few outfits"):
        train("one", replace(CONFIG, kept_back_every=9))


def test_a_folder_without_manifest_is_refused(train: Train, base: Path) -> None:
    folder = train("one")
    (folder / "manifest.json").unlink()
    with pytest.raises(AdapterInvalid, match="manifest"):
        load_stylist(base, folder)
