"""Migrations on tables that are full."""

import uuid
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

pytestmark = pytest.mark.django_db(transaction=True)

LETTERS = [("ensemble_outfits", "0001_initial"), ("ensemble_feedback", "0001_initial")]
PROMPT = [
    {"role": "system", "content": "You are a fashion stylist."},
    {
        "role": "user",
        "content": "occasion work\nlook:\n- navy blazer (blazers)\n- white shirt (shirts)\n"
        "missing: shoes\nA. black shoe (shoes)\nB. pink boot (shoes), suede",
    },
]
QUERY = "occasion work\nlook: navy blazer (blazers); white shirt (shirts)\n"
BLACK, PINK = "add: black shoe (shoes)\nmatch:", "add: pink boot (shoes), suede\nmatch:"


@pytest.fixture
def letters() -> Iterator[Any]:
    """The models of the time when the stylist chose letters; everything is new again afterwards."""
    executor = MigrationExecutor(connection)
    latest = executor.loader.graph.leaf_nodes()
    executor.migrate(LETTERS)
    yield MigrationExecutor(connection).loader.project_state(LETTERS).apps
    MigrationExecutor(connection).migrate(latest)


@pytest.fixture
def plain_looks() -> Iterator[Any]:
    """The models of the time when nobody could wish for anything."""
    executor = MigrationExecutor(connection)
    latest = executor.loader.graph.leaf_nodes()
    before = [("ensemble_outfits", "0005_curation")]
    executor.migrate(before)
    yield MigrationExecutor(connection).loader.project_state(before).apps
    MigrationExecutor(connection).migrate(latest)


def go_on() -> Any:
    executor = MigrationExecutor(connection)
    latest = executor.loader.graph.leaf_nodes()
    executor.migrate(latest)
    return MigrationExecutor(connection).loader.project_state(latest).apps


def make_item(apps: Any, number: int) -> Any:
    products = apps.get_model("ensemble_catalog", "Product").objects
    anchor, black, pink = (
        products.create(sku=f"{name}-{number}", title=name, price=1)
        for name in ("blazer", "black", "pink")
    )
    look = apps.get_model("ensemble_outfits", "Look").objects.create(
        anchor=anchor, context_key="k", model_name="m", adapter_name="stylist-0001", seed=1
    )
    offered = [("A", black, -0.5), ("B", pink, -1.0)]
    return apps.get_model("ensemble_outfits", "LookItem").objects.create(
        look=look,
        slot="shoes",
        position=0,
        product=black,
        messages=PROMPT,
        completion="A",
        candidates=[
            {"letter": letter, "product": p.pk, "sku": p.sku, "logprob": lp, "retrieval_rank": 0}
            for letter, p, lp in offered
        ],
        explanation="It suits.",
    )


def make_event(apps: Any, item: Any, kind: str) -> Any:
    replacement = apps.get_model("ensemble_catalog", "Product").objects.get(sku="pink-1")
    return apps.get_model("ensemble_feedback", "FeedbackEvent").objects.create(
        id=uuid.uuid4(),
        look=item.look,
        item=item,
        kind=kind,
        product=item.product,
        replacement=replacement if kind == "swap" else None,
    )


def test_looks_that_were_asked_for_letters_keep_what_was_asked_and_answered(letters: Any) -> None:
    for number in range(3):
        make_item(letters, number)
    items = go_on().get_model("ensemble_outfits", "LookItem").objects.all()
    assert {item.query for item in items} == {QUERY}
    for item in items:
        assert [c["question"] for c in item.candidates] == [BLACK, PINK]
        assert [c["score"] for c in item.candidates] == [-0.5, -1.0]
        assert all("letter" not in c for c in item.candidates)


def test_preferences_between_letters_become_preferences_between_questions(letters: Any) -> None:
    item = make_item(letters, 1)
    shared = {"messages": PROMPT, "anchor_sku": "x", "slot": "shoes", "context_key": "k"}
    pairs = letters.get_model("ensemble_feedback", "PreferencePair").objects
    skus = {"chosen_sku": "pink", "rejected_sku": "black"}
    known = make_event(letters, item, "swap")
    pairs.create(**shared, **skus, chosen="B", rejected="A", source="swap", event=known)
    unknown = make_event(letters, item, "swap")
    pairs.create(**shared, **skus, chosen="Q", rejected="A", source="swap", event=unknown)
    letters.get_model("ensemble_feedback", "UnpairedExample").objects.create(
        **shared,
        completion="A",
        sku="black",
        desirable=False,
        event=make_event(letters, item, "dislike"),
    )
    apps = go_on()
    pair = apps.get_model("ensemble_feedback", "PreferencePair").objects.get()
    assert (pair.query, pair.chosen, pair.rejected) == (QUERY, PINK, BLACK)
    example = apps.get_model("ensemble_feedback", "UnpairedExample").objects.get()
    assert (example.query, example.question) == (QUERY, BLACK)


def test_an_adapter_that_learned_letters_serves_no_more(letters: Any) -> None:
    letters.get_model("ensemble_outfits", "Adapter").objects.create(
        name="stylist-0001", path="/x", base_model="m", status="ready", serving=True
    )
    adapter = go_on().get_model("ensemble_outfits", "Adapter").objects.get()
    assert (adapter.serving, adapter.status) == (False, "rejected")
    assert "Train anew" in adapter.verdict["reasons"][0]


