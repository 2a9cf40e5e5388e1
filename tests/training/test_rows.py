"""Prompts as rows of one batch."""

import pytest

from training.rows import lay_rows, shared_length

torch = pytest.importorskip("torch")


def test_what_a_group_begins_with_is_written_once() -> None:
    laid = lay_rows([[[1, 2, 3, 4], [1, 2, 5]], [[9]]])
    assert laid.token_ids.tolist() == [[1, 2, 3, 4, 5], [9, 0, 0, 0, 0]]
    assert laid.positions[0].tolist() == [0, 1, 2, 3, 2]
    assert laid.paths == ((0, 1, 2, 3), (0, 1, 4), (5,))


def test_a_token_sees_its_own_prompt_up_to_itself() -> None:
    laid = lay_rows([[[1, 2, 3, 4], [1, 2, 5]]])
    seen = laid.mask[0, 0].int().tolist()
    assert seen == [
        [1, 0, 0, 0, 0],
        [1, 1, 0, 0, 0],
        [1, 1, 1, 0, 0],
        [1, 1, 1, 1, 0],
        [1, 1, 0, 0, 1],
    ]


def test_padding_is_seen_by_nobody_and_sees_something() -> None:
    laid = lay_rows([[[1, 2, 3]], [[4]]])
    padding, real = laid.mask[1, 0, 1:], laid.mask[1, 0, :1]
    assert padding.any(dim=1).all()
    assert real.tolist() == [[True, False, False]]


def test_the_last_token_of_a_prompt_stays_its_own() -> None:
    assert shared_length([[1, 2], [1, 2]]) == 1


@pytest.mark.parametrize("groups", [[], [[]], [[[1], []]]])
def test_nothing_to_lay_out_is_refused(groups: list[list[list[int]]]) -> None:
    with pytest.raises(ValueError, match="nothing to lay out"):
        lay_rows(groups)
