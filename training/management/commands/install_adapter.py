"""manage.py install_adapter FOLDER, or --shipped: take in an adapter that was made elsewhere."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from outfits.models import Adapter
from training.adapters_folder import AdapterInvalid
from training.services import adapter_install, shipped_adapter_install


class Command(BaseCommand):
    help = "Validate an adapter folder, copy it to where adapters are kept, make it ready to serve."

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument(
            "folder", type=Path, nargs="?", help="The folder with the adapter's manifest."
        )
        which.add_argument(
            "--shipped", action="store_true", help="The one that comes with the package."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            adapter = _install(options["folder"])
        except (AdapterInvalid, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{adapter.name} is installed. Let it serve: manage.py promote_adapter {adapter.name}"
        )


def _install(folder: Path | None) -> Adapter:
    if folder is not None:
        return adapter_install(folder=folder)
    adapter = shipped_adapter_install()
    if adapter is None:
        raise CommandError(
            "The stylist that comes with the package is for the embedded base model, and "
            "ENSEMBLE_BASE_MODEL_PATH names another. Train one: manage.py train_stylist"
        )
    return adapter
