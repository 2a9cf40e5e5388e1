"""Stage 2: the stylist learns taste from preference pairs, by direct preference optimisation.

Both candidates of a pair are asked about after one look, and yes is the answer to both: its
log-odds are how much the stylist likes the candidate. DPO's log-ratio is then that of a choice
between the two, whose normaliser cancels. DPO (Rafailov et al. 2023, https://arxiv.org/abs/2305.18290)
through TRL's trainer, with LoRA (Hu et al. 2021, https://arxiv.org/abs/2106.09685) through PEFT.
The reference model is the stylist as it was before: the base model, or the serving adapter that
training goes on from. An SFT term on the chosen one (as in RPO, https://arxiv.org/abs/2404.19733)
can hold its score up. torch, transformers, peft and trl are
imported inside the functions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.dataset import PairExample, build_rows
from training.scoring import answer_token_ids
from training.shared_prompts import share_prompts

if TYPE_CHECKING:
    from trl.trainer.dpo_config import DPOConfig

#: The logit of every token that is no answer: e to this is 0, and it is finite.
_NEVER = -1e4

#: Further than any log-odds from 0, and near enough for float32 to keep them apart.
_FAR = 40.0

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
class DPOSettings:
    """Everything that decides what an adapter becomes, besides pairs, base model and start."""

    seed: int = 7
    #: Training stops at whichever comes first: this many steps, or this often through all pairs.
    max_steps: int = 200
    epochs: float = 4.0
    #: Pairs a step; each is two prompts with their answers.
    pairs_per_step: int = 4
    learning_rate: float = 5e-4
    warmup: float = 0.1
    max_grad_norm: float = 1.0
    #: How dear it is to leave the reference model (KL weight).
    beta: float = 0.1
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
class DPOProgress:
    """One step's news; ``figures`` has the keys that `FIGURES` lists."""

    step: int
    steps: int
    figures: dict[str, float]


@dataclass(frozen=True, slots=True)
class DPOResult:
    """The folder of the trained PEFT weights (no manifest yet), and how training went."""

    folder: Path
    precision: str
    device: str
    curve: list[dict[str, float]] = field(default_factory=list)


def train_dpo(
    pairs: Sequence[PairExample],
    *,
    base_model: Path,
    work: Path,
    start: Path | None = None,
    settings: DPOSettings | None = None,
    on_progress: Callable[[DPOProgress], None] = lambda progress: None,
) -> DPOResult:
    """Train on ``pairs`` from the adapter folder ``start``, or from the base model without one.

    ``work`` keeps checkpoints: called again after an interruption with the same arguments, it goes
    on from the last one. ``on_progress`` may raise to stop training. Raises `ValueError` without
    pairs.
    """
    from datasets import Dataset  # type: ignore[import-untyped]
    from transformers import AutoTokenizer, PrinterCallback
    from trl.trainer.dpo_trainer import DPOTrainer

    if not pairs:
        raise ValueError("there are no pairs to train on")
    settings = settings or DPOSettings()
    precision = pick_precision()
    checkpoints = work / "checkpoints"
    curve = _Curve(settings.count_steps(len(pairs)), on_progress)
    tokenizer = AutoTokenizer.from_pretrained(base_model)
    model, lora = _load_policy(base_model, start, settings, precision, answer_token_ids(tokenizer))
    trainer: Any = DPOTrainer(
        model=model,
        args=_trl_config(settings, len(pairs), checkpoints),
        data_collator=make_collator(tokenizer.pad_token_id or 0),
        train_dataset=Dataset.from_list(build_rows(pairs)),
        processing_class=tokenizer,
        peft_config=lora,
        callbacks=[curve.as_callback()],
    )
    trainer.remove_callback(PrinterCallback)
    trainer.train(resume_from_checkpoint=_last_checkpoint(checkpoints))
    folder = _save_weights(trainer.model, work / "weights")
    return DPOResult(folder, precision, trainer.args.device.type, curve.points(trainer.state))


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


def describe_recipe(settings: DPOSettings, result: DPOResult) -> dict[str, Any]:
    """What a manifest says of how an adapter was trained."""
    return {
        "method": "dpo",
        **asdict(settings),
        "precision": result.precision,
        "device": result.device,
    }


