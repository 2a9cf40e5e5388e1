"""Loaded into vLLM's worker process (``--worker-extension-cls``): LoRA on the CPU, by adapter.

On the CPU, vLLM 0.32 copies an adapter's matrices once for every token and multiplies row by row.
Here the rows of one adapter are multiplied together, which is many times faster. It is also right:
vLLM gives rows of the base model slot -1, which torch reads as *the last slot*, so that base rows
that share a batch with adapter rows answer as the adapter that lies there. Here they are left
alone.

This file runs in the model server's environment and may import nothing of the project's.
"""

from typing import Any

from vllm.lora.ops.torch_ops import lora_ops  # type: ignore[import-not-found]
from vllm.lora.punica_wrapper import punica_cpu  # type: ignore[import-not-found]


def shrink(inputs: Any, weights: Any, output: Any, slots: Any, scaling: float = 1.0) -> None:
    """Write ``inputs`` (T, in) times each row's LoRA A, scaled, to ``output`` (T, rank).

    ``weights`` is (slots, 1, rank, in); ``slots`` (T,) is -1 where a row has no adapter.
    """
    for rows, low in _by_adapter(weights, slots):
        output[rows, : low.shape[0]] = scaling * (inputs[rows].to(output.dtype) @ _as(low, output))


def expand(inputs: Any, weights: Any, output: Any, slots: Any, add_inputs: bool = True) -> None:
    """Add (or write) ``inputs`` (T, rank) times each row's LoRA B to ``output`` (T, out)."""
    for rows, high in _by_adapter(weights, slots):
        width = min(high.shape[0], output.shape[1])
        _put(inputs, output, rows, high[:width], slice(0, width), add_inputs)


def expand_slice(
    inputs: Any,
    weights: Any,
    output: Any,
    slots: Any,
    slice_offset: int,
    slice_size: int,
    add_inputs: bool = True,
) -> None:
    """The same, to ``slice_size`` columns from ``slice_offset`` on (q, k and v are one matrix)."""
    columns = slice(slice_offset, slice_offset + slice_size)
    for rows, high in _by_adapter(weights, slots):
        _put(inputs, output, rows, high, columns, add_inputs)


def _by_adapter(weights: Any, slots: Any) -> Any:
    """(rows, matrix) of every adapter that some row has."""
    present = [slot for slot in slots.unique().tolist() if slot >= 0]
    for slot in present:
        matrix = weights[slot]
        alone = len(present) == 1 and bool((slots == slot).all())
        rows = slice(None) if alone else slots == slot
        yield rows, matrix.squeeze(0) if matrix.dim() == 3 else matrix


def _put(inputs: Any, output: Any, rows: Any, high: Any, columns: slice, add: bool) -> None:
    product = inputs[rows].to(output.dtype) @ _as(high, output)
    if add:
        product = output[rows, columns] + product
    output[rows, columns] = product


def _as(matrix: Any, like: Any) -> Any:
    return matrix.to(like.dtype).T


for module in (lora_ops, punica_cpu):
    module.bgmv_shrink = shrink
    module.bgmv_expand = expand
    module.bgmv_expand_slice = expand_slice


class GroupedLora:
    """What vLLM mixes into its worker class. Empty: importing this module did the work."""
