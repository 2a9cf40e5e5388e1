"""``manage.py train_captioner``: trains the embedded captioner on labelled photos."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.captioning.backbone import WEIGHTS_DIR
from catalog.captioning.examples import read_catalogue, read_drawings, read_flatlay
from catalog.captioning.fitting import Recipe
from catalog.captioning.training import train_captioner

_READERS = {"catalogue": read_catalogue, "flatlay": read_flatlay, "drawings": read_drawings}


class Command(BaseCommand):
    """Trains on what ``--catalogue``, ``--flatlay`` and ``--drawings`` point at."""

    help = "Train the embedded captioner; folders hold <id>.jpg beside a CSV of the same name."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Where the photos are, where the weights go."""
        for name in _READERS:
            parser.add_argument(
                f"--{name}", type=Path, help="folder of photos; labels in <folder>.csv"
            )
        parser.add_argument("--output", type=Path, default=WEIGHTS_DIR)
        parser.add_argument("--cache", type=Path, default=Path("var/captioner/cache"))
        parser.add_argument("--steps", type=int, default=Recipe().steps)
        parser.add_argument("--seed", type=int, default=Recipe().seed)
        parser.add_argument("--notes", type=Path, help="JSON to put into the manifest")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fetch, call, print."""
        folders = {name: options[name] for name in _READERS if options[name]}
        if not folders:
            raise CommandError("give at least one of --catalogue, --flatlay, --drawings")
        examples = [
            example
            for name, folder in folders.items()
            for example in _READERS[name](folder.with_suffix(".csv"), folder)
        ]
        notes = json.loads(options["notes"].read_text()) if options["notes"] else {}
        result = train_captioner(
            examples,
            output=options["output"],
            cache=options["cache"],
            recipe=Recipe(steps=options["steps"], seed=options["seed"]),
            notes=notes,
            tell=self.stdout.write,
        )
        self.stdout.write(json.dumps(result))
