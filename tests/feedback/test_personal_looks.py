"""Looks that were made for somebody's taste are forgotten, unless something refers to them."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from outfits.circumstances.context import Context
from outfits.composing.wishes import Wish
from outfits.models import Look, MeasuredInfluence, SavedLook
from outfits.shoppers.personal_looks import personal_looks_forget, session_looks_forget
from outfits.shoppers.profile import look_save
from tests.factories import make_look, make_product, say
from tests.shoppers import make_shopper

pytestmark = pytest.mark.django_db


def look(days: int, **fields: Any) -> Look:
    """A look that is so many days old."""
    made = make_look(make_product("top"), [make_product("shoes")], **fields)
    Look.objects.filter(pk=made.pk).update(created_at=timezone.now() - timedelta(days=days))
    return made


def test_only_old_personal_looks_that_nothing_refers_to_are_forgotten() -> None:
    taste = Context(preferences=("colour=navy +1 quiz",))
    look(31, context=taste)
    kept, liked = look(31, context=taste), look(31, context=taste)
    look_save(shopper=make_shopper(), look=kept)
    say(liked, "like")
    stay = {kept, liked, look(29, context=taste), look(400)}
    assert personal_looks_forget() == 1
    assert set(Look.objects.all()) == stay


def test_old_looks_with_a_wish_are_forgotten_alike() -> None:
    wish = Wish(Decimal(80), number=2)
    fields = {"wish": wish.as_json(), "wish_key": wish.key}
    look(31, **fields)
    kept = look(31, **fields)
    look_save(shopper=make_shopper(), look=kept)
    stay = {kept, look(29, **fields)}
    assert personal_looks_forget() == 1
    assert set(Look.objects.all()) == stay


def test_having_been_asked_why_keeps_no_look() -> None:
    asked = look(31, context=Context(preferences=("colour=navy +1 quiz",)))
    MeasuredInfluence.objects.create(item=asked.items.get())
    assert personal_looks_forget() == 1
    assert not Look.objects.exists()


def test_what_was_just_kept_or_commented_is_not_deleted_with_its_look() -> None:
    taste = Context(preferences=("colour=navy +1 quiz",))
    kept, liked, forgotten = (look(31, context=taste) for _ in range(3))

    def keep_meanwhile(execute: Any, sql: str, *rest: Any) -> Any:
        """Have two looks referred to after they were read, and before they are deleted."""
        found = execute(sql, *rest)
        if "SKIP LOCKED" in sql and not SavedLook.objects.exists():
            look_save(shopper=make_shopper(), look=kept)
            say(liked, "like")
        return found

    with connection.execute_wrapper(keep_meanwhile):
        assert personal_looks_forget() == 1
    assert set(Look.objects.all()) == {kept, liked}
    assert not Look.objects.filter(pk=forgotten.pk).exists()


def test_forgetting_again_changes_nothing() -> None:
    assert personal_looks_forget() == 0


def test_a_session_look_of_which_something_was_said_loses_only_the_taste() -> None:
    liked = look(1, context=Context(preferences=("colour=navy +1.5 said",)), session_only=True)
    event = say(liked, "like")
    assert session_looks_forget() == 1
    left = Look.objects.get()
    assert left.events.get() == event
    assert (left.context, left.session_only) == (Context().as_json(), False)
    assert "navy" not in repr(left.__dict__)


def test_a_preference_does_not_keep_the_key_of_a_taste_that_is_to_be_forgotten() -> None:
    liked = look(0, context=Context(preferences=("colour=navy +1.5 said",)), session_only=True)
    assert say(liked, "like").unpaired.context_key == Context().key
