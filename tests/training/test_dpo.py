"""DPO, for real, on a model small enough for a test."""

from pathlib import Path
from typing import Any

import pytest

from tests.training.preferences import make_example
from training.adapters_folder import WEIGHTS, describe_base, write_adapter_folder
from training.dataset import PairExample, build_rows
from training.dpo import DPOProgress, DPOSettings, train_dpo
from training.shared_prompts import share_prompts

pytest.importorskip("trl")

SETTINGS = DPOSettings(
    max_steps=2, pairs_per_step=2, learning_rate=1e-2, warmup=0.0, rank=4, checkpoint_every=1
)
PAIRS = [make_example(f"SKU-{number}", "AB"[number % 2], "BA"[number % 2]) for number in range(4)]


class Killed(Exception):
    """The worker went away."""


def _weights(folder: Path) -> dict[str, Any]:
    from safetensors.torch import load_file

    return dict(load_file(folder / WEIGHTS))


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return one.keys() == other.keys() and all(bool((one[k] == other[k]).all()) for k in one)


def test_two_steps_make_an_adapter_with_a_curve(tiny_model: Path, tmp_path: Path) -> None:
    import torch

    news: list[DPOProgress] = []
    result = train_dpo(
        PAIRS, base_model=tiny_model, work=tmp_path, settings=SETTINGS, on_progress=news.append
    )
    weights = _weights(result.folder)
    assert all(weight.dtype == torch.bfloat16 for weight in weights.values())
    assert any(weight.abs().sum() > 0 for name, weight in weights.items() if "lora_B" in name)
    assert [progress.step for progress in news] == [1, 2] == [p["step"] for p in result.curve]
    assert {"loss", "accuracy", "chosen_logp"} <= result.curve[0].keys()


def test_the_same_seed_makes_the_same_adapter(tiny_model: Path, tmp_path: Path) -> None:
    folders = [
        train_dpo(PAIRS, base_model=tiny_model, work=tmp_path / name, settings=SETTINGS).folder
        for name in ("one", "other")
    ]
    assert _same(_weights(folders[0]), _weights(folders[1]))


@pytest.mark.parametrize("continued", [False, True])
def test_interrupted_training_goes_on_to_the_same_adapter(
    tiny_model: Path, tmp_path: Path, continued: bool
) -> None:
    start = _make_adapter(tiny_model, tmp_path) if continued else None
    whole = train_dpo(
        PAIRS, base_model=tiny_model, work=tmp_path / "whole", start=start, settings=SETTINGS
    )

    def die(progress: DPOProgress) -> None:
        if progress.step == 2:
            raise Killed

    work = tmp_path / "killed"
    with pytest.raises(Killed):
        train_dpo(
            PAIRS,
            base_model=tiny_model,
            work=work,
            start=start,
            settings=SETTINGS,
            on_progress=die,
        )
    resumed = train_dpo(PAIRS, base_model=tiny_model, work=work, start=start, settings=SETTINGS)
    assert _same(_weights(resumed.folder), _weights(whole.folder))
    assert len(resumed.curve) == 2


def test_a_serving_adapter_is_gone_on_from(tiny_model: Path, tmp_path: Path) -> None:
    start = _make_adapter(tiny_model, tmp_path)
    # A learning rate of nothing: what comes out is what went in.
    still = DPOSettings(max_steps=1, pairs_per_step=2, learning_rate=0.0, rank=2)
    result = train_dpo(
        PAIRS, base_model=tiny_model, work=tmp_path / "next", start=start, settings=still
    )
    assert _same(_weights(result.folder), _weights(start))
    assert not (result.folder / "ref").exists()


def test_a_checkpoint_that_was_cut_short_is_not_gone_on_from(
    tiny_model: Path, tmp_path: Path
) -> None:
    (tmp_path / "checkpoints" / "checkpoint-1").mkdir(parents=True)
    result = train_dpo(PAIRS, base_model=tiny_model, work=tmp_path, settings=SETTINGS)
    assert len(result.curve) == 2


def test_there_is_nothing_to_train_without_pairs(tiny_model: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no pairs"):
        train_dpo([], base_model=tiny_model, work=tmp_path)


def test_trl_trains_on_the_prompt_that_the_model_server_renders(tiny_model: Path) -> None:
    from datasets import Dataset  # type: ignore[import-untyped]
    from transformers import AutoTokenizer
    from trl.trainer.dpo_config import DPOConfig
    from trl.trainer.dpo_trainer import DPOTrainer

    tokenizer: Any = AutoTokenizer.from_pretrained(tiny_model)
    pair = make_example(chosen="B", rejected="A")
    # The trainer's own preparation, without a trainer: it is what train_dpo's rows go through.
    trainer: Any = DPOTrainer
    prepared = trainer._prepare_dataset(
        _Preparing(tokenizer),
        Dataset.from_list(build_rows([pair])),
        tokenizer,
        DPOConfig(use_cpu=True, bf16=False, report_to=[]),
        "train",
    )[0]
    served = tokenizer.apply_chat_template(
        list(pair.messages), tokenize=False, add_generation_prompt=True
    )
    assert tokenizer.decode(prepared["prompt_ids"]) == served
    assert tokenizer.decode(prepared["chosen_ids"][:1]) == "B"
    assert tokenizer.decode(prepared["rejected_ids"][:1]) == "A"


def test_sharing_a_prompt_changes_no_hidden_state(tiny_model: Path) -> None:
    import torch
    from transformers import AutoModel

    model: Any = AutoModel.from_pretrained(tiny_model, dtype=torch.float32).eval()
    prompt, other = list(range(20, 40)), list(range(60, 90))
    rows = [
        [*prompt, 5, 2, 9],
        [*other, 7, 2],
        [*prompt, 6, 2],
        [*other, 8, 2, 9, 9],
    ]
    width = max(map(len, rows))
    ids = torch.tensor([row + [2] * (width - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
    with torch.no_grad():
        alone = model(input_ids=ids, attention_mask=mask).last_hidden_state
        share_prompts(model)
        shared = model(input_ids=ids, attention_mask=mask).last_hidden_state
    assert torch.allclose(alone[mask.bool()], shared[mask.bool()], atol=1e-5)


@pytest.mark.parametrize(("pairs", "steps"), [(1, 1), (40, 40), (1000, 200)])
def test_steps_follow_from_pairs_up_to_a_limit(pairs: int, steps: int) -> None:
    assert DPOSettings(max_steps=200, epochs=4, pairs_per_step=4).count_steps(pairs) == steps


def _make_adapter(tiny_model: Path, folder: Path) -> Path:
    first: list[PairExample] = [make_example("FIRST")]
    result = train_dpo(first, base_model=tiny_model, work=folder / "first", settings=SETTINGS)
    manifest = {"base_model": describe_base(tiny_model)}
    return write_adapter_folder(folder / "adapters", "stylist-0001", result.folder, manifest)


class _Preparing:
    """As much of a trainer as its data preparation uses."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
