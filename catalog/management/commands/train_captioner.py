"""``manage.py train_captioner``: trains the embedded captioner on labelled photos."""

import csv
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog import conf
from catalog.captioning.backbone import WEIGHTS_DIR, prepare_backbone
from catalog.captioning.embedded import EmbeddedCaptioner
from catalog.captioning.evaluation import Report, evaluate_captioner, summarise
from catalog.captioning.examples import Example, read_catalogue, read_drawings, read_flatlay
from catalog.captioning.fitting import Recipe
from catalog.captioning.heads import note_in_manifest
from catalog.captioning.training import train_captioner

_READERS = {"catalogue": read_catalogue, "flatlay": read_flatlay, "drawings": read_drawings}


class Command(BaseCommand):
    """Trains on what ``--catalogue``, ``--flatlay`` and ``--drawings`` point at."""

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
        parser.add_argument("--steps", type=int, default=Recipe().steps)
        parser.add_argument("--seed", type=int, default=Recipe().seed)
        parser.add_argument("--notes", type=Path, help="JSON to put into the manifest")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fetch, train, judge by what was kept back, note it in the manifest."""
        folders = {name: options[name] for name in _READERS if options[name]}
        if not folders:
            raise CommandError("give at least one of --catalogue, --flatlay, --drawings")
        examples = [
            example
            for name, folder in folders.items()
            for example in _READERS[name](folder.with_suffix(".csv"), folder)
        ]
        train_captioner(
            examples,
            output=options["output"],
            cache=options["cache"],
            recipe=Recipe(steps=options["steps"], seed=options["seed"]),
            notes=json.loads(options["notes"].read_text()) if options["notes"] else {},
            tell=self.stdout.write,
        )
        judged = [*folders.values(), *options["judge"]]
        reports = judge_weights(options["output"], judged, examples)
        for name, report in reports.items():
            self.stdout.write("\n".join([name, *summarise(report)]))
        note_in_manifest(
            options["output"],
            held_out={name: asdict(report)["attributes"] for name, report in reports.items()},
        )


def judge_weights(
    weights: Path, folders: Sequence[Path], examples: Sequence[Example]
) -> dict[str, Report]:
    """Scores by folder, over the photos that ``examples`` did not train on."""
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
    return reports


def _is_of(photo_id: str, folder: Path, paths: set[Path]) -> bool:
    return any(folder / f"{photo_id}{suffix}" in paths for suffix in (".jpg", ".png"))
