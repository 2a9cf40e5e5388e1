"""Examples and preference pairs learned a second, against TRL's own trainers on the same data."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.ratio import Round, interval_of, ratio_of, time_of
from catalog import conf
from outfits.prompts import NO, YES
from training.dataset import PairExample
from training.dpo import train_dpo
from training.hard_negatives import make_pairs
from training.judging import HOUSE_OUTFITS
from training.lessons import Lessons
from training.outfit_split import split_outfits
from training.policy import PreferenceSettings, pick_precision
from training.polyvore import read_outfits
from training.scoring import MatchQuestion
from training.sft import StylistConfig, train_sft

ROUNDS = 3
RECIPE = StylistConfig(steps=4)
SETTINGS = PreferenceSettings(max_steps=6, epochs=1.0)


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """What is learned a second by both, and ours over TRL's."""

    learned: str
    ours: float
    bare: float
    ratio: float
    low: float
    high: float

    def __str__(self) -> str:
        return (
            f"training, {self.learned}: {self.ours:.2f} a second against {self.bare:.2f} of bare "
            f"TRL, {self.ratio:.2f}x [{self.low:.2f}, {self.high:.2f}]"
        )


def measure_sft() -> TrainingResult:
    """Candidates of the first lessons, each with its answer, learned both ways."""
    learned, _ = split_outfits(read_outfits(HOUSE_OUTFITS), RECIPE.kept_back_every)
    # Only questions are made of these lessons, which takes neither counts nor a tokenizer.
    lessons = Lessons(RECIPE, learned, None, None)  # type: ignore[arg-type]
    steps = [_answer_all(lessons.questions(step)) for step in range(RECIPE.steps)]
    count = sum(map(len, steps))
    learned_by = (_ours_sft, partial(_bare_sft, steps))
    return _compare(f"candidates of SFT, {count // RECIPE.steps} a step", count, *learned_by)


def measure_dpo() -> TrainingResult:
    """Preference pairs learned both ways."""
    pairs = make_pairs(read_outfits(HOUSE_OUTFITS), 3, seed=0)
    count = SETTINGS.max_steps * SETTINGS.pairs_per_step
    pairs = pairs[:count]
    learned_by = (partial(_ours_dpo, pairs), partial(_bare_dpo, pairs))
    return _compare(f"pairs of DPO, {SETTINGS.pairs_per_step} a step", count, *learned_by)


def _compare(
    learned: str, count: int, ours: Callable[[Path], None], bare: Callable[[Path], None]
) -> TrainingResult:
    """Train both ways in turn; loading the model counts on both sides."""
    rounds: list[Round] = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as scratch:
            folders = Path(scratch) / "ours", Path(scratch) / "bare"
            rounds.append((time_of(partial(ours, folders[0])), time_of(partial(bare, folders[1]))))
    rates = [count * len(rounds) / sum(side) for side in zip(*rounds, strict=True)]
    return TrainingResult(learned, rates[0], rates[1], ratio_of(rounds), *interval_of(rounds))


def _answer_all(asked: Sequence[Sequence[MatchQuestion]]) -> list[dict[str, str]]:
    """A step's candidates as TRL's prompts and completions; the first of a question was worn."""
    return [
        {"prompt": query + candidate, "completion": NO if place else YES}
        for questions in asked
        for query, candidates in (question.build_texts() for question in questions)
        for place, candidate in enumerate(candidates)
    ]


def _ours_sft(work: Path) -> None:
    train_sft(
        RECIPE,
        read_outfits(HOUSE_OUTFITS),
        base_model=conf.current().base_model_path,
        adapter=work / "adapter",
        work=work,
        sources={HOUSE_OUTFITS.name: HOUSE_OUTFITS},
        notes={},
    )


def _bare_sft(steps: Sequence[Sequence[dict[str, str]]], work: Path) -> None:
    """What TRL's documentation shows, with the same model, candidates and number of steps.

    LoRA is on every layer, as it is there; ours leaves the lowest alone.
    """
    import torch
    from datasets import Dataset  # type: ignore[import-untyped]
    from peft import LoraConfig
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from trl.trainer.sft_config import SFTConfig
    from trl.trainer.sft_trainer import SFTTrainer

    base = conf.current().base_model_path
    trainer: Any = SFTTrainer(
        model=AutoModelForCausalLM.from_pretrained(base, dtype=getattr(torch, pick_precision())),
        args=SFTConfig(
            max_steps=len(steps),
            per_device_train_batch_size=max(map(len, steps)),
            learning_rate=RECIPE.learning_rate,
            **_plainly(work),
        ),
        train_dataset=Dataset.from_list([row for step in steps for row in step]),
        processing_class=AutoTokenizer.from_pretrained(base),
        peft_config=LoraConfig(
            r=RECIPE.rank,
            lora_alpha=RECIPE.alpha,
            target_modules=list(RECIPE.targets),
            task_type="CAUSAL_LM",
        ),
    )
    trainer.train()


def _ours_dpo(pairs: list[PairExample], work: Path) -> None:
    train_dpo(pairs, base_model=conf.current().base_model_path, work=work, settings=SETTINGS)


def _bare_dpo(pairs: list[PairExample], work: Path) -> None:
    """What TRL's documentation shows, with the same model, LoRA, batch and number of steps."""
    import torch
    from datasets import Dataset
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
            max_steps=SETTINGS.max_steps,
            per_device_train_batch_size=SETTINGS.pairs_per_step,
            beta=SETTINGS.beta,
            **_plainly(work),
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


def _plainly(work: Path) -> dict[str, Any]:
    """What both of TRL's trainers are told: nothing is saved or reported."""
    import torch

    return {
        "output_dir": str(work),
        "gradient_checkpointing": False,
        "use_cpu": not torch.cuda.is_available(),
        "bf16": False,
        "save_strategy": "no",
        "disable_tqdm": True,
        "report_to": [],
    }
