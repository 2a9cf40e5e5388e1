"""Stage 1: the base model learns which items go together, from outfits that were worn.

LoRA (Hu et al., https://arxiv.org/abs/2106.09685) on questions made of outfits
(`training.questions`). Each candidate is asked about alone, yes or no, and the loss is listwise:
among the worn item and others of its type, the worn one should lean furthest to yes (a conditional
logit, as in Han et al.'s FITB). What counting knows (`outfits.cooccurrence`) is added while it
learns, so that the model learns what counting does not (a product of experts, Hinton 2002,
https://doi.org/10.1162/089976602760128018). torch, transformers and peft are imported inside the
functions.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from outfits.cooccurrence import Cooccurrence
from training.adapters_folder import MANIFEST, describe_base, hash_file
from training.counting import fit_cooccurrence, fit_mix
from training.distributed import Team
from training.lessons import Asked, Lessons, read_lessons
from training.losses import match_loss, schedule
from training.outfit_split import kept_back_questions, split_outfits
from training.polyvore import Outfit
from training.questions import Wording
from training.scoring import (
    MatchQuestion,
    answer_logits,
    answer_token_ids,
    last_states,
    match_logits,
)
from training.stylist_model import add_lora, load_stylist, write_adapter

if TYPE_CHECKING:
    from torch import Tensor

CHECKPOINT = "checkpoint.pt"


@dataclass(frozen=True, slots=True)
class StylistConfig:
    """Everything that decides what a stylist becomes, besides the data and the base model."""

    seed: int = 7
    steps: int = 600
    #: Outfits a step, items left out of each, and wrong answers beside each of these.
    outfits: int = 4
    questions: int = 2
    wrong: int = 5
    learning_rate: float = 1e-3
    warmup: float = 0.05
    weight_decay: float = 0.01
    max_grad_norm: float = 1.0
    rank: int = 16
    alpha: int = 32
    dropout: float = 0.0
    targets: tuple[str, ...] = (
        *("q_proj", "k_proj", "v_proj", "o_proj"),
        *("gate_proj", "up_proj", "down_proj"),
    )
    #: LoRA leaves the layers below this one alone: a third of the work is saved.
    first_layer: int = 10
    precision: str = "bfloat16"
    #: Weight of the listwise loss with counting added; the model's own has the rest.
    counting_weight: float = 0.5
    #: Weight of the yes/no loss, which makes scores comparable between looks.
    verdict_weight: float = 0.3
    #: Every so manieth outfit is not trained on or counted, but decides how the halves mix.
    kept_back_every: int = 20
    wording: Wording = field(default_factory=lambda: Wording(attributes=0.1, context=0.15))
    checkpoint_every: int = 50
    evaluate_every: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """One step's news: the loss in nats, and the share of the step's questions answered right."""

    step: int
    steps: int
    loss: float
    accuracy: float
    evaluation: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Halves:
    """A stylist in the making, for whoever evaluates it."""

    model: Any
    tokenizer: Any
    cooccurrence: Cooccurrence


#: Its figures go into the curve and the manifest.
Evaluate = Callable[[Halves], Mapping[str, float]]


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
    goes on from the last one and ends at the same adapter. Started by ``accelerate launch``, all
    processes work on it and the first writes it. ``sources`` are the files the outfits
    came from and ``notes`` go into the manifest as they are (licences, caveats). Raises
    `ValueError` when the checkpoint found belongs to another recipe or other data.
    """
    trainer = _Trainer(config, outfits, base_model, recipe_hash(config, base_model, sources))
    trainer.start(work)
    while trainer.step < config.steps:
        progress = trainer.advance(evaluate)
        on_progress(progress)
        if trainer.step % config.checkpoint_every == 0 or trainer.step == config.steps:
            trainer.save(work)
    halves = trainer.halves
    if not trainer.team.is_lead:
        trainer.team.wait()
        return adapter
    questions = kept_back_questions(trainer.kept_back, trainer.outfits, config.seed)
    mix = fit_mix(questions, halves.cooccurrence, trainer.ask)
    manifest = {
        "stage": "sft",
        **_parts(config, base_model, sources),
        "seed": config.seed,
        "outfits": len(outfits),
        "mix": asdict(mix),
        "curve": trainer.curve,
        "metrics": dict(evaluate(halves)) if evaluate else {},
        **notes,
    }
    folder = write_adapter(halves.model, halves.cooccurrence, adapter, manifest)
    trainer.team.wait()
    return folder


def find_made(
    root: Path, config: StylistConfig, base_model: Path, sources: Mapping[str, Path]
) -> Path | None:
    """The adapter in ``root`` that `train_sft` made of these, if it did."""
    wanted = json.loads(json.dumps(_parts(config, base_model, sources)))
    for path in sorted(root.glob(f"*/{MANIFEST}")):
        manifest = json.loads(path.read_text(encoding="utf-8"))
        if all(manifest.get(name) == part for name, part in wanted.items()):
            return path.parent
    return None


def recipe_hash(config: StylistConfig, base_model: Path, sources: Mapping[str, Path]) -> str:
    """Hash what a run is made of, so that a checkpoint of another run is not taken for its own."""
    parts = json.dumps(_parts(config, base_model, sources), sort_keys=True)
    return hashlib.sha256(parts.encode()).hexdigest()


