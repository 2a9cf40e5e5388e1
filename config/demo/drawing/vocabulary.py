"""The words of the demo wardrobe: what each shape is called, and what it may be made of."""

from dataclasses import dataclass

BOTH = ("women", "men")
WOMEN = ("women",)

_CLOTH = (
    *("Black", "Charcoal", "Grey", "White", "Off White", "Cream", "Beige", "Khaki", "Tan"),
    *("Brown", "Navy Blue", "Blue", "Teal", "Green", "Olive", "Mustard", "Yellow", "Orange"),
    *("Rust", "Red", "Burgundy", "Pink", "Lavender", "Purple"),
)
_DENIM = ("Blue", "Navy Blue", "Black", "Grey", "White")
_LEATHER = ("Black", "Brown", "Tan", "Beige", "White", "Navy Blue", "Burgundy", "Red", "Green")
_METAL = ("Gold", "Silver")
_JERSEY = ("solid", "stripe", "dots", "brush")
_SHIRTING = ("solid", "bengal", "pinstripe", "gingham", "tartan", "dots", "ditsy", "leaves")
_SUITING = ("solid", "pinstripe", "windowpane", "houndstooth", "tartan")
_PRINTS = ("solid", "floral", "ditsy", "dots", "leaves", "leopard", "brush", "gingham", "stripe")


@dataclass(frozen=True)
class ShapeWords:
    """A shape's article type, and the patterns, textures, colours and cuts that suit it."""

    article_type: str
    patterns: tuple[str, ...] = ("solid",)
    textures: tuple[str, ...] = ("",)
    colours: tuple[str, ...] = _CLOTH
    cuts: tuple[str, ...] = BOTH


def _leather_goods(article_type: str, cuts: tuple[str, ...] = BOTH) -> ShapeWords:
    return ShapeWords(article_type, textures=("leather",), colours=_LEATHER, cuts=cuts)


def _jewel(article_type: str, colours: tuple[str, ...] = _METAL) -> ShapeWords:
    return ShapeWords(article_type, colours=colours, cuts=WOMEN)


