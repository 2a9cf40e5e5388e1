"""``manage.py demo``: the whole shop on this machine, until Ctrl-C."""

import os
import sys
from argparse import ArgumentParser
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

from catalog import conf
from catalog.models import Product
from config.demo_processes import list_processes
from config.supervisor import Supervisor, SupervisorError, only_one, require_free_port
from outfits.adapters import PromotionRefused
from outfits.llm import get_language_model
from outfits.llm.processes import Stopped, stop_signals_raise
from outfits.llm.server import ModelServerError, parse_local_address
from training.adapters_folder import AdapterInvalid
from training.services import shipped_adapter_serve

WEB_TIMEOUT = 120.0
MODEL_TIMEOUT = 900.0


class Command(BaseCommand):
    help = "Set up the demo shop and serve it: web, workers, beat and model server."
    # Run once there are tables: some checks of the admin read them.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--feed", type=Path, help="Your own feed instead of the drawn shop.")
        parser.add_argument("--images", type=Path, help="Folder or zip of that feed's pictures.")
        parser.add_argument("--limit", type=int, help="Read only so many rows of it.")
        parser.add_argument("--port", type=int, default=8000, help="Where the shop listens.")

    def handle(self, *args: Any, **options: Any) -> None:
        self.console = Console()
        os.environ.setdefault("DEBUG", "true")
        os.environ.setdefault("LOG_FORMAT", "console")
        os.environ.setdefault("PYTHONUNBUFFERED", "1")
        try:
            with stop_signals_raise(), only_one(settings.VAR / "demo.lock"):
                self._run(options)
        except SupervisorError as error:
            raise CommandError(str(error)) from error
        except Stopped:
            self.console.print("Everything is stopped.")

    def _run(self, options: dict[str, Any]) -> None:
        serve_model = has_local_model()
        check_ports(options["port"], serve_model=serve_model)
        self._prepare(options)
        specs = list_processes(
            python=Path(sys.executable),
            port=options["port"],
            cores=os.cpu_count() or 1,
            serve_model=serve_model,
        )
        with Supervisor(specs, logs=settings.VAR / "logs", say=self._say) as supervisor:
            supervisor.start()
            self._wait(supervisor, options["port"])
            supervisor.run()

    def _prepare(self, options: dict[str, Any]) -> None:
        call_command("prepare_models")
        with self.console.status("Bringing the database up to date"):
            call_command("migrate", verbosity=0, interactive=False)
            call_command("check", stdout=StringIO())
        if options["feed"]:
            self._import(options["feed"], options["images"], options["limit"])
        elif not Product.objects.exists():
            folder = settings.VAR / "demo"
            self._import(self._draw(folder), folder / "images", options["limit"])

    def _draw(self, folder: Path) -> Path:
        from config.demo.feed import write_demo_feed

        with Progress(console=self.console) as progress:
            task = progress.add_task("Drawing the demo shop", total=None)
            return write_demo_feed(
                folder,
                on_progress=lambda done, total: progress.update(task, completed=done, total=total),
            )

    def _import(self, feed: Path, images: Path | None, limit: int | None) -> None:
        call_command("import_feed", str(feed), images=images, limit=limit)

    def _wait(self, supervisor: Supervisor, port: int) -> None:
        """Wait for the web, print where it is, and wait on for the stylist."""
        base = f"http://127.0.0.1:{port}"
        with self.console.status("Starting the shop"):
            if not supervisor.wait_for(lambda: answers(f"{base}/healthz/"), WEB_TIMEOUT):
                raise SupervisorError(
                    f"The shop does not answer; see {settings.VAR / 'logs' / 'web.log'}"
                )
        self._print_addresses(base)
        with self.console.status("The stylist is starting; looks are provisional until then"):
            ready = supervisor.wait_for(get_language_model().is_healthy, MODEL_TIMEOUT)
        self._say(
            "The stylist is ready: looks are ranked by the model from now on."
            if ready
            else f"The stylist does not answer; see {settings.VAR / 'logs' / 'model.log'}"
        )
        if ready:
            self._promote_shipped()
            _build_looks()

    def _promote_shipped(self) -> None:
        """Let the stylist that comes with the package serve, unless people chose before."""
        try:
            promotion = shipped_adapter_serve()
        except (AdapterInvalid, PromotionRefused) as error:
            self._say(f"The stylist that comes with the package does not serve: {error}")
            return
        if promotion:
            self._say(f"{promotion.adapter} serves.")

    def _print_addresses(self, base: str) -> None:
        login = "  (demo / demo)" if os.environ["DEBUG"].lower() in ("true", "1", "on") else ""
        self.console.print(f"\n  Shop      {base}/")
        self.console.print(f"  Admin     {base}/admin/{login}")
        self.console.print(f"  API docs  {base}/api/docs/")
        self.console.print(f"\n  Logs are in {settings.VAR / 'logs'}. Ctrl-C stops everything.\n")

    def _say(self, line: str) -> None:
        self.console.print(escape(line), soft_wrap=True)


def has_local_model() -> bool:
    """Whether the model server is ours to start: its address is on this machine."""
    try:
        parse_local_address(conf.current().LLM_URLS[0])
    except ModelServerError:
        return False
    return True


def check_ports(port: int, *, serve_model: bool) -> None:
    """Raise `SupervisorError` when the shop's or the model server's port is taken."""
    require_free_port("127.0.0.1", port, "--port (make demo PORT=...)")
    if serve_model:
        host, model_port = parse_local_address(conf.current().LLM_URLS[0])
        require_free_port(host, model_port, "ENSEMBLE_LLM_URLS=http://127.0.0.1:PORT")


def answers(url: str) -> bool:
    """Whether a GET is answered with success."""
    try:
        return httpx.get(url, timeout=2, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _build_looks() -> None:
    """Ask the workers for the looks that are missing, rather than wait for beat's next round."""
    from outfits.tasks import build_missing_looks

    build_missing_looks.delay()
