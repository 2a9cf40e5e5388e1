"""What stage 1 minimises."""

import math
from dataclasses import replace

import pytest

from outfits.prompts import PromptItem
from training.losses import between, listwise, schedule
from training.questions import ChoiceQuestion

torch = pytest.importorskip("torch")

CANDIDATES = tuple(PromptItem(name, "Boots") for name in ("red boot", "navy boot"))
QUESTION = ChoiceQuestion((), "shoes", CANDIDATES, correct=1)


def test_letters_that_were_not_offered_do_not_count() -> None:
    loss, accuracy = listwise(torch.tensor([[0.0, 0.0, 99.0]]), [QUESTION], 0.0)
    assert float(loss) == pytest.approx(math.log(2))
    assert accuracy == 0.0


def test_the_teacher_has_its_share_of_the_target() -> None:
    graded = replace(QUESTION, chances=(0.75, 0.25))
    scores = torch.log(torch.tensor([[0.6, 0.4]]))
    for share, right in ((0.0, 1.0), (1.0, 0.25), (0.5, 0.625)):
        expected = -(right * math.log(0.4) + (1 - right) * math.log(0.6))
        assert float(listwise(scores, [graded], share)[0]) == pytest.approx(expected)


def test_the_pace_rises_then_falls_to_a_tenth() -> None:
    pace = [schedule(step, 100, 0.1) for step in range(100)]
    assert pace[0] == pytest.approx(0.1)
    assert max(pace) == pace[9] == pytest.approx(1.0)
    assert pace[-1] == pytest.approx(0.11)


def test_half_way_is_the_mean_of_both_ends() -> None:
    assert between((0.8, 0.2), 0.5) == pytest.approx(0.5)
