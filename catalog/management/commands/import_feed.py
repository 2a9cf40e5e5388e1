"""``manage.py import_feed FILE``: a feed into the catalog, with its pictures."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from catalog.feeds import read_feed
from catalog.feeds.base import Feed, FeedError
from catalog.feeds.mapping import FEED_FIELDS, guess_mapping
from catalog.models import FeedImport
from catalog.services import feed_import

_PROBLEMS_SHOWN = 20


class Command(BaseCommand):
    help = "Import a product feed (CSV), with pictures from a folder or a zip."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--images", type=Path, metavar="DIR_OR_ZIP", help="Where pictures lie.")
        parser.add_argument(
            "--map",
            nargs="+",
            action="extend",
            default=[],
            metavar="FIELD=COLUMN",
            help="Which column holds a field, such as title=productDisplayName; "
            "FIELD= leaves one out. The rest is guessed.",
        )
        parser.add_argument("--limit", type=int, help="Read only so many rows.")

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(file=cast(TextIO, self.stdout))
        try:
            with options["file"].open("rb") as file:
                feed = read_feed(file)
                mapping = guess_mapping(feed.columns) | _parse_map(options["map"])
                console.print(_draw_mapping(feed, mapping))
                row = self._run(console, file, mapping, options)
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be opened: {error.strerror}") from error
        except FeedError as error:
            raise CommandError(str(error)) from error
        _print_summary(console, row)

    def _run(
        self, console: Console, file: Any, mapping: dict[str, str], options: dict[str, Any]
    ) -> FeedImport:
        with _make_bar(console) as bar:
            task = bar.add_task("Importing", total=None)
            return feed_import(
                file=file,
                name=options["file"].name,
                mapping={field: column for field, column in mapping.items() if column},
                images=options["images"],
                limit=options["limit"],
                on_progress=lambda row: bar.update(task, completed=row.processed, total=row.total),
            )


def _make_bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
    )


def _parse_map(pairs: list[str]) -> dict[str, str]:
    mapping = {}
    for pair in pairs:
        field, equals, column = pair.partition("=")
        if not equals:
            raise CommandError(f"--map takes FIELD=COLUMN, such as title=name; got {pair!r}.")
        mapping[field.strip()] = column.strip()
    return mapping


def _draw_mapping(feed: Feed, mapping: dict[str, str]) -> Table:
    table = Table("our field", "the feed's column", title="Mapping", title_justify="left")
    for field in (*FEED_FIELDS, *(mapping.keys() - set(FEED_FIELDS))):
        table.add_row(field, escape(mapping.get(field, "")) or "[dim]absent[/dim]")
    unused = [column for column in feed.columns if column not in mapping.values()]
    if unused:
        table.caption = f"Not used: {escape(', '.join(unused))}"
    return table


def _print_summary(console: Console, row: FeedImport) -> None:
    console.print(
        f"{row.processed} rows: {row.created} created, {row.updated} updated, "
        f"{row.unchanged} unchanged, {row.refused} refused; "
        f"{row.pictures} new pictures, {row.picture_problems} not taken."
    )
    for field, count in row.defaults_used.items():
        console.print(f"The default {field} was used for {count} new products.")
    for note, count in row.notes.items():
        console.print(f"{count} x {escape(note)}")
    for problem in row.problems[:_PROBLEMS_SHOWN]:
        sku = f" ({problem['sku']})" if problem["sku"] else ""
        console.print(f"line {problem['line']}{escape(sku)}: {escape(problem['reason'])}")
    more = row.refused + row.picture_problems - min(len(row.problems), _PROBLEMS_SHOWN)
    if more > 0:
        console.print(f"... and {more} more; all are in the admin, under Feed imports.")
