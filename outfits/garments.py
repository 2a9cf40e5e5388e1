"""What the words about a product say of how it is made: fabrics, cuts, warmth, manner; pure.

Words are English and German, because feeds are. A German word may be part of a compound
("Leinenhemd"); an English one stands alone, with or without a plural s. Fabrics are looked for in
the title and in what the picture shows; the description, which may speak of other garments, is only
asked when these name none, and of cuts only for sleeves.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from catalog.models import Caption, Product
from catalog.slots import Slot

#: fabric -> (warmth, from -2 to 2; a pattern). Earlier entries win: "tropical wool" is not "wool".
FABRICS: Mapping[str, tuple[float, str]] = {
    "tropical wool": (-0.3, r"\b(tropical|summer|cool) wool\b"),
    "linen": (-1.5, r"\blinens?\b|leinen"),
    "seersucker": (-1.4, r"\bseersucker\b"),
    "straw": (-1.3, r"\b(straw|raffia|jute|espadrilles?)\b|(?<!ge)stroh|bast\b"),
    "chiffon": (-1.0, r"\b(chiffon|voile|organza|tulle|crochet|mesh)\b"),
    "chambray": (-0.9, r"\bchambray\b"),
    "poplin": (-0.6, r"\b(poplin|popeline)\b"),
    "silk": (-0.5, r"\b(silk|silken)\b|seide"),
    "viscose": (-0.6, r"\b(viscose|lyocell|tencel|rayon|modal)\b|viskose"),
    "canvas": (-0.4, r"\bcanvas\b"),
    "down": (
        2.0,
        r"\b(down[- ](jacket|coat|filled|fill|vest)|puffer|quilted|padded)\b|daunen|stepp",
    ),
    "shearling": (
        2.0,
        r"\b(shearling|sherpa|teddy|faux fur|fur[- ]lined|lined with fur)\b|lammfell",
    ),
    "cashmere": (1.5, r"\b(cashmere|mohair|alpaca|angora)\b|kaschmir|alpaka"),
    "fleece": (1.4, r"\b(fleece|flannel|brushed)\b|flanell"),
    "tweed": (1.3, r"\b(tweed|boucl[eé]|loden)\b"),
    "cotton": (-0.5, r"\bcottons?\b|baumwoll"),
    "wool": (1.4, r"\b(wool|woollen|woolen|merino|lambswool)\b|(?<!baum)woll"),
    "corduroy": (0.8, r"\b(corduroy|cord)\b"),
    "velvet": (0.7, r"\bvelvet\b|\bsamt"),
    "suede": (0.4, r"\b(suede|nubuck)\b|veloursleder|wildleder"),
    "leather": (0.5, r"\bleather\b|leder"),
    "denim": (0.1, r"\bdenim\b"),
}

#: cut -> (warmth, pattern).
CUTS: Mapping[str, tuple[float, str]] = {
    "swimwear": (
        -1.8,
        r"\b(bikini|swimsuit|swim|swimming|trunks|boardshorts?)\b|badehose|badeanzug",
    ),
    "sleeveless cut": (
        -1.0,
        r"\b(sleeveless|tank|camisole|cami|strapless|halter|spaghetti|"
        r"bandeau)\b|ärmellos|trägertop",
    ),
    "short sleeves": (-0.6, r"\b(short[- ]sleeved?s?|t-?shirts?|tees?|polos?)\b|kurzarm|kurzärm"),
    "shorts": (-1.3, r"\b(shorts|bermudas?|hot ?pants)\b"),
    "sundress": (-1.2, r"\b(sun ?dress|summer dress|beach dress)(es)?\b|sommerkleid"),
    "sandals": (
        -1.5,
        r"\b(sandals?|flip[- ]?flops?|slides?|huarache|open[- ]toe)\b|sandale|zehentrenner",
    ),
    "sun hat": (-1.0, r"\b(sun ?hats?|panama|straw hat|wide[- ]brim(med)?)\b|sonnenhut|strohhut"),
    "parka": (1.8, r"\b(parkas?|overcoats?|snow|ski|duffle|winter coat)\b|wintermantel"),
    "coat": (1.3, r"\bcoats?\b|mantel|mäntel"),
    "boots": (1.0, r"\b(boots?|booties?)\b|stiefel"),
    "roll neck": (1.2, r"\b(turtleneck|roll[- ]?neck|polo[- ]?neck|high neck)\b|rollkragen"),
    "knitwear": (
        1.0,
        r"\b(sweaters?|jumpers?|pullovers?|cardigans?|knit|knitted|knitwear|chunky)\b|strick",
    ),
    "sweatshirt": (0.7, r"\b(sweatshirts?|hoodies?|hooded)\b|kapuzen"),
    "beanie": (1.3, r"\b(beanies?|gloves?|mittens?|mufflers?|thermal|earmuffs?)\b|handschuh|mütze"),
    "scarf": (0.8, r"\b(scarf|scarves|shawls?)\b|schal\b"),
    "long sleeves": (0.3, r"\blong[- ]sleeved?s?\b|langarm|langärm"),
}
_THICKEST = 2.0
#: A leather belt warms nobody.
_CARRIED = (Slot.BAG, Slot.BELT, Slot.JEWELLERY, Slot.WATCH, Slot.EYEWEAR)

_WATERPROOF = (
    r"\b(waterproof|water[- ]?(resistant|repellent)|rain ?(coat|jacket|boots?)|"
    r"raincoats?|gore-?tex|"
    r"trench|wellies|wellington|rubber boots?|waxed|anorak|windcheater|umbrellas?|storm)\b|"
    r"wasserdicht|wasserabweisend|regen(jacke|mantel|schirm)|gummistiefel"
)
#: What rain spoils, or what lets it in.
_SPOILT_BY_RAIN = (
    r"\b(suede|nubuck|canvas|silk|satin|espadrilles?|sandals?|flip[- ]?flops?|straw|raffia|velvet|"
    r"open[- ]toe|mules?)\b|wildleder|veloursleder|seide|sandale|samt"
)

#: manner -> pattern: what kind of day a garment is made for, where no tag says it.
MANNERS: Mapping[str, str] = {
    "office": r"\b(blazers?|oxfords?|derby|derbies|brogues?|loafers?|pumps?|blouses?|trousers?|"
    r"slacks|chinos?|pencil skirts?|briefcases?|totes?|satchels?|waistcoats?|dress shirts?|"
    r"formal|tailored|cigarette|sheath|poplin|button[- ]down|suits?|ties?)\b|"
    r"bluse|anzug|sakko|hemd\b|aktentasche",
    "dressy": r"\b(tuxedos?|gowns?|oxfords?|suits?|stilettos?|pumps?|clutch(es)?|cufflinks?|ties?|"
    r"bow ?ties?|heels?|heeled|evening|cocktail|satin|silk|formal|dress shoes?|pearls?|lace|"
    r"pocket squares?|waistcoats?|blazers?)\b|abendkleid|anzug|krawatte|fliege\b|smoking",
    "festive": r"\b(sequins?|sequined|glitter|metallic|cocktail|party|"
    r"clutch(es)?|stilettos?|heels?|"
    r"heeled|velvet|satin|lam[eé]|rhinestones?|mini dress|slip dress|statement|"
    r"hoops?)\b|pailletten",
    "casual": r"\b(jeans?|denim|hoodies?|sweatshirts?|t-?shirts?|tees?|sneakers?|trainers?|caps?|"
    r"backpacks?|cargo|flannel|joggers?|casual|shorts|cardigans?|slip-ons?)\b|turnschuh|rucksack",
    "beach": r"\b(swim|swimsuits?|bikinis?|swimming|boardshorts?|trunks|shorts|flip[- ]?flops?|"
    r"sandals?|slides?|espadrilles?|straw|raffia|sun ?hats?|sun ?dress(es)?|kaftans?|caftans?|"
    r"beach|panama|linen|sunglasses|tanks?|crochet|bermudas?|sarongs?)\b|"
    r"bade(hose|anzug)|strand|sandale|leinen|sonnen(hut|brille)|zehentrenner",
    "sport": r"\b(sports?|running|training|gym|yoga|track ?(suits?|pants?)|leggings?|joggers?|"
    r"sneakers?|trainers?|athletic|football|tennis|cycling|performance|sweatpants|windcheaters?)\b|"
    r"lauf(schuh|hose|shirt)|turnschuh|jogging",
}


def _compile(pattern: str) -> "re.Pattern[str]":
    # Texts are lower-case: ignoring case costs three times as much.
    return re.compile(pattern)


_FABRIC_PATTERNS = {name: (warmth, _compile(p)) for name, (warmth, p) in FABRICS.items()}
_CUT_PATTERNS = {name: (warmth, _compile(p)) for name, (warmth, p) in CUTS.items()}
_SLEEVE_PATTERNS = {
    name: _CUT_PATTERNS[name] for name in ("sleeveless cut", "short sleeves", "long sleeves")
}
_MANNER_PATTERNS = {name: _compile(p) for name, p in MANNERS.items()}
_WATERPROOF_PATTERN, _SPOILT_PATTERN = _compile(_WATERPROOF), _compile(_SPOILT_BY_RAIN)


@dataclass(frozen=True, slots=True)
class Garment:
    """What is known of how a product is made.

    ``warmth`` goes from -2 (for heat) to 2 (for frost); ``telling`` is the fabric
    or cut that says so most clearly, empty where nothing does.
    """

    warmth: float
    telling: str
    manners: frozenset[str]
    waterproof: bool
    spoilt_by_rain: bool


def named_text(product: Product, caption: Caption | None) -> str:
    """What the shop calls a product, and what its picture shows it to be; lower-case."""
    named = [product.title, product.category]
    if caption:
        named += [caption.article_type, caption.material]
    return " ".join(named).lower()


def find_fabrics(product: Product, caption: Caption | None) -> frozenset[str]:
    """The `FABRICS` that a product's name and its picture's caption name."""
    return _find_fabrics(named_text(product, caption))


@lru_cache(maxsize=8192)
def _find_fabrics(named: str) -> frozenset[str]:
    return frozenset(find_words(_FABRIC_PATTERNS, named))


def read_garment(product: Product, caption: Caption | None) -> Garment:
    """What the words of the shop, and those of the picture's caption, say of a product."""
    named = named_text(product, caption)
    return _read(named, product.description.lower(), product.slot in _CARRIED)


