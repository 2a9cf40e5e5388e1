"""``manage.py recaption``: caption every picture again with the current captioner."""

import time
from argparse import ArgumentParser
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from catalog.captioning.base import CaptioningError
from catalog.models import CaptionRun
from catalog.services import CaptionRunRefused, caption_run_start, caption_run_step
from catalog.services.caption_runs import MOVING

_LOOK_SECONDS = 2.0


class Command(BaseCommand):
    help = (
        "Caption every picture that the current captioner has not captioned. The captions that "
        "serve now go on serving until all is done; what people corrected stays."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        group = parser.add_mutually_exclusive_group()
        group.add_argument("--wait", action="store_true", help="Show how the workers get on.")
        group.add_argument(
            "--here", action="store_true", help="Do the work in this process; needs no worker."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            run = caption_run_start()
        except CaptionRunRefused as error:
            raise CommandError(str(error)) from error
        if options["wait"] or options["here"]:
            self._follow(run, here=options["here"])
        self.stdout.write(
            f"Run {run.pk}, {run.captioner_id}: {run.processed} of {run.total} pictures, "
            f"{run.failed} failed. {run.get_status_display()}."
        )
        if run.error:
            raise CommandError(run.error)

    def _follow(self, run: CaptionRun, *, here: bool) -> None:
        console = Console(file=cast(TextIO, self.stdout))
        columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(TextColumn("Captioning"), *columns, console=console) as bar:
            task = bar.add_task("Captioning", total=run.total)
            while run.status in MOVING:
                _work(run) if here else time.sleep(_LOOK_SECONDS)
                run.refresh_from_db()
                bar.update(task, completed=run.processed, total=run.total)


def _work(run: CaptionRun) -> None:
    try:
        caption_run_step(run_id=run.pk, cursor=run.cursor)
    except CaptioningError as error:
        raise CommandError(
            f"{error}. The run stays open: start a worker, which goes on, or cancel it in the "
            "admin under Caption runs."
        ) from error
