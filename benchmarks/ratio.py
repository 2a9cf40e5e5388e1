"""The ratio of two timings, with its interval."""

import random
import statistics
from collections.abc import Callable, Sequence
from time import perf_counter

#: (ours, peer) in seconds, of one round each.
Round = tuple[float, float]


def ratio_of(rounds: Sequence[Round]) -> float:
    """Median of the peer over the median of ours: above 1, ours is faster."""
    ours, peer = zip(*rounds, strict=True)
    return float(statistics.median(peer) / statistics.median(ours))


def interval_of(rounds: Sequence[Round], draws: int = 500) -> tuple[float, float]:
    """90 % bootstrap interval of `ratio_of`."""
    rng = random.Random(0)  # noqa: S311 - a benchmark
    drawn = sorted(ratio_of(rng.choices(rounds, k=len(rounds))) for _ in range(draws))
    return drawn[draws // 20], drawn[-1 - draws // 20]


def time_of(work: Callable[[], object]) -> float:
    """Seconds that ``work`` takes."""
    started = perf_counter()
    work()
    return perf_counter() - started
