"""A whole catalog imported, against a bare COPY of the same rows into the same database."""

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROUNDS = 3
#: What the import may use at most, libraries and all.
RSS_LIMIT_MB = 400
_COLUMNS = (
    *("sku", "title", "description", "brand", "category", "slot", "gender", "colour", "price"),
    *("currency", "stock", "seasons", "occasions", "published", "created_at", "updated_at"),
)


@dataclass(frozen=True, slots=True)
class FeedImportResult:
    """Medians over the rounds; the interval is their least and greatest ratio."""

    rows: int
    ours_s: float
    bare_s: float
    ratio: float
    low: float
    high: float
    dry_run_s: float
    peak_rss_mb: float

    def __str__(self) -> str:
        over = "" if self.peak_rss_mb <= RSS_LIMIT_MB else f", OVER the limit of {RSS_LIMIT_MB} MB"
        return (
            f"feed import, {self.rows} rows: {self.ours_s:.1f} s against {self.bare_s:.2f} s of "
            f"bare COPY, {self.ratio:.1f}x [{self.low:.1f}, {self.high:.1f}]; "
            f"{self.rows / self.ours_s:.0f} rows/s; dry run {self.dry_run_s:.1f} s; "
            f"peak {self.peak_rss_mb:.0f} MB{over}"
        )


def find_feed() -> Path | None:
    """The real catalog's feed, where there is one."""
    default = Path(__file__).parents[2] / "shared" / "data"
    path = Path(os.environ.get("ENSEMBLE_TEST_DATA", default)) / "products.csv"
    return path if path.exists() else None


def measure_found() -> FeedImportResult | str:
    """`measure` of the real catalog's feed, or why not."""
    feed = find_feed()
    if feed is None:
        return "feed import: skipped, set ENSEMBLE_TEST_DATA to a folder with products.csv"
    return measure(feed)


def measure(feed: Path) -> FeedImportResult:
    """Import and COPY in turn; the import in a process of its own, whose memory is its own."""
    rounds = [_run_child(feed) for _ in range(ROUNDS)]
    ratios = [each["ours_s"] / each["bare_s"] for each in rounds]
    return FeedImportResult(
        rows=rounds[0]["rows"],
        ours_s=statistics.median(each["ours_s"] for each in rounds),
        bare_s=statistics.median(each["bare_s"] for each in rounds),
        ratio=statistics.median(ratios),
        low=min(ratios),
        high=max(ratios),
        dry_run_s=statistics.median(each["dry_run_s"] for each in rounds),
        peak_rss_mb=max(each["peak_rss_mb"] for each in rounds),
    )


def _run_child(feed: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.feed_import", str(feed)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def _measure_once(path: Path) -> dict[str, Any]:
    """One round: dry run, import, COPY, each into an empty catalog."""
    from catalog.models import Product
    from catalog.services import feed_import

    _empty()
    dry_run_s = _time(lambda: _dry_run(path))
    with path.open("rb") as file:
        started = time.perf_counter()
        row = feed_import(file=file, name=path.name)
        ours_s = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    stored = list(Product.objects.order_by("pk").values_list(*_COLUMNS))
    _empty()
    return {
        "rows": row.total,
        "ours_s": ours_s,
        "bare_s": _time(lambda: _copy(stored)),
        "dry_run_s": dry_run_s,
        "peak_rss_mb": peak,
    }


def _empty() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE ensemble_catalog_product CASCADE")


def _dry_run(path: Path) -> None:
    """Through the service, with its rows written down."""
    from django.core.files.base import File

    from catalog.services import (
        feed_import_check,
        feed_import_check_run,
        feed_import_create,
        feed_import_delete,
    )

    with path.open("rb") as file:
        row = feed_import_create(name=path.name, file=File(file, name=path.name))
    feed_import_check(feed_import=row, mapping=row.mapping)
    feed_import_check_run(feed_import_id=row.pk)
    feed_import_delete(feed_import=row)


def _time(work: Any) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _copy(rows: list[tuple[Any, ...]]) -> None:
    """What PostgreSQL needs for the same rows in the same table, with its indexes."""
    from django.db import connection, transaction

    table = f"COPY ensemble_catalog_product ({', '.join(_COLUMNS)}) FROM STDIN"
    with transaction.atomic(), connection.cursor() as cursor, cursor.copy(table) as copy:
        for row in rows:
            copy.write_row(row)


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(_measure_once(Path(sys.argv[1]))))  # noqa: T201 - read by the parent
