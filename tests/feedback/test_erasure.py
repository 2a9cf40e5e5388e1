"""Export and erasure reach every table of every app."""

import json
import uuid
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from feedback.models import FeedbackEvent, PreferencePair, UnpairedExample
from feedback.services import feedback_record
from outfits.models import Look, Shopper
from outfits.photos.services import photo_receive
from outfits.shoppers.consent import export_shopper
from outfits.shoppers.events import PushedEvent, shopper_events_record
from outfits.shoppers.facts import Fact
from outfits.shoppers.profile import fact_delete, fact_say, look_save
from tests.factories import make_look, make_product, say
from tests.outfits.photos.pictures import a_jpeg
from tests.shoppers import as_shopper, make_shopper, set_key

pytestmark = pytest.mark.django_db
#: Ids that stand in every row that is a shopper's.
ANN, ORDER, TAB, SAID = "ann-4711", "order-4711", "tab-4711", "photo-4711"
OURS = ["ensemble_catalog", "ensemble_outfits", "ensemble_feedback", "ensemble_training"]


@pytest.fixture(autouse=True)
def _key(settings: Settings) -> None:
    set_key(settings)


@pytest.fixture
def ann() -> Shopper:
    """Somebody of whom everything is stored that can be."""
    ann = make_shopper(ANN)
    shoes = [make_product("shoes", title="Suede Pumps", colour=c) for c in ("Red", "Blue", "Tan")]
    look = make_look(make_product("top"), shoes)
    fact_say(shopper=ann, fact=Fact("colour", "navy"))
    fact_delete(fact=fact_say(shopper=ann, fact=Fact("colour", "green")))
    pushed = PushedEvent(ORDER, ANN, "purchase", shoes[0].sku, timezone.now())
    shopper_events_record(events=[pushed])
    look_save(shopper=ann, look=look)
    photo_receive(data=a_jpeg(), owner=ann, said=SAID)
    tell(look, ann, "dislike", reasons=["colour"])
    tell(look, ann, "swap", replacement=shoes[1])
    say(look, "like", product=shoes[2], visitor="somebody else")
    return ann


def tell(look: Look, shopper: Shopper, kind: str, **fields: Any) -> FeedbackEvent:
    event, _ = feedback_record(
        id=uuid.uuid4(),
        look=look,
        kind=kind,
        item=look.items.get(),
        shopper=shopper,
        visitor=TAB,
        **fields,
    )
    return event


def rows_about(marks: set[str]) -> set[str]:
    """The tables that hold one of ``marks`` anywhere."""
    found = set()
    for label in OURS:
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            text = repr(list(model._default_manager.values()))
            found |= {model._meta.db_table for mark in marks if mark in text}
    return found


def test_erasing_leaves_no_trace_in_any_table_and_others_words_stay(
    client: Client, ann: Shopper
) -> None:
    marks = {ANN, ORDER, TAB, SAID, *(str(e.pk) for e in FeedbackEvent.objects.filter(shopper=ann))}
    assert len(rows_about(marks)) >= 5
    assert PreferencePair.objects.count() == 2
    client.delete("/api/v1/shopper/", headers=as_shopper(ANN))
    assert rows_about(marks) == set()
    assert FeedbackEvent.objects.get().visitor == "somebody else"
    assert not PreferencePair.objects.exists()
    assert UnpairedExample.objects.get().event == FeedbackEvent.objects.get()


def test_the_export_holds_everything_that_hangs_on_a_shopper(client: Client, ann: Shopper) -> None:
    response = client.get("/api/v1/shopper/export/", headers=as_shopper(ANN))
    assert "attachment" in response["Content-Disposition"]
    told = json.loads(response.content)
    assert told["shopper"]["id"] == ANN
    assert {f["source"] for f in told["facts"]} == {"said", "purchase", "feedback"}
    assert [e["id"] for e in told["events"]] == [ORDER]
    assert [(f["kind"], f["value"]) for f in told["forgotten"]] == [("colour", "green")]
    assert len(told["saved_looks"]) == 1
    assert [photo["said"] for photo in told["kept_photos"]] == [SAID]
    assert {(f["kind"], f["learned_from"]) for f in told["feedback"]} == {
        ("dislike", True),
        ("swap", True),
    }


def test_every_table_that_names_a_shopper_is_exported(ann: Shopper) -> None:
    exported = export_shopper(ANN)
    for relation in Shopper._meta.related_objects:
        assert exported[relation.related_name or ""], relation.related_model


def test_an_export_of_nobody_says_so_with_the_same_keys(ann: Shopper) -> None:
    nobody = export_shopper("nobody")
    assert nobody.keys() == export_shopper(ANN).keys()
    assert nobody["shopper"]["consent"] is None


def test_an_operator_erases_a_shopper(ann: Shopper) -> None:
    out = StringIO()
    call_command("erase_shopper", ANN, "--export", stdout=out)
    assert json.loads(out.getvalue())["shopper"]["id"] == ANN
    call_command("erase_shopper", ANN, stdout=out)
    assert not Shopper.objects.exists()
    with pytest.raises(CommandError, match="Check the id"):
        call_command("erase_shopper", ANN)
