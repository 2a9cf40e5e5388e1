"""The gate: whether a trained adapter may serve instead of what serves now. Pure.

It must do better on preferences that nobody trained on, and must not lose what it knew: FITB and
compatibility questions (Han et al. 2017, https://arxiv.org/abs/1707.05691) from outfits of the
house. All figures of a verdict are kept, whichever way it goes.
"""

import math
from dataclasses import asdict, dataclass
from typing import Any

#: Fewer held-out pairs than this say nothing.
MIN_HELD_OUT = 4

#: One-sided 5 % of the normal distribution: what a fall must exceed not to be chance.
_CHANCE_Z = 1.645


@dataclass(frozen=True, slots=True)
class Marks:
    """How one stylist did.

    ``margins`` are log P(chosen) - log P(rejected), in nats, a held-out pair each. ``fitb`` is an
    accuracy (0 to 1) over ``fitb_questions`` questions and ``auc`` an area under the ROC curve over
    ``outfits`` real and as many mixed outfits; None where there were no questions.
    """

    margins: tuple[float, ...]
    fitb: float | None = None
    auc: float | None = None
    fitb_questions: int = 0
    outfits: int = 0

    @property
    def accuracy(self) -> float:
        """Share of held-out pairs whose chosen answer is the likelier one; a tie counts half."""
        return sum((margin > 0) + 0.5 * (margin == 0) for margin in self.margins) / self._count

    @property
    def mean_margin(self) -> float:
        """Mean margin in nats."""
        return sum(self.margins) / self._count

    def as_json(self) -> dict[str, float | None]:
        """The figures, without every single margin."""
        return {
            "accuracy": round(self.accuracy, 4),
            "mean_margin": round(self.mean_margin, 4),
            "fitb": self.fitb,
            "auc": self.auc,
        }

    @property
    def _count(self) -> int:
        return max(1, len(self.margins))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the candidate passed, why, and the figures of both."""

    passed: bool
    reasons: tuple[str, ...]
    held_out: int
    candidate: dict[str, float | None]
    serving: dict[str, float | None]

    def as_json(self) -> dict[str, Any]:
        """What is stored with the adapter and its run."""
        return {**asdict(self), "reasons": list(self.reasons)}


def judge(candidate: Marks, serving: Marks, tolerance: float) -> Verdict:
    """Compare two stylists' marks on the same questions; ``tolerance`` is a share of FITB and AUC.

    Passes when the candidate beats the serving one on held-out pairs (more right, or as many right
    with a larger mean margin) and falls back on neither FITB nor AUC by more than ``tolerance``, or
    by more than chance explains where there are too few questions to tell so small a fall.
    """
    count = len(candidate.margins)
    if count != len(serving.margins):
        raise ValueError("both stylists must be judged on the same pairs")
    if count < MIN_HELD_OUT:
        passed, reasons = (
            False,
            [
                f"Only {count} held-out pairs: at least {MIN_HELD_OUT} are needed to judge. "
                "Collect feedback on more products."
            ],
        )
    else:
        checks = [
            _compare_pairs(candidate, serving),
            _compare_known(
                "FITB accuracy",
                candidate.fitb,
                serving.fitb,
                max(tolerance, chance_in_accuracy(serving.fitb_questions)),
            ),
            _compare_known(
                "Compatibility AUC",
                candidate.auc,
                serving.auc,
                max(tolerance, chance_in_auc(serving.outfits)),
            ),
        ]
        passed, reasons = all(ok for ok, _ in checks), [reason for _, reason in checks if reason]
    return Verdict(passed, tuple(reasons), count, candidate.as_json(), serving.as_json())


def chance_in_accuracy(questions: int) -> float:
    """The fall in accuracy over ``questions`` that chance alone stays under 95 % of the time.

    The binomial's standard error at its largest, an accuracy of one half; 0 without questions.
    """
    return _CHANCE_Z * math.sqrt(0.25 / questions) if questions else 0.0


def chance_in_auc(outfits: int) -> float:
    """The same for an AUC over ``outfits`` of each kind.

    By the Mann-Whitney statistic's variance without ties, (n + m + 1) / 12nm (Mann and Whitney
    1947, https://doi.org/10.1214/aoms/1177730491).
    """
    if not outfits:
        return 0.0
    return _CHANCE_Z * math.sqrt((2 * outfits + 1) / (12 * outfits * outfits))


def _compare_pairs(candidate: Marks, serving: Marks) -> tuple[bool, str]:
    better = (candidate.accuracy, candidate.mean_margin) > (serving.accuracy, serving.mean_margin)
    word = "Better" if better else "Not better"
    return better, (
        f"{word} on {len(candidate.margins)} held-out pairs: {candidate.accuracy:.0%} right "
        f"(was {serving.accuracy:.0%}), mean margin {candidate.mean_margin:+.2f} "
        f"(was {serving.mean_margin:+.2f})."
    )


def _compare_known(
    name: str, candidate: float | None, serving: float | None, tolerance: float
) -> tuple[bool, str]:
    if candidate is None or serving is None:
        return True, f"{name} was not measured: there are no questions for it."
    held = _at_least(candidate, serving - tolerance)
    word = "held" if held else "fell too far"
    return held, f"{name} {word}: {candidate:.3f} (was {serving:.3f}, may fall by {tolerance:.3f})."


def _at_least(value: float, floor: float) -> bool:
    # Figures are ratios of small counts: a rounding error must not decide.
    return value >= floor - 1e-9
