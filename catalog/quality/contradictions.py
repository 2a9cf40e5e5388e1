"""What the feed says of a product, against what was seen in its main picture."""

import re
from collections.abc import Iterator

from catalog.models import Caption, Product, QualityFinding
from catalog.quality.base import Batch, Found
from catalog.quality.colours import colours_contradict
from catalog.slots import Slot, guess_slot
from catalog.vocabulary import Gender

#: Slots between which shops draw the line differently: a cardigan, a tunic, a glove.
_AKIN = (
    frozenset({Slot.TOP, Slot.OUTERWEAR}),
    frozenset({Slot.TOP, Slot.DRESS}),
    *(
        frozenset({Slot.ACCESSORY, slot})
        for slot in (Slot.BAG, Slot.BELT, Slot.SCARF, Slot.HEADWEAR, Slot.JEWELLERY)
    ),
)
_GENDER_WORDS = {
    Gender.WOMEN: re.compile(r"\b(women|woman|ladies|lady)('s)?\b", re.IGNORECASE),
    Gender.MEN: re.compile(r"\b(men|man|gentlemen)('s)?\b", re.IGNORECASE),
}
_WOMENS_TYPES = frozenset({"dresses", "skirts", "sarees", "heels", "kurtis", "lehenga"})


def find_contradictions(batch: Batch) -> Iterator[Found]:
    """Products whose caption says another colour, gender or kind of thing than the feed.

    What the captioner was not sure of is blank in the caption, and contradicts nothing.
    """
    for product in batch.products:
        caption = batch.captions.get(product.pk)
        detail = compare_facts(product, caption) if caption else {}
        if detail:
            image_id = batch.main_images[product.pk]
            yield Found(product.pk, QualityFinding.Kind.CONTRADICTION, image_id, detail=detail)


def compare_facts(product: Product, caption: Caption) -> dict[str, list[str]]:
    """Field -> [what the feed says, what was seen], where the two cannot both be true."""
    gender = _seen_gender(caption)
    seen_slot = guess_slot(caption.article_type)
    found: dict[str, list[str]] = {}
    if colours_contradict(product.colour, caption.colour):
        found["colour"] = [product.colour, caption.colour]
    if product.gender in _GENDER_WORDS and gender and product.gender != gender:
        found["gender"] = [str(Gender(product.gender).label), str(gender.label)]
    if product.slot and seen_slot and _slots_contradict(Slot(product.slot), seen_slot):
        found["kind"] = [
            str(Slot(product.slot).label),
            f"{caption.article_type} ({seen_slot.label})",
        ]
    return found


def _slots_contradict(first: Slot, second: Slot) -> bool:
    return first != second and frozenset({first, second}) not in _AKIN


def _seen_gender(caption: Caption) -> Gender | None:
    """The gender that a caption's words name, if it is one; some types are named by it."""
    named = [gender for gender, words in _GENDER_WORDS.items() if words.search(caption.sentence)]
    if not named and caption.article_type.lower() in _WOMENS_TYPES:
        return Gender.WOMEN
    return named[0] if len(named) == 1 else None
