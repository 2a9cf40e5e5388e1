"""Why an item, by what counting knows: which words and categories are worn together; pure.

The weights are exact: each is what a group of figures added to the item's score (in logits, after
mixing) beyond what it added to the candidates on average. Together they are all that counting did.
"""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext_noop

from outfits.cooccurrence import FIGURES, Cooccurrence, pair_words, words_of
from outfits.prompts import PromptItem, clean_text
from outfits.scoring import Taste
from outfits.why.factors import Factor, make_factor

#: Weaker than this is no reason that anybody should read about.
_LEAST = 0.1
_TERMS = 3
#: Numbers and letters alone tell a person nothing.
_TERM_MIN_CHARS = 3


def counted_factors(
    taste: Taste, look: Sequence[PromptItem], candidates: Sequence[PromptItem], chosen: int
) -> list[Factor]:
    """What counting said for or against ``candidates[chosen]`` beside ``look``."""
    known = taste.cooccurrence
    if known is None or not candidates:
        return []
    parts = [known.parts(look, candidate) for candidate in candidates]
    found = []
    for group in FIGURES:
        mean = sum(each[group] for each in parts) / len(parts)
        weight = taste.mix.cooccurrence * (parts[chosen][group] - mean)
        if abs(weight) >= _LEAST:
            found.append(
                _tell(group, weight, _terms(group, weight, known, look, candidates[chosen]))
            )
    return found


def _tell(group: str, weight: float, terms: Sequence[str]) -> Factor:
    good, bad, vague_good, vague_bad = _MESSAGES[group]
    if terms:
        factor = make_factor(group, weight, good if weight > 0 else bad, title=", ".join(terms))
    else:
        factor = make_factor(group, weight, vague_good if weight > 0 else vague_bad)
    return replace(factor, terms=tuple(terms), scored=True)


def _terms(
    group: str,
    weight: float,
    known: Cooccurrence,
    look: Sequence[PromptItem],
    chosen: PromptItem,
) -> list[str]:
    if group == "worn_together":
        return _word_terms(weight, known, look, chosen)
    if group == "category":
        return _category_terms(weight, known, look, chosen)
    if group == "wording":
        # Runs of letters tell a person nothing.
        return []
    shared = set().union(*map(words_of, look)) & words_of(chosen) if look else set()
    told = sorted(shared, key=lambda word: (-known.counts.rarity(word), word))
    return [word for word in told if _tells(word)][:_TERMS] if weight > 0 else []


def _word_terms(
    weight: float, known: Cooccurrence, look: Sequence[PromptItem], chosen: PromptItem
) -> list[str]:
    """The pairs that speak most in the direction of the weight."""
    pairs = pair_words(known.counts, look, chosen)
    along = [pair for pair in (pairs if weight > 0 else pairs[::-1]) if pair[2] * weight > 0]
    return [f"{a} + {b}" for a, b, _ in along if _tells(a) and _tells(b)][:_TERMS]


def _category_terms(
    weight: float, known: Cooccurrence, look: Sequence[PromptItem], chosen: PromptItem
) -> list[str]:
    kind = clean_text(chosen.category)
    others = dict.fromkeys(clean_text(item.category) for item in look)
    affinity = {other: known.counts.category_affinity(other, kind) for other in others if other}
    along = [other for other in affinity if affinity[other] * weight > 0]
    strongest = sorted(along, key=lambda other: -abs(affinity[other]))
    return [f"{other} + {kind}" for other in strongest if kind][:_TERMS]


def _tells(word: str) -> bool:
    return len(word) >= _TERM_MIN_CHARS and word.isalpha()


#: group -> (speaks for, speaks against, and both where no words can be named).
_MESSAGES = {
    "worn_together": (
        gettext_noop("Often worn together: {title}"),
        gettext_noop("Seldom worn together: {title}"),
        gettext_noop("Its words are often worn with those of the look"),
        gettext_noop("Its words are seldom worn with those of the look"),
    ),
    "category": (
        gettext_noop("Kinds that are often worn together: {title}"),
        gettext_noop("Kinds that are seldom worn together: {title}"),
        gettext_noop("Its kind is worn more often than the others"),
        gettext_noop("Its kind is worn less often than the others"),
    ),
    "common_words": (
        gettext_noop("It has something in common with the look: {title}"),
        gettext_noop("The others have more in common with the look: {title}"),
        gettext_noop("It has more in common with the look than the others"),
        gettext_noop("The others have more in common with the look"),
    ),
    "wording": (
        gettext_noop("It is described much like the look"),
        gettext_noop("The others are described more like the look"),
        gettext_noop("It is described much like the look"),
        gettext_noop("The others are described more like the look"),
    ),
}
