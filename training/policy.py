"""The policy that preferences train: what `training.dpo` and `training.kto` share.

A model whose log-probability of yes is its log-odds of yes against no, LoRA on it, and a curve of
the trainer's log. torch, transformers and peft are imported inside the functions.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from training.shared_prompts import share_prompts

#: The logit of every token that is no answer: e to this is 0, and it is finite.
_NEVER = -1e4

#: Further than any log-odds from 0, and near enough for float32 to keep them apart.
FAR = 40.0

#: Figures of TRL's log that are kept, and what they are called here.
FIGURES = {
    "loss": "loss",
    "rewards/accuracies": "accuracy",
    "rewards/margins": "margin",
    "logps/chosen": "chosen_logp",
    "logps/rejected": "rejected_logp",
    "learning_rate": "learning_rate",
}


@dataclass(frozen=True, slots=True)
class PreferenceSettings:
    """Everything that decides what an adapter becomes, besides pairs, base model and start."""

    seed: int = 7
    #: Training stops at whichever comes first: this many steps, or this often through all pairs.
    max_steps: int = 200
    epochs: float = 4.0
    #: Pairs a step, each two prompts with their answers; of lone examples, twice as many.
    pairs_per_step: int = 4
    learning_rate: float = 5e-4
    warmup: float = 0.1
    max_grad_norm: float = 1.0
    #: How dear it is to leave the reference model (KL weight).
    beta: float = 0.1
    #: What TRL calls it: "sigmoid" is DPO's own, "ipo" bounds how far a pair is pulled apart
    #: (Azar et al. 2023, https://arxiv.org/abs/2310.12036).
    loss: str = "sigmoid"
    #: Weight of an SFT term beside DPO's; 0 is none. Log-odds have no ceiling, so that one soon
    #: outweighs the preference.
    sft_weight: float = 0.0
    #: LoRA's size; a continued adapter keeps its own.
    rank: int = 8
    alpha: int = 16
    targets: str = "all-linear"
    checkpoint_every: int = 10

    def count_steps(self, pairs: int) -> int:
        """How many steps training on ``pairs`` pairs takes."""
        return max(1, min(self.max_steps, math.ceil(pairs * self.epochs / self.pairs_per_step)))


@dataclass(frozen=True, slots=True)
class PreferenceProgress:
    """One step's news; ``figures`` has the keys that `FIGURES` lists."""

    step: int
    steps: int
    figures: dict[str, float]


@dataclass(frozen=True, slots=True)
class PreferenceResult:
    """The folder of the trained PEFT weights (no manifest yet), and how training went."""

    folder: Path
    precision: str
    device: str
    curve: list[dict[str, float]] = field(default_factory=list)


def pick_precision() -> str:
    """bf16 where the machine computes in it, fp32 elsewhere.

    On a CPU with AVX512-BF16 or AMX, bf16 trains the embedded model about three times as fast as
    fp32 (measured); a CPU that only emulates it is slower with it.
    """
    import torch

    if torch.cuda.is_available():
        return "bfloat16" if torch.cuda.is_bf16_supported() else "float32"
    able = torch.cpu.get_capabilities()
    native = able.get("avx512_bf16") or able.get("amx_bf16") or able.get("bf16")
    return "bfloat16" if native else "float32"


def answer_only(model: Any, answers: tuple[int, int]) -> None:
    """Make the log-probability of yes the log-odds of yes against no, less `FAR`.

    That is what candidates are ranked by. The log-probability itself nears 0 as soon as a model
    says yes to both candidates, and hides which it prefers. TRL multiplies hidden states by the
    head's weight itself, so the head is replaced: the row of yes is the difference of the two
    answers', that of no is a constant so likely that it is the normaliser, and a bias rules out
    every other token. In float32, for the reason that `training.scoring.answer_logits` gives.
    """
    import torch

    yes, no = answers
    weight = model.get_output_embeddings().weight.detach().float()
    head = torch.nn.Linear(weight.shape[1], max(answers) + 1, device=weight.device)
    head.requires_grad_(requires_grad=False)
    head.weight.zero_()
    head.bias.fill_(_NEVER)
    head.weight[yes] = weight[yes] - weight[no]
    head.bias[yes], head.bias[no] = 0.0, FAR
    model.set_output_embeddings(head)
    model.get_decoder().register_forward_hook(_in_float32)


