"""manage.py train_stylist: teach the base model compatibility, from a file of outfits."""

from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from catalog import conf
from training import sft
from training.adapters_folder import next_adapter_name
from training.evaluation import fitb_accuracy
from training.polyvore import PolyvoreFormatError, read_fitb, read_outfits
from training.questions import ChoiceQuestion, from_fitb
from training.scoring import choice_logprobs


class Command(BaseCommand):
    help = "Supervised fine-tuning (LoRA) on outfits; an interrupted run goes on where it stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--outfits", type=Path, required=True, help="Outfits, JSON lines.")
        parser.add_argument("--fitb", type=Path, help="Fill-in-the-blank questions to judge by.")
        parser.add_argument("--steps", type=int, default=sft.StylistConfig().steps)
        parser.add_argument("--seed", type=int, default=sft.StylistConfig().seed)
        parser.add_argument("--work", type=Path, help="Checkpoints; by default beside adapters.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            outfits = read_outfits(options["outfits"])
            questions = (
                [from_fitb(q) for q in read_fitb(options["fitb"])] if options["fitb"] else []
            )
        except (OSError, PolyvoreFormatError) as error:
            raise CommandError(str(error)) from error
        config = replace(sft.StylistConfig(), steps=options["steps"], seed=options["seed"])
        folder = self._train(config, outfits, questions, options)
        self.stdout.write(f"{folder}\nLet it serve: manage.py install_adapter {folder}")

    def _train(
        self,
        config: sft.StylistConfig,
        outfits: Any,
        questions: list[ChoiceQuestion],
        options: dict[str, Any],
    ) -> Path:
        settings = conf.current()
        root = Path(settings.ADAPTERS_DIR) / ".stylists"
        stdout: Any = self.stdout
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=Console(file=stdout._out)) as bar:
            task = bar.add_task("training", total=config.steps)

            def show(progress: sft.Progress) -> None:
                said = f"loss {progress.loss:.2f}, {progress.accuracy:.0%} right"
                bar.update(task, completed=progress.step, description=said)

            return sft.train_sft(
                config,
                outfits,
                base_model=settings.base_model_path,
                adapter=root / next_adapter_name(Path(settings.ADAPTERS_DIR)),
                work=options["work"] or root / "work",
                sources={options["outfits"].name: options["outfits"]},
                notes={},
                evaluate=_judge_by(questions) if questions else None,
                on_progress=show,
            )


def _judge_by(questions: list[ChoiceQuestion]) -> sft.Evaluate:
    """FITB accuracy with its interval, for the manifest."""

    def evaluate(model: Any, tokenizer: Any) -> Mapping[str, float]:
        scores = choice_logprobs(model, tokenizer, questions)
        found = fitb_accuracy(scores, [question.correct for question in questions])
        return {"fitb_accuracy": found.value, "fitb_low": found.low, "fitb_high": found.high}

    return evaluate
