"""``python -m config.loop``: one pass through the flow on servers and folders of its own.

Everything lies under ``var/loop`` and starts empty. A configured database, Redis or bucket is left
alone: addresses in the environment are put out of sight before the settings are read.
"""

import argparse
import os
import shutil
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from config import embedded
from config.loop.table import render_table, run_stages, to_json
from config.supervisor import Supervisor, SupervisorError, only_one

#: What makes training fit a laptop's patience: enough pairs and steps to learn one clear taste.
TRAINING = {"ENSEMBLE_TRAIN_MIN_PAIRS": "8", "ENSEMBLE_TRAIN_MAX_STEPS": "8"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the loop; the exit code says whether every stage did what it should."""
    options = parse_arguments(arguments)
    console = Console(stderr=options.json)
    var = embedded.var_folder() / "loop"
    try:
        with only_one(var.with_suffix(".lock")):
            shutil.rmtree(var, ignore_errors=True)
            return _run(options, var, console)
    except SupervisorError as error:
        console.print(f"[red]{error}[/red]")
        return 2


def parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m config.loop", description=__doc__)
    parser.add_argument("--feed", type=Path, help="A feed; by default the drawn demo shop.")
    parser.add_argument("--images", type=Path, help="Folder or zip of that feed's pictures.")
    parser.add_argument("--limit", type=int, help="Read only so many rows.")
    parser.add_argument("--json", action="store_true", help="Print one line of JSON at the end.")
    return parser.parse_args(arguments)


def set_environment(var: Path) -> None:
    """Point settings, and every child process, to servers and folders of this pass alone."""
    os.environ.update(
        {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "ENSEMBLE_MODELS_DIR": os.environ.get("ENSEMBLE_MODELS_DIR")
            or str(var.parent / "models"),
            "ENSEMBLE_VAR": str(var),
            "ENSEMBLE_LLM_URLS": f"http://127.0.0.1:{free_port()}",
            "ENSEMBLE_LOOKS_RATE": "100000/min",
            "ENSEMBLE_FEEDBACK_RATE": "100000/min",
            "DEBUG": "true",
            "LOG_FORMAT": "console",
            "PYTHONUNBUFFERED": "1",
            "ENSEMBLE_ADAPTERS_DIR": str(var / "adapters"),
            "MEDIA_ROOT": str(var / "media"),
            **dict.fromkeys(("DATABASE_URL", "REDIS_URL", "S3_BUCKET"), ""),
            **TRAINING,
        }
    )


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _run(options: argparse.Namespace, var: Path, console: Console) -> int:
    set_environment(var)
    embedded.start_services(var)

    import django

    django.setup()

    from config.demo_processes import list_processes
    from config.loop.preparing import prepare
    from config.loop.stages import Loop

    feed, images = prepare(options.feed, options.images, var.parent / "demo", console)
    port = free_port()
    specs = list_processes(python=Path(sys.executable), port=port, cores=os.cpu_count() or 1)
    with Supervisor(specs, logs=var / "logs", say=console.print) as supervisor:
        supervisor.start()
        base_url = f"http://127.0.0.1:{port}"
        loop = Loop(feed, images, options.limit, base_url, supervisor.wait_for)
        stages = loop.stages()
        rows = run_stages(stages, console)
    console.print(render_table(rows, total=len(stages)))
    if options.json:
        print(to_json(rows))  # noqa: T201 - what was asked for
    done = len(rows) == len(stages) and not any(row.shortfalls for row in rows)
    console.print("Every stage did what it should." if done else f"Logs are in {var / 'logs'}.")
    return 0 if done else 1


if __name__ == "__main__":
    sys.exit(main())
