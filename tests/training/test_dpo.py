"""DPO, for real, on a model small enough for a test."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from outfits.prompts import YES
from tests.training.preferences import make_example
from training.adapters_folder import WEIGHTS, describe_base, write_adapter_folder
from training.dataset import PairExample, build_rows
from training.dpo import make_collator, train_dpo
from training.policy import FAR, PreferenceProgress, PreferenceSettings, answer_only
from training.scoring import answer_token_ids, encode_texts, match_texts
from training.shared_prompts import share_prompts
from training.stylist_model import load_stylist

pytest.importorskip("trl")

SETTINGS = PreferenceSettings(
    max_steps=2, pairs_per_step=2, learning_rate=1e-2, warmup=0.0, rank=4, checkpoint_every=1
)
SHOES = ("black shoe", "pink shoe")
PAIRS = [make_example(f"SKU-{n}", SHOES[n % 2], SHOES[1 - n % 2]) for n in range(4)]


class Killed(Exception):
    """The worker went away."""


def _weights(folder: Path) -> dict[str, Any]:
    from safetensors.torch import load_file

    return dict(load_file(folder / WEIGHTS))


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return one.keys() == other.keys() and all(bool((one[k] == other[k]).all()) for k in one)


def test_two_steps_make_an_adapter_with_a_curve(tiny_model: Path, tmp_path: Path) -> None:
    import torch

    news: list[PreferenceProgress] = []
    result = train_dpo(
        PAIRS, base_model=tiny_model, work=tmp_path, settings=SETTINGS, on_progress=news.append
    )
    weights = _weights(result.folder)
    assert all(weight.dtype == torch.bfloat16 for weight in weights.values())
    assert any(weight.abs().sum() > 0 for name, weight in weights.items() if "lora_B" in name)
    assert [progress.step for progress in news] == [1, 2] == [p["step"] for p in result.curve]
    assert {"loss", "accuracy", "chosen_logp"} <= result.curve[0].keys()


@pytest.mark.parametrize("changed", [{"loss": "ipo"}, {"sft_weight": 0.5}, {"beta": 0.5}])
def test_loss_beta_and_sft_term_change_what_is_learned(
    changed: dict[str, Any], tiny_model: Path, tmp_path: Path
) -> None:
    plain, other = (
        train_dpo(PAIRS, base_model=tiny_model, work=tmp_path / name, settings=settings)
        for name, settings in (("plain", SETTINGS), ("other", replace(SETTINGS, **changed)))
    )
    assert plain.curve[-1]["loss"] != other.curve[-1]["loss"]
    assert not _same(_weights(plain.folder), _weights(other.folder))


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

    def die(progress: PreferenceProgress) -> None:
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
    still = PreferenceSettings(max_steps=1, pairs_per_step=2, learning_rate=0.0, rank=2)
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


def test_training_likes_what_was_chosen(tiny_model: Path, tmp_path: Path) -> None:
    pairs = [make_example(f"SKU-{number}") for number in range(4)]
    settings = PreferenceSettings(
        max_steps=30, epochs=30, pairs_per_step=4, learning_rate=5e-3, warmup=0.0, rank=4
    )
    result = train_dpo(pairs, base_model=tiny_model, work=tmp_path, settings=settings)
    manifest = {"base_model": describe_base(tiny_model)}
    adapter = write_adapter_folder(tmp_path, "stylist-0001", result.folder, manifest)
    before, after = _margins(pairs, tiny_model, None), _margins(pairs, tiny_model, adapter)
    assert all(new > old for new, old in zip(after, before, strict=True))
    assert result.curve[-1]["loss"] < result.curve[0]["loss"]


def test_the_first_log_probabilities_are_those_of_the_model_that_serves(
    tiny_model: Path, tmp_path: Path
) -> None:
    import torch

    settings = PreferenceSettings(max_steps=1, pairs_per_step=4, rank=2)
    result = train_dpo(PAIRS, base_model=tiny_model, work=tmp_path, settings=settings)
    served = torch.tensor([chosen for chosen, _ in _ask(PAIRS, tiny_model)]).mean()
    assert result.curve[0]["chosen_logp"] == pytest.approx(float(served), abs=0.02)


def test_trl_trains_on_the_tokens_that_the_model_server_is_asked(tiny_model: Path) -> None:
    tokenizer = _load_tokenizer(tiny_model)
    yes, _ = answer_token_ids(tokenizer)
    pair = make_example()
    (row,) = _prepare([pair], tokenizer)
    asked = encode_texts(tokenizer, pair.query, [pair.chosen, pair.rejected])
    for name, prompt in zip(("chosen_ids", "rejected_ids"), asked, strict=True):
        assert row["prompt_ids"] + row[name] == [*prompt, yes, tokenizer.eos_token_id]


def test_only_the_answer_counts_in_a_batch(tiny_model: Path) -> None:
    tokenizer = _load_tokenizer(tiny_model)
    yes, _ = answer_token_ids(tokenizer)
    pairs = [make_example("A"), make_example("LONGER-ANCHOR")]
    rows = _prepare(pairs, tokenizer)
    batch = make_collator(tokenizer.pad_token_id)(rows)
    counted = batch["completion_mask"].bool()
    assert counted.sum(dim=1).tolist() == [1, 1, 1, 1]
    assert batch["input_ids"][counted].tolist() == [yes] * 4
    decoded = [
        tokenizer.decode(ids[mask.bool()])
        for ids, mask in zip(batch["input_ids"], batch["attention_mask"], strict=True)
    ]
    assert decoded == [
        *(pair.query + pair.chosen + YES for pair in pairs),
        *(pair.query + pair.rejected + YES for pair in pairs),
    ]


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_the_log_probability_of_yes_tells_its_log_odds(tiny_model: Path, precision: str) -> None:
    import torch
    from transformers import AutoModelForCausalLM

    tokenizer = _load_tokenizer(tiny_model)
    answers = answer_token_ids(tokenizer)
    model: Any = AutoModelForCausalLM.from_pretrained(tiny_model, dtype=getattr(torch, precision))
    pair = make_example()
    ((score,),) = match_texts(model, tokenizer, [(pair.query, [pair.chosen])])
    answer_only(model, answers)
    prompt = encode_texts(tokenizer, pair.query, [pair.chosen])
    with torch.no_grad():
        logits = model(input_ids=torch.tensor(prompt)).logits
    logprobs = torch.log_softmax(logits[0, -1], dim=-1)
    said = {tokenizer.decode([token]): float(logprobs[token]) for token in answers}
    assert logits.dtype == torch.float32
    assert said[YES] + FAR == pytest.approx(score, abs=1e-4)


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
    assert PreferenceSettings(max_steps=200, epochs=4, pairs_per_step=4).count_steps(pairs) == steps


def _make_adapter(tiny_model: Path, folder: Path) -> Path:
    first: list[PairExample] = [make_example("FIRST")]
    result = train_dpo(first, base_model=tiny_model, work=folder / "first", settings=SETTINGS)
    manifest = {"base_model": describe_base(tiny_model)}
    return write_adapter_folder(folder / "adapters", "stylist-0001", result.folder, manifest)


def _load_tokenizer(tiny_model: Path) -> Any:
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(tiny_model)


def _margins(pairs: list[PairExample], base_model: Path, adapter: Path | None) -> list[float]:
    """How much better a stylist likes the chosen candidates."""
    return [chosen - rejected for chosen, rejected in _ask(pairs, base_model, adapter)]


def _ask(
    pairs: list[PairExample], base_model: Path, adapter: Path | None = None
) -> list[list[float]]:
    """What a stylist says of the chosen and the rejected candidate of each pair."""
    model, tokenizer = load_stylist(base_model, adapter)
    asked = [(pair.query, [pair.chosen, pair.rejected]) for pair in pairs]
    return match_texts(model, tokenizer, asked)


def _prepare(pairs: list[PairExample], tokenizer: Any) -> list[dict[str, Any]]:
    """Rows after the trainer's own preparation, which is what train_dpo's go through."""
    from datasets import Dataset  # type: ignore[import-untyped]
    from trl.trainer.dpo_config import DPOConfig
    from trl.trainer.dpo_trainer import DPOTrainer

    trainer: Any = DPOTrainer
    return list(
        trainer._prepare_dataset(
            _Preparing(tokenizer),
            Dataset.from_list(build_rows(pairs)),
            tokenizer,
            DPOConfig(use_cpu=True, bf16=False, report_to=[]),
            "train",
        )
    )


class _Preparing:
    """As much of a trainer as its data preparation uses."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
