"""manage.py install_adapter FOLDER: take in an adapter that was made elsewhere."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from training.adapters_folder import AdapterInvalid
from training.services import adapter_install


class Command(BaseCommand):
    help = "Validate an adapter folder, copy it to where adapters are kept, make it ready to serve."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="The folder with the adapter's manifest.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            adapter = adapter_install(folder=options["folder"])
        except (AdapterInvalid, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{adapter.name} is installed. Let it serve: manage.py promote_adapter {adapter.name}"
        )
