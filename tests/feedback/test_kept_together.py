import pytest

from feedback.kept_together import kept_together_update
from outfits.models import KEPT_MIN_SHOPPERS, KeptTogether, Look, Shopper
from tests.factories import make_look, make_product, say
from tests.shoppers import make_shopper

pytestmark = pytest.mark.django_db


@pytest.fixture
def look() -> Look:
    return make_look(make_product("top"), [make_product("shoes"), make_product("shoes")])


def shoppers(count: int) -> list[Shopper]:
    return [make_shopper(f"shopper-{number}") for number in range(count)]


def test_what_enough_shoppers_liked_beside_an_anchor_was_kept_together(look: Look) -> None:
    for shopper in shoppers(KEPT_MIN_SHOPPERS):
        say(look, "like", shopper=shopper)
    assert kept_together_update() == 1
    row = KeptTogether.objects.get()
    assert (row.anchor, row.product) == (look.anchor, look.items.get().product)
    assert (row.kept, row.put_back) == (KEPT_MIN_SHOPPERS, 0)
    assert row.weight > 0


def test_fewer_shoppers_say_nothing(look: Look) -> None:
    for shopper in shoppers(KEPT_MIN_SHOPPERS - 1):
        say(look, "like", shopper=shopper)
    assert kept_together_update() == 0


def test_one_shopper_has_one_voice_and_it_is_the_last(look: Look) -> None:
    offered = [candidate["product"] for candidate in look.items.get().candidates]
    other = type(look.anchor).objects.get(pk=offered[1])
    for shopper in shoppers(KEPT_MIN_SHOPPERS):
        say(look, "like", shopper=shopper)
        say(look, "swap", shopper=shopper, replacement=other)
    kept_together_update()
    rows = {row.product_id: (row.kept, row.put_back) for row in KeptTogether.objects.all()}
    assert rows == {offered[0]: (0, KEPT_MIN_SHOPPERS), offered[1]: (KEPT_MIN_SHOPPERS, 0)}


def test_edits_by_stylists_and_what_strangers_say_do_not_count(look: Look) -> None:
    other = make_product("shoes")
    for number in range(KEPT_MIN_SHOPPERS):
        say(look, "edit", replacement=other)
        say(look, "like", visitor=f"tab-{number}")
    assert kept_together_update() == 0


def test_it_is_made_anew_so_that_what_was_taken_back_is_gone(look: Look) -> None:
    events = [say(look, "like", shopper=shopper) for shopper in shoppers(KEPT_MIN_SHOPPERS)]
    kept_together_update()
    events[0].delete()
    kept_together_update()
    assert not KeptTogether.objects.exists()