@lru_cache(maxsize=8192)
def _read(named: str, described: str, carried: bool) -> Garment:
    # A provisional look reads over a hundred products while a page waits; most come again.
    fabrics = find_words(_FABRIC_PATTERNS, named) or find_words(_FABRIC_PATTERNS, described)
    cuts = find_words(_CUT_PATTERNS, named) or find_words(_SLEEVE_PATTERNS, described)
    spoilt = _SPOILT_PATTERN.search(" ".join([named, *fabrics]))
    if carried:
        fabrics, cuts = {name: fabrics[name] for name in fabrics if name == "straw"}, {}
    told = {**cuts, **fabrics}
    return Garment(
        warmth=_clip(_strongest(fabrics) + _strongest(cuts)),
        telling=max(told, key=lambda name: abs(told[name]), default=""),
        manners=frozenset(name for name, p in _MANNER_PATTERNS.items() if p.search(named)),
        waterproof=bool(_WATERPROOF_PATTERN.search(f"{named} {described}")),
        spoilt_by_rain=bool(spoilt),
    )


def find_words(
    patterns: Mapping[str, tuple[float, "re.Pattern[str]"]], text: str
) -> dict[str, float]:
    """Name -> warmth of each pattern found in a lower-case text.

    What an earlier pattern found is no longer there for later ones.
    """
    found = {}
    for name, (warmth, pattern) in patterns.items():
        if pattern.search(text):
            found[name] = warmth
            text = pattern.sub(" ", text)
    return found


def _strongest(told: Mapping[str, float]) -> float:
    return max(told.values(), key=abs, default=0.0)


def _clip(warmth: float) -> float:
    return max(-_THICKEST, min(_THICKEST, warmth))
