"""``python -m benchmarks``: run every benchmark on a database of its own, print the ratios."""

import os
import shutil

from config import embedded


def main() -> None:
    """Set up an empty database under ``var/bench`` and run the benchmarks."""
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

    from benchmarks.provisional_look import measure

    for products in (1_000, 10_000):
        print(measure(products))  # noqa: T201 - the result


if __name__ == "__main__":
    main()