def answer_only(model: Any, answers: tuple[int, int]) -> None:
    """Make the log-probability of yes the log-odds of yes against no, less `_FAR`.

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
    head.bias[yes], head.bias[no] = 0.0, _FAR
    model.set_output_embeddings(head)
    model.get_decoder().register_forward_hook(_in_float32)


def _in_float32(decoder: Any, inputs: Any, output: Any) -> Any:
    output.last_hidden_state = output.last_hidden_state.float()
    return output


def make_collator(pad_token_id: int) -> Any:
    """A collator in whose batches only the last token of each sequence, the answer, counts."""
    from trl.trainer.dpo_trainer import DataCollatorForPreference

    class AnswerCollator(DataCollatorForPreference):
        def torch_call(self, examples: list[dict[str, Any]]) -> dict[str, Any]:
            # TRL ends every answer with a token of its own, which is never asked for.
            batch: dict[str, Any] = super().torch_call(
                [
                    {
                        **row,
                        "chosen_ids": row["chosen_ids"][:-1],
                        "rejected_ids": row["rejected_ids"][:-1],
                    }
                    for row in examples
                ]
            )
            lengths = batch["attention_mask"].sum(dim=1, keepdim=True)
            batch["completion_mask"] = (
                batch["completion_mask"]
                .new_zeros(batch["completion_mask"].shape)
                .scatter_(1, lengths - 1, 1)
            )
            return batch

    return AnswerCollator(pad_token_id)


def _load_policy(
    base_model: Path,
    start: Path | None,
    settings: DPOSettings,
    precision: str,
    answers: tuple[int, int],
) -> tuple[Any, Any]:
    """The model to train, and the LoRA that TRL is to put on it (None: it has one)."""
    import torch
    from peft import LoraConfig, PeftModel
    from transformers import AutoModelForCausalLM

    model: Any = AutoModelForCausalLM.from_pretrained(base_model, dtype=getattr(torch, precision))
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


def _trl_config(settings: DPOSettings, pairs: int, checkpoints: Path) -> DPOConfig:
    import torch
    from trl.trainer.dpo_config import DPOConfig

    with_sft = settings.sft_weight > 0
    return DPOConfig(
        output_dir=str(checkpoints),
        seed=settings.seed,
        max_steps=settings.count_steps(pairs),
        per_device_train_batch_size=settings.pairs_per_step,
        learning_rate=settings.learning_rate,
        lr_scheduler_type="cosine",
        warmup_steps=settings.warmup,
        max_grad_norm=settings.max_grad_norm,
        beta=settings.beta,
        loss_type=["sigmoid", "sft"] if with_sft else ["sigmoid"],
        loss_weights=[1.0, settings.sft_weight] if with_sft else None,
        max_length=None,  # items are cut to `outfits.prompts.ITEM_MAX_CHARS` each
        # The reference never changes: one pass over the pairs instead of one a step.
        precompute_ref_log_probs=settings.epochs > 1,
        # Recomputing activations takes a third more time, for memory that is not short here.
        gradient_checkpointing=False,
        use_cpu=not torch.cuda.is_available(),
        # The base model is loaded in the right precision already; autocast would only add casts.
        bf16=False,
        logging_steps=1,
        save_steps=settings.checkpoint_every,
        save_total_limit=1,
        disable_tqdm=True,
        report_to=[],
    )


def _last_checkpoint(folder: Path) -> str | None:
    """The newest whole checkpoint: the trainer writes its state file last."""
    states = folder.glob("checkpoint-*/trainer_state.json")
    whole = {int(state.parent.name.removeprefix("checkpoint-")): state.parent for state in states}
    return str(whole[max(whole)]) if whole else None


def _save_weights(model: Any, folder: Path) -> Path:
    """Save the policy's LoRA alone, in bf16, as PEFT and vLLM read it."""
    import torch

    for name, weight in model.named_parameters():
        if "lora_" in name:
            weight.data = weight.data.to(torch.bfloat16)
    # TRL's frozen reference copy is an adapter too; it is not what was trained.
    model.save_pretrained(folder, selected_adapters=["default"])
    return folder


class _Curve:
    """Collects one point a step out of the trainer's log, and passes it on."""

    def __init__(self, steps: int, on_progress: Callable[[DPOProgress], None]) -> None:
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
                    curve.on_progress(DPOProgress(state.global_step, curve.steps, figures))

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
        figures[name] += _FAR
    return figures
