"""``manage.py export_corrections DIR``: what people checked, to train a captioner on."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.services.correction_export import corrections_export


class Command(BaseCommand):
    help = (
        "Write the pictures whose captions people corrected or confirmed to DIR/<id>.jpg and "
        "what they said to DIR.csv, for train_captioner --corrections DIR."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = options["folder"].absolute()
        try:
            count = corrections_export(folder=folder)
        except OSError as error:
            raise CommandError(f"{error.filename or folder} cannot be written: {error}") from error
        self.stdout.write(f"{count} pictures that people checked are in {folder} and {folder}.csv.")
