"""``manage.py train_captioner``: trains the embedded captioner on labelled photos."""

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from catalog import conf
from catalog.captioning.backbone import WEIGHTS_DIR, prepare_backbone
from catalog.captioning.embedded import EmbeddedCaptioner
from catalog.captioning.evaluation import Report, evaluate_captioner, summarise
from catalog.captioning.examples import (
    Example,
    read_catalogue,
    read_corrections,
    read_drawings,
    read_flatlay,
)
from catalog.captioning.fitting import HeadRecipe
from catalog.captioning.training import Recipe, Tell, train_captioner
from catalog.captioning.tuning import TuningRecipe

_READERS = {
    "catalogue": read_catalogue,
    "flatlay": read_flatlay,
    "drawings": read_drawings,
    "corrections": read_corrections,
}


class Command(BaseCommand):
    """Trains on what ``--catalogue``, ``--flatlay``, ``--drawings`` and ``--corrections`` name."""

    help = "Train the embedded captioner; labels of the photos in DIR are read from DIR.csv."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Where the photos are, where the weights go."""
        for name in _READERS:
            parser.add_argument(f"--{name}", type=Path, metavar="DIR", help="train on these")
        parser.add_argument(
            "--judge", type=Path, metavar="DIR", nargs="*", default=[], help="only judge by these"
        )
        parser.add_argument("--output", type=Path, default=WEIGHTS_DIR)
        parser.add_argument("--cache", type=Path, default=Path("var/captioner/cache"))
        parser.add_argument("--steps", type=int, default=TuningRecipe().steps)
        parser.add_argument("--further-steps", type=int, default=TuningRecipe().further_steps)
        parser.add_argument("--head-epochs", type=int, default=HeadRecipe().epochs)
        parser.add_argument("--seed", type=int, default=TuningRecipe().seed)
        parser.add_argument("--threads", type=int, default=1, help="others, other weights")
        parser.add_argument("--notes", type=Path, help="JSON to put into the manifest")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fetch, train (judging by what was kept back on the way)."""
        folders = {name: options[name] for name in _READERS if options[name]}
        if not folders:
            raise CommandError("give at least one of " + ", ".join(f"--{n}" for n in _READERS))
        examples = [
            example
            for name, folder in folders.items()
            for example in _READERS[name](folder.with_suffix(".csv"), folder)
        ]
        _use_threads(options["threads"])
        judged = [*folders.values(), *options["judge"]]
        with _progress() as bar:
            train_captioner(
                examples,
                output=options["output"],
                cache=options["cache"],
                recipe=_recipe(options),
                notes=json.loads(options["notes"].read_text()) if options["notes"] else {},
                judge=partial(judge_weights, folders=judged, examples=examples, say=self._say),
                tell=_show_on(bar),
            )

    def _say(self, line: str) -> None:
        self.stdout.write(line)


def _recipe(options: Mapping[str, Any]) -> Recipe:
    seed = options["seed"]
    return Recipe(
        TuningRecipe(steps=options["steps"], further_steps=options["further_steps"], seed=seed),
        HeadRecipe(epochs=options["head_epochs"], seed=seed),
    )


def _use_threads(threads: int) -> None:
    try:
        import torch
    except ImportError as error:
        raise CommandError("training needs torch; install requirements.txt") from error
    torch.set_num_threads(threads)


def _progress() -> Progress:
    columns = ("{task.description}", "{task.completed} of {task.total}", "{task.fields[word]}")
    texts = [TextColumn(text) for text in columns]
    return Progress(
        *texts, TimeElapsedColumn(), TimeRemainingColumn(), console=Console(stderr=True)
    )


def _show_on(bar: Progress) -> Tell:
    tasks: dict[str, TaskID] = {}

    def tell(stage: str, done: int, of: int, word: str) -> None:
        if stage not in tasks:
            tasks[stage] = bar.add_task(stage, total=of, word=word)
        bar.update(tasks[stage], completed=done, word=word)

    return tell


def judge_weights(
    weights: Path,
    folders: Sequence[Path],
    examples: Sequence[Example],
    say: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Scores by folder, over the photos that weights of the training part did not learn from."""
    models_dir = Path(conf.current().MODELS_DIR)
    prepare_backbone(models_dir, weights=weights)
    captioner = EmbeddedCaptioner(str(weights), models_dir)
    learnt = {example.path for example in examples if example.part != "test"}
    reports: dict[str, Report] = {}
    for folder in folders:
        with folder.with_suffix(".csv").open(newline="", encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if not _is_of(row["id"], folder, learnt)]
        if rows:
            reports[folder.name] = evaluate_captioner(captioner, rows, folder)
            say("\n".join([folder.name, *summarise(reports[folder.name])]))
    return {name: asdict(report)["attributes"] for name, report in reports.items()}


def _is_of(photo_id: str, folder: Path, paths: set[Path]) -> bool:
    return any(folder / f"{photo_id}{suffix}" in paths for suffix in (".jpg", ".png"))
