"""How likely a value must be to be filled in unseen."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

#: Filled-in values are to be right this often.
WANTED: Final = 0.95
#: Fewer photos than this prove nothing.
_ENOUGH: Final = 25
#: Standard errors by which the photos at hand must beat what is wanted.
_MARGIN: Final = 0.5


def fit_threshold(
    likely: NDArray[np.float32], right: NDArray[np.bool_], wanted: float = WANTED
) -> float:
    """The lowest probability above which answers are right as often as ``wanted``.

    ``likely`` and ``right`` are of photos that nothing was learnt from. A threshold counts when
    the answers above it beat ``wanted`` by half a standard error: the next photos are not these.
    Where none does, nothing is ever sure (a threshold above 1).
    """
    order = np.argsort(-likely, kind="stable")
    count = np.arange(1, len(order) + 1)
    share = right[order].cumsum() / count
    error = np.sqrt(np.maximum(share * (1 - share), wanted * (1 - wanted) / 2) / count)
    enough = (share - _MARGIN * error >= wanted) & (count >= _ENOUGH)
    # Equally likely answers are all sure or none is.
    enough &= np.append(likely[order][1:] < likely[order][:-1], True)
    if not enough.any():
        return 1.01
    # Rounded down, as confidences are rounded: the answer at the threshold is a sure one.
    return float(np.floor(likely[order][np.flatnonzero(enough)[-1]] * 1e4) / 1e4)
