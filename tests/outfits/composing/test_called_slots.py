from catalog.slots import Slot, completing_slots
from outfits.circumstances.context import Context
from outfits.composing.called_slots import called_slots


def test_a_context_that_says_nothing_changes_nothing() -> None:
    for slot in Slot:
        assert called_slots(slot, Context(season="winter")) == completing_slots(slot)


def test_heat_needs_no_layers() -> None:
    assert Slot.OUTERWEAR not in called_slots("top", Context(weather="hot"))


def test_heat_and_rain_do() -> None:
    assert Slot.OUTERWEAR in called_slots("top", Context(weather="hot wet"))


def test_cold_wants_a_coat_in_every_look() -> None:
    for slot in (Slot.TOP, Slot.BOTTOM, Slot.DRESS, Slot.BAG):
        assert Slot.OUTERWEAR in called_slots(slot, Context(weather="cold"))[:4]


def test_frost_wants_a_scarf_too() -> None:
    assert Slot.SCARF in called_slots("dress", Context(weather="freezing"))[:4]


def test_a_day_at_the_beach_wants_sunglasses_before_a_watch() -> None:
    called = called_slots("top", Context(occasion="vacation"))
    assert Slot.EYEWEAR in called[:4]
    assert Slot.WATCH not in called


def test_sport_wants_no_jewellery_and_a_coat_only_in_the_cold() -> None:
    assert Slot.OUTERWEAR not in called_slots("top", Context(occasion="sport"))
    assert Slot.OUTERWEAR in called_slots("top", Context(occasion="sport", weather="cold"))
    assert Slot.JEWELLERY not in called_slots("dress", Context(occasion="sport"))


def test_a_look_never_fills_the_anchors_own_slot() -> None:
    for slot in Slot:
        for weather in ("hot", "cold wet", "freezing", "wet"):
            assert slot not in called_slots(slot, Context(occasion="work", weather=weather))
