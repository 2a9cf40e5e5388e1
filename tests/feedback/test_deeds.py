"""What shoppers said of looks stands on their page, and is taken back there."""

import re

import pytest
from django.test import Client

from feedback.models import FeedbackEvent, PreferencePair, UnpairedExample
from outfits.models import Look, LookItem, Shopper
from tests.factories import make_look, make_product, say
from tests.shoppers import make_shopper, read_words, sign_in_shopper

pytestmark = pytest.mark.django_db
PAGE = "/my-style/"


@pytest.fixture
def shopper(client: Client) -> Shopper:
    return sign_in_shopper(client)


@pytest.fixture
def look() -> Look:
    shoes = [make_product("shoes", title=f"{c} Pumps", colour=c) for c in ("Red", "Navy Blue")]
    return make_look(make_product("top", title="White Shirt"), shoes)


def delete(client: Client, event: FeedbackEvent) -> str:
    """Take an event back; what brings it back."""
    answer = client.post(f"{PAGE}deeds/feedback/", {"key": str(event.pk)})
    undo = re.search(r'name="undo" value="([^"]+)"', answer.content.decode())
    assert undo
    return undo[1]


def test_thumbs_and_swaps_are_listed_with_what_they_were_about(
    client: Client, shopper: Shopper, look: Look
) -> None:
    other = LookItem.objects.get().candidates[1]["product"]
    say(look, "dislike", shopper=shopper, reasons=["colour", "fit"])
    say(look, "swap", shopper=shopper, replacement=type(look.anchor).objects.get(pk=other))
    text = read_words(client.get(PAGE))
    assert "Thumb down Red Pumps in a look around White Shirt Colour, Fit" in text
    assert "Swapped in Navy Blue Pumps instead of Red Pumps in a look around White Shirt" in text
    german = read_words(client.get(PAGE, headers={"Accept-Language": "de"}))
    assert "Daumen runter Red Pumps in einem Look rund um White Shirt Farbe, Passform" in german


def test_a_thumb_for_a_whole_look_names_what_it_is_around(
    client: Client, shopper: Shopper, look: Look
) -> None:
    FeedbackEvent.objects.create(look=look, kind="like", shopper=shopper)
    assert "Thumb up the look around White Shirt" in read_words(client.get(PAGE))


def test_a_look_around_a_photo_of_ones_own_is_named_without_a_link(
    client: Client, shopper: Shopper, look: Look
) -> None:
    type(look.anchor).objects.filter(pk=look.anchor_id).update(published=False, private=True)
    say(look, "like", shopper=shopper)
    page = client.get(PAGE)
    assert "in a look around your photo" in read_words(page)
    assert f"/shop/{look.anchor.sku}/" not in page.content.decode()


def test_what_is_deleted_goes_with_its_preference_and_its_fact(
    client: Client, shopper: Shopper, look: Look
) -> None:
    event = say(look, "dislike", shopper=shopper, reasons=["colour"])
    assert shopper.facts.get().value == "red"
    answer = client.post(f"{PAGE}deeds/feedback/", {"key": str(event.pk)})
    assert "Deleted: Thumb down: Red Pumps, in a look around White Shirt." in read_words(answer)
    assert not FeedbackEvent.objects.exists()
    assert not UnpairedExample.objects.exists()
    assert not shopper.facts.exists()


def test_what_was_deleted_is_brought_back_as_it_was(
    client: Client, shopper: Shopper, look: Look
) -> None:
    other = LookItem.objects.get().candidates[1]["product"]
    replacement = type(look.anchor).objects.get(pk=other)
    event = say(look, "swap", shopper=shopper, replacement=replacement, reasons=["colour"])
    before = FeedbackEvent.objects.values().get()
    undo = delete(client, event)
    assert not PreferencePair.objects.exists()
    client.post(f"{PAGE}deeds/undo/", {"undo": undo})
    after = FeedbackEvent.objects.values().get()
    assert {**after, "taught": None} == {**before, "taught": None}
    assert PreferencePair.objects.get().chosen_sku == replacement.sku
    assert shopper.facts.get().value == "red"


def test_what_was_said_of_a_look_that_is_gone_stays_deleted(
    client: Client, shopper: Shopper, look: Look
) -> None:
    undo = delete(client, say(look, "like", shopper=shopper))
    look.delete()
    answer = client.post(f"{PAGE}deeds/undo/", {"undo": undo})
    assert answer.status_code == 400
    assert not FeedbackEvent.objects.exists()


def test_what_others_said_can_be_neither_seen_nor_touched(
    client: Client, shopper: Shopper, look: Look
) -> None:
    event = say(look, "like", shopper=make_shopper("other"))
    assert "Red Pumps" not in read_words(client.get(PAGE))
    client.post(f"{PAGE}deeds/feedback/", {"key": str(event.pk)})
    assert FeedbackEvent.objects.get() == event
