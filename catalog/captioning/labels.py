"""The words of the embedded captioner, and how two shops' labels map onto them.

Photo sets cut the world differently: one says "Tshirts" for anything from polo to long-sleeved
T-shirt, another knows "Longsleeve" but no track pants. A `Kind` is finer than both; a label
allows a set of kinds, and training only asks that the right set be likely (learning from partial
labels: Cour, Sapp & Taskar 2011, https://jmlr.org/papers/v12/cour11a.html).
"""

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of garment: what people call one, and what each vocabulary files it under.

    ``pair`` says that it is spoken of as "a pair of"; ``flatlay`` is empty for what the flat-lay
    vocabulary has no word for.
    """

    noun: str
    article_type: str
    flatlay: str = ""
    pair: bool = False


def _kinds(flatlay: str, words: str, *, pair: bool = False) -> list[Kind]:
    """Read "Article Type: noun, noun; ..." into kinds."""
    found: list[Kind] = []
    for entry in filter(None, (part.strip() for part in words.split(";"))):
        article_type, nouns = entry.split(":")
        found += [Kind(noun.strip(), article_type, flatlay, pair) for noun in nouns.split(",")]
    return found


#: Every kind, in the order of the network's outputs: append only, or train again.
KINDS: Final[tuple[Kind, ...]] = (
    *_kinds("T-Shirt", "Tshirts: T-shirt"),
    *_kinds(
        "Longsleeve",
        "Tshirts: long-sleeved T-shirt; Tops: long-sleeved top; Sweatshirts: sweatshirt;"
        "Sweaters: sweater",
    ),
    *_kinds("Polo", "Tshirts: polo shirt"),
    *_kinds("Top", "Tops: top; Camisoles: camisole; Innerwear Vests: vest"),
    *_kinds("Blouse", "Tops: blouse"),
    *_kinds("Shirt", "Shirts: shirt; Kurtas: kurta"),
    *_kinds("Hoodie", "Sweatshirts: hoodie; Sweaters: knitted hoodie"),
    *_kinds("Blazer", "Jackets: tailored jacket; Blazers: blazer; Waistcoat: waistcoat"),
    *_kinds(
        "Outwear",
        "Jackets: jacket; Sweaters: cardigan; Coats: coat; Rain Jacket: rain jacket;"
        "Shrug: shrug; Nehru Jackets: Nehru jacket",
    ),
    *_kinds(
        "Dress",
        "Dresses: dress; Tunics: tunic; Kurtis: kurti; Sarees: saree; Jumpsuit: jumpsuit;"
        "Kurta Sets: kurta set",
    ),
    *_kinds("Skirt", "Skirts: skirt"),
    *_kinds("Shorts", "Shorts: shorts", pair=True),
    *_kinds(
        "Pants",
        "Trousers: trousers; Jeans: jeans; Track Pants: track pants; Leggings: leggings;"
        "Capris: capris; Churidar: churidar trousers; Tights: tights; Jeggings: jeggings",
        pair=True,
    ),
    *_kinds(
        "Shoes",
        "Casual Shoes: casual shoes; Sports Shoes: sports shoes; Formal Shoes: formal shoes;"
        "Heels: heels; Flats: flats; Sandals: sandals; Flip Flops: flip-flops;"
        "Sports Sandals: sports sandals; Booties: ankle boots; Boots: boots",
        pair=True,
    ),
    *_kinds("Hat", "Caps: cap; Hat: hat; Headband: headband"),
    *_kinds(
        "",
        "Handbags: handbag; Backpacks: backpack; Clutches: clutch; Duffel Bag: duffel bag;"
        "Laptop Bag: laptop bag; Messenger Bag: messenger bag; Mobile Pouch: mobile pouch;"
        "Travel Accessory: travel bag; Wallets: wallet; Belts: belt; Ties: tie; Watches: watch;"
        "Mufflers: muffler; Scarves: scarf; Stoles: stole; Dupatta: dupatta;"
        "Umbrellas: umbrella; Water Bottle: water bottle; Shoe Accessories: shoe accessory;"
        "Accessory Gift Set: accessory gift set; Tracksuits: tracksuit; Swimwear: swimsuit;"
        "Bracelet: bracelet; Necklace and Chains: necklace; Ring: ring; Pendant: pendant;"
        "Trolley Bag: trolley bag; Tote Bag: tote bag",
    ),
    *_kinds(
        "",
        "Sunglasses: sunglasses; Socks: socks; Stockings: stockings; Gloves: gloves;"
        "Cufflinks: cufflinks; Earrings: earrings",
        pair=True,
    ),
)

#: Patterns, and the words of a title that give them away. A title that names none of them, or
#: two, says nothing about the pattern.
PATTERN_WORDS: Final = {
    "Solid": r"solid|plain",
    "Printed": r"print|prints|printed|graphic|doodle",
    "Striped": r"stripe|stripes|striped",
    "Checked": r"check|checks|checked|checkered|plaid|gingham|tartan",
    "Washed": r"wash|washed|faded",
    "Floral": r"floral|flower|flowers",
    "Polka dots": r"polka|dot|dots|dotted",
}
_PATTERNS: Final = {
    name: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for name, words in PATTERN_WORDS.items()
}
#: "Classic Polo" and "U.S. Polo Assn." are brands; what is left of "polo" is a collar.
_POLO_BRAND: Final = re.compile(r"classic polo|polo assn|u\.?\s?s\.? polo", re.IGNORECASE)


def pattern_of(title: str) -> str:
    """The pattern that a product's title names, or "" when it names none or several."""
    named = [name for name, words in _PATTERNS.items() if words.search(title)]
    return named[0] if len(named) == 1 else ""


