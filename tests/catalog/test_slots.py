"""What part of a look a category is."""

import pytest

from catalog.slots import Slot, completing_slots, guess_slot


@pytest.mark.parametrize(
    ("category", "slot"),
    [
        ("Tshirts", Slot.TOP),
        ("T-Shirt", Slot.TOP),
        ("Dress Shirt", Slot.TOP),
        ("Shirt Dress", Slot.DRESS),
        ("Track Pants", Slot.BOTTOM),
        ("Casual Shoes", Slot.SHOES),
        ("Flip Flops", Slot.SHOES),
        ("Watches", Slot.WATCH),
        ("Sunglasses", Slot.EYEWEAR),
        ("Scarves", Slot.SCARF),
        ("Handbags > Clutches", Slot.BAG),
        ("Ties", Slot.ACCESSORY),
        ("Gift Card", None),
        ("", None),
    ],
)
def test_a_category_names_a_slot_by_its_last_known_word(category: str, slot: Slot | None) -> None:
    assert guess_slot(category) == slot


@pytest.mark.parametrize("slot", Slot.values)
def test_no_slot_completes_itself(slot: str) -> None:
    assert slot not in completing_slots(slot)
    assert completing_slots(slot)
