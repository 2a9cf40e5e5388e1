"""The ratio of two timings, with its interval."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter

#: (ours, peer) in seconds, of one round each.
Round = tuple[float, float]
_DRAWS = 500


def ratio_of(rounds: Sequence[Round]) -> float:
    """Median of the peer over the median of ours: above 1, ours is faster."""
    ours, peer = zip(*rounds, strict=True)
    return float(median(peer) / median(ours))


def interval_of(
    rounds: Sequence[Round], ratio: Callable[[Sequence[Round]], float] = ratio_of
) -> tuple[float, float]:
    """90 % bootstrap interval of a ratio."""
    rng = random.Random(0)  # noqa: S311 - a benchmark
    drawn = sorted(ratio(rng.choices(rounds, k=len(rounds))) for _ in range(_DRAWS))
    return drawn[_DRAWS // 20], drawn[-1 - _DRAWS // 20]


def p95(times: Sequence[float]) -> float:
    """What 95 of 100 take at most."""
    return sorted(times)[int(0.95 * len(times))]


def time_of(work: Callable[[], object]) -> float:
    """Seconds that ``work`` takes."""
    started = perf_counter()
    work()
    return perf_counter() - started


@dataclass(frozen=True, slots=True)
class Slowdown:
    """How much longer ours takes than the peer, by one figure (``of``) of both, in milliseconds."""

    name: str
    of: str
    ours_ms: float
    peer_ms: float
    ratio: float
    low: float
    high: float

    def __str__(self) -> str:
        return (
            f"{self.name}: {self.of} {self.ours_ms:.2f} ms against {self.peer_ms:.2f} ms bare, "
            f"{self.ratio:.2f}x [{self.low:.2f}, {self.high:.2f}]"
        )


def slowdown_of(
    name: str, rounds: Sequence[Round], of: str, figure: Callable[[Sequence[float]], float]
) -> Slowdown:
    """The slowdown by ``figure`` of both sides, with its 90 % bootstrap interval."""

    def ratio(drawn: Sequence[Round]) -> float:
        ours, peer = zip(*drawn, strict=True)
        return figure(ours) / figure(peer)

    ours, peer = zip(*rounds, strict=True)
    low, high = interval_of(rounds, ratio)
    return Slowdown(name, of, 1000 * figure(ours), 1000 * figure(peer), ratio(rounds), low, high)
