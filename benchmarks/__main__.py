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

    from benchmarks import feed_import, provisional_look, ranking, stored_look, training_speed

    print(training_speed.measure())  # noqa: T201 - the result
    print(ranking.measure())  # noqa: T201 - the result
    for traffic in (stored_look.FEW, stored_look.MANY, stored_look.BUSY, stored_look.UNKEPT):
        print(stored_look.measure(traffic))  # noqa: T201 - the result
    for products in (1_000, 43_446):
        print(provisional_look.measure(products))  # noqa: T201 - the result
    feed = feed_import.find_feed()
    if feed is None:
        print("feed import: skipped, set ENSEMBLE_TEST_DATA to a folder with products.csv")  # noqa: T201
    else:
        print(feed_import.measure(feed))  # noqa: T201 - the result


if __name__ == "__main__":
    main()
