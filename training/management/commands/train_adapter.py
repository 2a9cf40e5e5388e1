"""manage.py train_adapter: one training run, here and now, with a progress bar."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from training.models import TrainingRun
from training.services import TrainingRefused, training_run_execute, training_run_prepare


class Command(BaseCommand):
    help = "Learn from the collected preference pairs now, in this process."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--min-pairs", type=int, help="Train on this many new pairs or more.")
        parser.add_argument("--max-steps", type=int, help="Stop after this many steps.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            run = training_run_prepare(
                min_pairs=options["min_pairs"], max_steps=options["max_steps"]
            )
        except TrainingRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        stdout: Any = self.stdout
        # Django's wrapper ends every write with a new line, which a progress bar must not have.
        console = Console(file=stdout._out)
        run = _execute(run, console)
        if run.status == TrainingRun.Status.FAILED:
            raise CommandError(f"Run {run.pk} failed: {run.error}")
        console.print(describe_run(run))


def describe_run(run: TrainingRun) -> Table:
    """What came of a run, as a table."""
    table = Table(show_header=False, title=f"Run {run.pk}: {run.get_status_display()}")
    table.add_row("Pairs", f"{run.train_pairs} learned, {run.held_out_pairs} kept back")
    table.add_row("Adapter", str(run.adapter or "-"))
    for reason in [run.error, *run.metrics.get("verdict", {}).get("reasons", [])]:
        if reason:
            table.add_row("", reason)
    return table


def _execute(run: TrainingRun, console: Console) -> TrainingRun:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task("starting", total=None)

        def show(run: TrainingRun) -> None:
            stage = run.stage or str(run.get_status_display())
            progress.update(
                bar, description=stage, completed=run.step, total=run.total_steps or None
            )

        return training_run_execute(run_id=run.pk, on_progress=show)
