"""Looks for what is wrong with the catalog, here and now."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.models import QualityFinding
from catalog.services import quality_check


class Command(BaseCommand):
    help = "Check the catalog and say how many findings of each kind wait for somebody."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print JSON, for scripts.")

    def handle(self, *args: Any, **options: Any) -> None:
        counts = quality_check()
        if counts is None:
            raise CommandError("Another check is running. Try again when it is done.")
        if options["json"]:
            self.stdout.write(json.dumps({kind: counts[kind] for kind in QualityFinding.Kind}))
            return
        for kind in QualityFinding.Kind:
            self.stdout.write(f"{counts[kind]:>8}  {kind.label}")
