"""Several processes that train as one: ``accelerate launch manage.py train_stylist ...``.

Every process draws the same questions, works on its share and adds its gradients to the others', so
that a run gives the same adapter (but for the order of floating-point sums) however many processes
it has. Data parallelism with summed gradients, as in Goyal et al. 2017
(https://arxiv.org/abs/1706.02677). torch and accelerate are imported inside the functions.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from torch import Tensor

T = TypeVar("T")

#: As many as keep up with one accelerator.
_HELPERS = 2


class Team:
    """The processes of one run; alone unless a launcher says otherwise."""

    def __init__(self) -> None:
        self.rank, self.size = 0, 1
        self.device: Any = "cpu"
        import torch

        if torch.cuda.is_available():
            self.device = "cuda"
        if int(os.environ.get("WORLD_SIZE", "1")) > 1:
            self._join(cpu=not torch.cuda.is_available())

    @property
    def is_lead(self) -> bool:
        """Whether this process writes what all of them made."""
        return self.rank == 0

    @property
    def helpers(self) -> int:
        """Processes that make this one's lessons: none where it would only wait for the CPU."""
        return 0 if str(self.device) == "cpu" else _HELPERS

    def share(self, work: Sequence[T]) -> Sequence[T]:
        """This process's part of ``work``, which is the same everywhere."""
        return work[self.rank :: self.size]

    def add_up(self, tensors: Sequence[Tensor]) -> None:
        """Replace each tensor, in place, by its sum over all processes."""
        if self.size == 1:
            return
        import torch.distributed as dist

        for tensor in tensors:
            dist.all_reduce(tensor)

    def wait(self) -> None:
        """Go on when everybody is here."""
        if self.size > 1:
            import torch.distributed as dist

            dist.barrier()

    def _join(self, *, cpu: bool) -> None:
        from accelerate import PartialState  # type: ignore[import-untyped]

        state = PartialState(cpu=cpu)
        self.rank, self.size, self.device = state.process_index, state.num_processes, state.device
