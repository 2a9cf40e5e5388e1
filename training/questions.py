"""Letter-choice questions made from outfits: leave one item out, offer it among others of its type.

Pure, and random only through the generator that is handed in. Augmentation keeps the wording of
questions as varied as a shop's: attributes said after the name, a context line, a finer slot.
"""

import math
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from catalog.slots import guess_slot
from outfits.prompts import LETTERS, Message, PromptItem, build_choice_messages
from training.polyvore import FitbQuestion, Item, Outfit, to_prompt_item

#: What the prompt calls each of Polyvore's semantic types: the shop's own slot names.
SLOT_NAMES = {
    "tops": "top",
    "bottoms": "bottom",
    "outer": "outerwear",
    "full": "dress",
    "accessory": "accessory",
    "shoes": "shoes",
    "bag": "bag",
    "headwear": "headwear",
    "legwear": "legwear",
}

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


#: A whole outfit is judged by the same prompt: what is missing is the verdict.
VERDICT_SLOT = "verdict"
VERDICTS = (PromptItem("goes well together", ""), PromptItem("does not match", ""))


@dataclass(frozen=True, slots=True)
class ChoiceQuestion:
    """Which candidate fills ``slot`` of a partial outfit; ``candidates[correct]`` did."""

    partial_outfit: tuple[PromptItem, ...]
    slot: str
    candidates: tuple[PromptItem, ...]
    correct: int
    context: tuple[str, ...] = ()
    #: What a teacher thinks of each candidate: chances that sum to one, or nothing.
    chances: tuple[float, ...] = ()

    def build_messages(self) -> list[Message]:
        """Write the question as the server will be asked it."""
        return build_choice_messages(self.partial_outfit, self.slot, self.candidates, self.context)


@dataclass(frozen=True, slots=True)
class Augmentation:
    """How often (probability) a training question is worded other than Polyvore words it."""

    finer_slot: float = 0.3
    attributes: float = 0.15
    context: float = 0.15
    drop_item: float = 0.1
    #: A piece of the look is renamed after the right answer, some words lost: an easy question,
    #: for the first steps, whose answer is the candidate that repeats what the look says.
    hint: float = 0.0
    #: How often an outfit is also judged as a whole, real or mixed.
    verdict: float = 0.0
    candidates: tuple[int, ...] = (2, 3, 4, 4, 4, 5, 6, 8)
    #: Keep this many pieces of the look, and words of a name; 0 keeps all. For short lessons.
    look_items: int = 0
    name_words: int = 0
    #: How many times each item left out is asked for, among other wrong answers each time: a
    #: second question about one look costs half as much as a question about another.
    sets: int = 1


#: Asked as Polyvore says it, and as FITB asks it.
PLAIN = Augmentation(finer_slot=0, attributes=0, context=0, drop_item=0, candidates=(4,))

#: The first lessons: short, and one candidate repeats what the look says. A model of 135M learns
#: from them to tie letters to items, in a few dozen steps; from real questions alone it does not.
LESSONS = replace(PLAIN, hint=1.0, candidates=(3, 4), look_items=2, name_words=4)


class Grader(Protocol):
    """A teacher: what it thinks of candidates and of whole outfits, as logits."""

    def scores(
        self, look: Sequence[Item], candidates: Sequence[Item], worn: int | None = None
    ) -> list[float]:
        """A logit a candidate; ``worn`` is the index of the one that was worn, if any was."""
        ...

    def verdict(self, items: Sequence[Item], worn: bool = False) -> float:
        """The logit that ``items`` go together; ``worn`` says that they were worn."""
        ...


class ItemPool:
    """Items of a set of outfits, by semantic type and by the shop's slot, for wrong answers."""

    def __init__(self, outfits: Iterable[Outfit]) -> None:
        self._by_type: dict[str, list[Item]] = defaultdict(list)
        self._by_slot: dict[str, list[Item]] = defaultdict(list)
        for item in (item for outfit in outfits for item in outfit.items):
            self._by_type[item.semantic_type].append(item)
            self._by_slot[guess_slot(item.category) or ""].append(item)

    def sample_like(
        self, item: Item, count: int, banned: Iterable[Item], rng: random.Random, fine: bool = False
    ) -> list[Item]:
        """Up to ``count`` items of the same type (or, ``fine``, the same slot) as ``item``.

        Named unlike ``item`` and all ``banned``, and unlike each other; fewer where the pool is
        small.
        """
        pool = self._by_slot[_slot(item)] if fine else self._by_type[item.semantic_type]
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


def from_fitb(question: FitbQuestion) -> ChoiceQuestion:
    """Put a FITB question to the stylist; all answers are of one semantic type, which it names."""
    semantic_type = question.answers[question.correct].semantic_type
    return ChoiceQuestion(
        partial_outfit=tuple(map(to_prompt_item, question.question)),
        slot=SLOT_NAMES.get(semantic_type, semantic_type),
        candidates=tuple(map(to_prompt_item, question.answers)),
        correct=question.correct,
    )


def ask_verdict(items: Sequence[Item], label: int) -> ChoiceQuestion:
    """Ask of a whole outfit whether it goes together; ``label`` is 1 if it does."""
    return ChoiceQuestion(
        partial_outfit=tuple(map(to_prompt_item, items)),
        slot=VERDICT_SLOT,
        candidates=VERDICTS,
        correct=0 if label else 1,
    )


def ask_each_item(
    items: Sequence[Item], pool: ItemPool, wrong: int, rng: random.Random
) -> list[ChoiceQuestion]:
    """Leave each item out in turn and offer it among ``wrong`` others of its type."""
    augment = replace(PLAIN, candidates=(wrong + 1,))
    questions = []
    for place, item in enumerate(items):
        questions += _ask(item, [*items[:place], *items[place + 1 :]], pool, augment, rng)
    return questions


