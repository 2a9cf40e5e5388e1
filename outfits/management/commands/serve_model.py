"""``manage.py serve_model``: the model server, kept running."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from outfits.llm.processes import Stopped, stop_signals_raise
from outfits.llm.server import ModelServerError, read_options, serve_forever


class Command(BaseCommand):
    help = "Run the vLLM model server, restart it when it ends, and keep its adapters loaded."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            server = read_options(Path(getattr(settings, "BASE_DIR", Path.cwd())))
        except ModelServerError as error:
            raise CommandError(str(error)) from error
        try:
            with stop_signals_raise():
                serve_forever(server)
        except Stopped:
            self.stdout.write("Model server stopped.")
