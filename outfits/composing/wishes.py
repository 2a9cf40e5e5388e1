"""What a shopper asks of a look besides its context: a budget, items that stay, another look."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal
from typing import Any

#: At most so many looks of one anchor and context, none like another.
MAX_LOOKS = 3
_CENT = Decimal("0.01")
#: Budgets between these two are rounded down to multiples of the first.
_BUDGET_STEP, _FINE_UP_TO = Decimal(5), Decimal(200)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a look; empty for the plain look, which is built ahead.

    ``budget`` is what all items together may cost, the anchor left out, in the anchor's currency.
    It is rounded down, so that like budgets share a look and none is exceeded: to a multiple of 5
    from 5 to 200, else to two leading digits (250, 1200).
    ``locks`` are the SKUs of items that stay, each in a slot of its own. ``number`` says which of
    up to `MAX_LOOKS` looks is meant, from 1.
    """

    budget: Decimal | None = None
    locks: tuple[str, ...] = ()
    number: int = 1

    def __post_init__(self) -> None:
        # Equal wishes share a look, in whatever order and with however many zeros they are said.
        object.__setattr__(self, "locks", tuple(sorted(set(self.locks))))
        if self.budget is not None:
            object.__setattr__(self, "budget", _round_down(self.budget))

    @property
    def key(self) -> str:
        """A hash that is equal for equal wishes; empty for the plain look."""
        stored = self.as_json()
        if not stored:
            return ""
        return hashlib.sha256(json.dumps(stored, sort_keys=True).encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """The wish as it is stored with a look; what is not asked is left out."""
        asked = {
            "budget": None if self.budget is None else str(self.budget),
            "locks": list(self.locks),
            "number": self.number if self.number > 1 else None,
        }
        return {name: value for name, value in asked.items() if value}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Wish":
        """What `as_json` wrote."""
        budget = stored.get("budget")
        return cls(
            budget=None if budget is None else Decimal(budget),
            locks=tuple(stored.get("locks", ())),
            number=stored.get("number", 1),
        )

    def numbered(self, number: int) -> "Wish":
        """The same wish for another of its looks."""
        return replace(self, number=number)


def _round_down(budget: Decimal) -> Decimal:
    fine = _BUDGET_STEP <= budget <= _FINE_UP_TO
    step = _BUDGET_STEP if fine else Decimal(10) ** (budget.adjusted() - 1)
    return (budget // step * step).quantize(_CENT, ROUND_DOWN)


PLAIN = Wish()
