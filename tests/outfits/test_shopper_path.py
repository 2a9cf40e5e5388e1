"""One shopper's way through everything: a look that suits, why, a friend, what is said of it."""

import io
import json
import uuid
from typing import Any

import pytest
from celery import Task
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pytest_django import Settings

from catalog.captioning import get_captioner
from catalog.captioning.base import CaptionDraft
from catalog.models import Product
from feedback.models import FeedbackEvent
from outfits.models import Look, OwnPhoto, Shopper
from tests.factories import make_product
from tests.fakes import FakeCaptioner, FakeLanguageModel
from tests.shoppers import as_shopper, set_key

pytestmark = pytest.mark.django_db
API = "/api/v1"
JSON = "application/json"
PRICES = {"Navy": "60.00", "White": "40.00", "Grey": "30.00", "Black Leather": "20.00"}


class Worker:
    """Holds what is queued until `work`, as JSON, as a broker does."""

    def __init__(self) -> None:
        self.queued: list[tuple[Task[Any, Any], str]] = []

    def queue(self, task: "Task[Any, Any]", *args: Any) -> None:
        self.queued.append((task, json.dumps(args)))

    def work(self) -> None:
        while self.queued:
            task, args = self.queued.pop(0)
            task(*json.loads(args))


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Worker:
    worker = Worker()
    for module in ("services", "photos.services", "why.influence"):
        monkeypatch.setattr(f"outfits.{module}.queue_task", worker.queue)
    return worker


@pytest.fixture
def ann(client: Client, settings: Settings, stylist: FakeLanguageModel) -> dict[str, str]:
    """What Ann's pages send; she agreed to be remembered, likes navy, and wants no leather."""
    set_key(settings, PUBLISHABLE_KEYS=["pk_shop"], LOOK_CACHE_SECONDS=60)
    stylist.words = {"grey": 0.6, "leather": 3.0}
    for slot in ("bottom", "shoes", "bag"):
        for colour, price in PRICES.items():
            make_product(slot, title=f"{colour} {slot}", colour=colour.split()[0], price=price)
    headers = {
        **as_shopper(),
        "X-Ensemble-Key": "pk_shop",
        "X-Ensemble-Visitor": "tab-ann",
        "X-Ensemble-Taste": "never.material=leather",
    }
    consent = {"granted": True}
    client.put(f"{API}/shopper/consent/", consent, content_type=JSON, headers=headers)
    fact = {"kind": "colour", "value": "navy"}
    client.post(f"{API}/shopper/facts/", fact, content_type=JSON, headers=headers)
    return headers


def ask(client: Client, path: str, headers: dict[str, str], **query: Any) -> dict[str, Any]:
    response = client.get(f"{API}/{path}", query, headers=headers)
    assert response.status_code == 200, response.json()
    answer: dict[str, Any] = response.json()
    return answer


def ask_built(client: Client, worker: Worker, headers: dict[str, str], **query: Any) -> Any:
    """A look, once the stylist has chosen."""
    assert ask(client, "looks/", headers, **query)["status"] == "provisional"
    worker.work()
    look = ask(client, "looks/", headers, **query)
    assert look["status"] == "ranked"
    return look


def item_of(look: dict[str, Any], slot: str) -> dict[str, Any]:
    item: dict[str, Any] = next(item for item in look["items"] if item["slot"] == slot)
    return item


def skus(look: dict[str, Any]) -> set[str]:
    """Everything in a look, alternatives included."""
    return {p["sku"] for item in look["items"] for p in (item["product"], *item["alternatives"])}


def labels(factors: list[dict[str, Any]]) -> list[str]:
    return [factor["label"] for factor in factors]


