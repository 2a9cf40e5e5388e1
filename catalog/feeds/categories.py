"""The one word of a category path that says what a product is."""

import re

from catalog.slots import guess_slot

#: Google's numbers for what a look is made of.
_GOOGLE_NUMBERS = {
    "2271": "Dresses",
    "212": "Shirts & Tops",
    "204": "Pants",
    "207": "Shorts",
    "1581": "Skirts",
    "203": "Outerwear",
    "5598": "Coats & Jackets",
    "187": "Shoes",
    "3032": "Handbags",
    "100": "Backpacks",
    "201": "Watches",
    "188": "Jewelry",
    "194": "Earrings",
    "196": "Necklaces",
    "191": "Bracelets",
    "200": "Rings",
    "178": "Sunglasses",
    "173": "Hats",
    "177": "Scarves & Shawls",
    "169": "Belts",
    "2668": "Wallets",
}
#: Says "accessory" of everything that is worn.
_TOO_BROAD = "apparel & accessories"


def pick_category(*paths: str) -> str:
    """The deepest part of the first path that names a slot, or else the first path's last part.

    >>> pick_category("Summer sale", "Apparel & Accessories > Clothing > Dresses > Midi")
    'Dresses'
    """
    levels = [_split(path) for path in paths if path]
    for parts in levels:
        for part in reversed(parts):
            if part.lower() != _TOO_BROAD and guess_slot(part):
                return part
    return next((parts[-1] for parts in levels if parts), "")


def _split(path: str) -> list[str]:
    if path in _GOOGLE_NUMBERS:
        return [_GOOGLE_NUMBERS[path]]
    return [part.strip() for part in re.split(r">|(?<=\s)/(?=\s)", path) if part.strip()]
