"""Slots: what part of a look a product is, and which slots complete which.

A category names a slot by its last word that is known ("Ankle Boots" -> boots -> shoes), because
in English compounds the head noun comes last.
"""

import re

from django.db import models
from django.utils.translation import pgettext_lazy


class Slot(models.TextChoices):
    TOP = "top", pgettext_lazy("slot", "Top")
    BOTTOM = "bottom", pgettext_lazy("slot", "Bottom")
    DRESS = "dress", pgettext_lazy("slot", "Dress")
    OUTERWEAR = "outerwear", pgettext_lazy("slot", "Outerwear")
    SHOES = "shoes", pgettext_lazy("slot", "Shoes")
    BAG = "bag", pgettext_lazy("slot", "Bag")
    JEWELLERY = "jewellery", pgettext_lazy("slot", "Jewellery")
    WATCH = "watch", pgettext_lazy("slot", "Watch")
    EYEWEAR = "eyewear", pgettext_lazy("slot", "Eyewear")
    HEADWEAR = "headwear", pgettext_lazy("slot", "Headwear")
    SCARF = "scarf", pgettext_lazy("slot", "Scarf")
    BELT = "belt", pgettext_lazy("slot", "Belt")
    ACCESSORY = "accessory", pgettext_lazy("slot", "Accessory")


_WORDS: dict[Slot, str] = {
    Slot.TOP: "top tshirt tee shirt blouse sweater pullover jumper knitwear cardigan sweatshirt "
    "hoodie polo kurta kurti tunic camisole tank bodysuit vest waistcoat topwear",
    Slot.BOTTOM: "bottom bottomwear trouser pant jean skirt short chino legging capri jegging "
    "culotte jogger churidar salwar patiala",
    Slot.DRESS: "dress gown jumpsuit romper playsuit dungaree saree sari lehenga",
    Slot.OUTERWEAR: "outerwear coat jacket blazer parka trench windcheater anorak shrug cape "
    "poncho gilet suit nehru",
    Slot.SHOES: "shoe footwear sneaker trainer boot bootie loafer oxford derby heel pump flat "
    "ballerina sandal flop slipper mule espadrille wedge brogue",
    Slot.BAG: "bag handbag backpack tote clutch purse satchel crossbody rucksack duffel trolley",
    Slot.JEWELLERY: "jewellery jewelry earring necklace bracelet bangle ring pendant brooch chain",
    Slot.WATCH: "watch",
    Slot.EYEWEAR: "eyewear sunglass eyeglass glasses",
    Slot.HEADWEAR: "headwear hat cap beanie beret headband fedora",
    Slot.SCARF: "scarf scarve muffler stole shawl dupatta foulard",
    Slot.BELT: "belt",
    Slot.ACCESSORY: "accessory accessorie wallet tie glove cufflink sock stocking umbrella "
    "suspender keychain pouch hosiery tight",
}
_SLOT_BY_WORD = {word: slot for slot, words in _WORDS.items() for word in words.split()}

#: For each slot, the slots that complete it, the most wanted first.
_COMPLETED_BY: dict[Slot, tuple[Slot, ...]] = {
    Slot.TOP: (Slot.BOTTOM, Slot.SHOES, Slot.OUTERWEAR, Slot.BAG, Slot.WATCH, Slot.EYEWEAR),
    Slot.BOTTOM: (Slot.TOP, Slot.SHOES, Slot.OUTERWEAR, Slot.BAG, Slot.BELT, Slot.WATCH),
    Slot.DRESS: (Slot.SHOES, Slot.BAG, Slot.JEWELLERY, Slot.OUTERWEAR, Slot.EYEWEAR),
    Slot.OUTERWEAR: (Slot.TOP, Slot.BOTTOM, Slot.SHOES, Slot.SCARF, Slot.BAG),
}
_OTHERS_COMPLETED_BY = (Slot.TOP, Slot.BOTTOM, Slot.SHOES, Slot.BAG, Slot.OUTERWEAR)


def guess_slot(category: str) -> Slot | None:
    """The slot that ``category`` names, or None when no word of it is known.

    >>> guess_slot("Casual Shoes"), guess_slot("Dress Shirt"), guess_slot("Gift Card")
    (Slot.SHOES, Slot.TOP, None)
    """
    for word in reversed(re.findall(r"[a-z]+", category.lower().replace("t-shirt", "tshirt"))):
        for form in (word, word.removesuffix("s"), word.removesuffix("es")):
            if form in _SLOT_BY_WORD:
                return _SLOT_BY_WORD[form]
    return None


def completing_slots(slot: str) -> tuple[Slot, ...]:
    """The slots that complete ``slot``, the most wanted first; never ``slot`` itself."""
    wanted = _COMPLETED_BY.get(Slot(slot), _OTHERS_COMPLETED_BY)
    return tuple(other for other in wanted if other != slot)
