"""``python -m benchmarks.confidence DIR [ADAPTER]``: is a choice right as often as its share says?

DIR holds ``outfits_train.jsonl`` and ``fitb_valid.json``. A stylist in the folder ADAPTER, or
counting fitted on the former, answers the latter: the share of what it likes best, against how
often that was the worn item (a reliability diagram, Niculescu-Mizil and Caruana 2005). The adapter
that ships has seen these outfits: `train_stylist` makes one that has not.
"""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from training.scorers import Scorer

#: Where one group of shares ends and the next begins.
_EDGES = (0.0, 0.3, 0.4, 0.5, 0.6, 0.8, 1.01)


@dataclass(frozen=True, slots=True)
class Group:
    """Choices whose shares are alike: how many, their mean share, and how many were right."""

    count: int
    share: float
    right: float


def reliability(scores: Sequence[Sequence[float]], correct: Sequence[int]) -> list[Group]:
    """Groups of choices by their share; empty ones are left out. ``scores`` are logits."""
    from outfits.ranking import log_softmax

    choices = []
    for row, answer in zip(scores, correct, strict=True):
        shares = [exp(logprob) for logprob in log_softmax(row)]
        best = max(range(len(shares)), key=shares.__getitem__)
        choices.append((shares[best], best == answer))
    groups = []
    for low, high in pairwise(_EDGES):
        inside = [choice for choice in choices if low <= choice[0] < high]
        if inside:
            count = len(inside)
            share = sum(each for each, _ in inside) / count
            groups.append(Group(count, share, sum(right for _, right in inside) / count))
    return groups


def calibration_error(groups: Sequence[Group]) -> float:
    """Mean distance between share and truth, each group by its size (Naeini et al. 2015)."""
    total = sum(group.count for group in groups)
    return sum(group.count * abs(group.share - group.right) for group in groups) / total


def measure(folder: Path, adapter: Path | None) -> list[Group]:
    """How far a stylist, or counting alone, can be believed on questions that it has not seen."""
    from training.polyvore import read_fitb
    from training.scorers import FillIn

    scorer = _make_scorer(folder, adapter)
    questions = read_fitb(folder / "fitb_valid.json")
    scores = scorer.score([FillIn(question.question, question.answers) for question in questions])
    return reliability(scores, [question.correct for question in questions])


def _make_scorer(folder: Path, adapter: Path | None) -> "Scorer":
    from catalog import conf
    from outfits.scoring import read_taste
    from training.adapters_folder import read_adapter_folder
    from training.polyvore import read_outfits
    from training.scorers import CountingScorer, StylistScorer, ask_in_process

    if adapter is None:
        return CountingScorer(read_outfits(folder / "outfits_train.jsonl"))
    base = conf.current().base_model_path
    found = read_adapter_folder(adapter, base)
    taste = read_taste(found.path, found.manifest)
    return StylistScorer(found.name, taste, ask_in_process(base, found.path))


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings_test")
    import django

    django.setup()
    folder, *adapters = map(Path, sys.argv[1:])
    groups = measure(folder, next(iter(adapters), None))
    for group in groups:
        print(f"{group.count:5d} choices: share {group.share:.3f}, right {group.right:.3f}")  # noqa: T201
    print(f"expected calibration error {calibration_error(groups):.3f}")  # noqa: T201


if __name__ == "__main__":
    main()
