"""How sure the stylist was of a choice: a reading of its log-probability; pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

from outfits.circumstances.curated import PIN_LOGITS

#: From how large a share of the way from chance to certainty on, a choice is called so.
_WORDS = (
    (0.6, gettext_noop("Sure")),
    (0.3, gettext_noop("Fairly sure")),
    (0.1, gettext_noop("Rather this than the others")),
)
_GUESS = gettext_noop("Little more than a guess")
_PICKED = gettext_noop("Picked by the shop, not by the stylist")
_ONLY = gettext_noop("There was nothing to choose from")


@dataclass(frozen=True, slots=True)
class Confidence:
    """``share`` is the probability (0 to 1) that the stylist gave its choice of ``candidates``.

    None where it did not choose. ``words`` (an English msgid) say it: they read the share against
    ``chance``, that of picking one blindly, since half is much among fifty and nothing among two.
    """

    share: float | None
    candidates: int
    words: str

    @property
    def chance(self) -> float:
        return 1 / max(1, self.candidates)


def read_confidence(candidates: list[dict[str, Any]], product_id: int) -> Confidence:
    """How sure a stored choice of ``product_id`` was, among stored ``candidates``."""
    count = len(candidates)
    chosen: Mapping[str, Any] = next((c for c in candidates if c["product"] == product_id), {})
    if chosen.get("context", {}).get("rule", 0.0) >= PIN_LOGITS:
        return Confidence(None, count, _PICKED)
    if count < 2 or "logprob" not in chosen:
        return Confidence(None, count, _ONLY)
    share = min(1.0, math.exp(chosen["logprob"]))
    chance = 1 / count
    above = (share - chance) / (1 - chance)
    words = next((words for least, words in _WORDS if above >= least), _GUESS)
    return Confidence(round(share, 3), count, words)