def _parts(config: StylistConfig, base_model: Path, sources: Mapping[str, Path]) -> dict[str, Any]:
    """What a run is made of, as its manifest says it."""
    return {
        "recipe": asdict(config),
        "base_model": describe_base(base_model),
        "data": {name: hash_file(path) for name, path in sources.items()},
    }


class _Trainer:
    """The state of one run: all of it is in the checkpoint, or follows from seed and step."""

    def __init__(
        self, config: StylistConfig, outfits: Sequence[Outfit], base_model: Path, recipe: str
    ) -> None:
        import torch

        torch.manual_seed(config.seed)
        self.config, self.recipe = config, recipe
        self.outfits, self.kept_back = split_outfits(outfits, config.kept_back_every)
        self.step = 0
        self.curve: list[dict[str, float]] = []
        self.team = Team()
        base, self.tokenizer = load_stylist(base_model, precision=config.precision)
        base.to(self.team.device)
        self.answers = answer_token_ids(self.tokenizer)
        self.model = add_lora(base, config)
        self.halves = Halves(
            self.model, self.tokenizer, fit_cooccurrence(self.outfits, config.seed)
        )
        self.weights = [p for p in self.model.parameters() if p.requires_grad]
        # bf16 steps would be lost to rounding: the optimiser works on float32 copies.
        self.masters = [torch.nn.Parameter(weight.detach().float()) for weight in self.weights]
        self.optimizer = torch.optim.AdamW(
            self.masters, lr=config.learning_rate, weight_decay=config.weight_decay
        )

    def advance(self, evaluate: Evaluate | None) -> Progress:
        import torch

        torch.manual_seed(self.config.seed * 1_000_003 + self.step)
        self.model.train()
        loss, right = self._learn(next(self.lessons))
        self._update()
        self.step += 1
        figures = {"step": self.step, "loss": loss, "accuracy": right}
        every = self.config.evaluate_every
        evaluation = None
        if evaluate and every and self.step % every == 0:
            evaluation = dict(evaluate(self.halves))
            figures |= evaluation
        self.curve.append(figures)
        return Progress(self.step, self.config.steps, loss, right, evaluation)

    def ask(self, questions: Sequence[MatchQuestion]) -> list[list[float]]:
        return match_logits(self.model, self.tokenizer, questions)

    def _learn(self, lesson: Sequence[Asked]) -> tuple[float, float]:
        """Add up gradients over the whole team; the mean loss, and the share answered right."""
        import torch

        total = sum(len(asked.counted) for asked in lesson)
        mine = self.team.share(lesson)
        news = torch.zeros(2, device=self.team.device)
        if mine:
            loss, right = self._loss(mine)
            (loss / total).backward()  # type: ignore[no-untyped-call]
            news += torch.stack([loss.detach(), right])
        for weight, master in zip(self.weights, self.masters, strict=True):
            gradient = torch.zeros_like(master) if weight.grad is None else weight.grad.float()
            master.grad, weight.grad = gradient, None
        self.team.add_up(
            [news, *(master.grad for master in self.masters if master.grad is not None)]
        )
        mean_loss, share = (news / total).tolist()
        return mean_loss, share

    def _loss(self, lesson: Sequence[Asked]) -> tuple[Tensor, Tensor]:
        config = self.config
        states = last_states(self.model, [asked.prompts for asked in lesson])
        logits = answer_logits(self.model, states, self.answers)
        counted = [row for asked in lesson for row in asked.counted]
        return match_loss(logits, counted, config.counting_weight, config.verdict_weight)

    def _update(self) -> None:
        import torch

        config = self.config
        torch.nn.utils.clip_grad_norm_(self.masters, config.max_grad_norm)
        for group in self.optimizer.param_groups:
            pace = schedule(self.step, config.steps, config.warmup)
            group["lr"] = config.learning_rate * pace
        self.optimizer.step()
        self.optimizer.zero_grad()
        with torch.no_grad():
            for weight, master in zip(self.weights, self.masters, strict=True):
                weight.copy_(master)

    def save(self, work: Path) -> None:
        import torch

        if not self.team.is_lead:
            return
        work.mkdir(parents=True, exist_ok=True)
        scratch = work / f"{CHECKPOINT}.part"
        state = {
            "recipe": self.recipe,
            "step": self.step,
            "curve": self.curve,
            "masters": [master.detach() for master in self.masters],
            "optimizer": self.optimizer.state_dict(),
        }
        torch.save(state, scratch)
        os.replace(scratch, work / CHECKPOINT)  # noqa: PTH105 - atomic, and says so

    def start(self, work: Path) -> None:
        """Begin, or go on from the checkpoint in ``work``."""
        self._resume(work)
        lessons = Lessons(self.config, self.outfits, self.halves.cooccurrence, self.tokenizer)
        self.lessons = read_lessons(lessons, self.step, self.team.helpers)

    def _resume(self, work: Path) -> None:
        import torch

        path = work / CHECKPOINT
        if not path.exists():
            return
        state = torch.load(path, weights_only=True)
        if state["recipe"] != self.recipe:
            raise ValueError(f"{path} belongs to another recipe or other data: remove it first")
        self.team.wait()  # nobody may write the next one while others still read this
        self.step, self.curve = state["step"], state["curve"]
        with torch.no_grad():
            for weight, master, saved in zip(
                self.weights, self.masters, state["masters"], strict=True
            ):
                master.copy_(saved)
                weight.copy_(saved)
        self.optimizer.load_state_dict(state["optimizer"])
