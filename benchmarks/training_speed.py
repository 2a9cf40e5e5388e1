"""Preference pairs learned a second, against TRL's own trainer on the same pairs."""

import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.ratio import Round, interval_of, ratio_of, time_of
from catalog import conf
from training.dataset import PairExample
from training.dpo import train_dpo
from training.hard_negatives import make_pairs
from training.judging import HOUSE_OUTFITS
from training.policy import PreferenceSettings, pick_precision
from training.polyvore import read_outfits

ROUNDS = 3
SETTINGS = PreferenceSettings(max_steps=6, epochs=1.0)


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """Pairs a second of both, and ours over TRL's."""

    ours: float
    bare: float
    ratio: float
    low: float
    high: float

    def __str__(self) -> str:
        return (
            f"training, {SETTINGS.pairs_per_step} pairs a step: {self.ours:.2f} pairs/s against "
            f"{self.bare:.2f} of bare TRL, {self.ratio:.2f}x [{self.low:.2f}, {self.high:.2f}]"
        )


def measure() -> TrainingResult:
    """Train both ways in turn; loading the model counts on both sides."""
    pairs = make_pairs(read_outfits(HOUSE_OUTFITS), 3, seed=0)
    count = SETTINGS.max_steps * SETTINGS.pairs_per_step
    pairs = pairs[:count]
    rounds: list[Round] = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as scratch:
            ours = time_of(partial(_ours, pairs, Path(scratch) / "ours"))
            bare = time_of(partial(_bare, pairs, Path(scratch) / "bare"))
        rounds.append((ours, bare))
    rates = [count * len(rounds) / sum(side) for side in zip(*rounds, strict=True)]
    return TrainingResult(rates[0], rates[1], ratio_of(rounds), *interval_of(rounds))


def _ours(pairs: list[PairExample], work: Path) -> None:
    train_dpo(pairs, base_model=conf.current().base_model_path, work=work, settings=SETTINGS)


def _bare(pairs: list[PairExample], work: Path) -> None:
    """What TRL's documentation shows, with the same model, LoRA, batch and number of steps."""
    import torch
    from datasets import Dataset  # type: ignore[import-untyped]
    from peft import LoraConfig
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from trl.trainer.dpo_config import DPOConfig
    from trl.trainer.dpo_trainer import DPOTrainer

    base = conf.current().base_model_path
    rows = [
        {"prompt": pair.query, "chosen": f"{pair.chosen} yes", "rejected": f"{pair.rejected} yes"}
        for pair in pairs
    ]
    trainer: Any = DPOTrainer(
        model=AutoModelForCausalLM.from_pretrained(base, dtype=getattr(torch, pick_precision())),
        args=DPOConfig(
            output_dir=str(work),
            max_steps=SETTINGS.max_steps,
            per_device_train_batch_size=SETTINGS.pairs_per_step,
            beta=SETTINGS.beta,
            gradient_checkpointing=False,
            use_cpu=not torch.cuda.is_available(),
            bf16=False,
            save_strategy="no",
            disable_tqdm=True,
            report_to=[],
        ),
        train_dataset=Dataset.from_list(rows),
        processing_class=AutoTokenizer.from_pretrained(base),
        peft_config=LoraConfig(
            r=SETTINGS.rank,
            lora_alpha=SETTINGS.alpha,
            target_modules=SETTINGS.targets,
            task_type="CAUSAL_LM",
        ),
    )
    trainer.train()
