"""Stage 1: the base model learns to choose the letter of the item that was worn.

LoRA (Hu et al., https://arxiv.org/abs/2106.09685) on letter-choice questions made from outfits
(`training.questions`). The loss is the cross-entropy over the offered letters alone, which is what
the server's answer is renormalised to. A second, smaller loss helps a tiny model past its hard
part, tying a letter to an item: a linear pointer reads, at the end of each candidate's line, how
well it fits; it is thrown away after training. torch, transformers and peft are imported inside
the functions.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.adapters_folder import (
    CONFIG,
    WEIGHTS,
    describe_base,
    hash_file,
    read_adapter_folder,
    write_adapter_folder,
)
from training.losses import between, listwise, point, schedule
from training.packing import pack_prompts, register_tree_attention
from training.polyvore import Outfit
from training.questions import LESSONS, Augmentation, ChoiceQuestion, ItemPool, make_questions
from training.scoring import (
    decoder,
    encode_question,
    hidden_states,
    letter_logits,
    letter_token_ids,
)
from training.teacher import Teacher

if TYPE_CHECKING:
    from torch import Tensor

CHECKPOINT = "checkpoint.pt"

#: The pointer is one vector, learns from zero and is thrown away: it may learn faster.
POINTER_PACE = 5.0

#: How training questions are worded unless a recipe says otherwise.
AUGMENTED = Augmentation(
    finer_slot=0.2,
    attributes=0.1,
    context=0.1,
    candidates=(3, 4, 4, 4, 5, 6),
    verdict=0.25,
    sets=2,
)


@dataclass(frozen=True, slots=True)
class StylistConfig:
    """Everything that decides what an adapter becomes, besides the data and the base model.

    The defaults are the first recipe with which the embedded model tied letters to items: lessons,
    then hints that fade, with a teacher throughout.
    """

    seed: int = 7
    steps: int = 1000
    #: Outfits a step, and items left out of each in turn: their product is the batch.
    outfits: int = 3
    questions: int = 2
    learning_rate: float = 1.5e-3
    warmup: float = 0.01
    max_grad_norm: float = 1.0
    rank: int = 16
    alpha: int = 32
    dropout: float = 0.0
    targets: str | tuple[str, ...] = "all-linear"
    #: Weight of the pointer's loss, and the decoder layer (from 0) whose output it reads.
    pointer_weight: float = 0.5
    pointer_layer: int = 19
    #: LoRA leaves the layers below this one alone.
    first_layer: int = 0
    precision: str = "bfloat16"
    #: Share of the target that is the teacher's opinion (`training.teacher`) and not what was
    #: worn: at the first step and at the last, linear in between. Both 0: no teacher.
    teacher_weight: tuple[float, float] = (1.0, 0.5)
    #: What the teacher's logits are multiplied by: above 1 it is surer than it should be, which
    #: makes a clearer lesson.
    teacher_sharpness: float = 1.0
    #: The curriculum: so many steps of `training.questions.LESSONS`, then so many over which hints
    #: in real questions fade out linearly.
    lesson_steps: int = 60
    hint_steps: int = 60
    checkpoint_every: int = 50
    evaluate_every: int = 0
    augmentation: Augmentation = AUGMENTED


@dataclass(frozen=True, slots=True)
class Progress:
    """One step's news. Losses are in nats, accuracies are shares of the step's questions."""

    step: int
    steps: int
    loss: float
    accuracy: float
    pointer_accuracy: float
    evaluation: Mapping[str, float] | None = None


#: Called with the model and tokenizer; its figures go into the curve and the manifest.
Evaluate = Callable[[Any, Any], Mapping[str, float]]


def train_sft(
    config: StylistConfig,
    outfits: Sequence[Outfit],
    *,
    base_model: Path,
    adapter: Path,
    work: Path,
    sources: Mapping[str, Path],
    notes: Mapping[str, Any],
    evaluate: Evaluate | None = None,
    on_progress: Callable[[Progress], None] = lambda progress: None,
) -> Path:
    """Train on ``outfits`` and write the adapter folder; returns it.

    ``work`` keeps checkpoints: called again after an interruption with the same arguments, it
    goes on from the last one and ends at the same adapter. ``sources`` are the files the outfits
    came from and ``notes`` go into the manifest as they are (licences, caveats). Raises
    `ValueError` when the checkpoint found belongs to another recipe or other data.
    """
    trainer = _Trainer(config, outfits, base_model, recipe_hash(config, base_model, sources))
    trainer.resume(work)
    while trainer.step < config.steps:
        progress = trainer.advance(evaluate)
        on_progress(progress)
        if trainer.step % config.checkpoint_every == 0:
            trainer.save(work)
    final = dict(evaluate(trainer.model, trainer.tokenizer)) if evaluate else {}
    return write_adapter(
        trainer.model,
        adapter,
        {
            "stage": "sft",
            "recipe": asdict(config),
            "seed": config.seed,
            "base_model": describe_base(base_model),
            "data": {name: hash_file(path) for name, path in sources.items()},
            "outfits": len(outfits),
            "curve": trainer.curve,
            "metrics": final,
            **notes,
        },
    )


def recipe_hash(config: StylistConfig, base_model: Path, sources: Mapping[str, Path]) -> str:
    """Hash what a run is made of, so that a checkpoint of another run is not taken for its own."""
    parts = {
        "config": asdict(config),
        "base": describe_base(base_model),
        "data": {name: hash_file(path) for name, path in sources.items()},
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def write_adapter(model: Any, adapter: Path, manifest: Mapping[str, Any]) -> Path:
    """Write the model's LoRA weights (bf16) and ``manifest`` as the new folder ``adapter``.

    Raises `FileExistsError` when there is one: adapters never change.
    """
    import torch
    from peft import get_peft_model_state_dict
    from safetensors.torch import save_file

    weights = {
        name: tensor.to(torch.bfloat16).contiguous()
        for name, tensor in get_peft_model_state_dict(model).items()
    }
    modules = {name.split(".lora_")[0].rsplit(".", 1)[-1] for name in weights}
    settings = model.peft_config["default"].to_dict() | {"target_modules": sorted(modules)}
    with tempfile.TemporaryDirectory() as scratch:
        save_file(weights, Path(scratch) / WEIGHTS, metadata={"format": "pt"})
        encoded = json.dumps(settings, default=sorted)
        (Path(scratch) / CONFIG).write_text(encoded, encoding="utf-8")
        return write_adapter_folder(adapter.parent, adapter.name, Path(scratch), manifest)


def load_stylist(base_model: Path, adapter: Path | None = None, precision: str = "float32") -> Any:
    """Load the base model, with tree attention, and ``adapter`` on it. Returns (model, tokenizer).

    Raises `training.adapters_folder.AdapterInvalid` when ``adapter`` is none.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(base_model)
    model: Any = AutoModelForCausalLM.from_pretrained(
        base_model,
        dtype=getattr(torch, precision),
        attn_implementation=register_tree_attention(),
    )
    if adapter is not None:
        from peft import PeftModel

        read_adapter_folder(adapter, base_model)
        model = PeftModel.from_pretrained(model, adapter, autocast_adapter_dtype=False)
    return model, tokenizer


