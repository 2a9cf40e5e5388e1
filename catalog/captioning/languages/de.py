"""German: adjectives agree with the noun."""

from typing import Final

from catalog.captioning.languages.words import Words

#: Strong endings in the nominative: no article comes before the adjective.
_ENDINGS: Final = {"m": "er", "f": "e", "n": "es", "p": "e"}


def compose(words: Words) -> str:
    """Such as "Rotes, gestreiftes Hemd aus Baumwolle, lässig".

    Behind a noun, whose gender nobody needs to know then, adjectives have no ending.
    """
    ending = _ENDINGS.get(words.gender)
    before = ", ".join(stem + ending for stem in words.adjectives) if ending else ""
    behind = () if ending else words.adjectives
    thing = f"{before} {words.noun}".strip()
    if words.material:
        thing += f" aus {words.material}"
    said = ", ".join(filter(None, (thing, *behind, *words.others, words.style)))
    return said[:1].upper() + said[1:]
