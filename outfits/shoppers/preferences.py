"""What of a shopper's taste counts for looks: the few facts that matter, without who they are of.

A `Context` carries them as short texts, equal for equal taste, so that looks are shared by shoppers
who like the same and by nobody else. Everything here is pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

from outfits.shoppers.facts import SESSION_KINDS, STATED, Fact, FactKind, Source, Stance, read_fact

#: What each source's word is worth, in logits, for each time that it was said.
_WORTH = {
    Source.QUIZ: 1.0,
    Source.SAID: 1.5,
    Source.PURCHASE: 0.4,
    Source.VIEW: 0.1,
    Source.FEEDBACK: 0.5,
}
#: What was done, not said, adds up to no more than this.
_MOST_DERIVED = 1.0
#: Coarse, so that like tastes share looks and no taste is anybody's own.
_STEP = 0.5
#: More would leave every taste alone with itself.
_MOST_LIKES = 12
#: Budgets for a piece are rounded to this.
_BUDGET_STEP = 10
_NEVER = "never"

_MAX_SESSION_CHARS = 600
_MAX_SESSION_FACTS = 24


@dataclass(frozen=True, slots=True)
class SaidFact:
    """A fact with where it is from and how often it was said."""

    fact: Fact
    source: str = Source.SAID
    times: int = 1


@dataclass(frozen=True, slots=True)
class Preference:
    """One fact that counts; ``weight`` is in logits, None where it is never to be shown."""

    kind: str
    value: str
    weight: float | None
    source: str

    @property
    def is_never(self) -> bool:
        return self.weight is None

    def __str__(self) -> str:
        weight = _NEVER if self.weight is None else f"{self.weight:+g}"
        return f"{self.kind}={self.value} {weight} {self.source}"


def choose_preferences(said: Iterable[SaidFact]) -> tuple[str, ...]:
    """The facts that count, as `Context.preferences` holds them; the newest come last in ``said``.

    What was stated outright decides alone; what follows from purchases, views and feedback adds up.
    Products are left out: what somebody owns would tell who they are (`hidden_products`).
    """
    by_subject: dict[tuple[str, str], list[SaidFact]] = defaultdict(list)
    for each in said:
        if each.fact.kind not in (FactKind.PRODUCT, FactKind.SIZE):
            by_subject[each.fact.subject].append(each)
    found = [p for every in by_subject.values() if (p := _decide(every)) is not None]
    likes = sorted((p for p in found if not p.is_never), key=_by_strength)[:_MOST_LIKES]
    never = [p for p in found if p.is_never]
    return tuple(sorted(map(str, [*likes, *never])))


def hidden_products(said: Iterable[SaidFact]) -> frozenset[str]:
    """The SKUs that are not to be shown; they stay out of stored looks."""
    return frozenset(each.fact.value for each in said if each.fact.kind == FactKind.PRODUCT)


@lru_cache(maxsize=1024)
def read_preferences(written: tuple[str, ...]) -> tuple[Preference, ...]:
    """What `choose_preferences` wrote."""
    return tuple(map(_read, written))


def may_be_of_tab(written: tuple[str, ...]) -> bool:
    """Whether `choose_preferences` may have written this of a tab alone: all of it was said.

    It may as well be the taste of a shopper who agreed to be remembered.
    """
    said = [preference.source == Source.SAID for preference in read_preferences(written)]
    return bool(said) and all(said)


def read_session_taste(text: str) -> list[SaidFact]:
    """What a browser tab said, as a query string: ``like.colour=navy&never.material=leather``.

    Raises `ValueError` with what to write. Only words from lists may be said here.
    """
    if len(text) > _MAX_SESSION_CHARS:
        raise ValueError(f"A taste has up to {_MAX_SESSION_CHARS} characters.")
    try:
        pairs = parse_qsl(text, strict_parsing=bool(text), max_num_fields=_MAX_SESSION_FACTS)
    except ValueError as error:
        raise ValueError(
            f"Write a taste as a query string of up to {_MAX_SESSION_FACTS} facts, such as "
            "like.colour=navy&never.material=leather."
        ) from error
    return [SaidFact(_read_session_fact(name, value)) for name, value in pairs]


def write_session_taste(facts: Iterable[Fact]) -> list[tuple[str, str]]:
    """The names and values of the query string that `read_session_taste` reads, as said in turn.

    What does not fit is left out: what is never to be shown stays first, then a budget, then the
    rest as it was said.
    """
    said = [fact for fact in facts if fact.kind in SESSION_KINDS]
    written = [(f"{fact.stance}.{fact.kind}", fact.value) for fact in said]
    kept: list[int] = []
    for place in sorted(range(len(said)), key=lambda place: _by_telling(said[place])):
        more = sorted([*kept, place])
        fits = len(urlencode([written[each] for each in more])) <= _MAX_SESSION_CHARS
        if fits and len(more) <= _MAX_SESSION_FACTS:
            kept = more
    return [written[place] for place in kept]


def _by_telling(fact: Fact) -> tuple[bool, bool]:
    return fact.stance != Stance.NEVER, fact.kind != FactKind.BUDGET


def _read_session_fact(name: str, value: str) -> Fact:
    stance, _, kind = name.partition(".")
    if kind not in SESSION_KINDS:
        known = ", ".join(SESSION_KINDS)
        raise ValueError(f"{name!r} is no fact. Write like., dislike. or never. and: {known}.")
    return read_fact(kind, value, stance)


def _decide(said: Sequence[SaidFact]) -> Preference | None:
    """What all that was said about one thing comes to."""
    stated = [each for each in said if each.source in STATED]
    last = stated[-1] if stated else said[-1]
    fact, source = last.fact, str(last.source)
    if fact.kind == FactKind.BUDGET:
        return Preference(fact.kind, _round_budget(last, said), 1.0, source)
    if stated:
        return _state(fact, source)
    total = sum(_worth(each) * each.times for each in said)
    weight = round(max(-_MOST_DERIVED, min(_MOST_DERIVED, total)) / _STEP) * _STEP
    strongest = max(said, key=lambda each: abs(_worth(each) * each.times))
    return Preference(fact.kind, fact.value, weight, str(strongest.source)) if weight else None


def _state(fact: Fact, source: str) -> Preference:
    never = fact.stance == Stance.NEVER
    weight = None if never else _worth(SaidFact(fact, source))
    return Preference(fact.kind, fact.value, weight, source)


def _worth(said: SaidFact) -> float:
    sign = -1 if said.fact.stance == Stance.DISLIKE else 1
    return sign * _WORTH[Source(said.source)]


def _round_budget(last: SaidFact, said: Sequence[SaidFact]) -> str:
    """What was stated, rounded up; else the least that was found too dear, rounded down."""
    if last.source in STATED:
        return str(-(-int(last.fact.value) // _BUDGET_STEP) * _BUDGET_STEP)
    least = min(int(each.fact.value) for each in said)
    return str(max(1, least // _BUDGET_STEP) * _BUDGET_STEP)


def _by_strength(preference: Preference) -> tuple[bool, float, str]:
    # A budget is one of a kind and always counts.
    strength = abs(preference.weight or 0.0)
    return preference.kind != FactKind.BUDGET, -strength, str(preference)


def _read(written: str) -> Preference:
    subject, weight, source = written.rsplit(" ", 2)
    kind, _, value = subject.partition("=")
    return Preference(kind, value, None if weight == _NEVER else float(weight), source)
