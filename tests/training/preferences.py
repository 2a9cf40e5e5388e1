"""Preference pairs for tests: in memory, and as stored rows."""

from feedback.models import PreferencePair
from outfits.prompts import PromptItem, build_query, build_question
from tests.factories import make_look, make_product, say
from training.dataset import PairExample, is_held_out


def make_example(
    anchor: str = "A1", chosen: str = "black shoe", rejected: str = "pink shoe"
) -> PairExample:
    """A pair about two shoes for one shirt."""
    query = build_query([PromptItem(f"shirt {anchor}", "Shirts")])
    preferred, other = (build_question(PromptItem(name, "Shoes")) for name in (chosen, rejected))
    return PairExample(anchor, query, preferred, other)


def anchors(count: int, *, held_out: bool, share: float = 0.25) -> list[str]:
    """SKUs that the split puts on one side."""
    numbered = (f"ANCHOR-{number}" for number in range(1000))
    return [sku for sku in numbered if is_held_out(sku, share) == held_out][:count]


def store_pairs(skus: list[str]) -> list[PreferencePair]:
    """One stored pair about each anchor, as a swap makes it."""
    stored = []
    for sku in skus:
        anchor = make_product("top", sku=sku, embedded=False)
        offered = [make_product("shoes", embedded=False) for _ in range(2)]
        look = make_look(anchor, offered)
        say(look, "swap", product=offered[0], replacement=offered[1])
        stored.append(PreferencePair.objects.get(anchor_sku=sku))
    return stored