def _in_float32(decoder: Any, inputs: Any, output: Any) -> Any:
    output.last_hidden_state = output.last_hidden_state.float()
    return output


def load_policy(
    base_model: Path,
    start: Path | None,
    settings: PreferenceSettings,
    precision: str,
    answers: tuple[int, int],
    *,
    pairs: bool,
) -> tuple[Any, Any]:
    """The model to train, and the LoRA that TRL is to put on it (None: it has one).

    With ``pairs``, batches hold two answers to each prompt (`training.shared_prompts`).
    """
    import torch
    from peft import LoraConfig, PeftModel
    from transformers import AutoModelForCausalLM

    model: Any = AutoModelForCausalLM.from_pretrained(base_model, dtype=getattr(torch, precision))
    if pairs:
        share_prompts(model.get_decoder())
    answer_only(model, answers)
    if start is not None:
        # TRL refuses a PeftModel together with a peft_config; alone, it gets a frozen copy of
        # itself as reference. LoRA weights are kept in fp32 (PEFT's default), so that small
        # steps are not lost to rounding.
        policy: Any = PeftModel.from_pretrained(model, str(start), is_trainable=True)
        # An adapter names its base model; as a path, nobody looks for it on a hub.
        policy.peft_config["default"].base_model_name_or_path = str(base_model)
        return policy, None
    lora = LoraConfig(
        r=settings.rank,
        lora_alpha=settings.alpha,
        target_modules=settings.targets,
        task_type="CAUSAL_LM",
    )
    return model, lora


def last_checkpoint(folder: Path) -> str | None:
    """The newest whole checkpoint: the trainer writes its state file last."""
    states = folder.glob("checkpoint-*/trainer_state.json")
    whole = {int(state.parent.name.removeprefix("checkpoint-")): state.parent for state in states}
    return str(whole[max(whole)]) if whole else None


def save_weights(model: Any, folder: Path) -> Path:
    """Save the policy's LoRA alone, in bf16, as PEFT and vLLM read it."""
    import torch

    for name, weight in model.named_parameters():
        if "lora_" in name:
            weight.data = weight.data.to(torch.bfloat16)
    # TRL's frozen reference copy is an adapter too; it is not what was trained.
    model.save_pretrained(folder, selected_adapters=["default"])
    return folder


class Curve:
    """Collects one point a step out of the trainer's log, and passes it on."""

    def __init__(self, steps: int, on_progress: Callable[[PreferenceProgress], None]) -> None:
        self.steps = steps
        self.on_progress = on_progress

    def as_callback(self) -> Any:
        from transformers import TrainerCallback

        curve = self

        class Report(TrainerCallback):
            def on_log(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
                logs = kwargs.get("logs") or {}
                if "loss" in logs:
                    figures = _figures(logs)
                    curve.on_progress(PreferenceProgress(state.global_step, curve.steps, figures))

        return Report()

    def points(self, state: Any) -> list[dict[str, float]]:
        """The whole curve, what was logged before an interruption included."""
        return [
            {"step": float(logs["step"]), **_figures(logs)}
            for logs in state.log_history
            if "loss" in logs
        ]


def _figures(logs: dict[str, float]) -> dict[str, float]:
    figures = {ours: float(logs[theirs]) for theirs, ours in FIGURES.items() if theirs in logs}
    for name in figures.keys() & {"chosen_logp", "rejected_logp"}:
        figures[name] += FAR
    return figures
