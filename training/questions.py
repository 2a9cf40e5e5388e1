"""Questions made from outfits: leave an item out, offer it among others of its type.

Pure, and random only through the generator that is handed in. The wording varies as a shop's does:
attributes said after the name, a line that says what the look is for.
"""

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from outfits.prompts import PromptItem
from training.polyvore import FitbQuestion, Item, Outfit, to_prompt_item
from training.scoring import MatchQuestion

Say = Callable[[Item], PromptItem]

_ATTRIBUTES = re.compile(
    r"\b(black|white|ivory|cream|beige|camel|tan|brown|grey|gray|silver|gold|navy|blue|teal|green|"
    r"olive|khaki|yellow|orange|coral|red|burgundy|wine|pink|rose|purple|lilac|striped?|plaid|"
    r"check(?:ed)?|floral|leopard|polka dots?|lace|denim|leather|suede|velvet|wool|silk|linen)\b"
)

#: Words in an outfit's names and categories that tell what it is worn for.
_CONTEXTS = (
    ("occasion: sport", re.compile(r"activewear|athletic|sport|yoga|running")),
    ("occasion: party", re.compile(r"cocktail|gown|clutch|sequin|party")),
    ("occasion: work", re.compile(r"blazer|pencil|loafer|briefcase|office")),
    ("season: winter", re.compile(r"coat|sweater|boots|scarf|wool|knit")),
    ("season: summer", re.compile(r"sandal|shorts|tank|swim|beach|straw")),
)


@dataclass(frozen=True, slots=True)
class Wording:
    """How often (probability) the questions about an outfit are worded as a shop words them."""

    attributes: float = 0.0
    context: float = 0.0


#: As Polyvore says it, and as FITB asks it.
PLAIN = Wording()


class ItemPool:
    """Items of a set of outfits by semantic type, for wrong answers."""

    def __init__(self, outfits: Iterable[Outfit]) -> None:
        self._by_type: dict[str, list[Item]] = defaultdict(list)
        for item in (item for outfit in outfits for item in outfit.items):
            self._by_type[item.semantic_type].append(item)

    def sample_like(
        self, item: Item, count: int, banned: Iterable[Item], rng: random.Random
    ) -> list[Item]:
        """Up to ``count`` items of the same type as ``item``.

        Named unlike ``item`` and all ``banned``, and unlike each other; fewer where the pool is
        small.
        """
        pool = self._by_type[item.semantic_type]
        taken = {item.name, *(other.name for other in banned)}
        chosen: list[Item] = []
        for _ in range(20 * count):
            if len(chosen) == count or not pool:
                break
            other = rng.choice(pool)
            if other.name not in taken:
                taken.add(other.name)
                chosen.append(other)
        return chosen


def from_fitb(question: FitbQuestion) -> MatchQuestion:
    """Put a FITB question to the stylist."""
    return MatchQuestion(
        partial_outfit=tuple(map(to_prompt_item, question.question)),
        candidates=tuple(map(to_prompt_item, question.answers)),
        correct=question.correct,
    )


def ask_each_item(
    items: Sequence[Item], pool: ItemPool, wrong: int, rng: random.Random
) -> list[MatchQuestion]:
    """Leave each item out in turn and offer it, first, among ``wrong`` others of its type.

    Items for which the pool holds too few others are passed over.
    """
    questions = []
    for place, item in enumerate(items):
        look = [*items[:place], *items[place + 1 :]]
        others = pool.sample_like(item, wrong, look, rng)
        if len(others) == wrong:
            questions.append(_word(look, [item, *others], to_prompt_item))
    return questions


def mix_outfit(items: Sequence[Item], pool: ItemPool, count: int, rng: random.Random) -> list[Item]:
    """Replace ``count`` of the items by random ones of the same type."""
    mixed = list(items)
    for place in rng.sample(range(len(mixed)), min(count, len(mixed))):
        mixed[place : place + 1] = pool.sample_like(mixed[place], 1, mixed, rng) or [mixed[place]]
    return mixed


def ask_outfit(
    outfit: Outfit,
    count: int,
    wrong: int,
    pool: ItemPool,
    wording: Wording,
    rng: random.Random,
) -> list[MatchQuestion]:
    """Leave ``count`` items out together and ask for each, among up to ``wrong`` others.

    All are asked of one look, so that its text is computed once. One item is left out where the
    outfit is too small for more; items for which the pool holds no other are passed over.
    """
    items = rng.sample(outfit.items, len(outfit.items))
    if len(items) <= count + 1:
        count = 1
    asked, look = items[:count], items[count:]
    say = _split_attributes if rng.random() < wording.attributes else to_prompt_item
    context = _guess_context(items, rng) if rng.random() < wording.context else ()
    offered = [[item, *pool.sample_like(item, wrong, items, rng)] for item in asked]
    return [_word(look, each, say, context) for each in offered if len(each) > 1]


def _word(
    look: Sequence[Item], offered: Sequence[Item], say: Say, context: tuple[str, ...] = ()
) -> MatchQuestion:
    return MatchQuestion(tuple(map(say, look)), tuple(map(say, offered)), 0, context)


def _split_attributes(item: Item) -> PromptItem:
    # "black lace top" is said as a shop says it: "top (tops), black, lace".
    found = tuple(_ATTRIBUTES.findall(item.name.lower()))
    bare = " ".join(_ATTRIBUTES.sub(" ", item.name.lower()).split())
    return PromptItem(bare or item.name, item.category, (*found, *item.attributes))


def _guess_context(items: Sequence[Item], rng: random.Random) -> tuple[str, ...]:
    text = " ".join(f"{item.name} {item.category}" for item in items).lower()
    found = [line for line, pattern in _CONTEXTS if pattern.search(text)]
    return (rng.choice(found),) if found else ()
