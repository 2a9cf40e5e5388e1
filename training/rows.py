"""Prompts that begin alike as rows of one batch: what an accelerator computes in one go.

`training.packing` saves every token it can, which is what counts on a CPU; on an accelerator many
small products cost more than a few tokens. Here each group of prompts is one row: what all of them
begin with, then the rest of each, none seeing another. Every prompt scores as it would alone
(tested). torch is imported inside the functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True)
class PromptRows:
    """G groups that hold P prompts; L is the longest row.

    ``token_ids`` and ``positions`` are (G, L); ``mask`` is (G, 1, L, L), true where a token may
    look; ``paths[p][i]`` is where token i of prompt p lies, counted through all rows.
    """

    token_ids: Tensor
    positions: Tensor
    mask: Tensor
    paths: tuple[tuple[int, ...], ...]


def lay_rows(groups: Sequence[Sequence[Sequence[int]]], device: Any = None) -> PromptRows:
    """Lay out token sequences, a row a group. Raises `ValueError` on an empty group or prompt."""
    import torch

    if not groups or not all(group and all(group) for group in groups):
        raise ValueError("nothing to lay out: a group needs prompts, and a prompt needs tokens")
    rows = [_Row(group) for group in groups]
    longest = max(len(row.tokens) for row in rows)

    def tensor(name: str, filler: int) -> Tensor:
        values = [getattr(row, name) for row in rows]
        padded = [each + [filler] * (longest - len(each)) for each in values]
        return torch.tensor(padded, device=device)

    # Padding is a prompt of its own: nobody looks at it, and it has something to look at.
    owner = tensor("owners", -1)
    looks, seen = owner[:, :, None], owner[:, None, :]
    earlier = torch.ones(longest, longest, dtype=torch.bool, device=device).tril()
    return PromptRows(
        token_ids=tensor("tokens", 0),
        positions=tensor("depths", 0),
        mask=(earlier & ((seen == 0) | (seen == looks)))[:, None],
        paths=tuple(
            tuple(number * longest + place for place in path)
            for number, row in enumerate(rows)
            for path in row.paths
        ),
    )


class _Row:
    """One group; ``owners`` is 0 where a token belongs to all prompts, else the prompt's number."""

    def __init__(self, prompts: Sequence[Sequence[int]]) -> None:
        shared = shared_length(prompts)
        self.tokens = list(prompts[0][:shared])
        self.depths = list(range(shared))
        self.owners = [0] * shared
        self.paths: list[list[int]] = []
        for number, prompt in enumerate(prompts, start=1):
            self.tokens += prompt[shared:]
            self.depths += range(shared, len(prompt))
            self.owners += [number] * (len(prompt) - shared)
            own = range(len(self.tokens) - len(prompt) + shared, len(self.tokens))
            self.paths.append([*range(shared), *own])


def shared_length(prompts: Sequence[Sequence[int]]) -> int:
    """How many tokens all ``prompts`` begin with; the last token of each stays its own."""
    ordered = sorted(map(tuple, prompts))
    low, high = ordered[0], ordered[-1]
    length = 0
    while length < min(len(low), len(high)) and low[length] == high[length]:
        length += 1
    return min(length, min(map(len, prompts)) - 1)