def mix_outfit(items: Sequence[Item], pool: ItemPool, count: int, rng: random.Random) -> list[Item]:
    """Replace ``count`` of the items by random ones of the same type."""
    mixed = list(items)
    for place in rng.sample(range(len(mixed)), min(count, len(mixed))):
        mixed[place : place + 1] = pool.sample_like(mixed[place], 1, mixed, rng) or [mixed[place]]
    return mixed


def make_questions(
    outfit: Outfit,
    count: int,
    pool: ItemPool,
    augment: Augmentation,
    rng: random.Random,
    grader: Grader | None = None,
) -> list[ChoiceQuestion]:
    """Leave ``count`` different items of ``outfit`` out in turn and ask for each.

    The items that are never left out come first in every look, so that the questions share their
    beginning. Items for which the pool holds no wrong answer are passed over. ``grader``
    fills in the questions' chances.
    """
    items = rng.sample(outfit.items, len(outfit.items))
    asked, kept = items[:count], items[count:]
    questions = []
    if rng.random() < augment.verdict:
        questions.append(_ask_mixed([*kept, *asked], pool, rng, grader))
    for item in asked:
        look = [*kept, *(other for other in asked if other is not item)]
        questions += _ask(item, look, pool, augment, rng, grader)
    return questions


def shuffle_candidates(question: ChoiceQuestion, rng: random.Random) -> ChoiceQuestion:
    """The same question with its candidates in another order."""
    order = rng.sample(range(len(question.candidates)), len(question.candidates))
    return replace(
        question,
        candidates=tuple(question.candidates[index] for index in order),
        correct=order.index(question.correct),
        chances=tuple(question.chances[index] for index in order if question.chances),
    )


def softmax(logits: Sequence[float]) -> tuple[float, ...]:
    """Chances, summing to one, of candidates with ``logits``."""
    weights = [math.exp(logit - max(logits)) for logit in logits]
    return tuple(weight / sum(weights) for weight in weights)


def _ask(
    item: Item,
    look: Sequence[Item],
    pool: ItemPool,
    augment: Augmentation,
    rng: random.Random,
    grader: Grader | None = None,
) -> list[ChoiceQuestion]:
    """Ask for ``item`` ``augment.sets`` times: one wording, one look, other wrong answers."""
    fine = rng.random() < augment.finer_slot and bool(_slot(item))
    word = _split_attributes if rng.random() < augment.attributes else to_prompt_item
    item, *look = (_shorten(each, augment.name_words) for each in (item, *look))
    context = _guess_context([*look, item], rng) if rng.random() < augment.context else ()
    seen = _vary_look(item, look, augment, rng)
    questions = []
    for _ in range(augment.sets):
        count = min(rng.choice(augment.candidates), len(LETTERS)) - 1
        wrong = pool.sample_like(item, count, look, rng, fine)
        offered = [item, *(_shorten(other, augment.name_words) for other in wrong)]
        question = ChoiceQuestion(
            partial_outfit=tuple(map(word, seen)),
            slot=_slot(item) if fine else SLOT_NAMES.get(item.semantic_type, item.semantic_type),
            candidates=tuple(map(word, offered)),
            correct=0,
            context=context,
            chances=softmax(grader.scores(seen, offered, 0)) if grader else (),
        )
        questions.append(shuffle_candidates(question, rng))
    return [question for question in questions if len(question.candidates) > 1]


def _vary_look(
    item: Item, look: Sequence[Item], augment: Augmentation, rng: random.Random
) -> list[Item]:
    seen = list(look[: augment.look_items or None])
    while len(seen) > 2 and rng.random() < augment.drop_item:
        seen.pop(rng.randrange(len(seen)))
    if rng.random() < augment.hint:
        place = rng.randrange(len(seen))
        seen[place] = replace(seen[place], name=_blur(item.name, rng))
    return seen


def _ask_mixed(
    items: Sequence[Item], pool: ItemPool, rng: random.Random, grader: Grader | None
) -> ChoiceQuestion:
    # All items at once as in the compatibility task, or only some, which is harder to tell.
    label, whole = rng.randrange(2), rng.random() < 0.7
    if not label:
        count = len(items) if whole else rng.randint(1, len(items))
        items = mix_outfit(items, pool, count, rng)
    question = ask_verdict(items, label)
    if grader and (label or whole):
        logit = grader.verdict(items, worn=bool(label))
        question = replace(question, chances=softmax([logit, 0.0]))
    return shuffle_candidates(question, rng)


def _slot(item: Item) -> str:
    return str(guess_slot(item.category) or "")


def _shorten(item: Item, words: int) -> Item:
    return replace(item, name=" ".join(item.name.split()[:words])) if words else item


def _blur(name: str, rng: random.Random) -> str:
    kept = [word for word in name.split() if rng.random() < 0.7]
    return " ".join(kept) or name


def _split_attributes(item: Item) -> PromptItem:
    # "black lace top" is said as a shop says it: "top (tops), black, lace".
    found = tuple(_ATTRIBUTES.findall(item.name.lower()))
    bare = " ".join(_ATTRIBUTES.sub(" ", item.name.lower()).split())
    return PromptItem(bare or item.name, item.category, found)


def _guess_context(items: Sequence[Item], rng: random.Random) -> tuple[str, ...]:
    text = " ".join(f"{item.name} {item.category}" for item in items).lower()
    found = [line for line, pattern in _CONTEXTS if pattern.search(text)]
    return (rng.choice(found),) if found else ()
