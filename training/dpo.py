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

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.dataset import PairExample, build_rows
from training.policy import (
    Curve,
    PreferenceProgress,
    PreferenceResult,
    PreferenceSettings,
    last_checkpoint,
    load_policy,
    pick_precision,
    save_weights,
)
from training.scoring import answer_token_ids

if TYPE_CHECKING:
    from trl.trainer.dpo_config import DPOConfig


def train_dpo(
    pairs: Sequence[PairExample],
    *,
    base_model: Path,
    work: Path,
    start: Path | None = None,
    settings: PreferenceSettings | None = None,
    on_progress: Callable[[PreferenceProgress], None] = lambda progress: None,
) -> PreferenceResult:
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
    settings = settings or PreferenceSettings()
    precision = pick_precision()
    checkpoints = work / "checkpoints"
    curve = Curve(settings.count_steps(len(pairs)), on_progress)
    tokenizer = AutoTokenizer.from_pretrained(base_model)
    model, lora = load_policy(
        base_model, start, settings, precision, answer_token_ids(tokenizer), pairs=True
    )
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
    trainer.train(resume_from_checkpoint=last_checkpoint(checkpoints))
    folder = save_weights(trainer.model, work / "weights")
    return PreferenceResult(
        folder, precision, trainer.args.device.type, curve.points(trainer.state)
    )


def describe_recipe(settings: PreferenceSettings, result: PreferenceResult) -> dict[str, Any]:
    """What a manifest says of how an adapter was trained."""
    return {
        "method": "dpo",
        **asdict(settings),
        "precision": result.precision,
        "device": result.device,
    }


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


def _trl_config(settings: PreferenceSettings, pairs: int, checkpoints: Path) -> DPOConfig:
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
        loss_type=[settings.loss, "sft"] if with_sft else [settings.loss],
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
