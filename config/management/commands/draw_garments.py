"""``manage.py draw_garments``: a labelled set of drawn garments, to train captioners on."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress

from config.demo.drawing.labelled import draw_labelled


class Command(BaseCommand):
    help = "Draw garments with known labels: FOLDER/<id>.png and FOLDER.csv."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--per-shape", type=int, default=7, help="Drawings of each shape.")
        parser.add_argument("--seed", type=int, default=1, help="Another seed, other drawings.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["per_shape"] < 1:
            raise CommandError("--per-shape must be at least 1")
        with Progress(console=Console(stderr=True)) as progress:
            task = progress.add_task("Drawing", total=None)
            count = draw_labelled(
                options["folder"],
                per_shape=options["per_shape"],
                seed=options["seed"],
                tell=lambda done, of: progress.update(task, completed=done, total=of),
            )
        self.stdout.write(f"{count} drawings and their labels in {options['folder']}(.csv)")
