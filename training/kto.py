"""Taste from lone thumbs: one candidate liked or disliked, with nothing to compare it to.

KTO (Ethayarajh et al. 2024, https://arxiv.org/abs/2402.01306) through TRL's trainer, on the
policy that DPO trains (`training.policy`): a candidate's reward is how far its log-odds moved
from the reference's. datasets, transformers and trl are imported inside the functions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from outfits.prompts import YES
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
    from trl.trainer.kto_config import KTOConfig


@dataclass(frozen=True, slots=True)
class LoneExample:
    """One judgement: the candidate of ``question`` suits the look ``query``, or does not.

    Both are what the stylist was asked, word for word (`outfits.prompts`).
    """

    query: str
    question: str
    desirable: bool


def train_kto(
    examples: Sequence[LoneExample],
    *,
    base_model: Path,
    work: Path,
    start: Path | None = None,
    settings: PreferenceSettings | None = None,
    on_progress: Callable[[PreferenceProgress], None] = lambda progress: None,
) -> PreferenceResult:
    """Train on ``examples`` from the adapter folder ``start``, or from the base model without one.

    Takes and keeps what `training.dpo.train_dpo` does; ``settings.loss`` and ``sft_weight`` have no
    meaning here. Raises `ValueError` for fewer than two examples.
    """
    from datasets import Dataset  # type: ignore[import-untyped]
    from transformers import AutoTokenizer, PrinterCallback
    from trl.trainer.kto_trainer import KTOTrainer

    if len(examples) < 2:
        raise ValueError("KTO compares an example with others: at least two are needed")
    settings = settings or PreferenceSettings()
    precision = pick_precision()
    checkpoints = work / "checkpoints"
    steps = settings.count_steps(len(examples) // 2)
    curve = Curve(steps, on_progress)
    tokenizer = AutoTokenizer.from_pretrained(base_model)
    model, lora = load_policy(
        base_model, start, settings, precision, answer_token_ids(tokenizer), pairs=False
    )
    trainer: Any = KTOTrainer(
        model=model,
        args=_trl_config(settings, steps, examples, checkpoints),
        data_collator=_make_collator(tokenizer.pad_token_id or 0),
        train_dataset=Dataset.from_list(build_rows(examples)),
        processing_class=tokenizer,
        peft_config=lora,
        callbacks=[curve.as_callback()],
    )
    trainer.remove_callback(PrinterCallback)
    trainer.train(resume_from_checkpoint=last_checkpoint(checkpoints))
    folder = save_weights(trainer.model, work / "weights")
    device = trainer.args.device.type
    return PreferenceResult(folder, precision, device, curve.points(trainer.state))


def build_rows(examples: Sequence[LoneExample]) -> list[dict[str, Any]]:
    """Write examples as TRL's unpaired rows, each answered yes.

    https://huggingface.co/docs/trl/dataset_formats#unpaired-preference
    """
    return [
        {"prompt": each.query, "completion": each.question + YES, "label": each.desirable}
        for each in examples
    ]


def _make_collator(pad_token_id: int) -> Any:
    """A collator in whose batches only the last token of each sequence, the answer, counts."""
    from trl.trainer.kto_trainer import DataCollatorForUnpairedPreference

    class AnswerCollator(DataCollatorForUnpairedPreference):
        def torch_call(self, examples: list[dict[str, Any]]) -> dict[str, Any]:
            # TRL ends every answer with a token of its own, which is never asked for.
            cut = [
                {
                    **row,
                    "completion_ids": row["completion_ids"][:-1],
                    "KL_completion_ids": row["KL_completion_ids"][:-1],
                }
                for row in examples
            ]
            batch: dict[str, Any] = super().torch_call(cut)
            for kind in ("", "KL_"):
                mask = batch[f"{kind}completion_mask"]
                last = batch[f"{kind}attention_mask"].sum(dim=1, keepdim=True) - 1
                batch[f"{kind}completion_mask"] = mask.new_zeros(mask.shape).scatter_(1, last, 1)
            return batch

    return AnswerCollator(pad_token_id)


def _trl_config(
    settings: PreferenceSettings, steps: int, examples: Sequence[LoneExample], checkpoints: Path
) -> KTOConfig:
    import torch
    from trl.trainer.kto_config import KTOConfig

    desirable = sum(example.desirable for example in examples)
    return KTOConfig(
        output_dir=str(checkpoints),
        seed=settings.seed,
        max_steps=steps,
        per_device_train_batch_size=min(2 * settings.pairs_per_step, len(examples)),
        learning_rate=settings.learning_rate,
        lr_scheduler_type="cosine",
        warmup_steps=settings.warmup,
        max_grad_norm=settings.max_grad_norm,
        beta=settings.beta,
        # Likes and dislikes weigh the same in all, however many there are of each.
        undesirable_weight=desirable / max(len(examples) - desirable, 1) or 1.0,
        max_length=None,  # items are cut to `outfits.prompts.ITEM_MAX_CHARS` each
        gradient_checkpointing=False,
        use_cpu=not torch.cuda.is_available(),
        bf16=False,  # the base model is loaded in the right precision already
        logging_steps=1,
        save_steps=settings.checkpoint_every,
        save_total_limit=1,
        disable_tqdm=True,
        report_to=[],
    )
