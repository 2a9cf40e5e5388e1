"""A recipe changed on the command line."""

import pytest

from training.recipe import change_recipe, changeable
from training.sft import StylistConfig

RECIPE = StylistConfig()


def test_numbers_and_lists_are_read_as_what_they_replace() -> None:
    changed = change_recipe(RECIPE, ["rank=8", "learning_rate=5e-4", "targets=q_proj,v_proj"])
    assert (changed.rank, changed.learning_rate) == (8, 5e-4)
    assert changed.targets == ("q_proj", "v_proj")


def test_what_is_not_said_stays() -> None:
    assert change_recipe(RECIPE, []) == RECIPE
    assert change_recipe(RECIPE, ["rank=8"]).steps == RECIPE.steps


@pytest.mark.parametrize(
    "change",
    ["rang=8", "rank", "rank=many", "rank=", "rank=8.5", "rank=nan", "wording=plain", "=1"],
)
def test_what_is_no_change_is_refused_with_what_to_write(change: str) -> None:
    with pytest.raises(ValueError, match=r"not in the recipe; there are|takes a number such as"):
        change_recipe(RECIPE, [change])


def test_everything_but_the_wording_can_be_changed() -> None:
    assert "wording" not in changeable(RECIPE)
    assert {"rank", "targets", "precision", "wrong", "verdict_weight"} <= set(changeable(RECIPE))
