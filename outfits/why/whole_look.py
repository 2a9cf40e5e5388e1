"""Why an item, by what the rest of the look added to its score: factors in logits; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from django.utils.translation import gettext_noop

from outfits.why.factors import Factor, make_factor

#: Weaker than this is no reason that anybody should read about.
_LEAST = 0.1
#: What is added, by name (`outfits.models.LookItem`) -> what speaks for an item, and against it.
_MESSAGES: Mapping[str, tuple[str, str]] = {
    "look": (
        gettext_noop("It goes with the other pieces of the look"),
        gettext_noop("It goes less well with the other pieces of the look"),
    ),
    "clash": (
        gettext_noop("It clashes with no other piece"),
        gettext_noop("It clashes with another piece of the look"),
    ),
    "budget": (
        gettext_noop("It leaves more of the budget for the rest"),
        gettext_noop("It takes much of the budget"),
    ),
    "repeat": (
        gettext_noop("No earlier look has it"),
        gettext_noop("An earlier look has it already"),
    ),
}


def whole_look_factors(added: Mapping[str, float]) -> Iterator[Factor]:
    """A factor for each part of ``added`` (name -> logits) that comes from the rest of the look."""
    for name, (good, bad) in _MESSAGES.items():
        weight = added.get(name, 0.0)
        if abs(weight) >= _LEAST:
            yield replace(make_factor(name, weight, good if weight > 0 else bad), scored=True)
