"""The two answers of a preference pair, computed after one pass over the prompt they share.

DPO runs every prompt twice, once with each answer, and here an answer is a line: nearly half of
the work is done twice. `share_prompts` makes a decoder run both answers behind one copy of the
prompt, neither seeing the other, and hand out the hidden states as if it had run both rows. The
trainer around it does not notice. The idea is prefix sharing (Wang and Hegde 2024,
https://arxiv.org/abs/2410.20305). torch is imported inside the functions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True)
class SharedRows:
    """B rows that hold 2B sequences of up to L tokens; T is the longest row.

    ``token_ids`` and ``positions`` are (B, T), ``mask`` is (B, 1, T, T), true where a token may
    look; ``places`` (2B, L) says where in its row each token of each sequence went.
    """

    token_ids: Tensor
    positions: Tensor
    mask: Tensor
    places: Tensor


def share_rows(token_ids: Tensor, attention_mask: Tensor) -> SharedRows:
    """Fold right-padded sequences, the first B with one answer and the next B with the other."""
    import torch

    count, length = token_ids.shape[0] // 2, token_ids.shape[1]
    lengths = attention_mask.sum(dim=1)
    chosen, rejected = token_ids[:count], token_ids[count:]
    # The first place where the two differ; the cumulative product stays 1 up to there.
    shared = (chosen == rejected).long().cumprod(dim=1).sum(dim=1)
    shared = torch.minimum(shared, torch.minimum(lengths[:count], lengths[count:]) - 1)
    start = lengths[:count]
    width = int((start + lengths[count:] - shared).max())
    at = torch.arange(max(width, length), device=token_ids.device)

    # Where a rejected sequence's token t went: shared ones are the chosen's, the rest come behind.
    moved = torch.where(at < shared[:, None], at, at - shared[:, None] + start[:, None])
    places = torch.cat([at.expand(count, -1), moved])[:, :length].clamp(max=width - 1)

    columns = at[:width].expand(count, -1)
    behind = columns >= start[:, None]
    positions = torch.where(behind, columns - start[:, None] + shared[:, None], columns)
    source = positions.clamp(max=length - 1)
    ids = torch.where(behind, rejected.gather(1, source), chosen.gather(1, source))

    causal = at[:width, None] >= at[None, :width]
    # The second answer does not see the first: columns from where they differ to where it begins.
    first_answer = (columns >= shared[:, None]) & ~behind
    mask = causal & ~(behind[:, :, None] & first_answer[:, None, :])
    return SharedRows(ids, positions, mask[:, None], places)


def share_prompts(decoder: Any) -> None:
    """Make ``decoder`` (a transformers model without head) compute shared prompts once.

    From then on it takes right-padded batches of an even number of sequences, as TRL's DPO trainer
    makes them: the chosen ones, then the rejected ones in the same order.
    """
    import torch

    run = decoder.forward

    def forward(input_ids: Tensor, attention_mask: Tensor, **kwargs: Any) -> Any:
        rows = share_rows(input_ids, attention_mask)
        output = run(
            input_ids=rows.token_ids,
            attention_mask=rows.mask,
            position_ids=rows.positions,
            **kwargs,
        )
        row = torch.arange(len(rows.places), device=input_ids.device) % len(rows.token_ids)
        output.last_hidden_state = output.last_hidden_state[row[:, None], rows.places]
        return output

    decoder.forward = forward
