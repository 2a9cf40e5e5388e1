"""``manage.py evaluate_captions``: how often the captioner in force is right."""

import csv
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.captioning import get_captioner
from catalog.captioning.base import CaptioningError
from catalog.captioning.evaluation import evaluate_captioner, summarise


class Command(BaseCommand):
    """Captions the listed photos and compares with their labels."""

    help = "Caption labelled photos and report accuracy and macro-F1 for each attribute."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Where the photos and their labels are."""
        parser.add_argument("--images", type=Path, required=True, help="folder of <id>.jpg")
        parser.add_argument("--labels", type=Path, required=True, help="CSV; only its rows count")
        parser.add_argument("--json", action="store_true", help="print one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fetch, call, print."""
        try:
            with options["labels"].open(newline="", encoding="utf-8") as file:
                rows = list(csv.DictReader(file))
            report = evaluate_captioner(get_captioner(), rows, options["images"])
        except (OSError, CaptioningError) as error:
            raise CommandError(str(error)) from error
        lines = [json.dumps(asdict(report))] if options["json"] else summarise(report)
        self.stdout.write("\n".join(lines))
