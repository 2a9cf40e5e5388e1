"""What shoppers did stands on their page, and is taken back there with what it taught."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from catalog.models import Product
from outfits.models import Shopper, ShopperEvent
from outfits.shoppers.deeds import SHOWN
from outfits.shoppers.events import (
    PushedEvent,
    shopper_event_retract,
    shopper_events_record,
)
from outfits.shoppers.profile import fact_delete
from tests.factories import make_product
from tests.shoppers import make_shopper, read_words, sign_in_shopper

pytestmark = pytest.mark.django_db
PAGE = "/my-style/"


@pytest.fixture
def shopper(client: Client) -> Shopper:
    return sign_in_shopper(client)


@pytest.fixture
def shoes() -> Product:
    return make_product("shoes", title="Leather Loafers", colour="Navy Blue", brand="Ostrane")


def tell(shopper: Shopper, product: Product, kind: str = "purchase", number: int = 1) -> None:
    """Have the shop push an event; the first is the newest."""
    when = timezone.now() - timedelta(days=number)
    pushed = PushedEvent(f"{kind}-{number}", shopper.shop_id, kind, product.sku, when)
    assert shopper_events_record(events=[pushed]).stored == 1


def delete(client: Client, kind: str = "purchase") -> str:
    """Delete the newest of a kind; what brings it back."""
    event = ShopperEvent.objects.filter(kind=kind).first()
    assert event is not None
    answer = client.post(f"{PAGE}deeds/{kind}/", {"key": event.pk})
    undo = re.search(r'name="undo" value="([^"]+)"', answer.content.decode())
    assert undo
    return undo[1]


def test_purchases_and_views_are_listed_with_when_and_a_link(
    client: Client, shopper: Shopper, shoes: Product
) -> None:
    tell(shopper, shoes)
    tell(shopper, shoes, "view")
    page = client.get(PAGE)
    for words in ("What you bought", "What you looked at", "Bought Leather Loafers"):
        assert words in read_words(page)
    assert f'<a href="/shop/{shoes.sku}/">Leather Loafers</a>' in page.content.decode()


def test_who_did_nothing_is_told_so(client: Client, shopper: Shopper) -> None:
    text = read_words(client.get(PAGE))
    assert "The shop told of no purchase of yours." in text
    assert "The shop told of nothing that you looked at." in text
    assert "You said nothing of a look yet." in text


def test_the_newest_are_shown_and_it_is_said_that_there_are_more(
    client: Client, shopper: Shopper
) -> None:
    for number in range(SHOWN + 1):
        tell(shopper, make_product("shoes", title=f"Shoe {number}."), "view", number)
    text = read_words(client.get(PAGE))
    assert f"Shoe {SHOWN - 1}." in text
    assert f"Shoe {SHOWN}." not in text
    assert "the download below has all of them" in text


def test_what_has_no_page_any_more_is_named_without_a_link(
    client: Client, shopper: Shopper, shoes: Product
) -> None:
    tell(shopper, shoes)
    Product.objects.update(published=False)
    page = client.get(PAGE)
    assert "Leather Loafers" in read_words(page)
    assert f"/shop/{shoes.sku}/" not in page.content.decode()


def test_a_deleted_purchase_takes_along_what_it_taught_and_nothing_else(
    client: Client, shopper: Shopper, shoes: Product
) -> None:
    tell(shopper, make_product("bag", colour="Navy Blue", brand="Other"), number=2)
    tell(shopper, shoes)
    tell(shopper, shoes, "view")
    # What is known of a product may change; what was learned of it then is what goes.
    Product.objects.filter(pk=shoes.pk).update(colour="Red")
    delete(client)
    assert [event.event_id for event in shopper.events.filter(kind="purchase")] == ["purchase-2"]
    bought = shopper.facts.filter(source="purchase")
    assert bought.get(kind="colour").times == 1
    assert not bought.filter(value__in=["Ostrane", shoes.sku]).exists()
    assert shopper.facts.get(source="view", kind="colour").value == "navy"


def test_what_is_taken_back_twice_is_taken_back_once(shopper: Shopper, shoes: Product) -> None:
    tell(shopper, shoes, "view", 1)
    tell(shopper, shoes, "view", 2)
    event = ShopperEvent.objects.filter(event_id="view-1").get()
    same = ShopperEvent.objects.get(pk=event.pk)
    shopper_event_retract(event=event)
    shopper_event_retract(event=same)
    assert shopper.facts.get(kind="colour").times == 1


def test_an_event_of_before_takes_along_what_it_would_teach_now(
    client: Client, shopper: Shopper, shoes: Product
) -> None:
    tell(shopper, shoes, "view")
    ShopperEvent.objects.update(taught=None)
    delete(client, "view")
    assert not shopper.facts.exists()


def test_a_deleted_purchase_is_brought_back_and_learned_again(
    client: Client, shopper: Shopper, shoes: Product
) -> None:
    tell(shopper, shoes)
    before = shopper.events.values_list("event_id", "happened_at").get()
    facts = set(shopper.facts.values_list("kind", "value", "stance", "source", "times"))
    undo = delete(client)
    assert not shopper.facts.exists()
    answer = client.post(f"{PAGE}deeds/undo/", {"undo": undo}, follow=True)
    assert "It is back." in read_words(answer)
    client.post(f"{PAGE}deeds/undo/", {"undo": undo})
    assert shopper.events.values_list("event_id", "happened_at").get() == before
    assert set(shopper.facts.values_list("kind", "value", "stance", "source", "times")) == facts
    delete(client)
    assert not shopper.facts.exists()


def test_what_is_brought_back_does_not_teach_what_was_to_be_forgotten(
    client: Client, shopper: Shopper, shoes: Product
) -> None:
    tell(shopper, shoes)
    undo = delete(client)
    tell(shopper, shoes, number=2)
    fact_delete(fact=shopper.facts.get(kind="colour"))
    client.post(f"{PAGE}deeds/undo/", {"undo": undo})
    assert not shopper.facts.filter(kind="colour").exists()
    assert shopper.facts.get(kind="brand").times == 2


def test_what_cannot_be_brought_back_is_refused_on_the_page(
    client: Client, shopper: Shopper, shoes: Product
) -> None:
    tell(shopper, shoes)
    undo = delete(client)
    shoes.delete()
    for asked in (undo, "x", ""):
        answer = client.post(f"{PAGE}deeds/undo/", {"undo": asked})
        assert answer.status_code == 400
        assert "This can no longer be undone." in read_words(answer)


def test_anothers_deeds_can_be_neither_seen_nor_touched(
    client: Client, shopper: Shopper, shoes: Product
) -> None:
    other = make_shopper("other")
    tell(other, shoes)
    event = ShopperEvent.objects.get()
    assert "Leather Loafers" not in read_words(client.get(PAGE))
    for kind, key in (("purchase", event.pk), ("view", event.pk), ("x", 1), ("feedback", "x")):
        assert client.post(f"{PAGE}deeds/{kind}/", {"key": key}).status_code == 302
    assert ShopperEvent.objects.get() == event
    assert other.facts.exists()


def test_the_list_speaks_german(client: Client, shopper: Shopper, shoes: Product) -> None:
    tell(shopper, shoes)
    text = read_words(client.get(PAGE, headers={"Accept-Language": "de"}))
    for words in ("Was du hier getan hast", "Was du gekauft hast", "Gekauft Leather Loafers"):
        assert words in text
