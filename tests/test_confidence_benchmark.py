from math import log

import pytest

from benchmarks.confidence import Group, calibration_error, reliability


def test_choices_with_like_shares_are_judged_together() -> None:
    sure, unsure = [log(0.9), log(0.1)], [log(0.55), log(0.45)]
    groups = reliability([sure, sure, unsure], [0, 1, 0])
    assert [group.count for group in groups] == [1, 2]
    assert groups[0].right == 1.0
    assert groups[1].share == pytest.approx(0.9)
    assert groups[1].right == 0.5


def test_large_groups_count_for_more_of_the_error() -> None:
    groups = [Group(90, 0.5, 0.5), Group(10, 0.9, 0.4)]
    assert calibration_error(groups) == pytest.approx(0.05)