class _Trainer:
    """The state of one run: all of it is in the checkpoint, or follows from seed and step."""

    def __init__(
        self, config: StylistConfig, outfits: Sequence[Outfit], base_model: Path, recipe: str
    ) -> None:
        import torch

        torch.manual_seed(config.seed)
        self.config, self.outfits, self.recipe = config, outfits, recipe
        self.step = 0
        self.curve: list[dict[str, float]] = []
        self.pool = ItemPool(outfits)
        self.teacher: Teacher | None = None
        if any(config.teacher_weight):
            self.teacher = Teacher(outfits, config.seed, config.teacher_sharpness)
        base, self.tokenizer = load_stylist(base_model, precision=config.precision)
        self.letters = letter_token_ids(self.tokenizer)
        self.model = _add_lora(base, config)
        width = self.model.config.hidden_size
        self.pointer = torch.nn.Parameter(torch.zeros(width))
        self.tapped: list[Tensor] = []
        if config.pointer_weight:
            # The next layer's own norm evens out the scales of the residual stream.
            norm = decoder(self.model).layers[config.pointer_layer + 1].input_layernorm
            norm.register_forward_hook(lambda module, inputs, output: self.tapped.append(output))
        self.weights = [p for p in self.model.parameters() if p.requires_grad]
        # bf16 steps would be lost to rounding: the optimiser works on float32 copies.
        self.masters = [torch.nn.Parameter(weight.detach().float()) for weight in self.weights]
        self.optimizer = torch.optim.AdamW(
            [
                {"params": self.masters, "pace": 1.0},
                {"params": [self.pointer], "pace": POINTER_PACE},
            ],
            lr=config.learning_rate,
            weight_decay=0.0,
        )

    def advance(self, evaluate: Evaluate | None) -> Progress:
        import torch

        torch.manual_seed(self.config.seed * 1_000_003 + self.step)
        self.model.train()
        groups = self._sample()
        loss, accuracy, pointed = self._loss(groups)
        loss.backward()  # type: ignore[no-untyped-call]
        self._update()
        self.step += 1
        figures = {
            "step": self.step,
            "loss": float(loss.detach()),
            "accuracy": accuracy,
            "pointer": pointed,
        }
        every = self.config.evaluate_every
        evaluation = None
        if evaluate and every and self.step % every == 0:
            evaluation = dict(evaluate(self.model, self.tokenizer))
            figures |= evaluation
        self.curve.append(figures)
        self.tapped.clear()
        return Progress(
            self.step, self.config.steps, figures["loss"], accuracy, pointed, evaluation
        )

    def _sample(self) -> list[list[ChoiceQuestion]]:
        config, count = self.config, len(self.outfits)
        rng = random.Random(f"{config.seed}/step/{self.step}")  # noqa: S311
        groups = []
        for place in range(self.step * config.outfits, (self.step + 1) * config.outfits):
            epoch, index = divmod(place, count)
            order = random.Random(f"{config.seed}/epoch/{epoch}").sample(range(count), count)  # noqa: S311
            outfit = self.outfits[order[index]]
            groups.append(
                make_questions(
                    outfit, config.questions, self.pool, self._wording(), rng, self.teacher
                )
            )
        return [group for group in groups if group]

    def _wording(self) -> Augmentation:
        config, later = self.config, self.step - self.config.lesson_steps
        if later < 0:
            return LESSONS
        if later < config.hint_steps:
            return replace(config.augmentation, hint=1 - later / config.hint_steps)
        return config.augmentation

    def _loss(self, groups: Sequence[Sequence[ChoiceQuestion]]) -> tuple[Tensor, float, float]:
        import torch

        config = self.config
        questions = [question for group in groups for question in group]
        prompts = [[encode_question(self.tokenizer, q) for q in group] for group in groups]
        packed = pack_prompts(prompts, dtype=self.model.dtype, device=self.model.device)
        self.tapped.clear()
        states = hidden_states(self.model, packed)[[path[-1] for path in packed.paths]]
        logits = letter_logits(self.model, states, self.letters)
        share = between(config.teacher_weight, self.step / config.steps)
        if self.step < config.lesson_steps:
            share = 0.0  # a lesson has one right answer
        loss, accuracy = listwise(logits, questions, share)
        if not config.pointer_weight:
            return loss, accuracy, 0.0
        flat = [prompt for group in prompts for prompt in group]
        pointed = point(self.tapped[0][0], self.pointer, packed, flat, questions, self.tokenizer)
        pointer_loss, pointer_accuracy = listwise(pointed, questions, share)
        return (
            torch.add(loss, pointer_loss, alpha=self.config.pointer_weight),
            accuracy,
            (pointer_accuracy),
        )

    def _update(self) -> None:
        import torch

        config = self.config
        for weight, master in zip(self.weights, self.masters, strict=True):
            master.grad = weight.grad.float() if weight.grad is not None else None
            weight.grad = None
        torch.nn.utils.clip_grad_norm_(self.masters, config.max_grad_norm)
        for group in self.optimizer.param_groups:
            group["lr"] = (
                group["pace"]
                * config.learning_rate
                * schedule(self.step, config.steps, config.warmup)
            )
        self.optimizer.step()
        self.optimizer.zero_grad()
        with torch.no_grad():
            for weight, master in zip(self.weights, self.masters, strict=True):
                weight.copy_(master)

    def save(self, work: Path) -> None:
        import torch

        work.mkdir(parents=True, exist_ok=True)
        scratch = work / f"{CHECKPOINT}.part"
        state = {
            "recipe": self.recipe,
            "step": self.step,
            "curve": self.curve,
            "masters": [master.detach() for master in self.masters],
            "pointer": self.pointer.detach(),
            "optimizer": self.optimizer.state_dict(),
        }
        torch.save(state, scratch)
        os.replace(scratch, work / CHECKPOINT)  # noqa: PTH105 - atomic, and says so

    def resume(self, work: Path) -> None:
        import torch

        path = work / CHECKPOINT
        if not path.exists():
            return
        state = torch.load(path, weights_only=True)
        if state["recipe"] != self.recipe:
            raise ValueError(f"{path} belongs to another recipe or other data: remove it first")
        self.step, self.curve = state["step"], state["curve"]
        with torch.no_grad():
            for weight, master, saved in zip(
                self.weights, self.masters, state["masters"], strict=True
            ):
                master.copy_(saved)
                weight.copy_(saved)
            self.pointer.copy_(state["pointer"])
        self.optimizer.load_state_dict(state["optimizer"])


def _add_lora(base: Any, config: StylistConfig) -> Any:
    from peft import LoraConfig, get_peft_model

    targets = config.targets if isinstance(config.targets, str) else list(config.targets)
    layers = list(range(config.first_layer, base.config.num_hidden_layers))
    lora = LoraConfig(
        r=config.rank,
        lora_alpha=config.alpha,
        lora_dropout=config.dropout,
        target_modules=targets,
        layers_to_transform=layers if config.first_layer else None,
        task_type="CAUSAL_LM",
    )
    return get_peft_model(base, lora, autocast_adapter_dtype=False)
