"""``python -m benchmarks [NAME ...]``: run benchmarks on a database of their own, print ratios."""

import os
import shutil
from argparse import ArgumentParser
from collections.abc import Callable
from functools import partial

from config import embedded

NAMES = ("training", "ranking", "stored", "provisional", "feed")


def main() -> None:
    """Set up an empty database under ``var/bench`` and run the benchmarks named, or all."""
    parser = ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    names = parser.parse_args().names or NAMES
    if unknown := set(names) - set(NAMES):
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    _set_up()

    from benchmarks import feed_import, provisional_look, ranking, stored_look, training_speed

    traffics = (stored_look.FEW, stored_look.MANY, stored_look.BUSY, stored_look.UNKEPT)
    benchmarks: dict[str, list[Callable[[], object]]] = {
        "training": [training_speed.measure_sft, training_speed.measure_dpo],
        "ranking": [ranking.measure],
        "stored": [partial(stored_look.measure, traffic) for traffic in traffics],
        "provisional": [partial(provisional_look.measure, count) for count in (1_000, 43_446)],
        "feed": [feed_import.measure_found],
    }
    for measure in (measure for name in names for measure in benchmarks[name]):
        print(measure(), flush=True)  # noqa: T201 - the result


def _set_up() -> None:
    var = embedded.var_folder() / "bench"
    shutil.rmtree(var, ignore_errors=True)
    os.environ.update(
        {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "ENSEMBLE_VAR": str(var),
            "DATABASE_URL": "",
            "REDIS_URL": "",
            "LOG_LEVEL": "WARNING",
        }
    )
    embedded.start_services(var)

    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)


if __name__ == "__main__":
    main()