def kinds_of_product(article_type: str, title: str = "") -> list[int]:
    """The kinds that a shop's article type, with the title's hints, leaves open."""
    allowed = [i for i, kind in enumerate(KINDS) if kind.article_type == article_type]
    hint = _hint(article_type, title)
    return [i for i in allowed if KINDS[i].noun == hint] or allowed


#: Words of a title that give a kind away: (article type, words, noun).
_HINTS: Final = tuple(
    (article_type, re.compile(words, re.IGNORECASE), noun)
    for article_type, words, noun in (
        ("Tshirts", r"\bpolo\b", "polo shirt"),
        ("Tops", r"\bblouse", "blouse"),
        ("Sweatshirts", r"\bhood", "hoodie"),
        ("Sweaters", r"\bcardigan", "cardigan"),
    )
)


def _hint(article_type: str, title: str) -> str:
    """A kind's noun that the title gives away, or ""."""
    unbranded = _POLO_BRAND.sub("", title)
    for hinted_type, words, noun in _HINTS:
        if hinted_type == article_type and words.search(unbranded):
            return noun
    return ""


def kinds_of_flatlay(label: str) -> list[int]:
    """The kinds that a flat-lay label leaves open."""
    return [i for i, kind in enumerate(KINDS) if kind.flatlay == label]


def find_kind(noun_phrase: str, article_type: str) -> Kind | None:
    """The kind of ``article_type`` whose noun ends ``noun_phrase``; the longest such noun."""
    kinds = [kind for kind in KINDS if kind.article_type == article_type]
    named = [kind for kind in kinds if noun_phrase.lower().endswith(kind.noun.lower())]
    return max(named, key=lambda kind: len(kind.noun), default=kinds[0] if kinds else None)


#: What to call a garment of which only the sort is sure: (noun, whether a pair, article types).
_SORTS: Final = (
    ("top", False, "Tshirts;Tops;Camisoles;Innerwear Vests;Shirts;Kurtas;Sweatshirts;Sweaters"),
    (
        "piece of outerwear",
        False,
        "Jackets;Blazers;Waistcoat;Coats;Rain Jacket;Shrug;Nehru Jackets",
    ),
    ("dress", False, "Dresses;Tunics;Kurtis;Sarees;Jumpsuit;Kurta Sets"),
    ("skirt", False, "Skirts"),
    ("shorts", True, "Shorts"),
    (
        "trousers",
        True,
        "Trousers;Jeans;Track Pants;Leggings;Capris;Churidar;Tights;Jeggings;Stockings",
    ),
    (
        "shoes",
        True,
        "Casual Shoes;Sports Shoes;Formal Shoes;Heels;Flats;Sandals;Flip Flops;Sports Sandals;"
        "Booties;Boots",
    ),
    ("hat", False, "Caps;Hat;Headband"),
    (
        "bag",
        False,
        "Handbags;Backpacks;Clutches;Duffel Bag;Laptop Bag;Messenger Bag;Mobile Pouch;"
        "Travel Accessory;Trolley Bag;Tote Bag;Wallets",
    ),
    ("scarf", False, "Mufflers;Scarves;Stoles;Dupatta"),
    (
        "piece of jewellery",
        False,
        "Bracelet;Necklace and Chains;Ring;Pendant;Earrings;Cufflinks;Watches",
    ),
)
UNKNOWN_KIND: Final = Kind("item", "")
_SORT_OF: Final = {
    article_type: Kind(noun, "", pair=pair)
    for noun, pair, article_types in _SORTS
    for article_type in article_types.split(";")
}


def sort_of(article_type: str) -> Kind:
    """The sort of thing an article type is: a top, a bag, or no more than an item."""
    return _SORT_OF.get(article_type, UNKNOWN_KIND)


#: Seven groups of the fifteen flat-lay labels: what an outfit needs to tell apart.
FLATLAY_GROUPS: Final = {
    label: group
    for group, labels in (
        ("Tops", "T-Shirt;Longsleeve;Polo;Top;Blouse;Shirt;Hoodie"),
        ("Outerwear", "Blazer;Outwear"),
        ("Dresses", "Dress"),
        ("Skirts", "Skirt"),
        ("Legwear", "Pants;Shorts"),
        ("Shoes", "Shoes"),
        ("Hats", "Hat"),
    )
    for label in labels.split(";")
}
