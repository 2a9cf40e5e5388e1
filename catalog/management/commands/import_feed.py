"""``manage.py import_feed FILE``: a feed into the catalog, with its pictures."""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any, BinaryIO, TextIO, cast

from django.core.management.base import BaseCommand, CommandError
from django.utils.text import slugify
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from catalog.feeds import read_feed
from catalog.feeds.base import Feed, FeedError
from catalog.feeds.mapping import FEED_FIELDS, check_mapping, guess_mapping
from catalog.models import FeedImport, FeedSource, PlannedChange
from catalog.services import ImportHeldError, feed_import, feed_source_get
from catalog.services.dry_run import plan_changes
from catalog.services.full_feeds import UnpublishHeldBackError
from catalog.services.imports import hash_file
from catalog.services.sources import suggest_feed_name

_PROBLEMS_SHOWN = 20
_PLAN_SHOWN = 20


class Command(BaseCommand):
    help = "Import a product feed, with pictures from a folder or a zip."

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
        parser.add_argument(
            "--feed", metavar="NAME", help="Which feed this is; without it, the file's name."
        )
        parser.add_argument(
            "--full",
            action="store_true",
            help="The file lists everything: the feed's other products are unpublished.",
        )
        parser.add_argument(
            "--unpublish-anyway",
            action="store_true",
            help="With --full: even if it is most of the feed's products.",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what would happen, and store nothing."
        )
        parser.add_argument(
            "--force", action="store_true", help="Import a file that was imported last time too."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(file=cast(TextIO, self.stdout))
        try:
            with options["file"].open("rb") as file:
                self._import(console, file, options)
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be opened: {error.strerror}") from error
        except UnpublishHeldBackError as error:
            raise CommandError(
                f"{error.count} of the feed's {error.published} published products would be "
                "unpublished. The file's rows are stored; nothing was unpublished. If the list is "
                "right, run this again with --unpublish-anyway."
            ) from error
        except FeedError as error:
            raise CommandError(str(error)) from error
        except ImportHeldError as error:
            raise CommandError(f"{error}: wait for it, or cancel it in the admin.") from error

    def _import(self, console: Console, file: BinaryIO, options: dict[str, Any]) -> None:
        name = _name_feed(options)
        source = FeedSource.objects.filter(name=name).first()
        if _is_known(source, file, options):
            console.print("This file is what the feed had last time: nothing to do. Use --force to")
            console.print("import it all the same.")
            return
        feed = read_feed(file)
        mapping = guess_mapping(feed.columns) | _parse_map(options["map"])
        console.print(_draw_mapping(feed, mapping))
        chosen = {field: column for field, column in mapping.items() if column}
        check_mapping(chosen, feed.columns)
        if options["dry_run"]:
            _print_plan(console, feed, chosen, source, options)
        else:
            source = source or feed_source_get(name=name, is_full=options["full"])
            _print_summary(console, self._run(console, file, chosen, source, options))

    def _run(
        self,
        console: Console,
        file: BinaryIO,
        mapping: dict[str, str],
        source: FeedSource,
        options: dict[str, Any],
    ) -> FeedImport:
        with _make_bar(console) as bar:
            task = bar.add_task("Importing", total=None)
            return feed_import(
                file=file,
                name=options["file"].name,
                mapping=mapping,
                images=options["images"],
                feed=source,
                is_full=options["full"],
                unpublish_anyway=options["unpublish_anyway"],
                limit=options["limit"],
                on_progress=lambda row: bar.update(task, completed=row.processed, total=row.total),
            )


def _name_feed(options: dict[str, Any]) -> str:
    if options["feed"] is None:
        return suggest_feed_name(options["file"].name)
    name: str = slugify(options["feed"])
    if name != options["feed"]:
        raise CommandError(f"--feed takes small letters, digits and -, such as {name or 'shop'!r}.")
    return name


def _is_known(source: FeedSource | None, file: BinaryIO, options: dict[str, Any]) -> bool:
    """Whether the feed had this very file last; pictures and columns are looked at anew."""
    if not source or any(options[name] for name in ("force", "images", "map", "dry_run")):
        return False
    return bool(source.checksum) and source.checksum == hash_file(file)


def _print_plan(
    console: Console,
    feed: Feed,
    mapping: dict[str, str],
    source: FeedSource | None,
    options: dict[str, Any],
) -> None:
    counts: Counter[str] = Counter()
    table = Table("line", "SKU", "what", "change", title="The first rows", title_justify="left")
    batches = plan_changes(
        feed, mapping, source=source, is_full=options["full"], limit=options["limit"]
    )
    for change in (change for batch in batches for change in batch):
        counts[change.action] += 1
        if table.row_count < _PLAN_SHOWN and change.action != PlannedChange.Action.UNCHANGED:
            table.add_row(*_draw_change(change))
    console.print(table)
    console.print(
        f"Nothing was stored. {counts['create']} would be created, {counts['update']} changed, "
        f"{counts['unchanged']} left as they are, {counts['unpublish']} unpublished, "
        f"{counts['refuse']} refused."
    )


def _draw_change(change: PlannedChange) -> tuple[str, str, str, str]:
    fields = "; ".join(
        f"{name}: {old} -> {new}" for name, (old, new) in change.changes.items() if old is not None
    )
    what = PlannedChange.Action(change.action).label.lower()
    text = fields or change.reason or change.title
    return str(change.line or "-"), escape(change.sku), what, escape(text)


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
        f"{row.unchanged} unchanged, {row.unpublished} unpublished, {row.refused} refused; "
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
