"""What has to be there before the first stage: models, tables, a feed."""

from pathlib import Path

from django.core.management import call_command
from rich.console import Console
from rich.progress import Progress

from config.demo.feed import write_demo_feed


def prepare(
    feed: Path | None, images: Path | None, drawn: Path, console: Console
) -> tuple[Path, Path]:
    """Prepare models and tables; the feed and the folder of its pictures.

    A feed without ``images`` has its pictures beside it. Without a feed the demo shop is drawn
    into ``drawn``, unless it lies there already.
    """
    call_command("prepare_models", stderr=console.file, stdout=console.file)
    with console.status("Making tables"):
        call_command("migrate", verbosity=0, interactive=False)
    if feed is not None:
        return feed, images or feed.parent
    with Progress(console=console) as bar:
        task = bar.add_task("Drawing the demo shop", total=None)
        path = write_demo_feed(
            drawn,
            on_progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    return path, drawn / "images"
