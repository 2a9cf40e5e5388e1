"""Families of colour names: what two people may both call one colour."""

import re

#: Neighbours share a word on purpose: what one shop calls teal, another calls blue or green.
_FAMILIES = {
    "black": "black charcoal ebony jet onyx",
    "grey": "grey gray charcoal steel silver graphite slate ash melange metallic gunmetal",
    "white": "white offwhite ivory cream pearl silver",
    "beige": "beige cream ivory tan khaki camel nude stone taupe sand ecru skin oatmeal gold",
    "brown": "brown tan camel taupe khaki chocolate coffee mocha rust copper bronze cognac "
    "chestnut mushroom maroon burgundy",
    "red": "red maroon burgundy wine rust crimson scarlet coral cherry",
    "orange": "orange peach coral rust copper apricot mustard amber",
    "pink": "pink rose peach coral magenta fuchsia blush salmon mauve",
    "purple": "purple violet lavender mauve magenta plum lilac burgundy wine aubergine",
    "blue": "blue navy teal turquoise denim indigo aqua cyan cobalt azure",
    "green": "green olive teal turquoise mint lime khaki sage emerald aqua",
    "yellow": "yellow mustard gold lemon lime amber bronze",
}
_FAMILIES_OF: dict[str, frozenset[str]] = {
    word: frozenset(family for family, words in _FAMILIES.items() if word in words.split())
    for words in _FAMILIES.values()
    for word in words.split()
}
#: Dark and washed-out colours that cameras and people mix up whatever their family is.
_NEAR = (
    *(frozenset({"black", "grey"}), frozenset({"grey", "white"}), frozenset({"white", "beige"})),
    *(frozenset({"beige", "brown"}), frozenset({"black", "navy"})),
)


def colour_families(name: str) -> frozenset[str]:
    """The families of a colour's name; none for a name that is not known, or names no one colour.

    >>> sorted(colour_families("Navy Blue"))
    ['blue', 'navy']
    """
    words = re.findall(r"[a-z]+", name.lower().replace("off white", "offwhite"))
    found = frozenset().union(*(_FAMILIES_OF.get(word, frozenset()) for word in words))
    return found | {"navy"} if found and "navy" in words else found


def colours_contradict(first: str, second: str) -> bool:
    """Whether two names cannot mean one colour; never for a name that is not known.

    >>> colours_contradict("navy", "blue"), colours_contradict("blue", "red")
    (False, True)
    """
    ours, theirs = colour_families(first), colour_families(second)
    if not ours or not theirs or ours & theirs:
        return False
    return not any(ours & pair and theirs & pair for pair in _NEAR)