def test_looks_stored_before_there_were_wishes_are_plain_looks(plain_looks: Any) -> None:
    products = plain_looks.get_model("ensemble_catalog", "Product").objects
    looks = plain_looks.get_model("ensemble_outfits", "Look").objects
    for number in range(3):
        anchor = products.create(sku=f"blazer-{number}", title="blazer", price=1)
        for context in ("work", "party"):
            looks.create(anchor=anchor, context_key=context, model_name="m", adapter_name="a")
    model = go_on().get_model("ensemble_outfits", "Look")
    assert {(look.wish_key, str(look.wish)) for look in model.objects.all()} == {("", "{}")}
    assert model.objects.count() == 6
    known = {"anchor_id": anchor.pk, "context_key": "work", "model_name": "m", "adapter_name": "a"}
    model.objects.create(**known, wish_key="k", wish={"number": 2})
    with pytest.raises(IntegrityError):
        model.objects.create(**known)


def test_feedback_from_before_there_were_shoppers_is_nobodys_and_gives_no_reasons() -> None:
    before = [
        ("ensemble_outfits", "0006_wishes"),
        ("ensemble_feedback", "0007_feedbackevent_region"),
    ]
    MigrationExecutor(connection).migrate(before)
    apps = MigrationExecutor(connection).loader.project_state(before).apps
    try:
        anchor = apps.get_model("ensemble_catalog", "Product").objects.create(sku="a", price=1)
        looks = apps.get_model("ensemble_outfits", "Look").objects
        look = looks.create(anchor=anchor, context_key="k", model_name="m")
        events = apps.get_model("ensemble_feedback", "FeedbackEvent").objects
        events.bulk_create([events.model(look=look, kind="like") for _ in range(50)])
    finally:
        apps = go_on()
    said = apps.get_model("ensemble_feedback", "FeedbackEvent").objects.all()
    assert {(event.shopper_id, tuple(event.reasons)) for event in said} == {(None, ())}
    assert said.count() == 50


@pytest.fixture
def nobody_forgets() -> Iterator[Any]:
    """The models of the time when what strangers left behind stayed."""
    executor = MigrationExecutor(connection)
    latest = executor.loader.graph.leaf_nodes()
    before = [("ensemble_outfits", "0009_own_photo"), ("ensemble_feedback", "0008_reasons")]
    executor.migrate(before)
    yield MigrationExecutor(connection).loader.project_state(before).apps
    MigrationExecutor(connection).migrate(latest)


def test_of_what_strangers_said_before_tab_and_region_are_forgotten_in_batches(
    nobody_forgets: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = import_module("feedback.migrations.0011_forget_strangers")
    monkeypatch.setattr(module, "_BATCH", 10)
    anchor = nobody_forgets.get_model("ensemble_catalog", "Product").objects.create(
        sku="a", price=1
    )
    looks = nobody_forgets.get_model("ensemble_outfits", "Look").objects
    look = looks.create(anchor=anchor, context_key="k", model_name="m")
    ann = nobody_forgets.get_model("ensemble_outfits", "Shopper").objects.create(
        shop_id="ann", consent="granted", consent_at=timezone.now()
    )
    model = nobody_forgets.get_model("ensemble_feedback", "FeedbackEvent")
    said = {"look": look, "kind": "like", "visitor": "tab", "region": "DE-BE"}
    model.objects.bulk_create([model(**said) for _ in range(45)])
    model.objects.create(**said, shopper=ann)
    events = go_on().get_model("ensemble_feedback", "FeedbackEvent").objects.all()
    assert {(e.shopper_id, e.visitor, e.region) for e in events} == {
        (None, "", ""),
        (ann.pk, "tab", "DE-BE"),
    }
    assert events.count() == 46


def test_looks_from_before_that_may_be_strangers_stay_and_lose_their_taste(
    nobody_forgets: Any,
) -> None:
    anchor = nobody_forgets.get_model("ensemble_catalog", "Product").objects.create(
        sku="a", price=1
    )
    looks = nobody_forgets.get_model("ensemble_outfits", "Look").objects
    tastes = {
        "tab": {"preferences": ["colour=navy +1.5 said", "slot=bag never said"]},
        "profile": {"preferences": ["colour=navy +1 quiz", "slot=bag never said"]},
        "nobody": {},
    }
    for key, context in tastes.items():
        looks.create(anchor=anchor, context=context, context_key=key, model_name="m")
    stored = go_on().get_model("ensemble_outfits", "Look").objects.all()
    assert {look.context_key: (look.session_only, look.shared) for look in stored} == {
        "tab": (True, True),
        "profile": (False, False),
        "nobody": (False, False),
    }


@pytest.mark.parametrize(
    ("table", "index"),
    [
        ("ensemble_outfits_look", "look_of_session"),
        ("ensemble_outfits_look", "look_once_in_use"),
        ("ensemble_feedback_feedbackevent", "feedback_of_stranger"),
    ],
)
def test_an_index_that_was_broken_off_is_built_at_the_next_attempt(
    nobody_forgets: Any, table: str, index: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE INDEX {index} ON {table} (id)")
        go_on()
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [index])
        (definition,) = cursor.fetchone()
    assert "WHERE" in definition


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("ensemble_outfits_look", "wish"),
        ("ensemble_outfits_look", "wish_key"),
        ("ensemble_outfits_look", "session_only"),
        ("ensemble_outfits_look", "shared"),
        ("ensemble_outfits_savedlook", "pieces"),
        ("ensemble_feedback_feedbackevent", "reasons"),
    ],
)
def test_workers_of_the_version_before_can_store_while_a_release_is_rolled_out(
    table: str, column: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_default FROM information_schema.columns "
            "WHERE table_name = %s AND column_name = %s",
            [table, column],
        )
        assert cursor.fetchone() != (None,)
