"""manage.py train_stylist: teach the base model compatibility, from files of outfits."""

import json
import os
from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from catalog import conf
from training import sft
from training.adapters_folder import next_adapter_name, read_adapter_folder
from training.evaluation import fitb_accuracy
from training.hard_negatives import tune_on_outfits
from training.policy import PreferenceProgress, PreferenceSettings
from training.polyvore import Outfit, PolyvoreFormatError
from training.questions import from_fitb
from training.reading import load_fitb, load_outfits
from training.recipe import change_recipe, changeable
from training.scoring import MatchQuestion, match_logits
from training.sft import find_made
from training.stylist_model import BaseModelMissing

_COLUMNS = (
    TextColumn("{task.description}"),
    BarColumn(),
    MofNCompleteColumn(),
    TimeRemainingColumn(),
)
Method = Literal["dpo", "kto"]
_METHODS: tuple[Method, ...] = ("dpo", "kto")
#: An adapter that is gone on from wants smaller steps than one that begins.
_TUNING_RATE = 1e-4


class Command(BaseCommand):
    help = "Supervised fine-tuning (LoRA) on outfits; an interrupted run goes on where it stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        recipe = sft.StylistConfig()
        parser.add_argument(
            "--outfits", type=Path, nargs="+", required=True, help="Outfits, JSON lines."
        )
        parser.add_argument("--fitb", type=Path, help="Fill-in-the-blank questions to judge by.")
        parser.add_argument("--evaluate-every", type=int, default=0, help="Judge every N steps.")
        parser.add_argument("--limit", type=int, help="Judge by the first so many questions only.")
        parser.add_argument("--steps", type=int, default=recipe.steps)
        parser.add_argument("--seed", type=int, default=recipe.seed)
        parser.add_argument(
            "--recipe",
            nargs="+",
            default=[],
            metavar="NAME=VALUE",
            help=f"Change the recipe: {', '.join(changeable(recipe))}.",
        )
        parser.add_argument("--work", type=Path, help="Checkpoints; by default beside adapters.")
        parser.add_argument(
            "--dpo-steps", type=int, default=0, help="Then so many steps of DPO on hard negatives."
        )
        parser.add_argument(
            "--kto-steps", type=int, default=0, help="Then so many of KTO, each item judged alone."
        )
        preferences = PreferenceSettings()
        parser.add_argument("--dpo-loss", choices=["sigmoid", "ipo"], default=preferences.loss)
        parser.add_argument("--dpo-beta", type=float, default=preferences.beta)
        parser.add_argument(
            "--dpo-sft-weight",
            type=float,
            default=preferences.sft_weight,
            help="Of an SFT term beside the preference's.",
        )
        parser.add_argument("--negatives", type=int, default=3, help="Of each worn item, in DPO.")
        parser.add_argument("--name", help="The adapter's name; by default the next free one.")
        parser.add_argument("--json", action="store_true", help="Print one line of JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        tunings = [method for method in _METHODS if options[f"{method}_steps"]]
        if tunings and _processes() > 1:
            raise CommandError(
                f"One process tunes on preferences: leave --{tunings[0]}-steps out here, and give "
                "the same command with it, without accelerate launch, afterwards."
            )
        try:
            outfits = [outfit for path in options["outfits"] for outfit in load_outfits(path)]
            fitb = load_fitb(options["fitb"])[: options["limit"]] if options["fitb"] else []
        except (OSError, PolyvoreFormatError) as error:
            raise CommandError(str(error)) from error
        recipe = replace(
            sft.StylistConfig(),
            steps=options["steps"],
            seed=options["seed"],
            evaluate_every=options["evaluate_every"],
        )
        try:
            recipe = change_recipe(recipe, options["recipe"])
            folder = self._train(recipe, outfits, [from_fitb(q) for q in fitb], options)
            for method in tunings:
                folder = self._tune(folder, outfits, method, options)
        except (ValueError, FileExistsError, BaseModelMissing) as error:
            raise CommandError(str(error)) from error
        if not options["json"]:
            self.stdout.write(f"{folder}\nLet it serve: manage.py install_adapter {folder}")
        elif _is_lead():
            manifest = read_adapter_folder(folder).manifest
            said = {name: manifest.get(name) for name in ("name", "stage", "mix", "metrics")}
            self.stdout.write(json.dumps({"adapter": str(folder), **said}))

    def _train(
        self,
        recipe: sft.StylistConfig,
        outfits: list[Outfit],
        questions: list[MatchQuestion],
        options: dict[str, Any],
    ) -> Path:
        settings = conf.current()
        root = _root()
        sources = {path.name: path for path in options["outfits"]}
        made = find_made(root, recipe, settings.base_model_path, sources)
        if made is not None and options["name"] in (None, made.name):
            return made
        console = self._console(options)
        with Progress(*_COLUMNS, console=console) as bar:
            task = bar.add_task("training", total=recipe.steps)

            def show(progress: sft.Progress) -> None:
                said = f"loss {progress.loss:.2f}, {progress.accuracy:.0%} right"
                bar.update(task, completed=progress.step, description=said)
                if progress.evaluation:
                    console.print(f"step {progress.step}: {_say(progress.evaluation)}")

            return sft.train_sft(
                recipe,
                outfits,
                base_model=settings.base_model_path,
                adapter=root / (options["name"] or _next_name(root)),
                work=options["work"] or root / "work",
                sources=sources,
                notes={},
                evaluate=_judge_by(questions) if questions else None,
                on_progress=show,
            )

    def _tune(
        self,
        start: Path,
        outfits: list[Outfit],
        method: Method,
        options: dict[str, Any],
    ) -> Path:
        base_model = conf.current().base_model_path
        settings = PreferenceSettings(
            seed=options["seed"],
            max_steps=options[f"{method}_steps"],
            # There are more pairs than steps: precomputing the reference's answers to all of
            # them, as more than one epoch does, would take longer than the training.
            epochs=1.0,
            learning_rate=_TUNING_RATE,
            loss=options["dpo_loss"],
            beta=options["dpo_beta"],
            sft_weight=options["dpo_sft_weight"],
        )
        with Progress(*_COLUMNS, console=self._console(options)) as bar:
            task = bar.add_task("preferences", total=settings.max_steps)

            def show(progress: PreferenceProgress) -> None:
                said = f"margin {progress.figures.get('margin', 0):.2f}"
                bar.update(task, completed=progress.step, total=progress.steps, description=said)

            return tune_on_outfits(
                settings,
                outfits,
                negatives=options["negatives"],
                method=method,
                start=read_adapter_folder(start, base_model),
                base_model=base_model,
                adapter=start.with_name(f"{start.name}-{method}"),
                work=(options["work"] or _root() / "work") / method,
                on_progress=show,
            )

    def _console(self, options: dict[str, Any]) -> Console:
        # Who wants JSON reads what is printed; people watch the bar.
        stream: Any = self.stderr if options["json"] else self.stdout
        # Django's wrapper ends every write with a new line, which a progress bar must not have.
        return Console(file=stream._out, quiet=not _is_lead())


def _root() -> Path:
    return Path(conf.current().ADAPTERS_DIR) / ".stylists"


def _next_name(root: Path) -> str:
    """A name that neither what was trained here has nor what is installed."""
    return max(next_adapter_name(root), next_adapter_name(root.parent))


def _processes() -> int:
    """How many processes ``accelerate launch`` started."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def _is_lead() -> bool:
    return os.environ.get("RANK", "0") == "0"


def _judge_by(questions: list[MatchQuestion]) -> sft.Evaluate:
    """FITB accuracy of each half and of their plain sum, for the curve and the manifest."""
    correct = [question.correct for question in questions]

    def evaluate(halves: sft.Halves) -> Mapping[str, float]:
        said = match_logits(halves.model, halves.tokenizer, questions)
        known = [halves.cooccurrence.scores(q.partial_outfit, q.candidates) for q in questions]
        both = [
            [a + b for a, b in zip(model, counted, strict=True)]
            for model, counted in zip(said, known, strict=True)
        ]
        rows = {"fitb_model": said, "fitb_counting": known, "fitb_sum": both}
        return {name: fitb_accuracy(scores, correct).value for name, scores in rows.items()}

    return evaluate


def _say(figures: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:.3f}" for name, value in figures.items())
