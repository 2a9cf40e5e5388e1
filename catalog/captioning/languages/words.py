"""What every language's composer is given."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """A caption's words, translated; what is not known or goes without saying is left out.

    ``gender`` is the noun's, in the catalogue's letters; "" for a noun that is not translated.
    ``adjectives`` are stems to decline; ``others`` are words that the catalogue does not know.
    """

    noun: str
    gender: str
    adjectives: tuple[str, ...] = ()
    material: str = ""
    style: str = ""
    others: tuple[str, ...] = ()