_TOPS = {
    "tshirt": ShapeWords("Tshirts", _JERSEY),
    "vneck": ShapeWords("Tshirts", _JERSEY),
    "breton": ShapeWords("Tshirts", ("stripe", "solid")),
    "polo": ShapeWords("Tshirts", ("solid", "stripe")),
    "camisole": ShapeWords("Camisoles", ("solid", "floral", "brush"), ("satin",), cuts=WOMEN),
    "sweatshirt": ShapeWords("Sweatshirts", textures=("fleece",)),
    "hoodie": ShapeWords("Sweatshirts", textures=("fleece",)),
    "shirt": ShapeWords("Shirts", _SHIRTING),
    "overshirt": ShapeWords("Shirts", ("solid", "tartan", "gingham"), ("twill", "corduroy")),
    "camp_shirt": ShapeWords("Shirts", ("leaves", "floral", "brush", "solid"), cuts=("men",)),
    "blouse": ShapeWords("Tops", _PRINTS, ("", "satin"), cuts=WOMEN),
    "crew_jumper": ShapeWords("Sweaters", ("solid", "stripe"), ("knit", "cable")),
    "roll_neck": ShapeWords("Sweaters", ("solid", "stripe"), ("knit", "rib")),
    "v_jumper": ShapeWords("Sweaters", ("solid", "stripe"), ("knit",)),
    "cardigan": ShapeWords("Sweaters", textures=("knit", "rib")),
    "knit_vest": ShapeWords("Sweaters", textures=("knit", "cable")),
}
_BOTTOMS = {
    "jeans": ShapeWords("Jeans", textures=("denim",), colours=_DENIM),
    "slim_jeans": ShapeWords("Jeans", textures=("denim",), colours=_DENIM),
    "wide_jeans": ShapeWords("Jeans", textures=("denim",), colours=_DENIM, cuts=WOMEN),
    "tailored": ShapeWords("Trousers", _SUITING),
    "wide_trousers": ShapeWords("Trousers", ("solid", "pinstripe"), ("", "linen"), cuts=WOMEN),
    "chinos": ShapeWords("Trousers", textures=("twill", "linen", "corduroy")),
    "joggers": ShapeWords("Track Pants", textures=("fleece",)),
    "shorts": ShapeWords("Shorts", ("solid", "gingham", "bengal"), ("twill", "linen")),
    "denim_shorts": ShapeWords("Shorts", textures=("denim",), colours=_DENIM, cuts=WOMEN),
    "slip_skirt": ShapeWords("Skirts", ("solid", "leopard", "floral"), ("satin",), cuts=WOMEN),
    "pleated_skirt": ShapeWords("Skirts", ("solid", "tartan"), cuts=WOMEN),
    "mini_skirt": ShapeWords("Skirts", textures=("corduroy", "denim", "twill"), cuts=WOMEN),
    "a_line_skirt": ShapeWords("Skirts", _PRINTS, cuts=WOMEN),
}
_DRESSES = {
    "slip_dress": ShapeWords("Dresses", textures=("satin",), cuts=WOMEN),
    "wrap_dress": ShapeWords("Dresses", _PRINTS, cuts=WOMEN),
    "shirt_dress": ShapeWords("Dresses", ("solid", "bengal", "gingham"), ("linen",), cuts=WOMEN),
    "sun_dress": ShapeWords("Dresses", _PRINTS, cuts=WOMEN),
    "sheath": ShapeWords("Dresses", ("solid", "houndstooth", "windowpane"), cuts=WOMEN),
    "gown": ShapeWords("Dresses", textures=("satin",), cuts=WOMEN),
}
_OUTERWEAR = {
    "blazer": ShapeWords("Blazers", _SUITING, ("", "linen", "herringbone")),
    "double_blazer": ShapeWords("Blazers", ("solid", "pinstripe")),
    "overcoat": ShapeWords("Coats", ("solid", "houndstooth"), ("", "herringbone")),
    "trench": ShapeWords("Coats", textures=("twill",)),
    "denim_jacket": ShapeWords("Jackets", textures=("denim",), colours=_DENIM),
    "bomber": ShapeWords("Jackets"),
    "biker": ShapeWords("Jackets", textures=("leather",), colours=_LEATHER),
    "puffer": ShapeWords("Jackets"),
    "parka": ShapeWords("Rain Jacket"),
}
_SHOES = {
    "sneakers": ShapeWords("Casual Shoes"),
    "high_tops": ShapeWords("Casual Shoes"),
    "loafers": _leather_goods("Casual Shoes"),
    "runners": ShapeWords("Sports Shoes"),
    "derbies": _leather_goods("Formal Shoes"),
    "chelsea_boots": _leather_goods("Booties"),
    "hiking_boots": _leather_goods("Boots"),
    "heeled_boots": _leather_goods("Booties", WOMEN),
    "knee_boots": _leather_goods("Boots", WOMEN),
    "pumps": ShapeWords("Heels", textures=("leather",), cuts=WOMEN),
    "heeled_sandals": ShapeWords("Heels", textures=("satin",), cuts=WOMEN),
    "ballet_flats": ShapeWords("Flats", textures=("leather",), cuts=WOMEN),
    "slides": _leather_goods("Sandals"),
    "strap_sandals": _leather_goods("Sandals", WOMEN),
}
_BAGS = {
    "tote": _leather_goods("Tote Bag", WOMEN),
    "canvas_tote": ShapeWords("Tote Bag", ("solid", "stripe"), ("linen",)),
    "crossbody": _leather_goods("Handbags", WOMEN),
    "baguette": _leather_goods("Handbags", WOMEN),
    "basket": ShapeWords(
        "Handbags", textures=("straw",), colours=("Beige", "Tan", "Cream"), cuts=WOMEN
    ),
    "clutch": ShapeWords("Clutches", textures=("satin", "leather"), cuts=WOMEN),
    "backpack": ShapeWords("Backpacks", textures=("twill",)),
    "roll_top": ShapeWords("Backpacks", textures=("twill",)),
    "messenger": _leather_goods("Messenger Bag"),
    "weekender": ShapeWords("Duffel Bag", textures=("linen", "twill")),
}
_ACCESSORIES = {
    "belt": _leather_goods("Belts"),
    "waist_belt": _leather_goods("Belts", WOMEN),
    "woven_belt": ShapeWords("Belts", colours=("Tan", "Brown", "Navy Blue", "Black")),
    "wool_scarf": ShapeWords("Mufflers", ("tartan", "solid", "houndstooth", "stripe")),
    "silk_scarf": ShapeWords("Scarves", ("foulard", "dots", "floral"), ("satin",), cuts=WOMEN),
    "neckerchief": ShapeWords("Scarves", ("dots", "foulard", "solid")),
    "straw_hat": ShapeWords("Hat", textures=("straw",), colours=("Beige", "Cream", "Tan")),
    "fedora": ShapeWords("Hat"),
    "bucket_hat": ShapeWords("Hat", textures=("twill",)),
    "beanie": ShapeWords("Caps", textures=("rib",)),
    "cap": ShapeWords("Caps", textures=("twill",)),
    "square_shades": ShapeWords("Sunglasses", colours=("Black", "Brown", "Green", "Burgundy")),
    "round_shades": ShapeWords("Sunglasses", colours=(*_METAL, "Black")),
    "aviators": ShapeWords("Sunglasses", colours=(*_METAL, "Black")),
    "cat_eyes": ShapeWords("Sunglasses", colours=("Black", "Brown", "Red", "Pink"), cuts=WOMEN),
    "strap_watch": _leather_goods("Watches"),
    "square_watch": _leather_goods("Watches", WOMEN),
    "chronograph": ShapeWords("Watches", textures=("satin",), colours=_METAL),
    "hoops": _jewel("Earrings"),
    "small_hoops": _jewel("Earrings"),
    "drop_earrings": _jewel("Earrings", ("Green", "Blue", "Red", "Purple", "Black", "Teal")),
    "pearl_drops": _jewel("Earrings", ("White", "Off White")),
    "pendant": _jewel("Pendant"),
    "link_chain": _jewel("Necklace and Chains"),
    "pearls": _jewel("Necklace and Chains", ("White", "Off White")),
}
SHAPES: dict[str, ShapeWords] = {
    **_TOPS,
    **_BOTTOMS,
    **_DRESSES,
    **_OUTERWEAR,
    **_SHOES,
    **_BAGS,
    **_ACCESSORIES,
}