def test_a_look_is_wished_for_explained_shared_judged_and_learned_from(
    client: Client, worker: Worker, ann: dict[str, str]
) -> None:
    anchor, bag = make_product("top", colour="White"), Product.objects.get(title="White bag")
    wish = {"product": anchor.sku, "budget": "170", "lock": bag.sku, "number": 2}
    look = ask_built(client, worker, ann, **wish)
    assert (look["number"], look["budget"], look["over_budget"]) == (2, "170.00", False)
    assert look["context"]["personal"]
    assert item_of(look, "bag")["product"]["sku"] == bag.sku
    assert item_of(look, "bag")["locked"]
    spent = sum(float(item["product"]["price"]["amount"]) for item in look["items"])
    assert spent <= 170
    leather = Product.objects.filter(title__contains="Leather").values_list("sku", flat=True)
    assert not skus(look) & set(leather)
    first = ask(client, "looks/", ann, **(wish | {"number": 1}))
    assert first["status"] == "ranked"
    assert item_of(first, "shoes")["product"] != item_of(look, "shoes")["product"]

    # Why: her profile counted, and what the model's choice hung on is measured.
    shoes = item_of(first, "shoes")
    assert shoes["product"]["title"] == "Navy shoes"
    path = f"looks/{first['id']}/items/{shoes['id']}/why/"
    assert ask(client, path, ann)["measured"]["status"] == "pending"
    worker.work()
    why = ask(client, path, ann)
    assert "You like navy (you said so)" in labels(why["factors"])
    assert "Your profile: what you like, want less of or spend" in why["used"]
    assert why["measured"]["status"] == "ready"
    assert {"context", "look", "colour"} <= {c["left_out"] for c in why["measured"]["changes"]}
    kept = ask(client, f"looks/{first['id']}/items/{item_of(first, 'bag')['id']}/why/", ann)
    worker.work()
    assert kept["sentence"] == "You chose to keep this."
    assert {factor["name"] for factor in kept["factors"]} >= {"colour", "slot"}

    # A friend is given the link, and told what is in the look, not what Ann likes.
    page = client.get(first["share_url"]).content.decode()
    assert "Navy shoes" in page
    assert "You like" not in page
    friend = {"X-Ensemble-Key": "pk_shop"}
    assert "profile" not in {factor["name"] for factor in ask(client, path, friend)["factors"]}
    saved = {"look": first["id"]}
    address = f"{API}/shopper/looks/"
    assert client.post(address, saved, content_type=JSON, headers=ann).status_code == 201

    # What she says of it, with reasons, becomes facts, and the next look is another.
    said = {"id": str(uuid.uuid4()), "kind": "dislike", "item": shoes["id"], "reasons": ["owned"]}
    address = f"{API}/looks/{first['id']}/feedback/"
    assert client.post(address, said, content_type=JSON, headers=ann).status_code == 201
    profile = ask(client, "shopper/", ann)
    sources = {(fact["kind"], fact["source"]) for fact in profile["facts"]}
    assert sources == {("colour", "said"), ("product", "feedback")}
    assert shoes["product"]["sku"] not in skus(ask(client, "looks/", ann, **wish))

    # Whoever says nothing of themselves gets what they would have got anyway.
    stranger = ask_built(client, worker, friend, product=anchor.sku)
    assert not stranger["context"]["personal"]
    assert skus(stranger) & set(leather)

    assert client.delete(f"{API}/shopper/", headers=ann).status_code == 204
    assert not Shopper.objects.exists()
    assert not FeedbackEvent.objects.exists()


def test_a_look_of_a_photo_is_wished_for_and_explained_and_goes_with_the_photo(
    client: Client, worker: Worker, ann: dict[str, str]
) -> None:
    captioner = get_captioner()
    assert isinstance(captioner, FakeCaptioner)
    captioner.draft = CaptionDraft("A white shirt.", colour="White", article_type="Shirts")
    picture = io.BytesIO()
    Image.new("RGB", (300, 300), "white").save(picture, "JPEG")
    photo = SimpleUploadedFile("me.jpg", picture.getvalue(), "image/jpeg")
    sent = client.post(f"{API}/photos/", {"photo": photo}, headers=ann).json()
    worker.work()
    assert ask(client, f"photos/{sent['id']}/", ann)["status"] == "ready"

    wish = {"photo": sent["id"], "budget": "150", "number": 2}
    look = ask_built(client, worker, ann, **wish)
    assert (look["number"], look["anchor"]["price"], look["share_url"]) == (2, None, None)
    shoes = item_of(look, "shoes")
    why = ask(client, f"looks/{look['id']}/items/{shoes['id']}/why/", ann)
    assert "What was seen in your photo, in words" in why["used"]
    said = {"id": str(uuid.uuid4()), "kind": "like", "item": shoes["id"]}
    address = f"{API}/looks/{look['id']}/feedback/"
    assert client.post(address, said, content_type=JSON, headers=ann).status_code == 201

    assert client.delete(f"{API}/photos/{sent['id']}/", headers=ann).status_code == 204
    assert not OwnPhoto.objects.exists()
    assert not Look.objects.exists()
    assert not FeedbackEvent.objects.exists()
