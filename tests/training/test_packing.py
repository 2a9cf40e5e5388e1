"""Prefix-tree packing."""

import pytest

from training.packing import group_alike, pack_prompts

torch = pytest.importorskip("torch")


def test_shared_beginnings_are_written_once() -> None:
    packed = pack_prompts([[[1, 2, 3, 4], [1, 2, 3, 5]], [[1, 9, 9]]], dtype=torch.float32)
    assert packed.trunk == 1
    assert packed.token_ids.tolist() == [[1, 2, 3, 4, 5, 9, 9]]
    assert packed.positions.tolist() == [[0, 1, 2, 3, 3, 1, 2]]
    assert packed.paths == ((0, 1, 2, 3), (0, 1, 2, 4), (0, 5, 6))


def test_a_token_sees_its_own_prompt_only() -> None:
    packed = pack_prompts([[[1, 2, 3], [1, 2, 4]]], dtype=torch.float32)
    segment = packed.segments[1]
    seen = (segment.mask[0] == 0).tolist()
    assert seen == [[True, True, True, False], [True, True, False, True]]


def test_the_same_prompt_twice_is_computed_once() -> None:
    packed = pack_prompts([[[1, 2], [1, 2]]], dtype=torch.float32)
    assert packed.token_ids.shape == (1, 2)
    assert packed.paths[0] == packed.paths[1]


def test_a_prompt_alone_is_one_chain() -> None:
    packed = pack_prompts([[[7, 8, 9]]], dtype=torch.float32)
    assert packed.token_ids.tolist() == [[7, 8, 9]]
    assert [(s.start, s.stop) for s in packed.segments] == [(0, 2), (2, 3)]


@pytest.mark.parametrize("groups", [[], [[]], [[[1], []]]])
def test_nothing_to_pack_is_refused(groups: list[list[list[int]]]) -> None:
    with pytest.raises(ValueError, match="nothing to pack"):
        pack_prompts(groups)


def test_prompts_that_share_half_are_grouped() -> None:
    assert group_alike([[1, 2, 3, 4], [1, 2, 3, 5], [1, 9, 9, 9]]) == [
        [[1, 2, 3, 4], [1, 2, 3, 5]],
        [[1, 9, 9, 9]],
    ]
